"""All that is known of one thing: what is accepted, who says it and in which words, what rivals it, and what points to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote, urlsplit

import pyoxigraph as ox

from graph_builder.questions import RDF_TYPE, Names
from graph_builder.terms import Terms

SHOWN = 100
"""Links of one kind that a page shows at most."""
DEFAULT = ox.DefaultGraph()
RDFS_LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
Value = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(slots=True)
class Evidence:
    """One source of a statement: its IRI, grade (quote or page) and the exact words."""

    source: str
    grade: str
    quotes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Statement:
    """One value of a property with its evidence; `accepted` is False for a rival; `inside` describes a value without a page of its own sense."""

    value: Value
    accepted: bool
    derived: bool
    evidence: list[Evidence]
    inside: list[Property] = field(default_factory=list)


@dataclass(slots=True)
class Property:
    """A property with all its statements and, where one was preferred, the reason by language."""

    iri: str
    statements: list[Statement]
    reasons: dict[str, str]


@dataclass(slots=True)
class Links:
    """Things that point here by one property: the first ones and how many there are."""

    iri: str
    subjects: list[str]
    count: int


class Entities:
    """Describes the things of a store."""

    def __init__(self, store: ox.Store, names: Names, terms: Terms) -> None:
        self.store, self.names, self.terms = store, names, terms
        self.order = {f.iri: n for kind in terms.kinds.values() for n, f in enumerate(kind.fields.values())}
        self.folders = {name.partition("/")[0] for name in (i.removeprefix(terms.base) for i in names.labels) if "/" in name}

    def node(self, key: str) -> ox.NamedNode:
        """A term of the context as a node."""
        return ox.NamedNode(self.terms.expand(key))

    @cached_property
    def sources(self) -> dict[str, str]:
        """Grade of each source: `quote` where its text is stored, else `page`."""
        kinds = {"page": "schema:WebPage", "quote": "schema:Article"}
        return {q.subject.value: grade for grade, kind in kinds.items() for q in self.store.quads_for_pattern(None, RDF_TYPE, self.node(kind), DEFAULT)}  # type: ignore[union-attr]

    @cached_property
    def words(self) -> dict[str, dict[str, str]]:
        """Names of classes and properties by language."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for quad in self.store.quads_for_pattern(None, RDFS_LABEL, None, DEFAULT):
            if isinstance(quad.object, ox.Literal) and isinstance(quad.subject, ox.NamedNode):
                found[quad.subject.value][quad.object.language or ""] = quad.object.value
        return dict(found)

    def label(self, iri: str, language: str) -> str:
        """A thing's name, a term's name, or the short form of its IRI."""
        if iri == RDF_TYPE.value:
            return {"ru": "класс"}.get(language, "class")
        if iri in self.words and iri not in self.names.labels:
            words = self.words[iri]
            return words.get(language) or words.get("en") or next(iter(words.values()))
        shown = self.names.label(iri, language)
        if shown != iri:
            return shown
        prefix = next((f"{p}:{iri.removeprefix(n)}" for p, n in self.terms.prefixes().items() if iri.startswith(n) and p not in ("id", "is")), "")
        return prefix or (urlsplit(iri).netloc.removeprefix("www.") + (f" · {_tail(iri)}" if iri.startswith("http") else "") or iri)

    def href(self, iri: str) -> str:
        """Where this server describes a thing."""
        if iri.startswith(self.terms.base):
            path, mark, fragment = iri.removeprefix(self.terms.base).partition("#")
            return "/" + quote(path) + mark + quote(fragment)
        return "/about?iri=" + quote(iri, safe="")

    def exists(self, iri: str) -> bool:
        """Whether anything is said of, with or by a thing."""
        node = ox.NamedNode(iri)
        patterns = ((node, None, None), (None, None, node))
        return self.store.contains_named_graph(node) or any(next(self.store.quads_for_pattern(s, p, o, None), None) for s, p, o in patterns)

    def properties(self, iri: str, depth: int = 1) -> list[Property]:
        """What is said of a thing, in the order of its record's keys."""
        node = ox.NamedNode(iri)
        said: dict[str, dict[Value, set[str]]] = defaultdict(lambda: defaultdict(set))
        for quad in self.store.quads_for_pattern(node, None, None, None):
            said[quad.predicate.value][quad.object].add(getattr(quad.graph_name, "value", ""))
        quotes = self._quotes(node)
        found = []
        for predicate in sorted(said, key=lambda p: (p != RDF_TYPE.value, self.order.get(p, 999), p)):
            statements = [self._statement(o, graphs, quotes.get((predicate, o), {}), depth) for o, graphs in said[predicate].items()]
            statements.sort(key=lambda s: (not s.accepted, -len(s.evidence), str(s.value)))
            found.append(Property(predicate, statements, self._reasons(node, predicate)))
        return found

    def _statement(self, value: Value, graphs: set[str], quotes: dict[str, list[str]], depth: int) -> Statement:
        evidence = [Evidence(g, self.sources[g], sorted(set(quotes.get(g, ())))) for g in sorted(graphs) if g in self.sources]
        evidence.sort(key=lambda e: (not e.quotes, e.source))
        derived = any(g.startswith(self.terms.base + "rules/") for g in graphs)
        inside = self.properties(value.value, depth - 1) if depth and isinstance(value, ox.NamedNode) and self._nameless(value.value) else []
        return Statement(value, "" in graphs, derived, evidence, inside)

    def _nameless(self, iri: str) -> bool:
        folder = iri.removeprefix(self.terms.base).partition("/")[0]
        return iri.startswith(self.terms.base) and folder in self.terms.kinds and folder not in self.folders and folder != "offices"

    def _quotes(self, node: ox.NamedNode) -> dict[tuple[str, Value], dict[str, list[str]]]:
        """The exact words for each statement of a thing: (property, value) → source → words."""
        found: dict[tuple[str, Value], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for quad in self.store.quads_for_pattern(None, self.node("oa:hasBody"), node, None):
            annotation, graph = quad.subject, quad.graph_name
            predicates = self._objects(annotation, "dip:supports", graph)
            words = [
                w.value
                for t in self._objects(annotation, "oa:hasTarget", graph)
                for s in self._objects(t, "oa:hasSelector", graph)
                for w in self._objects(s, "oa:exact", graph)
            ]
            for value in self._objects(annotation, "dip:value", graph):
                for predicate in predicates:
                    found[predicate.value, value][getattr(graph, "value", "")] += words
        return found

    def _objects(self, subject: Value, key: str, graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> list[ox.NamedNode | ox.Literal]:
        return [q.object for q in self.store.quads_for_pattern(subject, self.node(key), None, graph)]  # type: ignore[arg-type, misc]

    def _reasons(self, node: ox.NamedNode, predicate: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for quad in self.store.quads_for_pattern(None, self.node("dip:decides"), node, DEFAULT):
            if any(p.value == predicate for p in self._objects(quad.subject, "dip:supports", DEFAULT)):
                found |= {r.language or "": r.value for r in self._objects(quad.subject, "dip:reason", DEFAULT) if isinstance(r, ox.Literal)}
        return found

    def incoming(self, iri: str, language: str) -> list[Links]:
        """What points to a thing in what is accepted, by property."""
        found: dict[str, list[str]] = defaultdict(list)
        for quad in self.store.quads_for_pattern(None, None, ox.NamedNode(iri), DEFAULT):
            if isinstance(quad.subject, ox.NamedNode):
                found[quad.predicate.value].append(quad.subject.value)
        return [
            Links(p, sorted(found[p], key=lambda s: self._newest(s, language))[:SHOWN], len(found[p]))
            for p in sorted(found, key=lambda p: (self.order.get(p, 999), p))
        ]

    def _newest(self, iri: str, language: str) -> tuple[str, str]:
        signed = self._objects(ox.NamedNode(iri), "dip:signed", DEFAULT)
        day = signed[0].value if signed else "0"
        return "".join(chr(0x10000 - ord(c)) for c in day), self.label(iri, language)

    def says(self, iri: str) -> tuple[list[ox.Quad], int]:
        """The first statements in a source's graph, and how many there are; the marks of evidence left out."""
        marks = {self.terms.base + folder + "/" for folder in ("annotations", "quotes", "positions", "passages")}
        every = [q for q in self.store.quads_for_pattern(None, None, None, ox.NamedNode(iri)) if not any(q.subject.value.startswith(m) for m in marks)]  # type: ignore[union-attr]
        every.sort(key=lambda q: (str(q.subject), self.order.get(q.predicate.value, 999), str(q.object)))
        return every[: SHOWN * 2], len(every)

    def defined(self, iri: str) -> list[str]:
        """The terms `iri#…` that a vocabulary defines."""
        return sorted(i for i in self.words if i.startswith(iri + "#"))

    def quads(self, iri: str, with_evidence: bool) -> Iterator[ox.Quad]:
        """What is accepted of a thing in both directions; with evidence, what each graph says of it too."""
        node = ox.NamedNode(iri)
        graph = None if with_evidence else DEFAULT
        yield from self.store.quads_for_pattern(node, None, None, graph)
        yield from self.store.quads_for_pattern(None, None, node, graph)
        for term in self.defined(iri):
            yield from self.store.quads_for_pattern(ox.NamedNode(term), None, None, graph)


def _tail(iri: str) -> str:
    parts = urlsplit(iri)
    text = parts.path.rstrip("/").rpartition("/")[2] or parts.query
    return text if len(text) <= 60 else text[:59] + "…"
