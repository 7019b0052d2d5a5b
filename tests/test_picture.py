"""The page in a real browser: it asks for nothing, breaks nowhere, runs nothing foreign, and every control works by keyboard."""

from __future__ import annotations

import html
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from graph_builder import picture, scenes
from graph_builder.accords import Accords
from graph_builder.digests import digest
from graph_builder.faults import Refused

sys.path.insert(0, str(Path(__file__).parent))
from browser import Window, window

TREATY = "agreements/2022-kaz-uzb-allied-relations"
ARTICLE = "articles/nematov-state-visit"
SUITES = Path(__file__).resolve().parents[2] / "shared" / "suites"
PAIR = "states/kazakhstan~states/uzbekistan"


@pytest.fixture(scope="module")
def chrome() -> Iterator[Window]:
    with window() as found:
        yield found


@pytest.fixture(scope="module")
def page(small: Accords, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "network.html"
    picture.write(small, path)
    return path


@pytest.fixture(scope="module")
def large(whole: Accords, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "network.html"
    picture.write(whole, path)
    return path


# ---- the file -------------------------------------------------------------------------------------


def test_it_is_one_file_that_names_no_other(page: Path) -> None:
    text = page.read_text("utf-8")
    assert not re.search(r"<(?:script|link|img|iframe|object|embed)[^>]+(?:src|href)=[\"'](?!data:)", text)
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1])  # type: ignore[index]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_shipped_page_is_under_three_megabytes(large: Path) -> None:
    assert large.stat().st_size < 3_000_000


def test_it_is_the_same_on_every_run(small: Accords) -> None:
    assert picture.page(small) == picture.page(Accords(small.store))


def test_every_language_has_every_word() -> None:
    words = picture.words()
    assert all(words[language].keys() == words["en"].keys() and all(words[language].values()) for language in picture.LANGUAGES)
    slots = {language: {k: sorted(re.findall(r"\{\w+\}", v)) for k, v in words[language].items()} for language in picture.LANGUAGES}
    assert all(slots[language] == slots["en"] for language in picture.LANGUAGES)


def test_it_is_written_beside_and_moved(small: Accords, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "network.html"
    path.write_text("before")
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "disk full")))
    with pytest.raises(OSError, match="disk full"):
        picture.write(small, path)
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["network.html"]


@pytest.mark.parametrize(("words", "told"), [
    ({"language": "fr"}, "no `fr`"), ({"lens": "leader"}, "did you mean `leaders`"), ({"filters": {"sate": "KAZ"}}, "no filter `sate`"),
    ({"filters": {"state": "Atlantis"}}, "Atlantis"),
])  # fmt: skip
def test_what_it_does_not_know_is_refused_with_a_way_out(small: Accords, words: dict[str, Any], told: str) -> None:
    with pytest.raises(Refused, match=told):
        picture.page(small, **words)


def test_pictures_without_a_browser(small: Accords, tmp_path: Path) -> None:
    from xml.etree import ElementTree

    picture.image(small, tmp_path / "a.svg", "ru", "states")
    root = ElementTree.fromstring((tmp_path / "a.svg").read_bytes())
    assert "Казахстан" in "".join(root.itertext())
    picture.image(small, tmp_path / "pair.svg", "en", None, {"state": "KAZ", "with": "UZB"})
    assert (tmp_path / "pair.svg").read_text("utf-8").count("<polygon") >= 8
    with pytest.raises(Refused, match=r"not `\.gif`"):
        picture.image(small, tmp_path / "a.gif")


def test_png_without_a_browser(small: Accords, tmp_path: Path) -> None:
    pytest.importorskip("resvg_py", reason="the part for PNG is not installed")
    picture.image(small, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_the_first_scene_is_pyvis_data(small: Accords) -> None:
    start = picture.state(small, "en", "states", None)
    net = picture.drawn(picture.first_scene(digest(small), start))
    assert {"states/kazakhstan", "states/uzbekistan"} <= {n["id"] for n in net.get_network_data()[0]}
    assert json.loads(net.get_network_data()[5])["physics"] == {"enabled": False}


# ---- the window -----------------------------------------------------------------------------------


def settled(chrome: Window) -> None:
    assert chrome.errors() == []
    assert chrome.requests() == []


def test_it_opens_from_disk_without_a_request_or_an_error(chrome: Window, large: Path) -> None:
    chrome.open(large)
    for lens in scenes.LENSES:
        chrome.ask(f"document.querySelectorAll('#lenses button')[{scenes.LENSES.index(lens)}].click()")
        assert chrome.ask("accords.state().lens") == lens
        assert chrome.wait("return document.querySelectorAll('#listing tbody tr').length > 10")
    settled(chrome)


@pytest.mark.parametrize("text", ["Токаев", "Tokayev", "Tokaev", "Тоқаев", "Toqayev", "kassym-jomart tokayev", "Токаеv", "tokayef"])
def test_one_name_is_found_in_every_spelling(chrome: Window, page: Path, text: str) -> None:
    chrome.open(page)
    assert chrome.ask("accords.search(arguments[0])", text)[0] == "people/kassym-jomart-tokayev"


@pytest.mark.parametrize(("text", "first"), [
    ("Мирзиёев", "people/shavkat-mirziyoyev"), ("Mirziyoev", "people/shavkat-mirziyoyev"), ("Ozbekiston", "states/uzbekistan"),
    ("O'zbekiston", "states/uzbekistan"),
    ("КАЗАХСТАН", "states/kazakhstan"),
    ("KAZ", "states/kazakhstan"), ("allied relations kazakhstan uzbekistan treaty", TREATY), ("Договор о союзничестве", TREATY),
    ("Rakhmon", "people/emomali-rahmon"),
])  # fmt: skip
def test_names_of_every_kind_are_found(chrome: Window, large: Path, text: str, first: str) -> None:
    if chrome.ask("location.href").split("#")[0] != large.resolve().as_uri():
        chrome.open(large)
    assert first in chrome.ask("accords.search(arguments[0])", text)[:3]


def test_nonsense_finds_nothing(chrome: Window, page: Path) -> None:
    chrome.open(page)
    assert [chrome.ask("accords.search(arguments[0])", t) for t in ("", "   ", "zzzzqq", "()", "\u0000")] == [[]] * 5


def test_the_card_shows_dates_parties_and_every_source(chrome: Window, page: Path, small: Accords) -> None:
    chrome.open(page)
    assert chrome.ask("accords.select(arguments[0])", TREATY)
    text = chrome.ask("document.getElementById('card').textContent")
    found = digest(small)
    for wanted in ("22 Dec 2022", "Kazakhstan", "Uzbekistan", "Kassym-Jomart Tokayev", "President", "Tashkent", *found.records[TREATY]["title@kk"]):
        assert wanted in text
    sources = {s for s, said in found.said.items() if TREATY in said}
    assert chrome.ask("document.querySelectorAll('.sources > ol > li').length") == len(sources)
    links = set(chrome.ask("[...document.querySelectorAll('.sources a')].map(a => a.getAttribute('href'))"))
    assert links == {s for s in sources if ":" in s}
    assert "Договор между Узбекистаном и Казахстаном о союзнических отношениях" in text
    assert not chrome.ask("accords.select('agreements/none')")
    settled(chrome)


def test_rival_values_stand_beside_the_accepted_one_with_the_reason(chrome: Window, page: Path, small: Accords) -> None:
    found = digest(small)
    chrome.open(page)
    for name, reasons in found.because.items():
        rivals = {v for said in found.said.values() for k in reasons for v in said.get(name, {}).get(k, ()) if v not in found.records[name].get(k, ())}
        if rivals:
            chrome.ask("accords.select(arguments[0])", name)
            assert chrome.ask("document.querySelector('.rival') !== null")
            assert next(iter(reasons.values()))["en"][:30] in chrome.ask("document.querySelector('.rival .why').textContent")


def test_as_of_a_date_only_what_was_signed_is_shown(chrome: Window, page: Path, small: Accords) -> None:
    found = digest(small)
    chrome.open(page)
    for day in ("1993-01-01", "2001-12-31", "2022-12-21", "2022-12-22"):
        assert chrome.ask("accords.asOf(arguments[0])", day)
        shown = [n for n in chrome.ask("accords.visible()") if n.startswith("agreements/")]
        assert sorted(shown) == [n for n in found.of("agreements") if found.one(n, "signed") and found.one(n, "signed") <= day]
    assert chrome.ask("accords.asOf('')")
    assert set(found.of("agreements")) <= set(chrome.ask("accords.visible()"))
    assert not chrome.ask("accords.asOf('yesterday')")


def test_the_reading_view_leads_from_marks_to_nodes_and_back(chrome: Window, page: Path, small: Accords) -> None:
    chrome.open(page, f"#lens=states&read={ARTICLE}&mark={TREATY}")
    stored = digest(small).texts[ARTICLE]
    assert chrome.ask("document.querySelector('#reader article').textContent") == stored
    assert chrome.ask("document.querySelectorAll('#reader mark.lit').length") > 3
    kinds = set(chrome.ask("[...document.querySelectorAll('#reader mark')].map(m => m.classList[0])"))
    assert kinds == {"act", "intent", "assessment", "description"}
    chrome.ask("document.querySelector('#reader mark.lit').click()")
    chrome.ask("document.querySelector('#reader .told .go').click()")
    assert chrome.ask("accords.state().read") == ""
    assert chrome.ask("accords.state().sel") != ""
    settled(chrome)


@pytest.mark.parametrize("language", picture.LANGUAGES)
def test_every_interface_language(chrome: Window, page: Path, language: str) -> None:
    chrome.open(page, f"#lens=states&lang={language}&open={PAIR}")
    words = picture.words()[language]
    assert chrome.ask("document.documentElement.lang") == language
    assert chrome.ask("document.title") == words["site"]
    assert words["ladder"] in chrome.ask("document.getElementById('card').textContent")
    settled(chrome)


def test_fifty_states_come_back_from_their_address(chrome: Window, page: Path, small: Accords) -> None:
    found, chance = digest(small), random.Random(5)
    chrome.open(page)
    for _ in range(50):
        asked = asked_state(found, chance)
        chrome.ask("location.hash = arguments[0]", "#" + "&".join(f"{k}={v}" for k, v in asked.items()))
        chrome.wait("return accords.state().lens && true")
        first = restored(chrome, asked)
        address = chrome.ask("location.hash")
        chrome.open(page, address, settle=0.02)
        assert restored(chrome, asked) == first
    settled(chrome)


def restored(chrome: Window, asked: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    script = "return Object.entries(arguments[0]).every(([k, v]) => accords.state()[k] === v)"
    for _ in range(60):
        if chrome.driver.execute_script(script, asked):
            break
    assert chrome.driver.execute_script(script, asked), (asked, chrome.ask("accords.state()"))
    return chrome.ask("accords.state()"), sorted(chrome.ask("accords.visible()"))


def asked_state(found: Any, chance: random.Random) -> dict[str, str]:
    pick = {"lens": list(scenes.LENSES), "lang": list(picture.LANGUAGES), "on": ["1995-06-30", "2005", "2022-12-22"],
            "state": ["states/kazakhstan", "states/tajikistan"], "sel": [*found.of("agreements")[:6], *found.of("people")[:4]],
            "form": ["treaty", "agreement"], "topic": ["alliance", "water"],
            "open": ["", PAIR, *found.of("people")[:3], *found.of("events")[:2], TREATY], "status": ["unknown", "in-force"]}  # fmt: skip
    keys = ["lens", *chance.sample([k for k in pick if k != "lens"], 3)]
    return {k: v for k in keys if (v := chance.choice(pick[k]))}


BROKEN = ["#%E0%A4%A", "#lens=moon&lang=xx&sel=agreements/none&open=a~b&on=never", "#__proto__=1&constructor=2", "#read=x&mark=y&state=<svg>", "#" + "a" * 9000]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_address_opens_the_start(chrome: Window, page: Path, broken: str) -> None:
    chrome.open(page, broken)
    assert chrome.ask("accords.visible().length") > 10
    settled(chrome)


def test_the_table_equals_the_picture(chrome: Window, page: Path) -> None:
    for address in ("", "#lens=states", "#lens=leaders", f"#lens=states&open={PAIR}", f"#lens=states&open={TREATY}"):
        chrome.open(page, address)
        chrome.wait("return document.querySelectorAll('#listing tbody tr').length")
        rows = chrome.ask("[...document.querySelectorAll('#listing details')][0].querySelectorAll('tbody tr').length")
        agreements = chrome.ask("[...document.querySelectorAll('#listing details')][1].querySelectorAll('tbody tr').length")
        visible = chrome.ask("accords.visible()")
        assert rows > 1
        assert agreements == sum(n.startswith("agreements/") for n in visible) or "open=agreements" in address


# ---- keyboard alone ---------------------------------------------------------------------------------


def test_the_keyboard_reaches_everything(chrome: Window, page: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    chrome.open(page, "#lens=states")
    reached = set()
    for _ in range(400):
        chrome.press(Keys.TAB)
        mark = chrome.ask("""(e => { if (!e || e === document.body) return ''; e.dataset.reached = '1';
            return e.id || e.tagName + ':' + e.textContent.slice(0, 24); })(document.activeElement)""")
        if mark in reached and mark == "skip":
            break
        reached.add(mark)
    assert {"skip", "search", "picture", "day", "exact", "play", "lang", "theme"} <= reached
    missed = chrome.ask("""[...document.querySelectorAll('button, select, input, a[href], summary, [tabindex="0"]')]
        .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.dataset.reached).map(e => e.outerHTML.slice(0, 90))""")
    assert missed == []


def test_a_walk_by_keyboard(chrome: Window, page: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    chrome.open(page, "#lens=states")
    chrome.press("/")
    assert chrome.ask("document.activeElement.id") == "search"
    chrome.press(*"Токаев", Keys.ARROW_DOWN)
    assert chrome.ask("document.querySelector('[aria-selected=true]').dataset.id") == "people/kassym-jomart-tokayev"
    chrome.press(Keys.ENTER)
    assert chrome.ask("accords.state().sel") == "people/kassym-jomart-tokayev"
    chrome.ask("document.getElementById('picture').focus()")
    chrome.press(Keys.ARROW_DOWN)
    assert chrome.ask("accords.state().sel") != "people/kassym-jomart-tokayev"
    chrome.press("+", "-", "0", Keys.ENTER)
    assert chrome.ask("accords.state().open") == chrome.ask("accords.state().sel")
    chrome.press(Keys.ESCAPE, Keys.ESCAPE)
    assert chrome.ask("accords.state().open") == ""
    chrome.ask("document.querySelector('#filters summary').focus()")
    chrome.press(Keys.ENTER)
    chrome.wait("return document.querySelector('[data-filter=state]')")
    chrome.press(Keys.TAB)
    assert chrome.ask("document.activeElement.dataset.filter") == "state"
    chrome.press("U")
    chrome.press(Keys.ESCAPE)
    assert not chrome.ask("document.getElementById('filters').open")
    chrome.ask("document.getElementById('day').focus()")
    chrome.press(Keys.HOME)
    assert chrome.ask("accords.state().on") != ""
    chrome.press(Keys.END)
    assert chrome.ask("accords.state().on") == ""
    settled(chrome)


def test_every_way_of_sharing_gives_something(chrome: Window, page: Path) -> None:
    chrome.open(page, f"#lens=states&open={PAIR}")
    labels = chrome.ask("[...document.querySelectorAll('#share .drop button')].map(b => b.textContent)")
    assert {"SVG", "PNG", "CSV", "GEXF", "GraphML"} <= set(labels)
    for label in labels[:3]:
        chrome.ask("[...document.querySelectorAll('#share .drop button')].find(b => b.textContent === arguments[0]).click()", label)
        text = chrome.ask("[...document.querySelectorAll('dialog.sheet textarea')].map(a => a.value).join('\\n')")
        assert len(text) > 40
        chrome.ask("document.querySelector('dialog.sheet .x').click()")
    settled(chrome)


def test_what_is_downloaded_opens_elsewhere(chrome: Window, page: Path, small: Accords, tmp_path: Path) -> None:
    import csv
    import io
    import time

    import networkx

    chrome.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    chrome.open(page, f"#lens=states&open={PAIR}")
    for label in ("CSV", "GEXF", "GraphML", "SVG", "PNG"):
        chrome.ask("[...document.querySelectorAll('#share .drop button')].find(b => b.textContent === arguments[0]).click()", label)
        path = tmp_path / f"accords.{label.lower()}"
        for _ in range(100):
            if path.is_file() and path.stat().st_size:
                break
            time.sleep(0.1)
    agreements = {n for n in chrome.ask("accords.visible()") if n.startswith("agreements/")}
    rows = list(csv.DictReader(io.StringIO((tmp_path / "accords.csv").read_text("utf-8-sig"))))
    assert {r["agreement"] for r in rows} == agreements
    gexf, graphml = networkx.read_gexf(tmp_path / "accords.gexf"), networkx.read_graphml(tmp_path / "accords.graphml")
    assert set(gexf) == set(graphml) >= agreements
    assert gexf.number_of_edges() == graphml.number_of_edges() > len(agreements)
    assert (tmp_path / "accords.svg").read_text("utf-8").startswith("<svg")
    assert (tmp_path / "accords.png").read_bytes().startswith(b"\x89PNG")


def test_the_question_behind_the_view_gives_the_same_agreements(chrome: Window, page: Path, small: Accords) -> None:
    for address in (
        "#lens=states", f"#lens=states&open={PAIR}", f"#lens=states&open=={PAIR}", "#lens=agreements&state=states/tajikistan",
        "#lens=leaders&open=people/shavkat-mirziyoyev", "#lens=states&topic=alliance", "#lens=states&form=treaty&lang=ru", "#lens=states&on=2001-12-31",
        "#lens=states&on=2001", "#lens=states&status=in-force", "#lens=states&status=unknown", "#lens=states&status=in-force&on=2010-01-01",
        "#lens=states&grade=quote", "#lens=states&grade=official", "#lens=states&open=events/2022-tokayev-state-visit-uzbekistan",
    ):  # fmt: skip
        chrome.open(page, address)
        chrome.ask("[...document.querySelectorAll('#share .drop button')][2].click()")
        question = chrome.ask("document.querySelector('dialog.sheet textarea').value")
        asked = {row["agreement"].value.split("central-asia-accords/")[1] for row in small.store.query(question)}
        assert asked == {n for n in chrome.ask("accords.visible()") if n.startswith("agreements/")}


def test_a_phone_gets_the_whole_of_it(page: Path) -> None:
    with window(390, 844) as phone:
        phone.open(page)
        assert phone.ask("document.documentElement.scrollWidth") <= 390
        assert phone.ask("document.getElementById('picture').clientHeight") > 300
        phone.ask("accords.select(arguments[0])", TREATY)
        assert phone.ask("document.documentElement.scrollWidth") <= 390
        settled(phone)


# ---- strangers' words -------------------------------------------------------------------------------


def hostile() -> list[str]:
    if not SUITES.is_dir():
        pytest.skip("the suites of hostile strings are not here")
    lines = (SUITES / "xss-payload-list.txt").read_text("utf-8", errors="replace").split("\n")
    return [s for s in [*json.loads((SUITES / "blns.json").read_text("utf-8")), *lines] if s]


BASE = "https://w3id.org/central-asia-accords/"
FIELDS = {"http://purl.org/dc/terms/title", "https://schema.org/name", "http://www.w3.org/2004/02/skos/core#altLabel",
          *(f"{BASE}diplomacy#{name}" for name in ("officialName", "purpose", "act", "undertaking", "claim"))}  # fmt: skip


def poisoned(small: Accords, strings: list[str]) -> Accords:
    """The small graph with foreign words in every text of eight properties, in the accepted graph and in that of a source."""
    store, n = ox.Store(), 0
    for quad in small.store:
        if quad.predicate.value in FIELDS and isinstance(quad.object, ox.Literal) and quad.subject.value.startswith(BASE):
            for _ in range(12):
                store.add(ox.Quad(quad.subject, quad.predicate, ox.Literal(strings[n % len(strings)], language=quad.object.language or "en"), quad.graph_name))
                n += 1
        else:
            store.add(quad)
    assert n > len(strings)
    return Accords(store)


OWN = """a article aside b body blockquote button canvas caption dd details
    dialog div dl dt em footer h1 h2 h3 h4 head header html i input label li link
    main mark meta noscript ol option output p path q s script section select small span strong style summary sup svg table tbody td
    textarea th thead time title tr ul"""
"""Elements that the page itself makes."""
LINKS = "[...document.querySelectorAll('[href], [src], [action]')].map(e => e.getAttribute('href') || e.getAttribute('src') || e.getAttribute('action'))"


def test_hostile_words_stay_words(chrome: Window, small: Accords, tmp_path: Path) -> None:
    strings = hostile()
    path = tmp_path / "hostile.html"
    foreign = poisoned(small, strings)
    picture.write(foreign, path)
    chrome.open(path)
    before = ("window.ran = 0; for (const f of ['alert','prompt','confirm','print','eval']) window[f] = () => { window.ran++; };"
              "window.tags = () => [...new Set([...document.querySelectorAll('*')].map(e => e.tagName.toLowerCase()))].sort()")  # fmt: skip
    chrome.driver.execute_script(before)
    names = [n["id"] for n in chrome.ask("accords.nodes()")]
    own = set(OWN.split())
    scripts = chrome.ask("document.scripts.length")
    for name in names:
        chrome.ask("accords.select(arguments[0])", name)
        assert set(chrome.ask("tags()")) <= own
        links = chrome.ask(LINKS)
        assert all(re.match(r"(https?://|mailto:|#|data:,$)", link) for link in links)
    for text in strings[:: max(1, len(strings) // 400)]:
        chrome.ask("accords.search(arguments[0])", text)
    chrome.ask("document.querySelectorAll('#lenses button')[2].click()")
    assert chrome.ask("document.scripts.length") == scripts
    assert chrome.ask("ran") == 0
    assert chrome.ask("[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => /^on/i.test(a.name))).length") == 0
    settled(chrome)


def test_hostile_words_in_svg_stay_words(small: Accords, tmp_path: Path) -> None:
    from xml.etree import ElementTree

    for lens in scenes.LENSES:
        picture.image(poisoned(small, hostile()), tmp_path / "h.svg", "en", lens)
        root = ElementTree.fromstring((tmp_path / "h.svg").read_bytes())
        assert {e.tag.split("}")[1] for e in root.iter()} <= {"svg", "title", "rect", "line", "circle", "polygon", "text"}


# ---- accessibility ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    npm = shutil.which("npm")
    if not npm:
        pytest.skip("no npm to take axe-core from")
    folder = tmp_path_factory.mktemp("axe")
    words = [npm, "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder), "axe-core@4"]
    done = subprocess.run(words, capture_output=True, timeout=120, check=False)
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if done.returncode or not script.is_file():
        pytest.skip("npm could not install axe-core here")
    return script.read_text("utf-8")


VIEWS = ["#lens=states", f"#lens=states&open={PAIR}", f"#lens=states&sel={TREATY}&open={TREATY}", "#lens=leaders&lang=ru&open=people/shavkat-mirziyoyev",
         f"#lens=states&read={ARTICLE}&mark={TREATY}"]  # fmt: skip
DRESSED = """document.documentElement.dataset.theme = arguments[0];
    document.querySelectorAll('details').forEach(d => { if (!d.classList.contains('menu')) d.open = true; });"""
LOOK = """const done = arguments[0]; axe.run(document, {resultTypes: ['violations']})
    .then(r => done(r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 120)).join(' | '))));"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("address", VIEWS)
def test_axe_finds_nothing(chrome: Window, page: Path, axe: str, address: str, theme: str) -> None:
    chrome.open(page, address)
    chrome.driver.execute_script(DRESSED, theme)
    chrome.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": axe + ";0"})
    assert chrome.driver.execute_async_script(LOOK) == []


def test_it_answers_before_its_data_is_unpacked(chrome: Window, page: Path) -> None:
    own = page.with_name("at-once.html")
    text = page.read_text("utf-8")
    script = "<script>addEventListener('DOMContentLoaded', () => { window.early = [accords.nodes().length, accords.search('Токаев')[0]]; });</script>"
    own.write_text(re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text).replace("</body>", script + "</body>"), encoding="utf-8")
    chrome.open(own)
    assert chrome.ask("early") == [chrome.ask("accords.nodes().length"), "people/kassym-jomart-tokayev"]
    settled(chrome)


def test_a_graph_without_agreements_opens_too(chrome: Window, tmp_path: Path) -> None:
    path = tmp_path / "empty.html"
    picture.write(Accords(ox.Store()), path)
    picture.image(Accords(ox.Store()), tmp_path / "empty.svg")
    chrome.open(path)
    for lens in range(3):
        chrome.ask(f"document.querySelectorAll('#lenses button')[{lens}].click()")
    assert chrome.ask("accords.nodes()") == chrome.ask("accords.visible()") == chrome.ask("accords.search('x')") == []
    assert chrome.ask("accords.asOf('2020-01-01')")
    settled(chrome)


def test_the_table_has_what_the_picture_leaves_out(chrome: Window, large: Path) -> None:
    chrome.open(large, "#lens=leaders")
    chrome.wait("return document.querySelectorAll('#listing tbody tr').length > 10")
    people = chrome.ask("accords.nodes().filter(n => n.kind === 'people').length")
    rows = chrome.ask("document.querySelectorAll('#listing details')[0].querySelectorAll('tbody tr').length")
    assert 200 < rows <= people
    chrome.driver.execute_script("const d = document.querySelectorAll('#listing details')[1]; d.open = true; d.querySelector('.actions button').click();")
    listed = chrome.ask("document.querySelectorAll('#listing details')[1].querySelectorAll('tbody tr').length")
    assert listed == chrome.ask("accords.visible().filter(n => n.startsWith('agreements/')).length")
