"""SPARQL 1.1 Protocol: what a request asks, in which format it is answered, and what is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

import pyoxigraph as ox

from graph_builder import answers, guard
from graph_builder.terms import load
from graph_builder.workers import Job, Reply, closed

ROWS = {
    "application/sparql-results+json": "json", "application/sparql-results+xml": "xml", "text/csv": "csv", "text/tab-separated-values": "tsv",
    "application/json": "json", "application/xml": "xml", "text/xml": "xml",
}  # fmt: skip
"""Media types of rows and truth values, the preferred first, with their format's name."""
GRAPHS = {
    "text/turtle": "turtle", "application/ld+json": "jsonld", "application/n-triples": "nt", "application/rdf+xml": "rdf", "application/trig": "trig",
    "application/n-quads": "nq", "application/json": "jsonld", "application/xml": "rdf", "text/plain": "nt",
}  # fmt: skip
"""Media types of graphs, the preferred first, with their format's name."""
ROW_FORMATS = {"json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML, "csv": ox.QueryResultsFormat.CSV, "tsv": ox.QueryResultsFormat.TSV}
GRAPH_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD, "nt": ox.RdfFormat.N_TRIPLES, "rdf": ox.RdfFormat.RDF_XML, "xml": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG, "nq": ox.RdfFormat.N_QUADS,
}  # fmt: skip
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
BODY = 16 << 20
"""Bytes of a request's body that are read, to be able to refuse it in words."""
_RANGE = re.compile(r"\s*([\w.+*-]+/[\w.+*-]+)\s*((?:;[^,]*)?)(?:,|\Z)")
_QUALITY = re.compile(r";\s*q\s*=\s*([01]?\.?\d{0,9})\s*(?:;|\Z)", re.IGNORECASE)
_PLACE = re.compile(r"error at (\d+):(\d+): ")


class Problem(Exception):
    """A request that is refused: HTTP status, a title, what to do; with the line and column where there are some."""

    def __init__(self, status: int, title: str, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail, self.more = status, title, detail, more

    def reply(self) -> Reply:
        """The problem as RFC 9457 JSON."""
        said = {"type": "about:blank", "title": self.title, "status": self.status, "detail": self.detail, **self.more}
        return Reply(self.status, {"content-type": "application/problem+json"}, json.dumps(said, ensure_ascii=False).encode("utf-8", "replace"))


def negotiate(accept: str, offers: Sequence[str]) -> str | None:
    """The offer that an Accept header likes best, the first among equals; None where it likes none.

    >>> negotiate("text/csv;q=0.5, application/*", ["text/csv", "application/json"])
    'application/json'
    >>> negotiate("image/png", ["text/csv"])
    """
    if not accept.strip():
        return offers[0]
    liked = []
    for media, rest in _RANGE.findall(accept):
        quality = _QUALITY.search(rest)
        liked.append((media.lower(), float(f"0{quality[1]}") if quality else 1.0))
    best = max(offers, key=lambda offer: _quality(offer, liked))
    return best if _quality(best, liked) > 0 else None


def _quality(offer: str, liked: Sequence[tuple[str, float]]) -> float:
    for wanted in (offer, offer.partition("/")[0] + "/*", "*/*"):
        found = [quality for media, quality in liked if media == wanted]
        if found:
            return max(found)
    return 0.0


# ---- the request ---------------------------------------------------------------------------------


def read(method: str, address: bytes, content_type: str, body: bytes, writable: bool) -> Job:
    """The job that a request to the endpoint asks for: kind query, update or describe. Raises Problem."""
    fields = pairs(address, "the address")
    kind, _, parameters = content_type.partition(";")
    kind = kind.strip().lower()
    if method == "POST":
        charset = re.search(r'charset\s*=\s*"?([\w-]+)', parameters, re.IGNORECASE)
        if charset and charset[1].lower() not in ("utf-8", "utf8"):
            raise Problem(415, "Unsupported character set", "send UTF-8")
        if kind == FORM:
            fields += pairs(body, "the form")
        elif kind in (QUERY, UPDATE):
            fields.append(("query" if kind == QUERY else "update", decoded(body, "the body")))
        else:
            raise Problem(415, "Unsupported media type", f"send {FORM}, {QUERY} or {UPDATE}")
    return _job(method, fields, writable)


def _job(method: str, fields: list[tuple[str, str]], writable: bool) -> Job:
    def every(name: str) -> list[str]:
        return [iri(value, name) if name.endswith("-uri") else value for key, value in fields if key == name]

    asked = [(name, value) for name in ("query", "update") for value in every(name)]
    if not asked and method == "GET":
        return {"kind": "describe"}
    if len(asked) != 1:
        raise Problem(400, "One query, please", "a request holds exactly one `query` or one `update`")
    kind, text = asked[0]
    if kind == "query":
        return {"kind": kind, "text": text, "default": every("default-graph-uri"), "named": every("named-graph-uri"), "format": (every("format") or [""])[-1]}
    if method != "POST":
        raise Problem(405, "Updates are posted", "send an update with POST", allow="POST")
    if not writable:
        raise Problem(403, "Read only", "this endpoint takes no updates; `accords serve --writable` starts a private one that does")
    return {"kind": kind, "text": text, "default": every("using-graph-uri"), "named": every("using-named-graph-uri")}


def pairs(text: bytes, where: str) -> list[tuple[str, str]]:
    """The fields of a form or address. Raises Problem where they are not UTF-8."""
    try:
        return parse_qsl(text.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=200)
    except UnicodeDecodeError:
        raise Problem(400, "Not UTF-8", f"{where} is not percent-encoded UTF-8") from None
    except ValueError:
        raise Problem(400, "Too many fields", f"{where} has over 200 fields") from None


def decoded(body: bytes, where: str) -> str:
    """Text of UTF-8 bytes. Raises Problem."""
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Problem(400, "Not UTF-8", f"{where} is not UTF-8 at byte {error.start}") from None


def iri(text: str, name: str) -> str:
    """An absolute IRI. Raises Problem."""
    try:
        return ox.NamedNode(text).value
    except ValueError:
        raise Problem(400, "Not an address", f"`{name}` wants an absolute address") from None


# ---- the answer, in a worker ---------------------------------------------------------------------


def query(store: ox.Store, job: Job) -> Reply:
    """The answer to a query job."""
    try:
        guard.check(job["text"])
        default, named = ([ox.NamedNode(g) for g in job[key]] for key in ("default", "named"))
        if not default and not named:
            _known(store, job["text"])
        over = {"default_graph": default, "named_graphs": named} if default or named else {}
        with closed():
            return answer(store.query(job["text"], base_iri=job["base"], **over), job["accept"], job["format"])  # type: ignore[arg-type]
    except Problem as problem:
        return problem.reply()
    except guard.Refusal as refusal:
        return Problem(400, "Query refused", str(refusal)).reply()
    except (SyntaxError, ValueError, OSError, RuntimeError) as error:
        return faulty(error).reply()


def update(store: ox.Store, job: Job) -> Reply:
    """Carries out an update job: all of it or nothing."""
    try:
        guard.check(job["text"])
        text = guard.using(job["text"], job["default"], job["named"]) if job["default"] or job["named"] else job["text"]
        with closed():
            store.update(text, base_iri=job["base"])
        return Reply(204)
    except guard.Refusal as refusal:
        return Problem(400, "Update refused", str(refusal)).reply()
    except (SyntaxError, ValueError, OSError, RuntimeError) as error:
        return faulty(error).reply()


def faulty(error: Exception) -> Problem:
    """An engine's complaint about a query, with its line and column."""
    place = _PLACE.match(str(error))
    if not place:
        return Problem(400, "Query failed", str(error))
    return Problem(400, "Syntax error", str(error), line=int(place[1]), column=int(place[2]))


def _known(store: ox.Store, text: str) -> None:
    for origin in guard.origins(text):
        if ":" in origin and not store.contains_named_graph(ox.NamedNode(origin)):
            raise guard.Refusal(f"FROM <{origin}> is no graph here, and nothing is fetched")


def answer(results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, accept: str, form: str = "") -> Reply:
    """Results in the format asked for by name, else by an Accept header. Raises Problem (406)."""
    graph = isinstance(results, ox.QueryTriples)
    offers = GRAPHS if graph else ROWS
    media = next((m for m, f in offers.items() if f == form or (graph and (f, form) == ("rdf", "xml"))), None) if form else negotiate(accept, list(offers))
    if not media:
        raise Problem(406, "Not acceptable", f"this query answers with {'a graph' if graph else 'rows or a truth value'}: {', '.join(offers)}")
    if isinstance(results, ox.QueryTriples):
        body = ox.serialize(results, format=GRAPH_FORMATS[offers[media]], prefixes=load().prefixes() if offers[media] in ("turtle", "trig", "rdf") else None)
    else:
        rows = isinstance(results, ox.QuerySolutions) and offers[media] == "csv"
        body = answers.serialise(results, "csv") if rows else results.serialize(format=ROW_FORMATS[offers[media]])
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    return Reply(200, {"content-type": media + charset, "vary": "Accept"}, body or b"")
