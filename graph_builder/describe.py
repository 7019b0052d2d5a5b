"""What the endpoint says of itself: service description, VoID, and the named questions as SHACL SPARQL examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from graph_builder.protocol import GRAPHS, ROWS
from graph_builder.questions import RDF_TYPE, Question
from graph_builder.terms import Terms

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
SH = "http://www.w3.org/ns/shacl#"
FORMATS = "http://www.w3.org/ns/formats/"
SHAPE_TYPES = {"SELECT": "SPARQLSelectExecutable", "ASK": "SPARQLAskExecutable", "CONSTRUCT": "SPARQLConstructExecutable", "DESCRIBE": "SPARQLExecutable"}
FORMAT_NAMES = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "trig": "TriG",
    "nt": "N-Triples",
    "nq": "N-Quads",
    "jsonld": "JSON-LD",
    "rdf": "RDF_XML",
}
DCTERMS = "http://purl.org/dc/terms/"
TITLE = {"en": "Central Asian diplomatic agreements", "ru": "Дипломатические соглашения Центральной Азии"}
ABOUT = "The default graph holds what is accepted; each source has a named graph that holds what it says."
Node = ox.NamedNode | ox.BlankNode | ox.Literal
Values = Mapping[str, Iterable[Node | str | int]]


class Description:
    """The triples of one endpoint's description; counts are made once."""

    def __init__(self, store: ox.Store, questions: Mapping[str, Question], terms: Terms) -> None:
        self.questions, self.terms = questions, terms
        self.accepted = sum(1 for _ in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
        self.total, self.graphs = len(store), sum(1 for _ in store.named_graphs())
        self.classes = Counter(q.object.value for q in store.quads_for_pattern(None, RDF_TYPE, None, ox.DefaultGraph()) if isinstance(q.object, ox.NamedNode))
        self.properties = Counter(q.predicate.value for q in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
        self.entities = len({q.subject for q in store.quads_for_pattern(None, RDF_TYPE, None, ox.DefaultGraph())})

    def triples(self, endpoint: str, writable: bool) -> Iterator[ox.Triple]:
        """The description of the service at an address."""
        service, dataset, graph = ox.NamedNode(endpoint), ox.NamedNode(endpoint + "#dataset"), ox.NamedNode(endpoint + "#accepted")
        yield from about(service, self._service(endpoint, writable, dataset))
        yield from about(dataset, self._dataset(endpoint, graph))
        counts = {"triples": self.accepted, "entities": self.entities, "classes": len(self.classes), "properties": len(self.properties)}
        yield from about(graph, {RDF_TYPE.value: [SD + "Graph", VOID + "Dataset"], **{VOID + name: [count] for name, count in counts.items()}})
        yield from self._partitions(endpoint, graph)
        yield from self._examples(endpoint, service)

    def _service(self, endpoint: str, writable: bool, dataset: ox.NamedNode) -> Values:
        return {
            RDF_TYPE.value: [SD + "Service"],
            SD + "endpoint": [endpoint],
            SD + "supportedLanguage": [SD + "SPARQL11Query", *([SD + "SPARQL11Update"] if writable else [])],
            SD + "resultFormat": [FORMATS + FORMAT_NAMES[f] for f in dict.fromkeys([*ROWS.values(), *GRAPHS.values()])],
            SD + "feature": [SD + "EmptyGraphs"] if writable else [],
            SD + "defaultDataset": [dataset],
        }

    def _dataset(self, endpoint: str, graph: ox.NamedNode) -> Values:
        return {
            RDF_TYPE.value: [SD + "Dataset", VOID + "Dataset"],
            SD + "defaultGraph": [graph],
            VOID + "sparqlEndpoint": [endpoint],
            VOID + "triples": [self.total],
            VOID + "uriSpace": [ox.Literal(self.terms.base)],
            VOID + "vocabulary": [i.rstrip("#") for i in self.terms.prefixes().values()],
            VOID + "subset": [graph],
            DCTERMS + "title": [ox.Literal(text, language=code) for code, text in TITLE.items()],
            DCTERMS + "description": [ox.Literal(ABOUT, language="en")],
            DCTERMS + "license": ["https://creativecommons.org/licenses/by/4.0/"],
        }

    def _partitions(self, endpoint: str, graph: ox.NamedNode) -> Iterator[ox.Triple]:
        tables = (("class", "classPartition", "entities", self.classes), ("property", "propertyPartition", "triples", self.properties))
        for kind, link, count, table in tables:
            for n, (iri, number) in enumerate(table.most_common()):
                part = ox.NamedNode(f"{endpoint}#{kind}-{n + 1}")
                yield from about(graph, {VOID + link: [part]})
                yield from about(part, {VOID + kind: [iri], VOID + count: [number]})

    def _examples(self, endpoint: str, service: ox.NamedNode) -> Iterator[ox.Triple]:
        prefixes = ox.NamedNode(endpoint + "#prefixes")
        for prefix, namespace in self.terms.prefixes().items():
            declaration = ox.NamedNode(f"{endpoint}#prefix-{prefix}")
            yield from about(prefixes, {SH + "declare": [declaration]})
            anyuri = ox.NamedNode("http://www.w3.org/2001/XMLSchema#anyURI")
            yield from about(declaration, {SH + "prefix": [ox.Literal(prefix)], SH + "namespace": [ox.Literal(namespace, datatype=anyuri)]})
        for name, question in self.questions.items():
            example = ox.NamedNode(f"{self.terms.base}questions/{name}")
            kind = form(question.text)
            yield from about(
                example,
                {
                    RDF_TYPE.value: [SH + "SPARQLExecutable", SH + SHAPE_TYPES[kind]],
                    SH + "prefixes": [prefixes],
                    SH + kind.lower(): [ox.Literal(question.text)],
                    "http://www.w3.org/2000/01/rdf-schema#comment": [ox.Literal(text, language=code) for code, text in question.question.items()],
                    "https://schema.org/target": [service],
                },
            )


def form(text: str) -> str:
    """The form of a query: SELECT, ASK, CONSTRUCT or DESCRIBE.

    >>> form("PREFIX ask: <http://a> CONSTRUCT WHERE { ?s ?p ?o }")
    'CONSTRUCT'
    """
    from graph_builder.guard import tokens

    return next((token.upper() for kind, token in tokens(text) if kind == "word" and token.upper() in SHAPE_TYPES), "SELECT")


def about(subject: ox.NamedNode, values: Values) -> Iterator[ox.Triple]:
    """Triples of a subject; text is an IRI, a number an integer."""
    for predicate, objects in values.items():
        for value in objects:
            node: Node = ox.NamedNode(value) if isinstance(value, str) else ox.Literal(value) if isinstance(value, int) else value
            yield ox.Triple(subject, ox.NamedNode(predicate), node)
