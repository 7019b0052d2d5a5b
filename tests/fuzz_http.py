"""Bad requests for `fuzz.py`: raw bytes into the server's own protocol and application in this process, and the same over a real loopback socket."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import socket
import tempfile
import threading
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import h11
from endpoint import SMALL, serving

THING = "https://w3id.org/central-asia-accords/states/kazakhstan"
QUERIES = (
    "ASK {}", "SELECT (1 AS ?x) {}", "SELECT * { ?s ?p ?o } LIMIT 3", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 2", f"DESCRIBE <{THING}>",
    f"SELECT * {{ <{THING}> ?p ?o }}", "ASK { ?s ?p 'Қазақстан' }", "SELECT * {", "ASK { SERVICE <http://x> {} }", "LOAD <http://127.0.0.1:9/>",
    "INSERT DATA { <a:b> <a:c> 1 }", "DELETE WHERE { ?s ?p ?o }", "ASK " + "{" * 120, "SELECT * FROM <x:y> { ?s ?p ?o } LIMIT 1", "", " ", "\x00",
    "ASK{}#" + "a" * 70_000,
)  # fmt: skip
FIELDS = ("query",) * 20 + (
    "update", "default-graph-uri", "named-graph-uri", "using-graph-uri", "format", "lang", "q", "state", "", "Query", "query[]", "%71uery",
)  # fmt: skip
ADDRESSES = ("http://x/", THING, "x", "", "http://[", "a:b", "//x", "file:///etc/passwd", "http://x/ y", "urn:x:\u202e")
PATHS = ("/sparql",) * 14 + (
    "/sparql/", "/", "/search", "/questions/agreements.csv", "/questions/agreements", "/questions/nothing", "/states/kazakhstan", "/states/kazakhstan.ttl",
    "/states/kazakhstan.zip", "/site/page.js", "/site/../serve.py", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//sparql", "/sparql%00", "/%ff%fe", "*",
    "http://localhost/sparql", "localhost:80", "/names", "/about", "/" + "a" * 3000, "/sparql;x=1", "/SPARQL", "/agreements/", "/%D2%9A", "/network",
)  # fmt: skip
METHODS = ("GET",) * 30 + ("POST",) * 30 + ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "QUERY", "get", "A" * 300)
ACCEPTS = (
    "*/*", "text/csv", "text/html", "text/turtle", "application/sparql-results+json", "image/png", "text/*;q=0.5, application/json;q=.9", ";q=1",
    "text/html;q=0",
    "*/*;q=1.0000000000", "a/b;q=9e9", ",,,,", "text/turtle;q=-1", 'text/csv ; q = 0.3;x="a,b"', "*", "/", "application/*, " * 200,
    "text/csv;q=\u0661", "тект/цсв",
)  # fmt: skip
TYPES = ("application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update")
CONTENTS = TYPES * 4 + (
    "application/sparql-query; charset=utf-8", "application/sparql-query; charset=UTF-16", "application/sparql-query;charset=\"utf-8\"", "text/plain", "",
    "application/x-www-form-urlencoded;;;", "multipart/form-data; boundary=x", "APPLICATION/SPARQL-QUERY", "application/json", "/", "a" * 9000,
)  # fmt: skip
HOSTS = ("127.0.0.1",) * 60 + (
    "localhost", "localhost:80", "[::1]", "evil.example", "", "127.0.0.1:99999", "127.0.0.1:x", "[", "[::1", "a b", "127.0.0.1@x", "ё", "LOCALHOST.",
)  # fmt: skip
MORE = (
    "accept-language: ru", "accept-language: kk;q=x,*;q=.1", "accept-language: " + "-" * 500, "origin: null", "origin: http://127.0.0.1", "range: bytes=0-1",
    "expect: 100-continue", "connection: close", "connection: upgrade\r\nupgrade: websocket", "connection: upgrade\r\nupgrade: h2c", "cookie: a=b",
    "te: trailers", "accept-encoding: gzip, br", "if-none-match: *", "x-forwarded-host: evil", "x: " + "y" * 70_000,
    "\r\n".join(f"h{n}: {n}" for n in range(150)), "content-encoding: gzip", "transfer-encoding: gzip, chunked", "content-length: 0", "content-length: -1",
    "content-length: 9999999999999999999999", "authorization: x", "referer: http://[", "x-http-method-override: PUT", 'forwarded: for="[', "host: other",
)  # fmt: skip
BYTES = (
    b"\x00", b"\r", b"\n", b"\r\n", b"\r\n\r\n", b" ", b"\t", b":", b"%", b"%0", b"%zz", b"%00", b"%C0%AE", b"%ED%A0%80", b"%FF", b"&", b"=", b"+", b"?", b"#",
    b";", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"HTTP/1.1", b"HTTP/1.0", b"HTTP/9.9", b"GET / HTTP/1.1\r\n\r\n", b"0\r\n\r\n",
    b"ffffffffffffffff\r\n", b"-1\r\n", b"A" * 500, b"transfer-encoding: chunked\r\n", b"content-length: 5\r\n", b" folded: yes\r\n", b"\x16\x03\x01",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "%D2%9A ё".encode(),
)  # fmt: skip


# ---- what is sent ----------------------------------------------------------------------------------


def request(dice: random.Random) -> bytes:
    """One or two requests, each field of them now right, now wrong; a third of them wounded byte by byte."""
    raw = b"".join(_request(dice) for _ in range(dice.choice((1,) * 9 + (2,))))
    if dice.random() < 0.3:
        for _ in range(dice.randint(1, 4)):
            raw = _wounded(raw, dice)
    return raw


def _request(dice: random.Random) -> bytes:
    method, fields = dice.choice(METHODS), _fields(dice)
    content, body, target = dice.choice(CONTENTS), b"", dice.choice(PATHS)
    if method == "POST" or dice.random() < 0.1:
        body = fields.encode("latin-1") if content.startswith(TYPES[0]) else _text(dice)
        fields = fields if dice.random() < 0.1 else ""
    lines = [f"{method} {target}{'?' if fields or dice.random() < 0.1 else ''}{fields} HTTP/{dice.choice(('1.1',) * 9 + ('1.0', '2', '0.9'))}"]
    lines += [f"host: {dice.choice(HOSTS)}"] * dice.choice((1,) * 20 + (0, 2))
    lines += [f"accept: {dice.choice(ACCEPTS)}"] * dice.choice((1, 1, 0, 2))
    lines += [f"content-type: {content}"] * (dice.random() < (0.95 if body else 0.1))
    lines += [dice.choice(MORE) for _ in range(dice.choice((0, 0, 0, 1, 2)))]
    if body and dice.random() < 0.2:
        lines.append("transfer-encoding: chunked")
        body = _chunked(body, dice)
    elif body or dice.random() < 0.05:
        lines.append(f"content-length: {max(0, len(body) + dice.choice((0,) * 15 + (-1, 1, 7, 5000)))}")
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


def _text(dice: random.Random) -> bytes:
    text = dice.choice(QUERIES).encode()
    return text if dice.random() < 0.7 else dice.choice((b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80")) + text


def _fields(dice: random.Random) -> str:
    """Parameters, percent-encoded well or badly."""
    found = []
    for _ in range(dice.choice((0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 250))):
        name = dice.choice(FIELDS)
        values = (QUERIES[:-1] if dice.random() < 0.9 else QUERIES) if name in ("query", "update") else (*ADDRESSES, "csv", "json", "KAZ", "en")
        value = dice.choice(values)
        found.append(f"{name}={_coded(value, dice)}")
        if dice.random() < 0.01:
            break
    return dice.choice(("&",) * 9 + (";", "&&", "&amp;")).join(found)


def _coded(value: str, dice: random.Random) -> str:
    way = dice.randrange(12)
    if way < 6:
        return quote_plus(value)
    if way < 8:
        return quote(value, safe="")
    broken = ("%", "%2", "%zz", "%u0041", "%C0%AE", "%FF", "%ED%A0%80", "%00", "%0d%0a", "%252e", "++", "=", "&query=")
    at = dice.randrange(len(value) + 1)
    torn = quote_plus(value[:at]) + dice.choice(broken) + quote_plus(value[at:])
    return (quote(quote(value)), torn, quote(value, encoding="utf-16"), quote(value, "{}?*"))[way - 8]


def _chunked(body: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(body) + 1)
    parts = [part for part in (body[:at], body[at:]) if part]
    sizes = [f"{len(p) + dice.choice((0,) * 12 + (1, -1)):x}{dice.choice(('',) * 8 + (';x=y', ' ', ';', 'g'))}".encode() for p in parts]
    end = dice.choice((b"0\r\n\r\n",) * 9 + (b"0\r\nx: y\r\n\r\n", b""))
    return b"".join(size + b"\r\n" + part + b"\r\n" for size, part in zip(sizes, parts, strict=True)) + end


def _wounded(raw: bytes, dice: random.Random) -> bytes:
    """Bytes with a piece put in, cut, doubled or changed; mostly in the head."""
    at = dice.randrange(min(len(raw), 400) + 1) if dice.random() < 0.8 else dice.randrange(len(raw) + 1)
    end = min(len(raw), at + dice.choice((1, 1, 2, 8, 40)))
    before, span, after = raw[:at], raw[at:end], raw[end:]
    return before + dice.choice((dice.choice(BYTES) + span, b"", span * dice.randint(2, 4), bytes([dice.randrange(256)]) + span[1:])) + after


# ---- what comes back --------------------------------------------------------------------------------


def judged(raw: bytes, methods: list[str]) -> str:
    """The statuses of what a server sent, each answer whole; `none` for nothing. Raises AssertionError for one that is no HTTP, torn, or our own fault."""
    said, waiting = [], [*methods]
    while raw:
        client = asker(waiting.pop(0) if waiting else "GET")
        client.receive_data(raw)
        closed = False
        while not isinstance(event := client.next_event(), h11.EndOfMessage | h11.ConnectionClosed):
            if isinstance(event, h11.Response):
                said.append(event.status_code)
            if event is h11.NEED_DATA:
                if client.their_state is h11.SEND_RESPONSE:
                    return "none"  # 100 Continue at most
                assert not closed, "a torn answer"
                client.receive_data(b"")
                closed = True
        raw = b"" if closed else client.trailing_data[0]
    assert all(status < 500 or status == 503 for status in said), f"status {said}"
    return " ".join(map(str, said[:1])) or "none"


def asker(method: str) -> h11.Connection:
    """A client that has asked with a method and waits."""
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method=method, target="/", headers=[("host", "x")]))
    client.send(h11.EndOfMessage())
    return client


class Log(logging.Handler):
    """Every error that the server logs instead of raising it."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(f"{record.getMessage().strip()} {record.exc_info[1]!r}" if record.exc_info else record.getMessage())


class Line(asyncio.Transport):
    """A connection in memory: what the client sent is fed to the protocol as asyncio would, what is answered is kept."""

    def __init__(self, loop: asyncio.AbstractEventLoop, protocol: Any, pieces: list[bytes]) -> None:
        super().__init__({"peername": ("127.0.0.1", 50_000), "sockname": ("127.0.0.1", 80)})
        self.loop, self.protocol, self.pieces, self.said, self.ended, self.paused = loop, protocol, pieces, bytearray(), False, False

    def feed(self) -> None:
        while self.pieces and not self.ended and not self.paused:
            self.protocol.data_received(self.pieces.pop(0))

    def write(self, data: Any) -> None:
        self.said += data

    def is_closing(self) -> bool:
        return self.ended

    def close(self) -> None:
        if not self.ended:
            self.ended = True
            self.loop.call_soon(self.protocol.connection_lost, None)

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False
        self.loop.call_soon(self.feed)


def within() -> tuple[Callable[[random.Random], bytes], Callable[[bytes], str]]:
    """Requests for the server's own protocol and application in this process, with its real workers."""
    import uvicorn
    from uvicorn.server import ServerState

    from graph_builder import accords, connections, serve, store

    server = serve.application(lambda: accords.Accords(store.build([SMALL])), 0.8, False, "127.0.0.1")
    loop, log, odd, methods = asyncio.new_event_loop(), Log(), list[str](), list[str]()
    asyncio.set_event_loop(loop)
    loop.run_until_complete(server.pool.open())
    app = server.app()

    async def seen(scope: Any, receive: Any, send: Any) -> None:
        methods.append(scope["method"])
        await app(scope, receive, send)

    more = {"ws": "none", "log_config": None, "access_log": False, "h11_max_incomplete_event_size": serve.HEADER, "lifespan": "off"}
    config = uvicorn.Config(seen, http=connections.Patient, **more)
    state = ServerState()
    for name in ("uvicorn.error", "asyncio"):
        logging.getLogger(name).addHandler(log)
        logging.getLogger(name).propagate = False
    loop.set_exception_handler(lambda _, context: odd.append(repr(context.get("exception") or context["message"])))

    async def one(raw: bytes) -> str:
        protocol = connections.Patient(config, state, {}, loop)
        cut = len(raw) * (len(raw) % 7) // 7
        line = Line(loop, protocol, [part for part in (raw[:cut], raw[cut:]) if part])
        protocol.connection_made(line)
        line.feed()
        await asyncio.sleep(0)
        while state.tasks and not (protocol.cycle and protocol.cycle.more_body and not line.pieces):
            await asyncio.wait(state.tasks, timeout=0.1)
        line.close()  # the client goes, whatever it had still to send
        while state.tasks:
            await asyncio.wait(state.tasks)
        await asyncio.sleep(0)
        return judged(bytes(line.said), methods)

    def case(raw: bytes) -> str:
        methods.clear(), odd.clear(), log.found.clear(), state.connections.clear()
        result = loop.run_until_complete(one(raw))
        assert not odd, odd[0]
        assert not log.found, log.found[0]
        assert not state.connections, "a connection is left"
        assert len(server.pool.every) == 0 or loop.run_until_complete(_rest(server.pool)), "a worker is left"
        return result

    return request, case


async def _rest(pool: Any) -> bool:
    """Whether every worker is given back soon; one that is being ended takes a moment."""
    for _ in range(100):
        if not pool.every:
            return True
        await asyncio.sleep(0.01)
    return False


@contextmanager
def _server() -> Any:
    """A running server, and what it wrote to its error output."""
    os.environ["PYTHONUNBUFFERED"] = "1"
    with tempfile.TemporaryDirectory() as out, serving(Path(out), SMALL, timeout=0.8) as endpoint:
        said: list[str] = []
        errors = (line for line in endpoint.process.stderr if not line.startswith("WARNING"))
        threading.Thread(target=said.extend, args=(errors,), daemon=True).start()
        yield endpoint, said


def loopback() -> tuple[Callable[[random.Random], bytes], Callable[[bytes], str]]:
    """The same requests for a server in a process of its own, each over a TCP connection of its own."""
    import atexit

    running = _server()
    endpoint, said = running.__enter__()
    atexit.register(running.__exit__, None, None, None)
    host, _, port = endpoint.root.removeprefix("http://").partition(":")

    def case(raw: bytes) -> str:
        methods, answered = whole(raw)
        with socket.create_connection((host, int(port)), timeout=5) as sock:
            try:
                sock.sendall(raw)
                result = judged(_heard(sock, methods), methods) if answered else "unfinished"
            except (BrokenPipeError, ConnectionResetError):
                result = "reset"  # refused before all was sent
        assert endpoint.process.poll() is None, "the server has died"
        assert not said, said[0]
        return result

    return request, case


def whole(raw: bytes) -> tuple[list[str], bool]:
    """Method of the first request in bytes, and whether a server has enough of it to answer."""
    server, methods = h11.Connection(h11.SERVER, 1 << 20), []
    server.receive_data(raw)
    try:
        while (event := server.next_event()) is not h11.NEED_DATA:
            if isinstance(event, h11.Request):
                methods.append(event.method.decode())
            if isinstance(event, h11.EndOfMessage):
                return methods, True
    except h11.RemoteProtocolError:
        return methods, True
    return methods, False


def _heard(sock: socket.socket, methods: list[str]) -> bytes:
    """The bytes of the first whole answer."""
    client, found = asker(methods[0] if methods else "GET"), bytearray()
    while True:
        event = client.next_event()
        if isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
            return bytes(found[: len(found) - len(client.trailing_data[0])])
        if event is h11.NEED_DATA:
            part = sock.recv(1 << 16)
            found += part
            client.receive_data(part)
