"""Every statement has its source, every quote stands in its text, and what an author claims is never accepted."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import SHARED, SMALL
from hypothesis import given
from hypothesis import strategies as st

from graph_builder import evidence, store, terms
from graph_builder.accords import Accords, folders
from graph_builder.evidence import Article, Passage, occurrences, passages
from graph_builder.records import Support
from graph_builder.terms import share

SEED = SHARED / "seed"
Row = dict[str, str]
TERMS = terms.load()
EDITORIAL = {ox.NamedNode(iri) for iri, modality in TERMS.modalities.items() if modality == "editorial"}
SEED_NAME = "articles/nematov-state-visit"


@pytest.fixture(scope="module", params=["small", "whole"])
def accords(request: pytest.FixtureRequest) -> Accords:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def rows(accords: Accords) -> list[Row]:
    return list(csv.DictReader(io.StringIO(accords.query("evidence").to_bytes("csv").decode(), newline="")))


# ---- what the contract promises of `accords query evidence` -----------------------------------------------


def texts() -> dict[str, str]:
    """Stored text of each article by its IRI."""
    return {TERMS.base + f"articles/{p.stem}": p.read_bytes().decode() for folder in (SMALL, share("data")) for p in (folder / "articles").glob("*.txt")}


def test_every_quote_is_the_articles_text_at_its_offsets(rows: list[Row]) -> None:
    stored = texts()
    quoted = [row for row in rows if row["quote"]]
    assert len(quoted) > 100
    for row in quoted:
        assert stored[row["source"]][int(row["start"]) : int(row["end"])] == row["quote"]


def test_every_statement_of_a_stored_article_has_a_quote(rows: list[Row]) -> None:
    assert [row for row in rows if row["grade"] == "quote" and not row["quote"]] == []
    assert {row["grade"] for row in rows} <= {"quote", "page"}
    assert {row["accepted"] for row in rows} <= {"yes", "no"}
    assert {row["modality"] for row in rows} <= {"act", "intent", "assessment", "description"}


def test_no_accepted_statement_is_without_a_source(accords: Accords) -> None:
    quads = accords.store
    own = {ox.NamedNode(TERMS.base + name) for name in ("editors", "diplomacy", "topics")}
    made = tuple(TERMS.base + folder for folder in ("rules/", "run/"))
    sources: set[ox.Triple] = set()
    derived: set[ox.Triple] = set()
    for quad in quads:
        if isinstance(quad.graph_name, ox.NamedNode):
            is_made = quad.graph_name in own or quad.graph_name.value.startswith(made)
            (derived if is_made else sources).add(quad.triple)
    alone = [q for q in quads.quads_for_pattern(None, None, None, ox.DefaultGraph()) if q.triple not in sources and q.triple not in derived]
    typed = [q for q in alone if q.predicate.value.endswith(("#type",))]
    kinds = {q.subject for q in quads.quads_for_pattern(None, None, None, None) if isinstance(q.graph_name, ox.NamedNode)}
    assert [q for q in alone if q not in typed] == []
    assert [q for q in typed if q.subject not in kinds] == []


def test_only_editors_stand_behind_editorial_statements(accords: Accords) -> None:
    """What stands in the editors' graph alone says how we wrote it down, never what happened."""
    quads = accords.store
    editors = ox.NamedNode(TERMS.base + "editors")
    acts = {ox.NamedNode(iri) for iri, modality in TERMS.modalities.items() if modality in ("act", "intent", "assessment")}
    found = [q for q in quads.quads_for_pattern(None, None, None, editors) if q.predicate in acts]
    graphs = [{g.graph_name for g in quads.quads_for_pattern(q.subject, q.predicate, q.object, None)} - {editors, ox.DefaultGraph()} for q in found]
    assert all(graphs)


def test_no_assessment_is_accepted(accords: Accords, rows: list[Row]) -> None:
    assessment = ox.NamedNode(TERMS.expand("dip:Assessment"))
    typed = list(accords.store.quads_for_pattern(None, None, assessment, None))
    nodes = {q.subject for q in typed if q.predicate.value.endswith("#type")}
    assert nodes
    assert all(not list(accords.store.quads_for_pattern(node, None, None, ox.DefaultGraph())) for node in nodes)
    assert all(not list(accords.store.quads_for_pattern(None, None, node, ox.DefaultGraph())) for node in nodes)
    assert {row["accepted"] for row in rows if row["modality"] == "assessment"} == {"no"}


def test_the_twelve_assessments_of_the_seed_article_are_its_authors_own(accords: Accords) -> None:
    graph = ox.NamedNode(TERMS.base + SEED_NAME)
    by = ox.NamedNode(TERMS.expand("by"))
    author = ox.NamedNode(TERMS.base + "people/akramjon-nematov")
    found = {q.subject.value.rpartition(".")[2] for q in accords.store.quads_for_pattern(None, by, author, graph)}
    assert found == {f"k{n}" for n in range(1, 13)}


def test_what_the_seed_article_leaves_open_stays_open_for_it(accords: Accords) -> None:
    graph = ox.NamedNode(TERMS.base + SEED_NAME)
    for key in ("signed", "place", "signature", "consent", "inForce"):
        told = [q for q in accords.store.quads_for_pattern(None, ox.NamedNode(TERMS.expand(key)), None, graph) if "/agreements/" in q.subject.value]
        assert told == []


# ---- the seed's facts ----------------------------------------------------------------------------------------

seed_only = pytest.mark.skipif(not SEED.is_dir(), reason="the task's shared/seed folder is not here")


@seed_only
def test_the_seed_article_is_kept_byte_for_byte() -> None:
    [source] = SEED.glob("*.txt")
    kept = share("data") / "articles" / "nematov-state-visit.txt"
    assert kept.read_bytes() == source.read_bytes()
    assert hashlib.sha256(source.read_bytes()).hexdigest() in kept.with_suffix(".yaml").read_text("utf-8")


@seed_only
def test_all_61_facts_of_the_seed_are_covered_by_quotes_at_their_offsets(rows: list[Row]) -> None:
    """A fact is covered where every one of its spans lies inside a quote, or a quote inside it, of that place."""
    facts = [fact for fact in json.loads((SEED / "facts.json").read_text("utf-8")) if fact["in_graph"]]
    quotes = {(int(row["start"]), int(row["end"])) for row in rows if row["source"] == TERMS.base + SEED_NAME and row["quote"]}
    missing = [fact["id"] for fact in facts if not all(any(start < e and s < end for s, e in quotes) for start, end, _ in fact["spans"])]
    exact = [fact["id"] for fact in facts if any((start, end) in quotes for start, end, _ in fact["spans"])]
    assert len(facts) == 61
    assert missing == []
    assert len(exact) > 30


@seed_only
def test_what_is_inferred_from_the_seed_is_marked(accords: Accords) -> None:
    facts = [fact for fact in json.loads((SEED / "facts.json").read_text("utf-8")) if fact["in_graph"] and fact["inferred"]]
    base, spans = TERMS.expand, {tuple(span[:2]) for fact in facts if fact["kind"] == "commitment" for span in fact["spans"]}
    text = f"""SELECT ?start ?end WHERE {{ GRAPH <{TERMS.base}{SEED_NAME}> {{ ?a <{base("inferred")}> true ; <{base("hasTarget")}>/<{base("hasSelector")}> ?at .
        ?at <{base("first")}> ?start ; <{base("past")}> ?end }} }}"""
    marked = {(int(row["start"].value), int(row["end"].value)) for row in accords.store.query(text)}  # type: ignore[union-attr]
    assert [span for span in spans if not any(s < span[1] and span[0] < e for s, e in marked)] == []


# ---- quotes ---------------------------------------------------------------------------------------------------

LETTERS = st.text(alphabet="аб «.ʻé", min_size=0, max_size=40)


@given(LETTERS, st.text(alphabet="аб «.ʻé", min_size=1, max_size=6), LETTERS)
def test_occurrences_are_where_the_quote_stands_as_whole_words(before: str, quote: str, after: str) -> None:
    text = before + quote + after
    found = occurrences(text, quote)
    assert found == sorted(set(found))
    for at in found:
        assert text[at : at + len(quote)] == quote
        assert not (quote[0].isalnum() and text[at - 1 : at].isalnum())
        assert not (quote[-1].isalnum() and text[at + len(quote) : at + len(quote) + 1].isalnum())


@given(LETTERS, st.text(alphabet="аб.ʻé", min_size=1, max_size=6), LETTERS)
def test_a_passage_reads_back_with_what_stands_round_it(before: str, quote: str, after: str) -> None:
    stored = Article("articles/x", f"{before} {quote} {after}", "")
    count = len(occurrences(stored.text, quote))
    for found in passages(stored, Support((1, 1), quote=quote, nth=tuple(range(1, count + 1)) or (1,))):
        assert isinstance(found, Passage)
        assert stored.text[found.start : found.end] == found.exact == quote
        assert stored.text.find(found.prefix + found.exact + found.suffix) <= found.start
        assert max(len(found.prefix), len(found.suffix)) <= evidence.AROUND


def test_a_quote_that_stands_twice_must_say_which() -> None:
    stored = Article("articles/x", "договор и договор", "")
    [problem] = passages(stored, Support((1, 1), quote="договор"))
    assert "stands 2 times" in str(problem)
    assert [p.start for p in passages(stored, Support((1, 1), quote="договор", nth=(2, 1)))] == [10, 0]  # type: ignore[union-attr]


def test_offsets_count_code_points_of_the_stored_bytes(tmp_path: Path) -> None:
    """Beyond the basic plane and with carriage returns: the text is what the file holds, nothing is translated."""
    text = "𐎠 а\r\nб договор"
    assert occurrences(text, "договор") == [7]


def test_shipped_records_have_no_fault(shipped: tuple[store.Collection, list[store.Fault]]) -> None:
    _, faults = shipped
    assert [str(f) for f in faults] == []


def test_both_folders_are_found() -> None:
    assert folders([SMALL]) == [SMALL]
    assert folders() == [share("data").resolve()]
