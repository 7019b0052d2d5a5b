"""The graph in another store: pushed into a real `oxigraph` server and asked there, with the same answers as here."""

from __future__ import annotations

import base64
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_builder import answers, questions, remote, workers
from graph_builder.accords import Accords

BINARY = shutil.which("oxigraph") or shutil.which("oxigraph", path=str(Path(sys.executable).parent))
VALUES = {
    "state": "KAZ",
    "organization": "isrs",
    "party": "UZB",
    "person": "shavkat-mirziyoyev",
    "place": "tashkent",
    "topic": "cooperation",
    "form": "treaty",
    "role": "president",
    "agreement": "2022-kaz-uzb-allied-relations",
    "event": "2022-tokayev-state-visit-uzbekistan",
    "source": "articles/nematov-state-visit",
    "entity": "states/kazakhstan",
    "date": "2023-06-01",
    "text": "союз",
    "number": "2",
}
"""A value for each type of parameter."""


def port() -> int:
    """A free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


@pytest.fixture(scope="module")
def oxigraph() -> Iterator[str]:
    if not BINARY:
        pytest.skip("no `oxigraph` server is installed (PyPI package oxigraph)")
    address = f"127.0.0.1:{port()}"
    process = subprocess.Popen([BINARY, "serve", "--bind", address], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", int(address.partition(":")[2])), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def pushed(oxigraph: str, small: Accords, tmp_path_factory: pytest.TempPathFactory) -> str:
    graphs: list[str] = []
    count = remote.push(small, f"{oxigraph}/store", graphs.append, tmp_path_factory.mktemp("push") / "note.json")
    assert count == len(small.store)
    assert len(graphs) == len(list(small.store.named_graphs())) + 1
    return oxigraph


def rows(content: bytes) -> list[tuple[str, ...]]:
    """The rows of an answer without their order."""
    if not content.startswith(b"{"):
        return sorted((str(quad.subject), str(quad.predicate), str(quad.object)) for quad in ox.parse(content, format=ox.RdfFormat.TURTLE))
    found = ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        return [(str(bool(found)),)]
    return sorted(tuple(str(value) for value in row) for row in found)


def test_every_statement_arrives(pushed: str, small: Accords) -> None:
    for text in ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"):
        assert rows(remote.query(f"{pushed}/query", text, "json")) == rows(answers.serialise(small.store.query(text), "json"))


@pytest.mark.parametrize("name", sorted(questions.questions()))
def test_a_question_has_the_same_answer_there(pushed: str, small: Accords, name: str) -> None:
    question = questions.questions()[name]
    try:
        terms = questions.terms_of(question, {p.name: VALUES[p.type] for p in question.parameters.values() if p.required}, small.names)
    except questions.Refused as refused:
        pytest.skip(str(refused))
    text = question.bound(terms)
    form = "turtle" if isinstance(small.store.query(text), ox.QueryTriples) else "json"
    assert rows(remote.query(f"{pushed}/query", text, form)) == rows(answers.serialise(small.store.query(text), form))


@pytest.mark.parametrize("form", ["csv", "tsv", "xml", "json"])
def test_each_format_comes_as_asked(pushed: str, small: Accords, form: str) -> None:
    text = "SELECT ?s { ?s a <https://w3id.org/central-asia-accords/diplomacy#State> } ORDER BY ?s"
    assert remote.query(f"{pushed}/query", text, form) == answers.serialise(small.store.query(text), form)


def test_a_faulty_query_is_a_fault_with_its_place(pushed: str) -> None:
    with pytest.raises(SyntaxError, match="1:"):
        remote.query(f"{pushed}/query", "SELECT * {", "json")


def test_a_second_push_changes_nothing(pushed: str, small: Accords, tmp_path: Path) -> None:
    before = remote.query(f"{pushed}/query", "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", "csv")
    remote.push(small, f"{pushed}/store", state=tmp_path / "note.json")
    assert remote.query(f"{pushed}/query", "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", "csv") == before


def test_large_graphs_go_in_parts(pushed: str, small: Accords, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(remote, "CHUNK", 20_000)
    parts = list(remote.pieces(small.store))
    assert max(len(text) for _, text, _ in parts) <= 20_000 or all(text.count(b"\n") == 1 for _, text, _ in parts if len(text) > 20_000)
    assert b"".join(text for graph, text, _ in parts if not graph).count(b"\n") == len(list(small.store.quads_for_pattern(None, None, None, ox.DefaultGraph())))
    remote.push(small, f"{pushed}/store", state=tmp_path / "note.json")
    test_every_statement_arrives(pushed, small)


class Grudging(BaseHTTPRequestHandler):
    """A store that answers as the test tells it and notes what it was sent."""

    answers: list[int] = []
    seen: list[tuple[str, str, str | None]] = []

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        Grudging.seen.append((self.command, self.path, self.headers.get("authorization")))
        status = Grudging.answers.pop(0) if Grudging.answers else 204
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    do_PUT = do_POST = _answer  # noqa: N815 (the names are the library's)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def grudging(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(remote, "PAUSE", 0.01)
    Grudging.answers, Grudging.seen = [], []
    server = HTTPServer(("127.0.0.1", 0), Grudging)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/store"
    server.shutdown()
    server.server_close()


def test_a_push_that_was_cut_off_goes_on_where_it_stopped(grudging: str, small: Accords, tmp_path: Path) -> None:
    note = tmp_path / "note.json"
    Grudging.answers = [204] * 5 + [507]
    with pytest.raises(remote.Refused, match="507"):
        remote.push(small, grudging, state=note)
    Grudging.seen.clear()
    remote.push(small, grudging, state=note)
    assert len(Grudging.seen) == len(list(remote.pieces(small.store))) - 5
    assert not note.exists()


def test_other_data_begin_anew(grudging: str, small: Accords, tmp_path: Path) -> None:
    Grudging.answers = [204] * 5 + [507]
    with pytest.raises(remote.Refused):
        remote.push(small, grudging, state=tmp_path / "note.json")
    other = ox.Store()
    other.add(ox.Quad(ox.NamedNode("http://a"), ox.NamedNode("http://b"), ox.Literal("c")))
    Grudging.seen.clear()
    remote.push(Accords(other), grudging, state=tmp_path / "note.json")
    assert [path for _, path, _ in Grudging.seen] == ["/store?default"]


def test_a_busy_store_is_asked_again(grudging: str, small: Accords, tmp_path: Path) -> None:
    Grudging.answers = [503, 429]
    remote.push(small, grudging, state=tmp_path / "note.json")
    assert len(Grudging.seen) == len(list(remote.pieces(small.store))) + 2


@pytest.mark.parametrize(
    ("environment", "header"),
    [
        ({"ACCORDS_TOKEN": "secret"}, "Bearer secret"),
        ({"ACCORDS_USER": "anna", "ACCORDS_PASSWORD": "пароль"}, "Basic " + base64.b64encode("anna:пароль".encode()).decode()),
        ({}, None),
    ],
)
def test_credentials_come_from_the_environment(
    grudging: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, environment: dict[str, str], header: str | None
) -> None:
    for name in ("ACCORDS_TOKEN", "ACCORDS_USER", "ACCORDS_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    other = ox.Store()
    other.add(ox.Quad(ox.NamedNode("http://a"), ox.NamedNode("http://b"), ox.Literal("c")))
    remote.push(Accords(other), grudging, state=tmp_path / "note.json")
    assert [authorization for _, _, authorization in Grudging.seen] == [header]


@pytest.mark.parametrize(("status", "hint"), [(401, "ACCORDS_TOKEN"), (403, "may not write"), (404, "Graph Store Protocol"), (413, "parts of this size")])
def test_a_refusal_says_what_to_do(grudging: str, small: Accords, tmp_path: Path, status: int, hint: str) -> None:
    Grudging.answers = [status] * 4
    with pytest.raises(remote.Refused, match=hint):
        remote.push(small, grudging, state=tmp_path / "note.json")


@pytest.mark.parametrize("url", ["localhost:7878", "ftp://localhost/store", "http://", "file:///etc/passwd", "http://anna:secret@localhost/store"])
def test_an_unfit_address_is_refused(small: Accords, tmp_path: Path, url: str) -> None:
    with pytest.raises(remote.Refused, match=r"address"):
        remote.push(small, url, state=tmp_path / "note.json")


@pytest.mark.parametrize(
    ("url", "graph", "address"),
    [
        ("http://h/store", "", "http://h/store?default"),
        ("http://h/store?x=1", "", "http://h/store?x=1&default"),
        ("http://h/store?x=1", "http://g?a=b&c", "http://h/store?x=1&graph=http%3A%2F%2Fg%3Fa%3Db%26c"),
        ("http://h/store?default-graph-uri=http%3A%2F%2Fd", "", "http://h/store?graph=http%3A%2F%2Fd"),
        ("http://h/store?default-graph-uri=http%3A%2F%2Fd", "http://g", "http://h/store?graph=http%3A%2F%2Fg"),
    ],
)
def test_each_graph_has_its_address(url: str, graph: str, address: str) -> None:
    assert remote.addressed(url, graph) == address


def test_an_absent_store_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "PAUSE", 0.01)
    with pytest.raises(remote.Refused, match="is the store running"):
        remote.query(f"http://127.0.0.1:{port()}/query", "ASK {}", "json")


def test_a_store_that_does_not_answer_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        began = time.monotonic()
        with pytest.raises(workers.TimeLimit):
            remote.query(f"http://127.0.0.1:{mute.getsockname()[1]}/query", "ASK {}", "json", timeout=0.5)
        assert time.monotonic() - began < 2
