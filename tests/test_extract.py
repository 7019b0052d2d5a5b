"""`accords extract`: what an article says of agreements, with the quote for every value. Texts of the project's own making."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_builder.extract import Gazetteer, dates, draft, languages, records
from graph_builder.extract.people import nominative
from graph_builder.extract.texts import Document, fold

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
SEED = SHARED / "seed" / "000_48552703497824df.txt"

STATES = {
    "kazakhstan": ("KAZ", "Kazakhstan", "Казахстан"), "uzbekistan": ("UZB", "Uzbekistan", "Узбекистан"),
    "kyrgyzstan": ("KGZ", "Kyrgyzstan", "Кыргызстан"), "tajikistan": ("TJK", "Tajikistan", "Таджикистан"),
    "turkmenistan": ("TKM", "Turkmenistan", "Туркменистан"),
}
PEOPLE = {
    "kassym-jomart-tokayev": ("Kassym-Jomart Tokayev", "Касым-Жомарт Токаев", "kazakhstan"),
    "shavkat-mirziyoyev": ("Shavkat Mirziyoyev", "Шавкат Мирзиёев", "uzbekistan"),
    "sadyr-japarov": ("Sadyr Japarov", "Садыр Жапаров", "kyrgyzstan"),
    "emomali-rahmon": ("Emomali Rahmon", "Эмомали Рахмон", "tajikistan"),
}


def write(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text, "utf-8")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    for slug, (code, en, ru) in STATES.items():
        write(data, f"states/{slug}.yaml", f"name: {{en: {en}, ru: {ru}}}\ncode: {code}\n")
    for slug, (en, ru, state) in PEOPLE.items():
        write(data, f"people/{slug}.yaml", f"name: {{en: {en}, ru: {ru}}}\ntenure:\n  - {{role: president, of: states/{state}}}\n")
    for slug, en, ru, state in (("bishkek", "Bishkek", "Бишкек", "kyrgyzstan"), ("tashkent", "Tashkent", "Ташкент", "uzbekistan"),
                                ("khujand", "Khujand", "Худжанд", "tajikistan"), ("astana", "Astana", "Астана", "kazakhstan")):
        write(data, f"places/{slug}.yaml", f"type: city\nname: {{en: {en}, ru: {ru}}}\ncountry: [states/{state}]\n")
    write(data, "agreements/2022-kaz-uzb-allied-relations.yaml",
          "type: treaty\ntitle: {en: Treaty on Allied Relations between Kazakhstan and Uzbekistan, "
          "ru: Договор о союзнических отношениях между Республикой Казахстан и Республикой Узбекистан}\n"
          "party: [states/kazakhstan, states/uzbekistan]\nsigned: 2022-12-22\n")
    return data


@pytest.fixture(scope="session")
def known(folder: Path) -> Gazetteer:
    return Gazetteer.read([folder])


def agreements(text: str, known: Gazetteer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = draft(text, known)["agreements"]
    return found


def facts(text: str, known: Gazetteer) -> list[tuple[str, set[str], str]]:
    return [(a["type"], set(a["parties"]), a["status"]) for a in agreements(text, known)]


def quotes(node: Any) -> list[tuple[str, int, int]]:
    """Every quote of a draft with its offsets."""
    if isinstance(node, dict):
        own = [(node["quote"], node["start"], node["end"])] if isinstance(node.get("start"), int) else []
        return own + [q for v in node.values() for q in quotes(v)]
    return [q for v in node for q in quotes(v)] if isinstance(node, list) else []


SIGNED = [
    ("Президенты Казахстана и Узбекистана подписали в Ташкенте Договор о союзнических отношениях.", "treaty", {"KAZ", "UZB"}),
    ("Таджикистан и Кыргызстан заключили соглашение о взаимных поездках граждан.", "agreement", {"TJK", "KGZ"}),
    ("Подписан меморандум о сотрудничестве в сфере туризма между Туркменистаном и Узбекистаном.", "memorandum", {"TKM", "UZB"}),
    ("Стороны подписали договор о демаркации узбекско-казахстанской государственной границы.", "treaty", {"KAZ", "UZB"}),
    ("The presidents of Kazakhstan and Uzbekistan signed a treaty on allied relations in Tashkent.", "treaty", {"KAZ", "UZB"}),
    ("A road map for trade between Kyrgyzstan and Tajikistan was adopted in Bishkek.", "roadmap", {"KGZ", "TJK"}),
    ("The Kazakh-Kyrgyz agreement on water was signed by the ministers.", "agreement", {"KAZ", "KGZ"}),
    ("Oʻzbekiston va Qozogʻiston o‘rtasida ittifoqchilik munosabatlari to‘g‘risidagi shartnoma imzolandi.", "treaty", {"KAZ", "UZB"}),
    ("Ўзбекистон билан Қирғизистон ўртасида маданият соҳасида ҳамкорлик тўғрисида битим имзоланди.", "agreement", {"KGZ", "UZB"}),
    ("Қазақстан мен Өзбекстан арасындағы одақтастық қатынастар туралы шартқа қол қойылды.", "treaty", {"KAZ", "UZB"}),
    ("Кыргызстан менен Тажикстандын ортосундагы чек ара жөнүндө келишимге кол коюлду.", "treaty", {"KGZ", "TJK"}),
    ("Шартнома байни Тоҷикистон ва Ӯзбекистон дар бораи шарикии стратегӣ ба имзо расид.", "treaty", {"TJK", "UZB"}),
    ("Türkmenistan bilen Özbegistanyň arasynda suw hojalygy boýunça hyzmatdaşlyk hakynda ylalaşyga gol çekildi.", "agreement",
     {"TKM", "UZB"}),
]


@pytest.mark.parametrize(("text", "kind", "parties"), SIGNED, ids=[s[0][:40] for s in SIGNED])
def test_a_signed_instrument_has_its_type_and_parties_in_every_language(
        text: str, kind: str, parties: set[str], known: Gazetteer) -> None:
    found = facts(text, known)
    assert [(k, p) for k, p, _ in found] == [(kind, parties)]
    assert found[0][2] in ("signed", "adopted")


@pytest.mark.parametrize("text", [
    "Президент Казахстана Касым-Жомарт Токаев и президент Узбекистана Шавкат Мирзиёев обсудили программу визита.",
    "Kazakhstan and Uzbekistan plan to build a new railway; the plan is ambitious.",
    "Сборная Узбекистана обыграла команду Кыргызстана в Бишкеке.",
    "Экспорт Казахстана в Китай вырос на 12 процентов, решение проблемы логистики найдено.",
])
def test_talk_is_no_instrument(text: str, known: Gazetteer) -> None:
    assert agreements(text, known) == []


@pytest.mark.parametrize(("text", "status"), [
    ("Казахстан и Кыргызстан намерены подписать договор о водных ресурсах.", "planned"),
    ("Kazakhstan and Kyrgyzstan are set to sign an agreement on energy next month.", "planned"),
    ("Мажилис ратифицировал договор о дружбе между Казахстаном и Таджикистаном.", "ratified"),
    ("Вступило в силу соглашение о торговле между Казахстаном и Таджикистаном.", "in force"),
])
def test_what_is_planned_or_ratified_is_told_from_what_was_signed(text: str, status: str, known: Gazetteer) -> None:
    found = agreements(text, known)
    assert [a["status"] for a in found] == [status]
    assert found[0]["signed"] is None


def test_a_list_of_documents_is_one_draft_an_item(known: Gazetteer) -> None:
    text = ("Президенты Садыр Жапаров и Шавкат Мирзиёев встретились в Бишкеке.\nСтороны подписали:\n"
            "- соглашение о сотрудничестве в сфере культуры;\n- протокол о внесении изменений в соглашение о поездках граждан;\n"
            "- план мероприятий по увеличению взаимной торговли.\n")
    assert [(k, p) for k, p, _ in facts(text, known)] == [(k, {"KGZ", "UZB"}) for k in ("agreement", "protocol", "plan")]


def test_further_mentions_belong_to_the_same_instrument(known: Gazetteer) -> None:
    text = ("Казахстан и Узбекистан подписали Договор о союзнических отношениях. Договор отражает доверие сторон. "
            "По словам экспертов, договор о союзничестве между Узбекистаном и Казахстаном не имеет прецедентов.")
    found = agreements(text, known)
    assert len(found) == 1
    assert len(found[0]["mentions"]) == 3


def test_other_parties_or_another_topic_make_another_instrument(known: Gazetteer) -> None:
    text = ("Президенты подписали договор о точке стыка границ Таджикистана, Узбекистана и Кыргызстана. "
            "Ранее был подписан договор о таджикско-кыргызской границе.")
    assert [p for _, p, _ in facts(text, known)] == [{"TJK", "UZB", "KGZ"}, {"TJK", "KGZ"}]


@pytest.mark.parametrize(("text", "day"), [
    ("Казахстан и Узбекистан подписали 22 декабря 2022 года договор о дружбе.", "2022-12-22"),
    ("Казахстан и Узбекистан подписали 22 декабря договор о дружбе.", "--12-22"),
    ("Договор о дружбе между Казахстаном и Узбекистаном от 31 октября 1998 года ратифицирован 5 мая 1999 года.", "1998-10-31"),
    ("Договор о дружбе между Казахстаном и Узбекистаном ратифицирован 5 мая 1999 года.", None),
    ("Казахстан и Узбекистан подписали договор о дружбе.", None),
    ("Қазақстан мен Өзбекстан 2022 жылғы 22 желтоқсанда достық туралы шартқа қол қойды.", "2022-12-22"),
    ("On March 31, 2025, Tajikistan and Kyrgyzstan signed a treaty on friendship.", "2025-03-31"),
])
def test_the_day_of_signing_is_the_one_the_text_gives(text: str, day: str | None, known: Gazetteer) -> None:
    assert [a["signed"] for a in agreements(text, known)] == [day]


@pytest.mark.parametrize(("code", "text", "day"), [
    ("ky", "2025-жылдын 13-мартында", "2025-03-13"), ("uz", "2024-yil 18-aprel kuni", "2024-04-18"), ("tg", "13 марти соли 2025", "2025-03-13"),
    ("tk", "2023-nji ýylyň 5-nji apreli", "2023-04-05"), ("en", "31 March 2025", "2025-03-31"), ("ru", "31.03.2025", "2025-03-31"),
    ("ru", "31 февраля 2025", None),
])
def test_days_are_read_as_each_language_writes_them(code: str, text: str, day: str | None) -> None:
    assert [d.iso() for d in dates.find(Document(text), languages.rules(code))] == ([day] if day else [])


def test_a_dateline_is_no_place_of_signing(known: Gazetteer) -> None:
    found = agreements("АСТАНА. Казахстан и Узбекистан подписали договор о дружбе.", known)
    assert found[0]["place"] is None


def test_people_have_their_name_in_english_their_office_and_state(known: Gazetteer) -> None:
    text = ("Министр энергетики Казахстана Ерлан Аккенженов и президент Узбекистана Шавкат Мирзиёев встретились с "
            "Садыром Жапаровым. Его супруга Айгуль Жапарова посетила музей.")
    people = {p["normalized"]: (p["role"], p["affiliation"]) for p in draft(text, known)["people"]}
    assert people == {"Yerlan Akkenzhenov": ("minister", "KAZ"), "Shavkat Mirziyoyev": ("president", "UZB"),
                      "Sadyr Japarov": (None, "KGZ"), "Aigul Japarova": (None, "KGZ")}


@pytest.mark.parametrize(("written", "name"), [
    ("Абдуллу Арипова", "Абдулла Арипов"), ("Ержаном Ашикбаевым", "Ержан Ашикбаев"), ("Айгуль Жапарова", "Айгуль Жапарова"),
    ("Сергея Лаврова", "Сергей Лавров"), ("Эмомали Рахмона", "Эмомали Рахмона"),
])
def test_russian_names_go_back_to_the_nominative(written: str, name: str) -> None:
    assert " ".join(nominative(written.split())) == name


def test_a_recorded_instrument_is_recognised_with_what_the_article_adds_and_contradicts(known: Gazetteer) -> None:
    text = "В Ташкенте 21 декабря 2022 года подписан Договор о союзнических отношениях между Казахстаном и Узбекистаном."
    found = agreements(text, known)[0]
    assert found["known"] == "agreements/2022-kaz-uzb-allied-relations"
    assert found["adds"] == {"place": "Tashkent"}
    assert found["contradicts"] == {"signed": {"article": "2022-12-21", "record": "2022-12-22"}}


def test_every_filled_field_has_its_quote_and_how_it_was_found(known: Gazetteer) -> None:
    text = "Президенты Касым-Жомарт Токаев и Шавкат Мирзиёев подписали в Ташкенте 22 декабря договор о дружбе."
    found = agreements(text, known)[0]
    fields = {e["field"] for e in found["evidence"]}
    assert fields == {"title", "type", "parties", "status", "signed", "place", "signatories", "topics"}
    assert {e["how"] for e in found["evidence"]} <= {"explicit", "inferred"}
    assert all(text[start:end] == quote for quote, start, end in quotes(found))


def test_drafts_become_records_that_wait_for_a_person(known: Gazetteer) -> None:
    text = "Президенты Касым-Жомарт Токаев и Шавкат Мирзиёев подписали 22 декабря 2023 года договор о туризме."
    (path, written), *_ = records(draft(text, known), "articles/example")
    record = yaml.safe_load(written)
    assert path == "agreements/2023-kaz-uzb-tourism.yaml"
    assert record["review"] == "needed"
    assert record["party"] == ["states/kazakhstan", "states/uzbekistan"]
    assert set(record["signature"]) == {"people/kassym-jomart-tokayev", "people/shavkat-mirziyoyev"}
    assert any("party" in s["supports"] for s in record["sources"]["articles/example"])


def test_the_compiled_gazetteer_is_kept_and_follows_the_records(folder: Path, tmp_path: Path) -> None:
    first = Gazetteer.read([folder], tmp_path)
    again = Gazetteer.read([folder], tmp_path)
    assert again.entries == first.entries
    assert len(list(tmp_path.glob("gazetteer-*.json"))) == 1


def test_every_language_file_compiles_and_its_markers_tell_it() -> None:
    for code in languages.codes():
        rules = languages.rules(code)
        assert rules.heads.search(fold(str(rules.raw["types"]["memorandum"][0]).rstrip("~")))
        assert languages.detect(" ".join([str(rules.raw["markers"])] * 3) + str(rules.raw["letters"])) == code


def test_an_unknown_language_is_refused(known: Gazetteer) -> None:
    with pytest.raises(KeyError, match="xx"):
        draft("text", known, "xx")


@pytest.mark.skipif(not SEED.exists(), reason="the seed article lies in ../shared")
def test_the_seed_article_gives_two_treaties_and_makes_nothing_up(known: Gazetteer) -> None:
    found = agreements(SEED.read_text("utf-8"), known)
    assert [(a["type"], set(a["parties"]), a["status"], len(a["mentions"])) for a in found] == [("treaty", {"KAZ", "UZB"}, "signed", 2)] * 2
    assert [(a["signed"], a["place"], a["signatories"]) for a in found] == [(None, None, [])] * 2
    assert {"industry", "transport", "energy", "pharmaceuticals", "construction"} <= set(found[0]["topics"])
    assert found[0]["commitments"]


@pytest.mark.skipif(not SHARED.exists(), reason="the odd strings lie in ../shared")
def test_odd_strings_do_no_harm(known: Gazetteer) -> None:
    for text in json.loads((SHARED / "suites" / "blns.json").read_text("utf-8")):
        found = draft(text, known)
        assert all(text[start:end] == quote for quote, start, end in quotes(found))


WORDS = st.sampled_from([s[0] for s in SIGNED] + ["«", "»", "\"", "\n", " - ", "договор", "между", "о", ", ", "31 марта", "2025", "Президент "])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(WORDS, st.text(max_size=12)), max_size=12))
def test_no_text_makes_it_fail_and_every_quote_stands(parts: list[str]) -> None:
    text = "".join(parts)
    found = draft(text, EMPTY)
    assert all(text[start:end] == quote for quote, start, end in quotes(found))
    records(found)


EMPTY = Gazetteer.read([])
