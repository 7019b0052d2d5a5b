"""Another SPARQL 1.1 store, wherever it runs: the graph pushed into it, and questions asked of it."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import os
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pyoxigraph as ox

from graph_builder import questions
from graph_builder.workers import TimeLimit

if TYPE_CHECKING:
    from graph_builder.accords import Accords

CHUNK = 4 << 20
"""Bytes of N-Triples in one request."""
TRIES = 4
"""Times that a request is sent while the store is not to be reached or says that it is busy (429, 502, 503, 504)."""
PAUSE = 0.5
"""Seconds before the second try; doubled before each further one."""
TIMEOUT = 60.0
"""Seconds that a store may take for one answer, where nothing else is asked for."""
BUSY = frozenset({429, 502, 503, 504})
ACCEPT = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml, application/rdf+xml;q=0.9",
    "turtle": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "trig": "application/trig",
    "nq": "application/n-quads",
}
STAND_IN = "default-graph-uri"
"""Field of an address that names the graph which stands in for the default one, for stores that have none of their own (Virtuoso)."""
Progress = Callable[[str], None]
"""Told the name of each graph as it is sent, in turn."""


class Refused(RuntimeError):
    """The store refuses, or cannot be reached; the message says what it said and what to do."""


@dataclass
class Store:
    """An address of a store: http or https; credentials come from the environment and go to that host alone."""

    url: str
    timeout: float = TIMEOUT
    connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Refused(f"`{self.url}` is no address of a store: it begins with http:// or https://")
        if parts.username or parts.password:
            raise Refused("leave name and password out of the address; set ACCORDS_USER and ACCORDS_PASSWORD, or ACCORDS_TOKEN")

    def send(self, method: str, url: str, body: bytes | None = None, **headers: str) -> tuple[int, str, bytes]:
        """Status, media type and body of the answer; tried again while the store is busy. Raises Refused, TimeLimit."""
        pause, problem = PAUSE, ""
        for turn in range(TRIES):
            if turn:
                time.sleep(pause)
                pause *= 2
            try:
                status, media, answer = self._once(method, url, body, {k.replace("_", "-"): v for k, v in headers.items()})
            except TimeoutError:
                self._hang_up()
                raise TimeLimit(f"{self.url} gave no answer within {self.timeout:g} seconds") from None
            except (OSError, http.client.HTTPException) as error:
                self._hang_up()
                problem = f"{self.url} cannot be reached ({error}); is the store running?"
                continue
            if status not in BUSY:
                return status, media, answer
            problem = f"{self.url} is busy ({status}): {_said(answer)}"
        raise Refused(problem)

    def _once(self, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, str, bytes]:
        if not self.connection:
            parts = urlsplit(self.url)
            host = parts.hostname or ""
            if parts.scheme == "https":
                self.connection = http.client.HTTPSConnection(host, parts.port, timeout=self.timeout, context=ssl.create_default_context())
            else:
                self.connection = http.client.HTTPConnection(host, parts.port, timeout=self.timeout)
        parts = urlsplit(url)
        self.connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, {"User-Agent": "accords", **credentials(), **headers})
        answer = self.connection.getresponse()
        return answer.status, answer.headers.get_content_type(), answer.read()

    def _hang_up(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None


def credentials() -> dict[str, str]:
    """The header that the environment gives: a bearer token (ACCORDS_TOKEN), else name and password."""
    if token := os.environ.get("ACCORDS_TOKEN"):
        return {"Authorization": f"Bearer {token}"}
    if user := os.environ.get("ACCORDS_USER"):
        text = f"{user}:{os.environ.get('ACCORDS_PASSWORD', '')}".encode()
        return {"Authorization": f"Basic {base64.b64encode(text).decode()}"}
    return {}


# ---- pushing -----------------------------------------------------------------------------------------


def push(accords: Accords, url: str, progress: Progress = lambda graph: None, state: Path | None = None) -> int:
    """Puts every graph into the store at `url`, its Graph Store Protocol address, and gives the number of statements.

    Each graph is replaced, never mixed with what stood there. What is done is noted in `state` (default: a file of the
    user's cache), so that a push that was cut off goes on where it stopped. The network's measures go with it, since another
    store cannot make them. Raises Refused, TimeLimit.
    """
    accords.measure(questions.questions()["bridges"].text)
    store, note = Store(url, timeout=300.0), state or noted(url)
    mark = _mark(accords.store)
    done = _read(note, mark)
    for number, (graph, text, first) in enumerate(pieces(accords.store)):
        if first:
            progress(graph or "default graph")
        if number >= done:
            _put(store, url, graph, text, first)
            _write(note, mark, number + 1)
    note.unlink(missing_ok=True)
    return len(accords.store)


def pieces(store: ox.Store) -> Iterator[tuple[str, bytes, bool]]:
    """Each graph (empty: the default one) in parts of at most CHUNK bytes or one line, and whether a part is its graph's first."""
    graphs: list[ox.NamedNode | ox.DefaultGraph] = sorted((g for g in store.named_graphs() if isinstance(g, ox.NamedNode)), key=str)
    for graph in [ox.DefaultGraph(), *graphs]:
        lines = sorted((store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b"").splitlines(keepends=True))
        name, size, first = getattr(graph, "value", ""), 0, True
        part: list[bytes] = []
        for line in lines:
            if size + len(line) > CHUNK and part:
                yield name, b"".join(part), first
                part, size, first = [], 0, False
            part.append(line)
            size += len(line)
        if part:
            yield name, b"".join(part), first


def addressed(url: str, graph: str) -> str:
    """Where a graph stands under a Graph Store Protocol address (empty: the default graph, or the named one that stands in for it).

    >>> addressed("http://localhost/store", "http://g")
    'http://localhost/store?graph=http%3A%2F%2Fg'
    >>> addressed("http://localhost/store?default-graph-uri=http://d", "")
    'http://localhost/store?graph=http%3A%2F%2Fd'
    """
    parts = urlsplit(url)
    fields = parse_qsl(parts.query)
    stand_in = next((value for name, value in fields if name == STAND_IN), "")
    rest = [(name, value) for name, value in fields if name != STAND_IN]
    query = urlencode([*rest, ("graph", graph or stand_in)] if graph or stand_in else rest) + ("" if graph or stand_in else "&default" if rest else "default")
    return urlunsplit(parts._replace(query=query, fragment=""))


def _put(store: Store, url: str, graph: str, text: bytes, first: bool) -> None:
    address = addressed(url, graph)
    for method in ("PUT", "POST") if first else ("POST",):
        try:
            status, _, answer = store.send(method, address, text, content_type="application/n-triples")
        except TimeLimit as limit:
            raise Refused(f"{limit}; the push goes on from here when it is started again") from None
        if status < 300:
            return
        if status not in (405, 501):
            break
    raise Refused(_refusal(status, url, answer))


def _refusal(status: int, url: str, answer: bytes) -> str:
    hints = {
        401: "set ACCORDS_TOKEN, or ACCORDS_USER and ACCORDS_PASSWORD",
        403: "these credentials may not write here",
        404: "is this the store's Graph Store Protocol address?",
        405: "is this the store's Graph Store Protocol address?",
        413: "the store takes no parts of this size; raise its limit",
    }
    return f"{url} answered {status}: {_said(answer)}" + (f"; {hints[status]}" if status in hints else "")


def _said(answer: bytes) -> str:
    text = answer[:2000].decode("utf-8", "replace").strip()
    return " ".join(text.split())[:300] or "nothing more"


def noted(url: str) -> Path:
    """Where the progress of a push to an address is noted."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "accords"
    return folder / f"push-{hashlib.sha256(url.encode()).hexdigest()[:16]}.json"


def _mark(store: ox.Store) -> str:
    """What tells this dataset from another."""
    total = 0
    for line in (store.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines():
        total = (total + int.from_bytes(hashlib.blake2b(line, digest_size=16).digest())) % (1 << 128)
    return f"{CHUNK}:{len(store)}:{total:032x}"


def _read(note: Path, mark: str) -> int:
    try:
        said = json.loads(note.read_text("utf-8"))
        return int(said["done"]) if said["mark"] == mark else 0
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _write(note: Path, mark: str, done: int) -> None:
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        beside = note.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps({"mark": mark, "done": done}), "utf-8")
        beside.replace(note)
    except OSError:
        pass  # a push that cannot be noted is only not resumable


# ---- asking ------------------------------------------------------------------------------------------


def query(url: str, text: str, form: str, timeout: float | None = None) -> bytes:
    """The answer of the endpoint at `url` to SPARQL text, in a format of ACCEPT; `timeout` in seconds.

    Raises TimeLimit, SyntaxError for what the endpoint calls a fault of the query, Refused for every other refusal.
    """
    if form not in ACCEPT:
        raise Refused(f"no format `{form}` over HTTP; choose one of {', '.join(ACCEPT)}")
    store = Store(url, timeout or TIMEOUT)
    status, media, answer = store.send("POST", url, urlencode({"query": text}).encode(), content_type="application/x-www-form-urlencoded", accept=ACCEPT[form])
    if status == 400:
        raise SyntaxError(_problem(answer))
    if status >= 300:
        raise Refused(_refusal(status, url, answer))
    if media not in ("text/plain", "application/octet-stream") and not _fits(media, form):
        raise Refused(f"{url} answered with {media}, not with {form}; is this a SPARQL endpoint?")
    return answer


def _fits(media: str, form: str) -> bool:
    wanted = [part.partition(";")[0].strip() for part in ACCEPT[form].split(",")]
    return (
        media in wanted
        or media in ("application/json", "application/xml")
        or (form in ("turtle", "nt") and media in ("text/turtle", "text/n3", "application/x-turtle"))
    )


def _problem(answer: bytes) -> str:
    try:
        said = json.loads(answer)
        return str(said.get("detail") or said.get("title") or said)
    except (ValueError, AttributeError):
        return _said(answer)
