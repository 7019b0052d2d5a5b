"""The shapes say nothing against good records, and name the line of a bad one."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from conftest import SMALL

from graph_builder import accords, shapes, store, terms
from graph_builder.accords import Accords
from graph_builder.records import Record

TERMS = terms.load()
ALLIED = "agreements/2022-kaz-uzb-allied-relations"
STEM = ALLIED.partition("/")[2]
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def found() -> store.Collection:
    return store.examine([SMALL])[0]


def filled(found: store.Collection) -> ox.Store:
    return store.fill(found.terms, store.mapped(found)[0])


def test_the_small_set_fits_its_shapes(found: store.Collection, small: Accords) -> None:
    assert shapes.validate(small.store, found.records) == []


def test_the_shipped_records_fit_their_shapes(shipped: tuple[store.Collection, list[store.Fault]], whole: Accords) -> None:
    assert [str(f) for f in shapes.validate(whole.store, shipped[0].records)] == []


def named(text: str) -> ox.NamedNode:
    return ox.NamedNode(TERMS.base + text)


SPOILT = {
    "second type": (ALLIED, "type", named("types/protocol"), (), "type: one form of instrument"),
    "no concept": (ALLIED, "subject", named("topics/nothing"), ("subject",), "subject: topics of topics.ttl"),
    "no place": (ALLIED, "place", named("states/kazakhstan"), ("place",), "place: one place"),
    "ill-typed date": (ALLIED, "signed", ox.Literal("2022-13-01", datatype=ox.NamedNode(XSD + "date")), ("signed",), "signed: one date"),
    "second title": (ALLIED, "title", ox.Literal("Another", language="en"), ("title",), "title: a title in English"),
    "no language": (ALLIED, "altLabel", ox.Literal("Another"), ("altLabel",), "altLabel: other names"),
    "nested": (f"signatures/{STEM}.shavkat-mirziyoyev", "for", named("places/tashkent"), ("signature", "people/shavkat-mirziyoyev", "for"), "for: the party"),
    "office of a tenure": ("offices/prime-minister-kazakhstan", "role", named("roles/president"), (), "role: one role"),
    "assessment": ("assessments/nematov-state-visit.k1", "by", named("people/shavkat-mirziyoyev"), ("assessment", "k1", "by"), "by: the author"),
}
"""Subject, key and value of a statement that fits no shape; path in the record and message of the fault."""


@pytest.mark.parametrize("case", SPOILT)
def test_a_violation_is_told_at_its_line(case: str, found: store.Collection) -> None:
    subject, key, value, where, message = SPOILT[case]
    quads = filled(found)
    graph = named("articles/nematov-state-visit") if subject.startswith("assessments/") else ox.DefaultGraph()
    quads.add(ox.Quad(named(subject), ox.NamedNode(TERMS.expand(key)), value, graph))
    faults = shapes.validate(quads, found.records)
    assert any(fault.message.startswith(message) for fault in faults)
    assert all(fault.path.endswith(".yaml") for fault in faults)
    if where:
        owner = "articles/nematov-state-visit" if where[0] == "assessment" else ALLIED
        record: Record = next(r for r in found.records if r.name == owner)
        expected = record.fault(where, "")
        assert (expected.path, expected.line, expected.column) in {(f.path, f.line, f.column) for f in faults}


def test_a_node_that_no_record_makes_is_told_by_its_name(found: store.Collection) -> None:
    quads = filled(found)
    quads.add(ox.Quad(named("states/atlantis"), shapes.RDF_TYPE, ox.NamedNode(TERMS.kinds["states"].type), ox.DefaultGraph()))
    faults = shapes.validate(quads, found.records)
    assert {(f.path, f.line, f.column) for f in faults} == {("states/atlantis", 1, 1)}
    assert any("name has no `en`" in f.message for f in faults)


def test_every_key_of_the_context_that_a_record_may_have_has_a_shape() -> None:
    keys = {field.key for kind in TERMS.kinds.values() for field in kind.fields.values()}
    frame = {"id", "is", "seen", "decides", "reason", "supports", "value", "inferred", "hasBody", "hasTarget", "hasSource", "hasSelector"}
    frame |= {"exact", "prefix", "suffix", "first", "past"}
    terms_of_context = {key for key, value in TERMS.context.items() if not key.startswith("@") and not (isinstance(value, str) and value.endswith(("#", "/")))}
    assert terms_of_context - frame == keys


def test_every_shape_has_a_message_in_both_languages() -> None:
    import rdflib

    sh = rdflib.Namespace(terms.SH)
    graph = shapes.shapes()
    for shape in graph.subjects(rdflib.RDF.type, sh.PropertyShape):
        assert {m.language for m in graph.objects(shape, sh.message)} == {"en", "ru"}, shape


def test_check_without_a_path_asks_the_shapes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(shapes, "validate", lambda quads, records: asked.append(len(quads)) or [])
    assert accords.check(data=[SMALL])[0] == []
    assert len(asked) == 1
