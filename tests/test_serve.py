"""The server as programs and people meet it, over real HTTP."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pyoxigraph as ox
import pytest
from attacks import BOMBS, NESTS, hostile, outbound
from endpoint import SMALL, START, Endpoint, Heard, serving

from graph_builder import answers, desks, protocol, questions
from graph_builder.accords import Accords
from graph_builder.faults import Refused

BASE = "https://w3id.org/central-asia-accords/"
DIP = f"{BASE}diplomacy#"
STATES = f"SELECT ?s {{ ?s a <{DIP}State> }} ORDER BY ?s"
ALL = "SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    with serving(tmp_path_factory.mktemp("serve"), timeout=2.0) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    with serving(tmp_path_factory.mktemp("writable"), writable=True, timeout=2.0) as endpoint:
        yield endpoint


def refused(heard: Heard, status: int, words: str = "") -> None:
    """Asserts a problem document."""
    assert heard.status == status, heard.text
    assert heard.headers["content-type"] == "application/problem+json"
    assert heard.json["status"] == status
    assert words in str(heard.json["detail"])


# ---- formats -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("application/json", "application/json"),
        ("*/*", "application/sparql-results+json"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.2, application/sparql-results+xml;q=0.8", "application/sparql-results+xml"),
        ("text/csv;q=0, */*;q=0.1", "application/sparql-results+json"),
        ("text/turtle, text/csv;q=0.1", "text/csv"),
        ("image/png, */*;q=0.01", "application/sparql-results+json"),
        ("text/csv;q=.9,text/xml;q=.8", "text/csv"),
    ],
)
def test_rows_come_in_the_format_liked_best(server: Endpoint, small: Accords, accept: str, media: str) -> None:
    heard = server.query(STATES, accept=accept)
    assert heard.status == 200
    assert heard.headers["content-type"].partition(";")[0] == media
    assert heard.headers["vary"] == "Accept"
    assert heard.body == answers.serialise(small.store.query(STATES), protocol.ROWS[media])


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/trig", ox.RdfFormat.TRIG),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/n-quads", ox.RdfFormat.N_QUADS),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("*/*", ox.RdfFormat.TURTLE),
        ("text/csv, text/turtle;q=0.1", ox.RdfFormat.TURTLE),
    ],
)
def test_a_graph_comes_in_the_format_liked_best(server: Endpoint, small: Accords, accept: str, form: ox.RdfFormat) -> None:
    text = f"CONSTRUCT WHERE {{ <{BASE}states/kazakhstan> ?p ?o }}"
    heard = server.query(text, accept=accept)
    assert {q.triple for q in ox.parse(heard.body, format=form)} == set(small.store.query(text))


@pytest.mark.parametrize(
    ("text", "accept"),
    [
        (STATES, "text/turtle"),
        (STATES, "image/png"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv"),
        ("ASK {}", "text/html;level=1, image/*"),
        (STATES, "text/csv;q=0"),
    ],
)
def test_a_format_that_cannot_be_is_not_acceptable(server: Endpoint, text: str, accept: str) -> None:
    refused(server.query(text, accept=accept), 406)


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
def test_a_format_may_be_named_in_the_address(server: Endpoint, small: Accords, form: str) -> None:
    assert server.get(STATES, format=form).body == answers.serialise(small.store.query(STATES), form)


@pytest.mark.parametrize("accept", ["", "a", ";;;", "*/*;q=x", "text/csv" * 5000, "text/csv," * 2000, "\x7f", "ж".encode().decode("latin-1")])
def test_any_accept_header_gets_a_proper_answer(server: Endpoint, accept: str) -> None:
    assert server.query("ASK {}", accept=accept).status in (200, 406)


# ---- requests -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "column"), [("SELECT * {", 1, 11), ("SELECT *\nWHERE {\n  ?s ?p 'open }\n", 3, 9), ("ASK {\n\n  ?s ?p ?o ,, }", 3, 16)]
)
def test_a_fault_has_its_line_and_column(server: Endpoint, text: str, line: int, column: int) -> None:
    heard = server.query(text)
    refused(heard, 400)
    assert (heard.json["line"], heard.json["column"]) == (line, column)


@pytest.mark.parametrize(
    ("path", "body", "kind", "status"),
    [
        ("/sparql?query=ASK%7B%7D&query=ASK%7B%7D", None, "", 400),
        ("/sparql?query=%FF", None, "", 400),
        ("/sparql?query=ASK%7B%7D&default-graph-uri=nonsense", None, "", 400),
        ("/sparql?update=CLEAR%20ALL", None, "", 405),
        ("/sparql?" + "a=b&" * 300, None, "", 400),
        ("/sparql", b"ASK {}", "text/plain", 415),
        ("/sparql", b"\xff\xfe", "application/sparql-query", 400),
        ("/sparql", b"query=ASK%7B%7D&update=CLEAR+ALL", "application/x-www-form-urlencoded", 400),
        ("/sparql", b"", "application/sparql-query", 400),
        ("/sparql", b"", "application/x-www-form-urlencoded", 400),
        ("/sparql", "query=й".encode(), "application/x-www-form-urlencoded", 400),
        ("/sparql", b"x" * 300_000, "application/sparql-query", 413),
        ("/sparql", b"CLEAR ALL", "application/sparql-update", 403),
        ("/sparql", b"update=CLEAR+ALL", "application/x-www-form-urlencoded", 403),
        ("/sparql?query=" + "x" * 70_000, None, "", 400),
        ("/sparql", b"ASK {}", "application/sparql-query;charset=utf-16", 415),
    ],
)
def test_a_request_that_cannot_be_is_refused(server: Endpoint, path: str, body: bytes | None, kind: str, status: int) -> None:
    heard = server.ask(path, "POST" if body is not None else "GET", body, **({"content_type": kind} if kind else {}))
    refused(heard, status)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/sparql", "/", "/states/kazakhstan", "/site/style.css"])
def test_other_methods_are_refused(server: Endpoint, method: str, path: str) -> None:
    heard = server.ask(path, method)
    assert heard.status == 405 or (path.startswith("/site") and heard.status == 200)


def test_head_has_no_body(server: Endpoint) -> None:
    heard = server.ask("/sparql?query=ASK%7B%7D", "HEAD")
    assert (heard.status, heard.body) == (200, b"")


@pytest.mark.parametrize(
    "text", ["SELECT * FROM <http://elsewhere.example/> { ?s ?p ?o }", "SELECT * FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }"]
)
def test_from_elsewhere_is_refused_in_words(server: Endpoint, text: str) -> None:
    refused(server.query(text), 400, "nothing is fetched")


def test_from_a_source_asks_that_source(server: Endpoint) -> None:
    text = f"SELECT ?p {{ <{BASE}agreements/2022-kaz-uzb-allied-relations> ?p ?o }}"
    source = f"{BASE}articles/nematov-state-visit"
    assert server.query(text.replace("{", f"FROM <{source}> {{", 1)).body == server.get(text, **{"default-graph-uri": source}).body != server.query(text).body


# ---- nothing is changed, nothing is reached ---------------------------------------------------------------


def digest(endpoint: Endpoint) -> list[bytes]:
    """Everything that the server holds."""
    return sorted(endpoint.query(ALL, accept="text/tab-separated-values").body.splitlines())


def test_every_update_is_refused_and_the_data_stand(server: Endpoint) -> None:
    before = digest(server)
    updates = (
        "CLEAR ALL",
        "DROP ALL",
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://x>",
        "CREATE GRAPH <a:g>",
        "ADD DEFAULT TO <a:g>",
        "MOVE <a:g> TO DEFAULT",
        "",
        "nonsense",
    )
    for text in updates:
        refused(server.update(text), 403, "--writable")
        assert server.query(text).status == 400
        assert server.ask("/sparql?" + urlencode({"update": text})).status == 405
    assert digest(server) == before


def test_no_form_reaches_outside(server: Endpoint, writable: Endpoint) -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.2)
        forms = outbound("127.0.0.1", canary.getsockname()[1])
        assert len(forms) >= 50
        for kind, text in forms:
            heard = writable.query(text) if kind == "query" else writable.update(text)
            assert heard.status in (200, 400), text
            assert b"root:" not in heard.body
        with pytest.raises(TimeoutError):
            canary.accept()


@pytest.mark.parametrize("name", ["count of a product", "distinct product", "one endless text", "closure of everything", "doubled text"])
def test_a_bomb_gets_a_whole_answer_in_time(server: Endpoint, name: str) -> None:
    began = time.monotonic()
    heard = server.query(BOMBS[name])
    assert time.monotonic() - began < 3.5
    refused(heard, 503)
    assert server.query("ASK {}").status == 200


@pytest.mark.parametrize("name", sorted(NESTS))
def test_nesting_of_any_depth_gets_a_whole_answer(server: Endpoint, name: str) -> None:
    for depth in (101, 3_000, 200_000):
        heard = server.query(NESTS[name](depth))
        assert heard.status in (200, 400, 413, 503)
        assert len(heard.body) == int(heard.headers["content-length"])


def test_a_client_that_goes_away_ends_its_worker(tmp_path: Path) -> None:
    body = BOMBS["count of a product"].encode()
    with serving(tmp_path, timeout=60) as endpoint:
        sock = socket.create_connection(("127.0.0.1", urlsplit(endpoint.root).port or 0))
        sock.sendall(b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        assert _within(20, lambda: _busy(endpoint))
        sock.close()
        assert _within(20, lambda: not _busy(endpoint))


def _within(seconds: float, true: Callable[[], bool]) -> bool:
    last = time.monotonic() + seconds
    while not true():
        if time.monotonic() > last:
            return False
        time.sleep(0.05)
    return True


def _busy(endpoint: Endpoint) -> bool:
    """Whether a process of the server computes, or would were the processor free."""
    seen = []
    for _ in range(5):
        seen.append({pid for pid, state in endpoint.states().items() if state == "R" and pid != endpoint.process.pid})
        time.sleep(0.02)
    return bool(set.intersection(*seen))


def test_a_slow_reader_gets_all_of_a_long_answer(server: Endpoint) -> None:
    text = ALL
    whole = server.query(text, accept="text/csv")
    assert len(whole.body) > 1 << 20
    sock = socket.create_connection(("127.0.0.1", urlsplit(server.root).port or 0))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    sock.sendall(f"GET /sparql?{urlencode({'query': text, 'format': 'csv'})} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    found = bytearray()
    while part := sock.recv(1 << 16):
        found += part
        if len(found) < 400_000:
            time.sleep(0.002)
    assert found.partition(b"\r\n\r\n")[2] == whole.body


def test_a_reader_that_leaves_a_long_answer_leaves_no_worker(server: Endpoint) -> None:
    text = ALL
    for _ in range(6):
        sock = socket.create_connection(("127.0.0.1", urlsplit(server.root).port or 0))
        sock.sendall(f"GET /sparql?{urlencode({'query': text, 'format': 'csv'})} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        sock.recv(1000)
        sock.close()
    time.sleep(1.5)
    assert len(server.processes()) < 16
    assert server.query("ASK {}").status == 200


def test_a_client_that_never_finishes_its_request_is_sent_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("endpoint.START", START.replace("serve.run", "from graph_builder import connections; connections.HEAD_TIME = 1.0; serve.run"))
    with serving(tmp_path) as endpoint:
        for start in (b"", b"GET /sparql?query=ASK", b"GET / HTTP/1.1\r\nHost: local"):
            sock = socket.create_connection(("127.0.0.1", urlsplit(endpoint.root).port or 0), 10)
            sock.sendall(start)
            assert sock.recv(100) == b""
        assert endpoint.query("ASK {}").status == 200


# ---- a private store -----------------------------------------------------------------------------------


def test_updates_are_whole_or_not_at_all(writable: Endpoint) -> None:
    assert writable.update("INSERT DATA { <a:s> <a:p> 1 }").status == 204
    assert writable.query("ASK { <a:s> <a:p> 1 }").json["boolean"] is True
    before = digest(writable)
    refused(writable.update("INSERT DATA { <a:s> <a:p> 2 } ; nonsense"), 400)
    refused(writable.update(f"INSERT {{ ?a <a:x> ?l }} WHERE {{ {' '.join(f'?a{n} ?b{n} ?c{n} .' for n in range(5))} ?a ?b ?c . ?j ?k ?l }}"), 503)
    assert digest(writable) == before
    assert writable.update("DELETE WHERE { <a:s> ?p ?o }").status == 204
    assert writable.query("ASK { <a:s> ?p ?o }").json["boolean"] is False


def test_readers_meet_one_state_while_it_is_changed(writable: Endpoint) -> None:
    problems: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            heard = writable.query("SELECT (COUNT(*) AS ?n) { ?s <a:pair> ?o }", accept="text/csv")
            if heard.status != 200 or int(heard.text.split()[1]) % 2:
                problems.append(heard.text)
            time.sleep(0.01)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for n in range(6):
        assert writable.update(f"INSERT DATA {{ <a:s{n}> <a:pair> 1 , 2 }}").status == 204
    done.set()
    for reader in readers:
        reader.join()
    assert problems == []
    assert writable.query("SELECT (COUNT(*) AS ?n) { ?s <a:pair> ?o }", accept="text/csv").text.split()[1] == "12"


def test_what_is_added_is_found(writable: Endpoint) -> None:
    assert writable.update(f'INSERT DATA {{ <{BASE}places/atlantis> <https://schema.org/name> "Atlantis"@en }}').status == 204
    assert "places/atlantis" in writable.ask("/search?q=atlan").text
    assert "Atlantis" in writable.ask("/places/atlantis.html").text


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1"])
def test_a_foreign_page_may_not_update(writable: Endpoint, origin: str) -> None:
    refused(writable.ask("/sparql", "POST", b"update=CLEAR+ALL", content_type="application/x-www-form-urlencoded", origin=origin), 403)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1:80"])
def test_a_private_server_answers_to_its_own_names_only(writable: Endpoint, host: str) -> None:
    refused(writable.ask("/sparql?query=ASK%7B%7D", host=host), 421)


@pytest.mark.parametrize("host", ["0.0.0.0", "example.org", "192.168.1.4", "::"])
def test_a_writable_server_stays_on_this_machine(host: str) -> None:
    from graph_builder import serve

    with pytest.raises(Refused, match="private"):
        serve.application(lambda: None, 1.0, True, host)


# ---- processes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_process_is_left_behind(tmp_path: Path, ending: signal.Signals) -> None:
    with serving(tmp_path) as endpoint:
        hang = threading.Thread(target=lambda: _quietly(endpoint), daemon=True)
        hang.start()
        time.sleep(0.5)
        family = endpoint.processes()
        assert len(family) >= 3
        endpoint.process.send_signal(ending)
        endpoint.process.wait(10)
        time.sleep(0.5)
        assert [pid for pid in family if _alive(pid)] == []


def _quietly(endpoint: Endpoint) -> None:
    with contextlib.suppress(OSError):
        endpoint.query(BOMBS["count of a product"])


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_killed_template_is_replaced(tmp_path: Path) -> None:
    with serving(tmp_path) as endpoint:
        template = endpoint.processes()[1]
        os.kill(template, signal.SIGKILL)
        time.sleep(0.3)
        assert [endpoint.query("ASK {}").status for _ in range(3)][-1] == 200


def test_a_hangup_reads_the_records_anew(tmp_path: Path) -> None:
    with serving(tmp_path) as endpoint:
        before = digest(endpoint)
        endpoint.process.send_signal(signal.SIGHUP)
        for _ in range(20):
            assert endpoint.query("ASK {}").status == 200
            time.sleep(0.1)
        assert digest(endpoint) == before


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        start = START.replace("'127.0.0.1', 0", f"'127.0.0.1', {taken.getsockname()[1]}")
        done = subprocess.run(
            [sys.executable, "-c", start, str(SMALL), str(tmp_path), "r", "1"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            cwd=Path(__file__).parents[1],
        )
    assert "choose another --host or --port" in done.stderr


# ---- the description -------------------------------------------------------------------------------------


def test_the_service_describes_itself(server: Endpoint, small: Accords) -> None:
    store = ox.Store()
    heard = server.ask("/sparql", accept="text/turtle")
    store.load(heard.body, format=ox.RdfFormat.TURTLE)
    prefixes = {
        "sd": "http://www.w3.org/ns/sparql-service-description#",
        "void": "http://rdfs.org/ns/void#",
        "sh": "http://www.w3.org/ns/shacl#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    }
    [row] = store.query(
        "SELECT ?e ?n { ?s a sd:Service ; sd:endpoint ?e ; sd:supportedLanguage sd:SPARQL11Query ; sd:defaultDataset/sd:defaultGraph/void:triples ?n }",
        prefixes=prefixes,
    )
    assert row["e"].value == f"{server.root}/sparql"
    assert int(row["n"].value) == len(list(small.store.quads_for_pattern(None, None, None, ox.DefaultGraph())))
    examples = list(
        store.query(
            "SELECT ?q ?text ?en ?ru { ?q a sh:SPARQLExecutable ; sh:select|sh:construct|sh:ask|sh:describe ?text ; rdfs:comment ?en, ?ru "
            "FILTER(LANG(?en) = 'en' && LANG(?ru) = 'ru') }",
            prefixes=prefixes,
        )
    )
    assert {e["q"].value.rpartition("/")[2] for e in examples} == set(questions.questions())


@pytest.mark.parametrize("accept", [m for m in protocol.GRAPHS if m != "text/plain"])
def test_the_description_comes_in_every_format(server: Endpoint, accept: str) -> None:
    assert server.ask("/sparql", accept=accept).headers["content-type"] == accept


# ---- pages -----------------------------------------------------------------------------------------------

ALLIED = "/agreements/2022-kaz-uzb-allied-relations"


@pytest.mark.parametrize(
    ("accept", "ending"),
    [
        ("text/html", "html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("*/*", "html"),
        ("", "html"),
        ("text/html;q=0.4, text/turtle;q=0.5", "ttl"),
        ("application/trig", "trig"),
        ("application/json", "jsonld"),
    ],
)
def test_a_thing_leads_to_its_page_or_its_data(server: Endpoint, accept: str, ending: str) -> None:
    heard = server.ask(ALLIED, **({"accept": accept} if accept else {}))
    assert (heard.status, heard.headers["location"]) == (303, f"{ALLIED}.{ending}")
    assert "Accept" in heard.headers["vary"]
    assert server.ask(heard.headers["location"]).status == 200


def test_a_thing_that_cannot_be_shown_so_is_not_acceptable(server: Endpoint) -> None:
    refused(server.ask(ALLIED, accept="image/png"), 406)


@pytest.mark.parametrize(
    "path",
    [
        "/states/atlantis",
        "/states/kazakhstan.exe",
        "/nothing",
        "/%00",
        "/..%2f..%2fetc%2fpasswd",
        "/states/%FF",
        "/site/../pages.py",
        "/site/words.json",
        "/questions/none",
        "/about?iri=http://nobody.example/",
        "/a%22b",
        "/%3Cscript%3E",
    ],
)
@pytest.mark.parametrize("accept", ["text/html", "application/json", "*/*"])
def test_what_is_not_there_is_said_so(server: Endpoint, path: str, accept: str) -> None:
    heard = server.ask(path, accept=accept)
    assert heard.status == 404
    assert ("text/html" in heard.headers["content-type"]) == (accept == "text/html" and path != "/site/words.json")
    assert "<script>" not in heard.text


@pytest.mark.parametrize("ending", ["ttl", "jsonld", "nt", "rdf"])
def test_the_data_of_a_thing_are_what_is_accepted_in_both_directions(server: Endpoint, small: Accords, ending: str) -> None:
    node = ox.NamedNode(BASE + "states/kazakhstan")
    forms = {"ttl": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD, "nt": ox.RdfFormat.N_TRIPLES, "rdf": ox.RdfFormat.RDF_XML}
    wanted = {q.triple for pattern in ((node, None, None), (None, None, node)) for q in small.store.quads_for_pattern(*pattern, ox.DefaultGraph())}
    assert {q.triple for q in ox.parse(server.ask(f"/states/kazakhstan.{ending}").body, format=forms[ending])} == wanted


def test_a_page_shows_the_evidence(server: Endpoint) -> None:
    text = server.ask(f"{ALLIED}.html?lang=ru").text
    assert "<blockquote>Договор между Узбекистаном и Казахстаном о союзнических отношениях</blockquote>" in text
    assert 'href="/states/kazakhstan?lang=ru"' in text
    assert "страница" in text
    assert "цитата" in text


def test_a_page_shows_what_points_to_a_thing(server: Endpoint) -> None:
    assert f'href="{ALLIED}"' in server.ask("/states/kazakhstan.html").text


def test_a_source_shows_what_it_says(server: Endpoint, small: Accords) -> None:
    page = next(g.value for g in small.store.named_graphs() if g.value.startswith("https://") and not g.value.startswith(BASE))  # type: ignore[union-attr]
    text = server.ask("/about?" + urlencode({"iri": page})).text
    assert "What this source says" in text
    assert server.ask("/about?" + urlencode({"iri": page, "format": "trig"})).headers["content-type"] == "application/trig"


def test_every_thing_of_the_small_set_has_a_page(server: Endpoint, small: Accords) -> None:
    broken = []
    for iri in small.names.labels:
        if iri.startswith(BASE):
            heard = server.ask("/" + quote(iri.removeprefix(BASE)) + ".html")
            if heard.status != 200 or "Undefined" in heard.text:
                broken.append((iri, heard.status))
    assert broken == []


@pytest.mark.parametrize(
    ("languages", "query", "shown"),
    [
        ("ru-RU,ru;q=0.9,en;q=0.8", "", "ru"),
        ("en", "?lang=ru", "ru"),
        ("ru", "?lang=en", "en"),
        ("kk", "", "en"),
        ("", "?lang=<script>", "en"),
        ("en;q=0.1, ru;q=0.2", "", "ru"),
        ("*", "", "en"),
        ("q=;;,", "", "en"),
    ],
)
@pytest.mark.parametrize("path", ["/questions", "/search", "/sparql", "/states/kazakhstan.html", "/questions/status"])
def test_pages_speak_the_readers_language(server: Endpoint, path: str, languages: str, query: str, shown: str) -> None:
    heard = server.ask(path + query, accept="text/html", accept_language=languages)
    assert f'<html lang="{shown}">' in heard.text
    assert heard.headers["content-language"] == shown
    assert "Accept-Language" in heard.headers["vary"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Казахстан", "states/kazakhstan"),
        ("qazaqstan", ""),
        ("kazakhstan", "states/kazakhstan"),
        ("мирзиёев", "people/shavkat-mirziyoyev"),
        ("МИРЗИЕЕВ", "people/shavkat-mirziyoyev"),
        ("KAZ", "states/kazakhstan"),
        ("allied relations", "agreements/2022-kaz-uzb-allied-relations"),
    ],
)
def test_the_search_finds_any_spelling(server: Endpoint, asked: str, found: str) -> None:
    assert found in server.ask("/search?" + urlencode({"q": asked})).text


def test_no_value_breaks_out_of_a_page(server: Endpoint) -> None:
    payloads = [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "'-alert(1)-'",
        "javascript:alert(1)",
        "{{7*7}}",
        "${7*7}",
        "</title><svg onload=alert(1)>",
        *hostile(60),
    ]
    for payload in payloads:
        fields = urlencode({"q": payload, "state": payload, "on": payload, "query": payload, "iri": payload, "lang": payload})
        for path in ("/search", "/questions/agreements", "/questions/status", "/sparql", "/about"):
            heard = server.ask(f"{path}?{fields}", accept="text/html")
            assert heard.status in (200, 400, 404), (path, payload)
            assert "<script>alert" not in heard.text
            assert "<img" not in heard.text
            assert "<svg onload" not in heard.text
            assert not re.search(r"""href=["']?javascript:""", heard.text, re.IGNORECASE)


@pytest.mark.parametrize(
    "path", ["/", "/sparql?query=ASK%7B%7D", "/sparql?query=x", "/states/kazakhstan", "/states/kazakhstan.html", "/site/script.js", "/none"]
)
def test_every_answer_carries_the_security_headers(server: Endpoint, path: str) -> None:
    headers = server.ask(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in re.search(r"script-src[^;]*", policy)[0]  # type: ignore[index]
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers


@pytest.mark.parametrize("path", ["/questions", "/search?q=treaty", "/sparql", "/states/kazakhstan.html", "/questions/agreements"])
def test_no_page_loads_anything_from_outside(server: Endpoint, path: str) -> None:
    text = server.ask(path, accept="text/html").text
    loaded = re.findall(r"""<(?:script|img|link|iframe|source)[^>]*(?:src|href)=["']([^"']*)""", text)
    assert loaded
    assert all(address.startswith("/") or address == "data:," for address in loaded)
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=|style=", text)


@pytest.mark.parametrize("name", sorted(questions.questions()))
def test_every_question_has_a_page_and_a_csv(server: Endpoint, small: Accords, name: str) -> None:
    question = questions.questions()[name]
    heard = server.ask(f"/questions/{name}")
    assert heard.status == 200
    assert question.question["en"].replace("'", "&#39;") in heard.text.replace("&#34;", '"')
    if not any(p.required for p in question.parameters.values()):
        results = small.store.query(question.text)
        if isinstance(results, ox.QuerySolutions):
            assert server.ask(f"/questions/{name}.csv").body == answers.serialise(results, "csv")


def test_a_question_says_what_is_unfit(server: Endpoint) -> None:
    assert "did you mean" in server.ask("/questions/agreements?state=kazakstan").text
    refused(server.ask("/questions/agreements.csv?state=kazakstan"), 400, "did you mean")


def test_names_are_told_to_the_script(server: Endpoint) -> None:
    told = json.loads(server.ask("/names?" + urlencode([("iri", BASE + "states/kazakhstan"), ("iri", "nonsense"), ("lang", "ru")])).body)
    assert told == {BASE + "states/kazakhstan": "Казахстан", "nonsense": told["nonsense"]}


def test_search_words_are_folded() -> None:
    assert desks.folded("Oʻzbekiston  ЁЛКА") == desks.folded("o'zbekiston елка") == "ozbekiston елка"


def test_long_requests_beyond_their_places_are_sent_away_and_leave_nothing_standing(server: Endpoint) -> None:
    heard: list[Heard] = []
    threads = [threading.Thread(target=lambda: heard.append(server.query(BOMBS["count of a product"]))) for _ in range(10)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    assert server.query(STATES).status == 200  # none of them is in its way
    for thread in threads:
        thread.join()
    assert {h.status for h in heard} == {503}
    assert {h.json["title"] for h in heard} == {"Busy", "Time limit"}
    assert "T" not in server.states().values()


def test_the_networks_measures_are_there_for_the_question_that_wants_them(server: Endpoint) -> None:
    assert server.get(f"ASK {{ GRAPH <{BASE}run/measures> {{ ?s <{DIP}betweenness> ?o }} }}", format="json").json["boolean"] is True
