"""Pages for people: one a thing, a search over all names, the questions with their forms, a place to write SPARQL."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
import unicodedata
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pyoxigraph as ox

from graph_builder import answers, describe, guard, protocol, questions
from graph_builder.accords import Accords
from graph_builder.entities import Entities
from graph_builder.protocol import Problem
from graph_builder.terms import load
from graph_builder.workers import Job, Reply

HERE = Path(__file__).resolve().parent / "site"
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
OFFERS = {
    "text/html": "html", "text/turtle": "ttl", "application/ld+json": "jsonld", "application/n-triples": "nt", "application/rdf+xml": "rdf", "application/trig": "trig",
    "application/n-quads": "nq", "application/xhtml+xml": "html", "application/json": "jsonld",
}  # fmt: skip
"""Media types of a thing's description, the preferred first, with the ending of its address."""
ENDINGS = {"html": "html", "ttl": "turtle", "jsonld": "jsonld", "nt": "nt", "rdf": "rdf", "trig": "trig", "nq": "nq"}
ROWS = {"csv": "text/csv; charset=utf-8", "json": "application/sparql-results+json", "tsv": "text/tab-separated-values; charset=utf-8", "xml": "application/sparql-results+xml"}
LANGUAGES = ("en", "ru")
SHOWN = 500
"""Rows that a question's page shows at most; the CSV has all."""
CHOICES = 600
"""Values that a form offers to choose from at most."""
HITS = 60
"""Hits that the search page shows at most."""
Fields = list[tuple[str, str]]


def static() -> dict[str, tuple[str, bytes]]:
    """Media type and content of the pages' script and style by file name."""
    return {path.name: (TYPES[path.suffix], path.read_bytes()) for path in HERE.iterdir() if path.suffix in TYPES}


def handle(desk: Desk, job: Job) -> Reply:
    """A worker's answer to one job."""
    if job["kind"] == "query":
        return protocol.query(desk.accords.store, job)
    if job["kind"] == "update":
        reply = protocol.update(desk.accords.store, job)
        if reply.status < 300:
            desk.__init__(Accords(desk.accords.store), desk.timeout, desk.writable)  # type: ignore[misc]
        return reply
    try:
        return desk.description(job) if job["kind"] == "describe" else Page(desk, job).reply()
    except Problem as problem:
        if job["kind"] == "page" and protocol.negotiate(job["accept"], ["application/problem+json", "text/html"]) == "text/html":
            return Page(desk, job).html("problem.html", status=problem.status, problem=problem)
        return problem.reply()


class Desk:
    """What a worker answers from: one state of the graph and all that was made of it beforehand."""

    def __init__(self, accords: Accords, timeout: float, writable: bool) -> None:
        self.accords, self.timeout, self.writable, self.terms = accords, timeout, writable, load()
        self.names, self.questions = accords.names, questions.questions()
        self.entities = Entities(accords.store, accords.names, self.terms)
        self.words: dict[str, dict[str, str]] = json.loads((HERE / "words.json").read_text("utf-8"))
        self.described = describe.Description(accords.store, self.questions, self.terms)
        self.found = {iri: [folded(t) for t in texts] for iri, texts in self._spellings().items()}
        self.last: tuple[str, list[ox.Triple]] = "", []
        self.chosen: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self._warm()

    def _spellings(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for text, iris in self.names.index.items():
            for iri in iris:
                found.setdefault(iri, []).append(text)
        return found

    def _warm(self) -> None:
        """Everything that would open a file later is opened now: a worker may open none."""
        for name in ("entity", "search", "questions", "question", "sparql", "index", "problem"):
            self.templates.get_template(f"{name}.html")
        _ = self.entities.sources, self.entities.words, self.writable or self.network
        questions.suggestion("a", ["b"])
        for kind in questions.TYPES:
            self.choices(kind, "en"), self.choices(kind, "ru")
        ox.Store().query("SELECT * { ?s ?p ?o }").serialize(format=ox.QueryResultsFormat.JSON)

    @cached_property
    def templates(self) -> Any:
        """The page templates; what they show is escaped."""
        import jinja2

        found = jinja2.Environment(loader=jinja2.FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
        found.globals["href"] = self.entities.href
        return found

    @cached_property
    def network(self) -> dict[str, bytes]:
        """The network page by language; nothing where the graph or the package has none to draw."""
        try:
            from graph_builder import picture

            return {code: picture.page(self.accords, code).encode() for code in LANGUAGES}
        except (ImportError, OSError) as error:
            print(f"no network page: {error}", file=sys.stderr)
            return {}

    def description(self, job: Job) -> Reply:
        """The service description."""
        media = protocol.negotiate(job["accept"], list(protocol.GRAPHS))
        if not media:
            raise Problem(406, "Not acceptable", f"the description of this service is a graph: {', '.join(protocol.GRAPHS)}")
        form = protocol.GRAPHS[media]
        body = ox.serialize(self._described(job["base"]), format=protocol.GRAPH_FORMATS[form], prefixes=_prefixes(self) if form in ("turtle", "trig", "rdf") else None)
        return Reply(200, {"content-type": media, "vary": "Accept"}, body or b"")

    def _described(self, endpoint: str) -> list[ox.Triple]:
        if self.last[0] != endpoint:
            self.last = endpoint, list(self.described.triples(endpoint, self.writable))
        return self.last[1]

    def choices(self, kind: str, language: str) -> list[tuple[str, str]]:
        """Names and labels that a parameter of a type may take, where the list is short enough for a page."""
        if (kind, language) not in self.chosen:
            folders = tuple(f"{self.terms.base}{f}/" for f in questions.TYPES[kind] if not f.endswith(":"))
            found = [(self.names.short(i), self.entities.label(i, language)) for i in self.names.labels if folders and i.startswith(folders)]
            self.chosen[kind, language] = sorted(found, key=lambda pair: pair[1].casefold()) if len(found) <= CHOICES else []
        return self.chosen[kind, language]


def _prefixes(desk: Desk) -> dict[str, str]:
    return {**desk.terms.prefixes(), "sd": describe.SD, "void": describe.VOID, "formats": describe.FORMATS}


class Page:
    """One request for a page."""

    def __init__(self, desk: Desk, job: Job) -> None:
        self.desk, self.job, self.path = desk, job, job["path"]
        self.fields: Fields = [(k, v) for k, v in job["fields"]]
        self.language = self._language()

    def field(self, name: str, default: str = "") -> str:
        """The last value of a field."""
        return next((v for k, v in reversed(self.fields) if k == name), default)

    def _language(self) -> str:
        if self.field("lang") in LANGUAGES:
            return self.field("lang")
        liked = {}
        for item in self.job["languages"].split(","):
            code, _, rest = item.strip().partition(";")
            quality = re.search(r"q\s*=\s*([\d.]{1,5})", rest)
            liked.setdefault(code.lower().partition("-")[0], _number(quality[1]) if quality else 1.0)
        best = max(LANGUAGES, key=lambda code: liked.get(code, liked.get("*", 0) / 2))
        return best if liked.get(best) else "en"

    def reply(self) -> Reply:
        """The answer: a page, a description as data, or the way to it. Raises Problem."""
        routes = {"/": self.index, "/search": self.search, "/questions": self.listing, "/sparql": self.sparql, "/sparql/": self.sparql, "/about": self.about, "/names": self.labels}
        if self.path in routes:
            return routes[self.path]()
        if match := re.fullmatch(r"/questions/([\w-]+)(?:\.(\w+))?", self.path):
            return self.question(match[1], match[2] or "html")
        return self.entity(self.path[1:])

    def html(self, template: str, status: int = 200, **values: Any) -> Reply:
        """A page in the request's language."""
        words = self.desk.words[self.language]
        shared = {
            "words": words, "language": self.language, "other": "ru" if self.language == "en" else "en", "path": self.path, "label": lambda i: self.desk.entities.label(i, self.language),
            "again": lambda lang: self.path + "?" + urlencode([*((k, v) for k, v in self.fields if k != "lang"), ("lang", lang)]), "q": self.field("q"),
            "lang": f"?lang={self.language}" if self.field("lang") else "",
        }  # fmt: skip
        body = self.desk.templates.get_template(template).render({**shared, **values})
        return Reply(status, {"content-type": "text/html; charset=utf-8", "content-language": self.language, "vary": "Accept, Accept-Language"}, body.encode("utf-8", "replace"))

    # ---- the front and the search ------------------------------------------------------------------

    def index(self) -> Reply:
        """The network, where there is one; else what the graph holds and the ways into it."""
        if (page := self.desk.network.get(self.language)) and not self.field("plain"):
            policy = {"content-security-policy": own_policy(page), "content-language": self.language}
            return Reply(200, {"content-type": "text/html; charset=utf-8", "vary": "Accept-Language", **policy}, page)
        counts = [(iri, n) for iri, n in self.desk.described.classes.most_common() if iri in self.desk.entities.words]
        return self.html("index.html", counts=counts, accepted=self.desk.described.accepted, total=self.desk.described.total)

    def search(self) -> Reply:
        """Everything whose name, in any language or spelling, holds all words asked for."""
        hits = sorted(self._hits(folded(self.field("q"))))
        shown = [{"iri": iri, "kind": self._kind(iri)} for _, _, iri in hits[:HITS]]
        return self.html("search.html", hits=shown, count=len(hits), near=[] if hits else self._near())

    def _hits(self, wanted: str) -> list[tuple[int, str, str]]:
        words = wanted.split()
        found = []
        for iri, spellings in self.desk.found.items() if words else ():
            ranks = [_rank(text, wanted) for text in spellings if all(w in text for w in words)]
            if ranks:
                found.append((min(ranks), self.desk.entities.label(iri, self.language), iri))
        return found

    def _near(self) -> list[str]:
        from difflib import get_close_matches

        return get_close_matches(self.field("q").casefold()[:100], list(self.desk.names.index), n=5, cutoff=0.75) if self.field("q") else []

    def _kind(self, iri: str) -> str:
        kinds = self.desk.accords.store.quads_for_pattern(ox.NamedNode(iri), questions.RDF_TYPE, None, ox.DefaultGraph())
        return next((quad.object.value for quad in kinds if isinstance(quad.object, ox.NamedNode)), "")

    def labels(self) -> Reply:
        """Names of things, for the script that shows results."""
        found = {v: self.desk.entities.label(v, self.language) for k, v in self.fields if k == "iri"}
        return Reply(200, {"content-type": "application/json", "vary": "Accept-Language"}, json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))

    # ---- things ------------------------------------------------------------------------------------

    def entity(self, name: str) -> Reply:
        """A thing of this graph: the way to its page or data, or that itself."""
        stem, _, ending = name.rpartition(".")
        if stem and ending in ENDINGS and (iri := self._iri(stem)):
            return self._described(iri, ending)
        if not (iri := self._iri(name)):
            raise Problem(404, "Not found", self.desk.words[self.language]["nothing"])
        where = f"/{quote(name)}.{self._ending()}" + (f"?lang={self.field('lang')}" if self.field("lang") else "")
        return Reply(303, {"location": where, "vary": "Accept, Accept-Language"})

    def about(self) -> Reply:
        """A thing elsewhere that this graph speaks of, such as a cited page."""
        iri = protocol.iri(self.field("iri"), "iri")
        if not self.desk.entities.exists(iri):
            raise Problem(404, "Not found", self.desk.words[self.language]["nothing"])
        return self._described(iri, self.field("format") if self.field("format") in ENDINGS else self._ending())

    def _ending(self) -> str:
        media = protocol.negotiate(self.job["accept"], list(OFFERS))
        if not media:
            raise Problem(406, "Not acceptable", f"this is described as {', '.join(OFFERS)}")
        return OFFERS[media]

    def _iri(self, name: str) -> str | None:
        try:
            iri = ox.NamedNode(self.desk.terms.base + name).value
        except ValueError:
            return None
        return iri if name and self.desk.entities.exists(iri) else None

    def _described(self, iri: str, ending: str) -> Reply:
        if ending == "html":
            entities = self.desk.entities
            said, count = entities.says(iri)
            return self.html(
                "entity.html", iri=iri, properties=entities.properties(iri), incoming=entities.incoming(iri, self.language), said=said, count=count, here=iri.startswith(self.desk.terms.base),
                defined=entities.defined(iri), alternates=self._alternates(iri), show=self.shown, sources=entities.sources, reason=self._in_language,
            )  # fmt: skip
        form = ENDINGS[ending]
        quads = self.desk.entities.quads(iri, ending in ("trig", "nq"))
        found = quads if ending in ("trig", "nq") else {quad.triple: None for quad in quads}
        body = ox.serialize(found, format=protocol.GRAPH_FORMATS[form], prefixes=self.desk.terms.prefixes() if form in ("turtle", "trig", "rdf") else None)
        media = next(m for m, e in OFFERS.items() if e == ending)
        return Reply(200, {"content-type": media + ("; charset=utf-8" if media.startswith("text/") else ""), "vary": "Accept"}, body or b"")

    def _alternates(self, iri: str) -> list[tuple[str, str, str]]:
        stem = self.desk.entities.href(iri)
        return [(e, m, f"{stem}.{e}" if not stem.startswith("/about") else f"{stem}&format={e}") for m, e in OFFERS.items() if e != "html" and m != "application/json"]

    def _in_language(self, texts: Mapping[str, str]) -> str:
        return texts.get(self.language) or next(iter(texts.values()), "")

    def shown(self, value: object) -> dict[str, str]:
        """A value as a page shows it: text, address, language."""
        if isinstance(value, ox.NamedNode):
            return {"text": self.desk.entities.label(value.value, self.language), "href": self.desk.entities.href(value.value), "lang": "", "iri": value.value}
        if isinstance(value, ox.Literal):
            return {"text": value.value, "href": "", "lang": value.language or "", "iri": ""}
        return {"text": str(value), "href": "", "lang": "", "iri": ""}

    # ---- questions -----------------------------------------------------------------------------------

    def listing(self) -> Reply:
        """All questions."""
        return self.html("questions.html", questions=list(self.desk.questions.values()), text=self._in_language)

    def question(self, name: str, form: str) -> Reply:
        """A question with its form and its answer; with an ending, the answer alone."""
        known = self.desk.questions.get(name)
        if not known or form not in ("html", *ROWS):
            raise Problem(404, "Not found", f"no question `{name}`{questions.suggestion(name, self.desk.questions)}" if not known else f"an answer comes as {', '.join(ROWS)}")
        given = {k: v.strip() for k, v in self.fields if k in known.parameters and v.strip()}
        try:
            text = known.bound(questions.terms_of(known, given, self.desk.names))
        except questions.Refused as refused:
            if form != "html":
                raise Problem(400, "Unfit value", str(refused)) from None
            return self._asked(known, given, problem=str(refused) if given or not known.parameters else "")
        if form == "html":
            return self._asked(known, given, text)
        guard.check(text)
        return Reply(200, {"content-type": ROWS[form]}, answers.serialise(self.desk.accords.store.query(text), form))

    def _asked(self, known: questions.Question, given: Mapping[str, str], text: str = "", problem: str = "") -> Reply:
        head: list[str] = []
        rows: list[list[dict[str, str]]] = []
        count = 0
        if text:
            results = self.desk.accords.store.query(text)
            if isinstance(results, ox.QuerySolutions):
                head = [v.value for v in results.variables]
                for count, solution in enumerate(results, 1):
                    if count <= SHOWN:
                        rows.append([self._cell(value) for value in solution])
        choices = {p.name: self.desk.choices(p.type, self.language) for p in known.parameters.values()}
        query = urlencode(list(given.items()))
        return self.html(
            "question.html", question=known, text=self._in_language, given=given, problem=problem, head=head, rows=rows, count=count, choices=choices, shown_rows=SHOWN,
            links=[(f, f"/questions/{known.name}.{f}" + (f"?{query}" if query else "")) for f in ROWS] if text else [], sparql="/sparql?" + urlencode({"query": text, "view": known.view}),
        )  # fmt: skip

    def _cell(self, value: object) -> dict[str, str]:
        return {"text": "", "href": "", "lang": "", "iri": ""} if value is None else self.shown(value)

    def sparql(self) -> Reply:
        """The page to write SPARQL on."""
        start = "".join(f"PREFIX {p}: <{n}>\n" for p, n in self.desk.terms.prefixes().items() if p not in ("sh", "owl", "prov", "eli", "xsd"))
        menu = [{"name": q.name, "question": self._in_language(q.question), "text": q.text, "view": q.view} for q in self.desk.questions.values()]
        return self.html("sparql.html", query=self.field("query") or f"{start}SELECT * WHERE {{\n  ?agreement a dip:Agreement ; dip:signed ?signed .\n}}\nORDER BY DESC(?signed) LIMIT 20\n", menu=menu)


def folded(text: str) -> str:
    """Text for search: no case, no accents, one kind of apostrophe, Cyrillic ё as е.

    >>> folded("Oʻzbekiston  Ёлка Türkmenistan")
    'ozbekiston елка turkmenistan'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c) or c == "\u0306")
    return " ".join(unicodedata.normalize("NFC", re.sub(r"[ʻʼ’‘'`]", "", plain)).split())


def _rank(text: str, wanted: str) -> int:
    return 0 if text == wanted else 1 if text.startswith(wanted) else 2 if f" {wanted}" in text else 3


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def own_policy(page: bytes) -> str:
    """A content-security policy for a page whole in itself: its own scripts by their hash and no other."""
    scripts = re.findall(rb"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", page, re.DOTALL | re.IGNORECASE)
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.replace(bytes([13, 10]), bytes([10]))).digest()).decode()}'" for s in dict.fromkeys(scripts))
    return f"default-src 'none'; script-src {hashes or chr(39) + 'none' + chr(39)}; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
