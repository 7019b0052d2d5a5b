"""Pages for people: one a thing, a search over all names, the questions with their forms, a place to write SPARQL."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import pyoxigraph as ox

from graph_builder import answers, guard, protocol, questions
from graph_builder.accords import Accords
from graph_builder.desks import HERE, LANGUAGES, Desk, own_policy
from graph_builder.faults import Refused
from graph_builder.protocol import Problem
from graph_builder.terms import suggestion
from graph_builder.workers import Job, Reply

TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
OFFERS = {
    "text/html": "html", "text/turtle": "ttl", "application/ld+json": "jsonld", "application/n-triples": "nt", "application/rdf+xml": "rdf",
    "application/trig": "trig", "application/n-quads": "nq", "application/xhtml+xml": "html", "application/json": "jsonld",
}  # fmt: skip
"""Media types of a thing's description, the preferred first, with the ending of its address."""
ENDINGS = {"html": "html", "ttl": "turtle", "jsonld": "jsonld", "nt": "nt", "rdf": "rdf", "trig": "trig", "nq": "nq"}
ROWS = {
    "csv": "text/csv; charset=utf-8", "json": "application/sparql-results+json", "tsv": "text/tab-separated-values; charset=utf-8",
    "xml": "application/sparql-results+xml",
}  # fmt: skip
"""Formats of an answer's rows, with their media types."""
SHOWN = 500
"""Rows that a question's page shows at most; the CSV has all."""
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
            desk.__init__(Accords(desk.accords.store), desk.writable)  # type: ignore[misc]
        return reply
    try:
        return desk.description(job) if job["kind"] == "describe" else Page(desk, job).reply()
    except Problem as problem:
        if job["kind"] == "page" and protocol.negotiate(job["accept"], ["application/problem+json", "text/html"]) == "text/html":
            return Page(desk, job).html("problem.html", status=problem.status, problem=problem)
        return problem.reply()


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
        liked: dict[str, float] = {}
        for item in self.job["languages"].split(","):
            code, _, rest = item.strip().partition(";")
            quality = re.search(r"q\s*=\s*([\d.]{1,5})", rest)
            liked.setdefault(code.lower().partition("-")[0], _number(quality[1]) if quality else 1.0)
        best = max(LANGUAGES, key=lambda code: liked.get(code, liked.get("*", 0.0) / 2))
        return best if liked.get(best) else "en"

    def reply(self) -> Reply:
        """The answer: a page, a description as data, or the way to it. Raises Problem."""
        routes = {
            "/": self.index,
            "/search": self.search,
            "/questions": self.listing,
            "/sparql": self.sparql,
            "/sparql/": self.sparql,
            "/about": self.about,
            "/names": self.labels,
        }
        if self.path in routes:
            return routes[self.path]()
        if match := re.fullmatch(r"/questions/([\w-]+)(?:\.(\w+))?", self.path):
            return self.question(match[1], match[2] or "html")
        return self.entity(self.path[1:])

    def html(self, template: str, status: int = 200, **values: Any) -> Reply:
        """A page in the request's language."""
        words = self.desk.words[self.language]
        shared = {
            "words": words,
            "language": self.language,
            "other": "ru" if self.language == "en" else "en",
            "path": self.path,
            "label": lambda i: self.desk.entities.label(i, self.language),
            "again": lambda lang: self.path + "?" + urlencode([*((k, v) for k, v in self.fields if k != "lang"), ("lang", lang)]),
            "q": self.field("q"),
            "lang": f"?lang={self.language}" if self.field("lang") else "",
        }
        body = self.desk.templates.get_template(template).render({**shared, **values})
        return Reply(
            status,
            {"content-type": "text/html; charset=utf-8", "content-language": self.language, "vary": "Accept, Accept-Language"},
            body.encode("utf-8", "replace"),
        )

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
        hits = self.desk.hits(self.field("q"), self.language)
        shown = [{"iri": iri, "kind": self._kind(iri)} for iri in hits[:HITS]]
        return self.html("search.html", hits=shown, count=len(hits), near=[] if hits else self._near())

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
        where = f"/{quote(name)}.{self._ending()}" + (f"?{urlencode({'lang': self.field('lang')})}" if self.field("lang") else "")
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
                "entity.html",
                iri=iri,
                properties=entities.properties(iri),
                incoming=entities.incoming(iri, self.language),
                said=said,
                count=count,
                here=iri.startswith(self.desk.terms.base),
                defined=entities.defined(iri),
                alternates=self._alternates(iri),
                show=self.shown,
                sources=entities.sources,
                reason=self._in_language,
            )
        form = ENDINGS[ending]
        quads = self.desk.entities.quads(iri, ending in ("trig", "nq"))
        found = quads if ending in ("trig", "nq") else {quad.triple: None for quad in quads}
        body = ox.serialize(found, format=protocol.GRAPH_FORMATS[form], prefixes=self.desk.terms.prefixes() if form in ("turtle", "trig", "rdf") else None)
        media = next(m for m, e in OFFERS.items() if e == ending)
        return Reply(200, {"content-type": media + ("; charset=utf-8" if media.startswith("text/") else ""), "vary": "Accept"}, body or b"")

    def _alternates(self, iri: str) -> list[tuple[str, str, str]]:
        stem = self.desk.entities.href(iri)
        return [
            (e, m, f"{stem}.{e}" if not stem.startswith("/about") else f"{stem}&format={e}")
            for m, e in OFFERS.items()
            if e != "html" and m != "application/json"
        ]

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
            raise Problem(
                404, "Not found", f"no question `{name}`{suggestion(name, self.desk.questions)}" if not known else f"an answer comes as {', '.join(ROWS)}"
            )
        given = {k: v.strip() for k, v in self.fields if k in known.parameters and v.strip()}
        try:
            text = known.bound(questions.terms_of(known, given, self.desk.names))
        except Refused as refused:
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
            "question.html",
            question=known,
            text=self._in_language,
            given=given,
            problem=problem,
            head=head,
            rows=rows,
            count=count,
            choices=choices,
            shown_rows=SHOWN,
            links=[(f, f"/questions/{known.name}.{f}" + (f"?{query}" if query else "")) for f in ROWS] if text else [],
            sparql="/sparql?" + urlencode({"query": text, "view": known.view}),
        )

    def _cell(self, value: object) -> dict[str, str]:
        return {"text": "", "href": "", "lang": "", "iri": ""} if value is None else self.shown(value)

    def sparql(self) -> Reply:
        """The page to write SPARQL on."""
        start = "".join(f"PREFIX {p}: <{n}>\n" for p, n in self.desk.terms.prefixes().items() if p not in ("sh", "owl", "prov", "eli", "xsd"))
        menu = [{"name": q.name, "question": self._in_language(q.question), "text": q.text, "view": q.view} for q in self.desk.questions.values()]
        return self.html(
            "sparql.html",
            query=self.field("query")
            or f"{start}SELECT * WHERE {{\n  ?agreement a dip:Agreement ; dip:signed ?signed .\n}}\nORDER BY DESC(?signed) LIMIT 20\n",
            menu=menu,
        )


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
