"""A folder of one's own beside the shipped records: made, found, merged, checked, completed by editors."""

from __future__ import annotations

import base64
import json
import re
import time
import zlib
from pathlib import Path

import pytest
import yaml

from graph_builder import accords, drafting, folders, merging, store
from graph_builder.faults import Faults
from graph_builder.terms import share

SMALL = Path(__file__).parent / "small"
ALLIED = "agreements/2022-kaz-uzb-allied-relations"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folders.init(tmp_path / "own")
    return tmp_path / "own"


def adding(own: Path, text: str, name: str = ALLIED) -> Path:
    path = own / f"{name}.yaml"
    path.write_text(f"adds: true\n{text}", encoding="utf-8")
    return path


def faults(own: Path) -> list[str]:
    """What the checks say of the folder's records beside the small set."""
    found = store.collect([SMALL, own])
    return [str(f) for f in [*found.faults, *store.mapped(found)[1]] if str(own) in f.path or "own" in f.path]


# ---- making it ---------------------------------------------------------------------------------------


def test_a_new_folder_holds_a_template_publishers_an_explanation_and_schemas(own: Path) -> None:
    made = {str(p.relative_to(own)) for p in own.rglob("*") if p.is_file()}
    assert {"accords-data", "README.md", "publishers.yaml", "templates/agreement.yaml", "schemas/agreements.json", ".vscode/settings.json"} <= made
    assert accords.check([own])[0] == []


def test_making_it_again_touches_nothing_of_the_users(own: Path) -> None:
    (own / "publishers.yaml").write_text("example.org: {kind: news, name: {en: Mine, ru: Моё}}\n", encoding="utf-8")
    (own / "schemas" / "agreements.json").unlink()
    written = folders.init(own)
    assert {p.parent.name for p in written} == {"schemas"}
    assert "Mine" in (own / "publishers.yaml").read_text(encoding="utf-8")


def test_a_place_that_is_taken_or_shipped_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(Faults, match="choose another name"):
        folders.init(tmp_path / "file")
    with pytest.raises(Faults, match="an upgrade replaces"):
        folders.init(share("data") / "mine")


def test_the_template_is_kept_out_until_it_is_gone_over(own: Path) -> None:
    copy = own / "agreements" / "2024-kaz-uzb-water-data.yaml"
    template = (own / "templates" / "agreement.yaml").read_text(encoding="utf-8")
    copy.write_text(template, encoding="utf-8")
    assert any("not yet reviewed" in f for f in faults(own))
    copy.write_text(template.replace("review: needed\n", ""), encoding="utf-8")
    assert accords.check([copy], [own])[0] == []


def test_it_is_found_by_option_by_variable_and_by_its_marker(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(folders.VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    assert folders.own() == []
    assert folders.own([Path("x")]) == [Path("x")]
    monkeypatch.chdir(own / "agreements")
    assert [p.resolve() for p in folders.own()] == [own.resolve()]
    monkeypatch.setenv(folders.VARIABLE, str(tmp_path / "other"))
    assert folders.own() == [tmp_path / "other"]


# ---- what editors know -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["agreements", "states", "organizations", "people", "places", "events", "articles"])
def test_the_schemas_agree_with_the_shipped_records(own: Path, kind: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((own / "schemas" / f"{kind}.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    for path in [*SMALL.glob(f"{kind}/*.yaml"), *sorted((share("data") / kind).glob("*.yaml"))[:40]]:
        record = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        assert [f"{path.name}: {e.message[:200]}" for e in validator.iter_errors(record)] == []


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"sined": "2024"}, "sined"),
        ({"type": "treeaty"}, "treeaty"),
        ({"signed": "2024-13-01"}, "2024-13-01"),
        ({"party": "kazakhstan"}, "kazakhstan"),
        ({"sources": {}}, "properties"),
        ({"sources": {"https://example.org/": [{"supports": "title", "qoute": "x"}]}}, "qoute"),
        ({"title": {"english": "x"}}, "english"),
        ({"signature": {"tokayev": {}}}, "tokayev"),
    ],
)
def test_the_schemas_refuse_what_the_checks_refuse(own: Path, change: dict[str, object], key: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft7Validator(json.loads((own / "schemas" / "agreements.json").read_text(encoding="utf-8")))
    record = yaml.load((SMALL / f"{ALLIED}.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert list(validator.iter_errors({**record, **change}))


def test_the_names_of_records_are_offered(own: Path) -> None:
    schema = json.loads((own / "schemas" / "agreements.json").read_text(encoding="utf-8"))
    assert "states/kazakhstan" in schema["definitions"]["states"]["anyOf"][0]["enum"]


# ---- adding to a shipped record ----------------------------------------------------------------------


def test_an_addition_brings_its_keys_and_sources_to_the_record(own: Path) -> None:
    adding(own, "altLabel: {en: [The Alliance Treaty]}\nlanguage: [kk, uz]\nseen: 2024-05-04\nsources:\n  https://example.org/1:\n  - supports: [altLabel]\n")
    assert faults(own) == []
    found = store.collect([SMALL, own])
    graph = accords.Accords(store.fill(found.terms, store.mapped(found)[0]))
    label = "<http://www.w3.org/2004/02/skos/core#altLabel>"
    rows = list(graph.query(f'SELECT ?l WHERE {{ <https://w3id.org/central-asia-accords/{ALLIED}> {label} ?l . FILTER(LANG(?l) = "en") }}'))
    assert [r[0].value for r in rows] == ["The Alliance Treaty"]
    whole, _ = merging.whole(found.records, found.terms)
    allied = next(r for r in whole if r.name == ALLIED)
    assert allied.data["party"] == ["states/kazakhstan", "states/uzbekistan"]
    assert "https://example.org/1" in allied.sources


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "signed: 2022-12-21\nsources:\n  https://example.org/1:\n  - supports: [signed]\n",
            "already has `signed` 2022-12-22; write yours as what your source says: `- says: {signed: …}`",
        ),
        ("title: {en: Another title}\nsources:\n  https://example.org/1:\n  - supports: [title]\n", "- says: {title: {en: …}}"),
        (
            "consent:\n  states/kazakhstan: {step: ratification, date: 2023-01-01}\nsources:\n  https://example.org/1:\n  - supports: [consent]\n",
            "consent.states/kazakhstan.date",
        ),
        ("sources:\n  https://example.org/1:\n  - says: {signed: 2022-12-21}\n", "why the accepted one stays"),
        ("because: {ended: Why not.}\nsources:\n  https://example.org/1:\n  - says: {signed: 2022-12-22}\n", "has `ended`"),
        ("language: [kk]\nsources:\n  https://example.org/1:\n  - supports: [party]\n", "has no `party`"),
        ("inForce: 2020\nsources:\n  https://example.org/1:\n  - supports: [inForce]\n", "inForce"),
    ],
)
def test_an_addition_that_clashes_is_told_what_to_do_at_its_own_line(own: Path, text: str, told: str) -> None:
    adding(own, text)
    found = faults(own)
    assert any(told in f and "2022-kaz-uzb-allied-relations.yaml:" in f for f in found), found


def test_a_rival_value_with_its_reason_is_kept_as_what_the_source_says(own: Path) -> None:
    adding(own, "because: {signed: The treaty itself gives the 22nd.}\nsources:\n  https://example.org/1:\n  - says: {signed: 2022-12-21}\n")
    assert faults(own) == []
    found = store.collect([SMALL, own])
    graph = accords.Accords(store.fill(found.terms, store.mapped(found)[0]))
    day = "?s <https://w3id.org/central-asia-accords/diplomacy#signed> ?day"
    said = [r[0].value for r in graph.query(f"SELECT ?day WHERE {{ GRAPH <https://example.org/1> {{ {day} }} }}")]
    accepted = [r[0].value for r in graph.query(f"SELECT ?day WHERE {{ VALUES ?s {{ <https://w3id.org/central-asia-accords/{ALLIED}> }} {day} }}")]
    assert (said, accepted) == (["2022-12-21"], ["2022-12-22"])


def test_an_addition_may_name_one_language_of_a_title(own: Path) -> None:
    adding(own, "title: {uz: Ittifoqchilik munosabatlari toʻgʻrisida shartnoma}\nsources:\n  https://example.org/1:\n  - supports: [title]\n")
    assert faults(own) == []


def test_an_addition_to_nothing_is_a_fault(own: Path) -> None:
    adding(own, "language: [kk]\nsources:\n  https://example.org/1:\n  - supports: [language]\n", "agreements/2022-kaz-uzb-allied-relation")
    assert any("finds no record `agreements/2022-kaz-uzb-allied-relation` to add to" in f for f in faults(own))


def test_a_record_of_the_same_name_that_does_not_add_replaces(own: Path) -> None:
    text = (SMALL / "places" / "almaty.yaml").read_text(encoding="utf-8")
    (own / "places" / "almaty.yaml").write_text(text.replace("Almaty", "Alma-Ata"), encoding="utf-8")
    found = store.collect([SMALL, own])
    assert [r.data["name"]["en"] for r in found.records if r.name == "places/almaty"] == ["Alma-Ata"]


# ---- as a new user -----------------------------------------------------------------------------------


def test_from_init_to_a_treaty_of_ones_own_in_the_picture_in_five_minutes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(folders.VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    start = time.monotonic()
    folders.init(Path("mine"))
    monkeypatch.chdir(tmp_path / "mine")
    answers = {
        "Address": "https://example.org/seeds",
        "Title in English": "Agreement on the Exchange of Melon Seeds",
        "Parties": "Kazakhstan; Uzbekistan",
        "Signed on": "3 May 2024",
        "Signed at": "Tashkent",
        "Topics": "agriculture",
        "Write": "yes",
    }
    path = drafting.new_agreement(folders.target(), lambda question, _: next((a for q, a in answers.items() if question.startswith(q)), ""), lambda _: None)
    assert path is not None
    found, wrong = accords.check([path], folders.own())
    assert (found, wrong) == ([], 1)
    collected = store.collect(accords.folders(folders.own()))
    graph = accords.Accords(store.fill(collected.terms, store.mapped(collected)[0]))
    picture = graph.view(tmp_path / "network.html").read_text(encoding="utf-8")
    packed = re.search(r'<script type="text/plain" id="body">([^<]+)</script>', picture)
    assert packed is not None
    assert "Agreement on the Exchange of Melon Seeds" in zlib.decompress(base64.b64decode(packed[1]), -15).decode()
    assert time.monotonic() - start < 300
