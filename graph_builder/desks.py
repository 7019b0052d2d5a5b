"""What a worker answers from: one state of the graph, and all that was made of it before the worker began."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
import unicodedata
from functools import cached_property
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph_builder import describe, protocol, questions
from graph_builder.accords import Accords
from graph_builder.entities import Entities
from graph_builder.protocol import Problem
from graph_builder.terms import load, suggestion
from graph_builder.workers import Job, Reply

HERE = Path(__file__).resolve().parent / "site"
LANGUAGES = ("en", "ru")
CHOICES = 600
"""Values that a form offers to choose from at most."""


class Desk:
    """What a worker answers from: one state of the graph and all that was made of it beforehand."""

    def __init__(self, accords: Accords, writable: bool) -> None:
        self.accords, self.writable, self.terms = accords, writable, load()
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
        """What every worker would make for itself is made once, before they are forked."""
        for name in ("entity", "search", "questions", "question", "sparql", "index", "problem"):
            self.templates.get_template(f"{name}.html")
        _ = self.entities.sources, self.entities.words, self.writable or self.network
        if not self.writable:
            self.accords.measure(self.questions["bridges"].text)
        suggestion("a", ["b"])
        for kind in questions.TYPES:
            self.choices(kind, "en"), self.choices(kind, "ru")

    @cached_property
    def templates(self) -> Any:
        """The page templates; what they show is escaped."""
        import jinja2

        found = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
        )
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
        body = ox.serialize(
            self._described(job["base"]),
            format=protocol.GRAPH_FORMATS[form],
            prefixes={**self.terms.prefixes(), "sd": describe.SD, "void": describe.VOID, "formats": describe.FORMATS}
            if form in ("turtle", "trig", "rdf")
            else None,
        )
        return Reply(200, {"content-type": media, "vary": "Accept"}, body or b"")

    def _described(self, endpoint: str) -> list[ox.Triple]:
        if self.last[0] != endpoint:
            self.last = endpoint, list(self.described.triples(endpoint, self.writable))
        return self.last[1]

    def hits(self, text: str, language: str) -> list[str]:
        """Everything with a name that holds all words of a text, the closest first."""
        wanted = folded(text)
        words, found = wanted.split(), []
        for iri, spellings in self.found.items() if words else ():
            ranks = [_rank(spelling, wanted) for spelling in spellings if all(word in spelling for word in words)]
            if ranks:
                found.append((min(ranks), self.entities.label(iri, language), iri))
        return [iri for _, _, iri in sorted(found)]

    def choices(self, kind: str, language: str) -> list[tuple[str, str]]:
        """Names and labels that a parameter of a type may take, where the list is short enough for a page."""
        if (kind, language) not in self.chosen:
            folders = tuple(f"{self.terms.base}{f}/" for f in questions.TYPES[kind] if not f.endswith(":"))
            found = [(self.names.short(i), self.entities.label(i, language)) for i in self.names.labels if folders and i.startswith(folders)]
            self.chosen[kind, language] = sorted(found, key=lambda pair: pair[1].casefold()) if len(found) <= CHOICES else []
        return self.chosen[kind, language]


def folded(text: str) -> str:
    """Text for search: no case, no accents, one kind of apostrophe, Cyrillic ё as е.

    >>> folded("Oʻzbekiston  Ёлка Türkmenistan")
    'ozbekiston елка turkmenistan'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c) or c == "\u0306")
    return " ".join(unicodedata.normalize("NFC", re.sub(r"[ʻʼ’‘'`]", "", plain)).split())


def own_policy(page: bytes) -> str:
    """A content-security policy for a page whole in itself: its own scripts by their hash and no other."""
    scripts = re.findall(rb"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", page, re.DOTALL | re.IGNORECASE)
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(_lines(script)).digest()).decode()}'" for script in dict.fromkeys(scripts)]
    rules = ["default-src 'none'", f"script-src {' '.join(hashes)}", "style-src 'unsafe-inline'", "img-src data: blob:", "font-src data:", "connect-src 'self'"]
    return "; ".join([*rules, "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"])


def _lines(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n")


def _rank(text: str, wanted: str) -> int:
    return 0 if text == wanted else 1 if text.startswith(wanted) else 2 if f" {wanted}" in text else 3
