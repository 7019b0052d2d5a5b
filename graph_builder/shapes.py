"""Whether the finished graph fits its shapes: SHACL's verdict, told at the line of the record that is at fault."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from graph_builder import triples
from graph_builder.faults import Fault
from graph_builder.records import Data, Path_, Record
from graph_builder.terms import SH, Kind, Terms, load, share

if TYPE_CHECKING:
    import rdflib

RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
Place = tuple[Record, Path_, Kind]
"""The record that makes a node, the path of the node in it, and the node's kind."""


def validate(store: ox.Store, records: Iterable[Record]) -> list[Fault]:
    """What the shapes say against the accepted statements of a store, each at its record's line and column, sorted.

    A node that no record makes is told at `name:1:1`.
    """
    found = list(violations(graph(store)))
    if not found:
        return []
    terms = load()
    places = {terms.base + name: place for record in records for name, place in nodes(terms, record)}
    return sorted({_fault(terms, places, *violation) for violation in found})


def graph(store: ox.Store) -> rdflib.Graph:
    """The accepted statements and the assessments as an rdflib graph in memory.

    It is made term by term, since rdflib must see `xsd:string` as plain text.
    """
    import rdflib

    logging.getLogger("rdflib.term").setLevel(logging.ERROR)  # an ill-typed literal is told as a violation, not as a traceback
    copy = rdflib.Graph(bind_namespaces="none")
    for quad in chain(store.quads_for_pattern(None, None, None, ox.DefaultGraph()), _assessments(store)):
        copy.add((_term(quad.subject), _term(quad.predicate), _term(quad.object)))
    return copy


def _assessments(store: ox.Store) -> Iterator[ox.Quad]:
    """What stands in the sources' graphs alone: assessments are never accepted, but must have their shape."""
    kind = load().kinds["assessments"]
    for typed in store.quads_for_pattern(None, RDF_TYPE, ox.NamedNode(kind.type), None):
        yield from store.quads_for_pattern(typed.subject, None, None, typed.graph_name)


def _term(value: object) -> rdflib.term.Node:
    import rdflib

    if isinstance(value, ox.Literal):
        kind = value.datatype.value
        plain = value.language or kind.endswith("#string")
        return rdflib.Literal(value.value, lang=value.language or None, datatype=None if plain else rdflib.URIRef(kind), normalize=False)
    return rdflib.URIRef(value.value) if isinstance(value, ox.NamedNode) else rdflib.BNode(str(value))


@cache
def shapes(path: Path | None = None) -> rdflib.Graph:
    """The shapes as an rdflib graph."""
    import rdflib

    return rdflib.Graph().parse(path or share("ontology") / "shapes.ttl", format="turtle")


def violations(data: rdflib.Graph) -> Iterator[tuple[str, str, str, str]]:
    """Focus node, path, value and English message of each result of pySHACL; what only repeats a nested node's result is left out."""
    import pyshacl
    import rdflib

    _, report, _ = pyshacl.validate(data, shacl_graph=shapes(), inplace=True)
    one = rdflib.Namespace(SH)
    for result in report.subjects(rdflib.RDF.type, one.ValidationResult):
        focus, path, value = (str(report.value(result, key) or "") for key in (one.focusNode, one.resultPath, one.value))
        if report.value(result, one.sourceConstraintComponent) == one.NodeConstraintComponent:
            continue
        texts = {getattr(m, "language", ""): str(m) for m in report.objects(result, one.resultMessage)}
        yield focus, path, value, texts.get("en") or next(iter(texts.values()), "does not fit its shape")


def nodes(terms: Terms, record: Record) -> Iterator[tuple[str, Place]]:
    """Name and place of every node that a record makes, itself first."""
    yield record.name, (record, (), record.kind)
    yield from _entries(terms, record, record.kind, record.name, record.data, ())


def _entries(terms: Terms, record: Record, kind: Kind, parent: str, data: Data, path: Path_) -> Iterator[tuple[str, Place]]:
    for key, value in data.items():
        known = kind.fields[key]
        if known.form == "nested":
            inner = terms.kinds[known.nested or ""]
            for name, entry in value.items():
                node = triples.entry_name(inner, parent, name)
                yield node, (record, (*path, key, name), inner)
                yield from _entries(terms, record, inner, node, entry, (*path, key, name))
    if kind.folder in ("tenures", "signatures") and (post := triples.post_name(data)):
        yield post, (record, (*path, "office"), terms.kinds["offices"])


def _fault(terms: Terms, places: dict[str, Place], focus: str, path: str, value: str, message: str) -> Fault:
    shown = f"{message} (`{value.removeprefix(terms.base)}` does not fit)" if value else message
    if focus not in places:
        return Fault(focus.removeprefix(terms.base), 1, 1, shown)
    record, where, kind = places[focus]
    key = next((k for k, f in kind.fields.items() if f.iri == path), "")
    return record.fault((*where, key) if key else where, shown)
