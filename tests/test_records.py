"""A record is read as text with places: nothing is guessed, and what was read can be told again."""

from __future__ import annotations

import calendar
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import SMALL
from hypothesis import given
from hypothesis import strategies as st

from graph_builder import checks, reader, terms
from graph_builder.records import ADDRESS, DATE, HOST, NAME, date_problem, merge, pick, reference_problem
from graph_builder.triples import missing, typed_date
from graph_builder.yamls import DEEPEST, FORBIDDEN, Text

TERMS = terms.load()
FILES = sorted(SMALL.glob("*/*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_good_record_is_read_without_a_fault_and_with_the_place_of_every_key(path: Path) -> None:
    record, faults = reader.read(path, TERMS)
    assert faults == []
    assert record
    lines = path.read_text(encoding="utf-8").splitlines()
    for key in record.data:
        line, column = record.places[key,]
        assert lines[line - 1][column - 1 :].startswith(f"{key}:")


def read(content: str, name: str = "agreements/x") -> tuple[Any, list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.yaml"
        path.parent.mkdir()
        path.write_text(content, encoding="utf-8", newline="")
        record, faults = reader.read(path, TERMS, "x.yaml")
        return record, [str(f) for f in faults]


@pytest.mark.parametrize("text", ["NO", "no", "010", "12:30", "1e3", "~", "null", "true", "0x1F", "1_000", "=", ".inf", "2022-12-22 10:00"])
def test_text_stays_the_text_that_was_written(text: str) -> None:
    record, _ = read(f"title: {{en: {text}, ru: {text}}}\n")
    assert record.data["title"] == {"en": text, "ru": text}


PLAIN = st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp")), min_size=1, max_size=30)


@given(PLAIN)
def test_any_title_survives_a_round_trip_through_yaml(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    record, faults = read(yaml.dump({"title": {"en": text, "ru": text}}, allow_unicode=True, width=1000))
    if text.strip() and not FORBIDDEN.search(text) and not any("NFC" in f for f in faults):
        assert record.data["title"]["en"] == text


@given(st.binary(max_size=200))
def test_any_bytes_are_answered_with_faults(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "agreements" / "x.yaml"
        path.parent.mkdir()
        path.write_bytes(content)
        _, faults = reader.read(path, TERMS)
    assert faults
    assert all(f.line >= 1 and f.column >= 1 for f in faults)


SOME_KEYS = st.sampled_from([*TERMS.kinds["agreements"].fields, "sources", "x"])
TREES = st.recursive(st.text(max_size=8), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SOME_KEYS, inner, max_size=5), max_leaves=20)


@given(TREES)
def test_any_yaml_tree_is_answered_with_faults(tree: Any) -> None:
    _, faults = read(yaml.dump(tree, allow_unicode=True))
    assert faults


@given(st.integers(1, 60))
def test_depth_is_bounded(depth: int) -> None:
    _, faults = read("title: " + "[" * depth + "]" * depth + "\n" + "x: [" + "{a: b}, " * 60 + "]\n")
    assert any("nested deeper" in f for f in faults) == (depth + 1 > DEEPEST)


# ---- dates ---------------------------------------------------------------------------------------------------


@given(st.dates())
def test_a_day_of_the_calendar_is_a_date(day: Any) -> None:
    problem = date_problem(day.isoformat())
    assert (problem is None) == (1900 <= day.year <= 2100)


@given(st.integers(1900, 2100), st.integers(0, 13), st.integers(0, 32))
def test_a_date_is_one_exactly_where_the_calendar_has_it(year: int, month: int, day: int) -> None:
    good = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
    assert (date_problem(f"{year}-{month:02}-{day:02}") is None) == good


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_told_why_not(text: str) -> None:
    if date_problem(text) is None:
        assert DATE.match(text)
        assert text.isascii()


@given(st.dates(), st.dates(), st.sampled_from([4, 7, 10]), st.sampled_from([4, 7, 10]))
def test_before_is_sure_only_where_both_are_precise(one: Any, other: Any, mine: int, yours: int) -> None:
    first, then = one.isoformat()[:mine], other.isoformat()[:yours]
    if checks.before(first, then):
        assert one < other
        assert not checks.before(then, first)


@pytest.mark.parametrize(("text", "datatype"), [("1997", "xsd:gYear"), ("1997-01", "xsd:gYearMonth")])
def test_a_date_carries_its_precision(text: str, datatype: str) -> None:
    assert typed_date(text) == {"@value": text, "@type": datatype}
    assert typed_date("1997-01-10") == "1997-01-10"


# ---- parts of a record ------------------------------------------------------------------------------------------

KEYS = st.sampled_from("abcd")
WORDS = st.text("xyz", min_size=1, max_size=3)
LEAVES = WORDS | st.lists(WORDS, min_size=1, max_size=3, unique=True)
DATA = st.recursive(LEAVES, lambda inner: st.dictionaries(KEYS, inner, min_size=1, max_size=3), max_leaves=8)


def paths(data: Any) -> list[tuple[str, ...]]:
    """Every path into plain values, items of lists among them."""
    if isinstance(data, dict):
        return [(k, *rest) for k, v in data.items() for rest in [(), *paths(v)]]
    return [(item,) for item in data] if isinstance(data, list) else []


@given(st.dictionaries(KEYS, DATA, min_size=1, max_size=3))
def test_all_parts_together_are_the_whole(data: dict[str, Any]) -> None:
    whole: Any = {}
    for path in paths(data):
        part = pick(data, path)
        assert part is not None
        whole = merge(whole, part)
    assert list(missing(data, whole)) == []
    assert merge(data, data) == data


@given(st.dictionaries(KEYS, DATA, min_size=1, max_size=3))
def test_what_no_part_holds_is_missing(data: dict[str, Any]) -> None:
    assert {path[0] for path in missing(data, {})} == {*data}
    assert pick(data, ("nowhere",)) is None
    assert pick(data, ()) == data


# ---- names, references, addresses ---------------------------------------------------------------------------------


@given(st.text(max_size=20))
def test_a_name_is_safe_as_a_file_and_in_an_address(text: str) -> None:
    if NAME.match(text):
        assert text.isascii()
        assert text == text.lower()
        assert not set(text) & set("/\\.:%?# ")


OUTWARD = (
    "../states/x", "states/../x", "states//x", "/etc/passwd", "states/x/y", "states/x.yaml", "states\\x", "states/", "", "states/%2e", "states/\u0430",
    "STATES/x", "states/x\n",
)  # fmt: skip


@pytest.mark.parametrize("text", OUTWARD)
def test_a_reference_never_leaves_its_folder(text: str) -> None:
    assert reference_problem(text, ("states",))


NO_ADDRESS = (
    "javascript:alert(1)", "http://", "https://user@host/", "ftp://x/", "http://x y/", 'http://x/"', "//x/", "data:text/html,x", "http://x/<b>", "https:/x",
)  # fmt: skip


@pytest.mark.parametrize("text", NO_ADDRESS)
def test_only_web_addresses_are_sources(text: str) -> None:
    assert not ADDRESS.match(text)


@pytest.mark.parametrize("text", ["akorda.kz", "xn--80a.рф", "24.kg", "2001-2009.state.gov"])
def test_a_host_is_written_small_and_bare(text: str) -> None:
    assert HOST.match(text)


@pytest.mark.parametrize("text", ["a", "-a.kz", "A.kz", "a..kz", "a.kz.", "a b.kz", "http://a.kz"])
def test_what_is_no_host(text: str) -> None:
    assert not HOST.match(text)


def test_a_file_is_shown_by_the_path_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("- a\n", encoding="utf-8")
    text = Text(path, "shown.yaml")
    text.at(3, 4, "wrong")
    assert [str(f) for f in text.faults] == ["shown.yaml:3:4: wrong"]
