"""The W3C's tests of the SPARQL 1.1 Protocol, all of them, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import rdflib
from endpoint import Endpoint, Heard, serving
from rdflib.collection import Collection
from rdflib.namespace import RDFS

SUITE = next((f for p in Path(__file__).resolve().parents if (f := p / "shared" / "suites" / "sparql11-protocol").is_dir()), Path("none"))
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
KINDS = {
    "boolean": ("application/sparql-results+json", "application/sparql-results+xml"),
    "RDF": ("text/turtle", "application/rdf+xml", "application/n-triples"),
    "tabular": ("application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"),
}
pytestmark = pytest.mark.skipif(not SUITE.is_dir(), reason="the W3C suite (../shared/suites/sparql11-protocol) is not here")


@dataclass
class Step:
    """One request of a test and what is expected of its answer."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: set[str]
    boolean: bool | None
    kind: str


@dataclass
class Case:
    """One test: graphs that it wants, requests in order."""

    name: str
    graphs: dict[str, Path] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)


def cases() -> list[Case]:
    """Every test of the manifest in its order."""
    graph = rdflib.Graph().parse(SUITE / "manifest.ttl", publicID=(SUITE / "manifest.ttl").as_uri())
    entries = Collection(graph, next(graph.objects(None, MF.entries)))
    return [_case(graph, entry) for entry in entries]


def _case(graph: rdflib.Graph, entry: rdflib.term.Node) -> Case:
    case = Case(str(entry).rpartition("#")[2])
    for data in graph.objects(entry, UT.graphData):
        case.graphs[str(graph.value(data, RDFS.label))] = SUITE / str(graph.value(data, UT.graph)).rpartition("/")[2]
    action = graph.value(entry, MF.action)
    case.steps = [_step(graph, request) for request in Collection(graph, graph.value(action, HT.requests))]
    return case


def _step(graph: rdflib.Graph, request: rdflib.term.Node) -> Step:
    listed = graph.value(request, HT.headers)
    headers = {str(graph.value(h, HT.fieldName)): str(graph.value(h, HT.fieldValue)) for h in (Collection(graph, listed) if listed else ())}
    body, answer = graph.value(request, HT.body), graph.value(request, HT.resp)
    content = str(graph.value(body, CNT.chars)).encode(str(graph.value(body, CNT.characterEncoding))) if body else None
    boolean = graph.value(answer, MF.expectedBoolean)
    statuses = {str(s)[-3] for s in graph.objects(answer, MF.expectedStatus)}
    kind = str(graph.value(answer, MF.expectedFormat) or "")
    return Step(
        str(graph.value(request, HT.methodName)),
        str(graph.value(request, HT.absolutePath)),
        headers,
        content,
        statuses,
        boolean.toPython() if boolean is not None else None,
        kind,
    )


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    with serving(tmp_path_factory.mktemp("protocol"), writable=True) as endpoint:
        yield endpoint


@pytest.mark.parametrize("case", cases() if SUITE.is_dir() else [], ids=lambda case: case.name)
def test_w3c_protocol(writable: Endpoint, case: Case) -> None:
    for graph, file in case.graphs.items():
        assert writable.update(f"CREATE SILENT GRAPH <{graph}> ; INSERT DATA {{ GRAPH <{graph}> {{ {file.read_text()} }} }}").status == 204
    for step in case.steps:
        _expect(step, writable.ask(step.path, step.method, step.body, **step.headers))


def _expect(step: Step, heard: Heard) -> None:
    assert str(heard.status)[0] in step.statuses, heard.text
    if step.boolean is not None:
        assert heard.json["boolean"] is step.boolean
    if step.kind:
        assert heard.headers["content-type"].partition(";")[0] in KINDS[step.kind]


def test_there_are_34() -> None:
    assert len(cases()) == 34
    assert len({case.name for case in cases()}) == 34
