"""One thing measured in a process of its own: `python -m tests.benchmarks.tasks NAME FOLDER` prints seconds and peak memory as JSON."""

from __future__ import annotations

import csv
import json
import resource
import shutil
import signal
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyoxigraph as ox

FOLDER = Path(sys.argv[2]) if len(sys.argv) > 2 else Path()
OUT, QUADS, TABLE = FOLDER / "build", FOLDER / "finished.nq", FOLDER / "agreements.csv"
LARGE = 2_000_000
"""Quads from which on a question is asked once only."""
PATIENCE = 30
"""Seconds that a question may take in rdflib before it counts as `more than`."""


@contextmanager
def timed(found: dict[str, Any]) -> Iterator[None]:
    """Wall seconds, processor seconds of every thread and process (which a busy machine disturbs less), and peak memory in KiB."""
    before, worked = time.perf_counter(), _worked()
    yield
    found["seconds"], found["cpu"] = time.perf_counter() - before, _worked() - worked
    found["peak"] = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _worked() -> float:
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def loaded() -> ox.Store:
    store = ox.Store()
    store.bulk_load(path=str(QUADS), format=ox.RdfFormat.N_QUADS)
    return store


def limit(found: dict[str, Any]) -> None:
    """L: the engine bulk-loads the finished N-Quads into memory."""
    raw = QUADS.read_bytes()
    store = ox.Store()
    with timed(found):
        store.bulk_load(raw, ox.RdfFormat.N_QUADS)
    found["quads"] = len(store)


def bare(found: dict[str, Any]) -> None:
    """The engine holding the same quads and nothing else: peak memory."""
    with timed(found):
        loaded()


def cold(found: dict[str, Any]) -> None:
    """YAML to store with nothing kept."""
    from graph_builder import outputs

    shutil.rmtree(OUT, ignore_errors=True)
    with timed(found):
        store = outputs.graph([FOLDER], OUT)
    if not QUADS.exists():
        QUADS.write_bytes(outputs.dump(store, "nq"))


def change(found: dict[str, Any]) -> None:
    """YAML to store after one record was changed."""
    from graph_builder import outputs

    path = min((FOLDER / "agreements").glob("*.yaml"))
    path.write_text(path.read_text("utf-8") + f"# {time.time_ns()}\n", "utf-8")
    with timed(found):
        outputs.graph([FOLDER], OUT)


def fresh(found: dict[str, Any]) -> None:
    """The store where nothing has changed."""
    from graph_builder import outputs

    with timed(found):
        outputs.graph([FOLDER], OUT)


def _dump(form: str) -> Callable[[dict[str, Any]], None]:
    def task(found: dict[str, Any]) -> None:
        from graph_builder import outputs

        store = loaded()
        with timed(found):
            outputs.dump(store, form)

    return task


def rdflib_add(found: dict[str, Any]) -> None:
    """The finished statements added to an rdflib Dataset one by one, then serialised; no YAML is read."""
    import rdflib

    quads = list(ox.parse(QUADS.read_bytes(), format=ox.RdfFormat.N_QUADS))
    terms = [(_term(q.subject), _term(q.predicate), _term(q.object), rdflib.URIRef(getattr(q.graph_name, "value", "x:accepted"))) for q in quads]
    dataset = rdflib.Dataset()
    with timed(found):
        for subject, predicate, thing, graph in terms:
            dataset.graph(graph).add((subject, predicate, thing))
        dataset.serialize(format="nquads")


def _term(term: Any) -> Any:
    import rdflib

    if not isinstance(term, ox.Literal):
        return rdflib.URIRef(term.value)
    plain = term.language or term.datatype.value.endswith("#string")
    return rdflib.Literal(term.value, lang=term.language) if plain else rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)


def morph(found: dict[str, Any]) -> None:
    """The accepted statements of the agreements from CSV by morph-kgc: no check, no evidence."""
    import morph_kgc

    mapping = FOLDER / "mapping.ttl"
    columns = [c for c in next(csv.reader(TABLE.open(encoding="utf-8"))) if c != "agreement"]
    maps = "".join(f'; rr:predicateObjectMap [ rr:predicate <urn:{c}> ; rr:objectMap [ rml:reference "{c}" ] ]' for c in columns)
    mapping.write_text(
        "@prefix rr: <http://www.w3.org/ns/r2rml#> . @prefix rml: <http://semweb.mmlab.be/ns/rml#> . @prefix ql: <http://semweb.mmlab.be/ns/ql#> .\n"
        f'<#m> rml:logicalSource [ rml:source "{TABLE}" ; rml:referenceFormulation ql:CSV ] ; rr:subjectMap [ rr:template "urn:{{agreement}}" ] {maps} .\n'
    )
    with timed(found):
        store = morph_kgc.materialize_oxigraph(f"[CONFIGURATION]\nlogging_level: ERROR\n[one]\nmappings: {mapping}\n")
    found["quads"] = len(store)


def check(found: dict[str, Any]) -> None:
    """The record rules over every record and between them, and the evidence."""
    from graph_builder import store

    with timed(found):
        _, faults = store.examine([FOLDER])
    assert not faults


def pyshacl(found: dict[str, Any]) -> None:
    """pySHACL over the accepted statements in an rdflib graph; the graph is ready before the clock starts."""
    import pyshacl as judge
    import rdflib

    from graph_builder.terms import share

    graph = rdflib.Graph()
    for quad in loaded().quads_for_pattern(None, None, None, ox.DefaultGraph()):
        graph.add((_term(quad.subject), _term(quad.predicate), _term(quad.object)))
    shapes = rdflib.Graph().parse(share("ontology") / "shapes.ttl")
    with timed(found):
        judge.validate(graph, shacl_graph=shapes, advanced=True)


def _texts() -> dict[str, str]:
    """Every named question that can be asked without a parameter, but the one that wants the network's measures first."""
    from graph_builder.questions import questions

    found = {name: question for name, question in questions().items() if not any(p.required for p in question.parameters.values())}
    return {name: question.text for name, question in found.items() if "run/measures" not in question.text}


def ask_ours(found: dict[str, Any]) -> None:
    """Named questions through the Python face, answered as CSV."""
    from graph_builder.accords import Accords

    accords = Accords(loaded())
    rounds = 5 if len(accords.store) < LARGE else 1
    found["each"] = _each({n: lambda n=n: accords.query(n).to_bytes("csv") for n in _texts()}, rounds)


def ask_bare(found: dict[str, Any]) -> None:
    """The same SPARQL on the bare engine, answered as CSV."""
    store = loaded()
    found["each"] = _each({n: lambda t=t: store.query(t).serialize(format=ox.QueryResultsFormat.CSV) for n, t in _texts().items()})


def ask_rdflib(found: dict[str, Any]) -> None:
    """The same SPARQL in rdflib, once each; cut off after PATIENCE seconds."""
    import rdflib

    dataset = rdflib.Dataset(default_graph_base=None)
    for quad in ox.parse(QUADS.read_bytes(), format=ox.RdfFormat.N_QUADS):
        graph = dataset.default_graph if isinstance(quad.graph_name, ox.DefaultGraph) else dataset.graph(rdflib.URIRef(quad.graph_name.value))
        graph.add((_term(quad.subject), _term(quad.predicate), _term(quad.object)))
    signal.signal(signal.SIGALRM, _enough)
    found["each"] = {}
    for name, text in _texts().items():
        try:
            found["each"] |= _each({name: lambda text=text: dataset.query(text).serialize(format="csv")}, 1, PATIENCE)
        except (TypeError, AttributeError) as error:
            print(f"{name}: rdflib cannot answer: {error}", file=sys.stderr)


def _enough(*_: object) -> None:
    raise TimeoutError


def _each(questions: dict[str, Callable[[], object]], rounds: int = 5, patience: int = 0) -> dict[str, float]:
    found = {}
    for name, ask in questions.items():
        times = []
        for _ in range(rounds):
            before = time.perf_counter()
            try:
                signal.alarm(patience)
                ask()
            except TimeoutError:
                pass
            finally:
                signal.alarm(0)
            times.append(time.perf_counter() - before)
        found[name] = statistics.median(times)
    return found


def page(found: dict[str, Any]) -> None:
    """The network page with its layout."""
    from graph_builder import picture
    from graph_builder.accords import Accords

    accords = Accords(loaded())
    with timed(found):
        picture.write(accords, OUT / "page.html")


def pyvis(found: dict[str, Any]) -> None:
    """Plain pyvis: each node and each pair of parties added, the page generated; the browser still has the layout to do."""
    from pyvis.network import Network

    rows = list(loaded().query("PREFIX dip: <https://w3id.org/central-asia-accords/diplomacy#> SELECT ?a ?p { ?a a dip:Agreement ; dip:party ?p }"))
    with timed(found):
        net = Network()
        for row in rows:
            net.add_node(row["a"].value)
            net.add_node(row["p"].value)
            net.add_edge(row["a"].value, row["p"].value)
        (OUT / "plain.html").write_text(net.generate_html(), "utf-8")


def extract(found: dict[str, Any]) -> None:
    """Drafts from an article of several sentences, in MB of UTF-8 a second."""
    from graph_builder.extract import drafts
    from graph_builder.extract.gazetteer import Gazetteer

    text = next(iter(sorted((FOLDER / "articles").glob("*.txt")))).read_text("utf-8")[:40_000]
    names = Gazetteer.read([FOLDER])
    drafts.draft(text[:500], names)
    with timed(found):
        drafts.draft(text, names)
    found["megabytes"] = len(text.encode()) / 1e6


TASKS: dict[str, Callable[[dict[str, Any]], None]] = {
    "limit": limit, "bare": bare, "cold": cold, "change": change, "fresh": fresh, "dump nq": _dump("nq"), "dump trig": _dump("trig"),
    "rdflib": rdflib_add, "morph": morph,
    "check": check, "pyshacl": pyshacl, "ask ours": ask_ours, "ask bare": ask_bare, "ask rdflib": ask_rdflib, "page": page, "pyvis": pyvis, "extract": extract,
}  # fmt: skip

if __name__ == "__main__":
    result: dict[str, Any] = {}
    TASKS[sys.argv[1]](result)
    print(json.dumps(result))
