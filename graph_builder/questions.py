"""What people ask by name: one `.rq` file a question, its header first, its parameters bound as terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pyoxigraph as ox
import yaml

from graph_builder.faults import Fault, Faults, Refused
from graph_builder.records import date_problem
from graph_builder.terms import load, share, suggestion
from graph_builder.yamls import Loader

TYPES = {
    "state": ("states",), "organization": ("organizations",), "party": ("states", "organizations"), "person": ("people",), "place": ("places",),
    "event": ("events",), "agreement": ("agreements",), "topic": ("topics",), "form": ("types",), "role": ("roles",), "source": ("articles", "http:", "https:"),
    "entity": ("states", "organizations", "people", "places", "events", "agreements", "articles", "offices"), "date": (), "text": (), "number": (),
}  # fmt: skip
"""Type of a parameter → the folders or lists that its value may come from."""
HEADER = ("question", "parameters", "view", "columns")
VIEWS = ("table", "timeline", "network", "matrix")
SLOT = re.compile(r"^[ \t]*#\+ bind[ \t]*$", re.MULTILINE)
"""The line, inside the outermost group of a question, where its parameters are bound."""
DATE_TYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a question."""

    name: str
    type: str
    required: bool
    question: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """One named question; `text` is the whole file, so that an engine's line number is the file's."""

    name: str
    path: str
    question: Mapping[str, str]
    parameters: Mapping[str, Parameter]
    view: str
    columns: tuple[str, ...]
    text: str

    def bound(self, values: Mapping[str, ox.NamedNode | ox.Literal]) -> str:
        """The query with its parameters bound to terms, each written by the engine's own serialiser; no line moves."""
        bindings = " ".join(f"VALUES ?{name} {{ {term} }}" for name, term in values.items())
        return SLOT.sub(lambda _: bindings, self.text, count=1) if bindings else self.text


@cache
def questions(folder: Path | None = None) -> dict[str, Question]:
    """Every named question by its name. Raises Faults where a header is broken."""
    faults: list[Fault] = []
    found = {}
    for path in sorted((folder or share("queries")).glob("*.rq")):
        try:
            found[path.stem] = read(path)
        except Faults as error:
            faults += error.faults
    if faults:
        raise Faults(faults)
    return found


def read(path: Path) -> Question:
    """One question from its file. Raises Faults where its header is broken."""
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    count = next((n for n, line in enumerate(lines) if not line.startswith("#+")), len(lines))
    try:
        header = yaml.load("\n".join(line[2:].removeprefix(" ") for line in lines[:count]), Loader=Loader) or {}  # noqa: S506 (strings only)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + len("#+ ") + 1) if mark else (1, 1)
        raise Faults([Fault(str(path), line, column, f"the header is not YAML: {getattr(error, 'problem', error)}")]) from None
    problems = list(_problems(header, text))
    if problems:
        raise Faults(Fault(str(path), 1, 1, problem) for problem in problems)
    parameters = {n: Parameter(n, p["type"], p.get("required") == "true", p.get("question", {})) for n, p in header.get("parameters", {}).items()}
    return Question(path.stem, str(path), header["question"], parameters, header.get("view", "table"), tuple(header.get("columns", ())), text)


def _problems(header: object, text: str) -> Iterable[str]:
    if not isinstance(header, dict) or not isinstance(header.get("question"), dict):
        yield "the header wants `#+ question: {en: …, ru: …}` first"
        return
    for key in header:
        if key not in HEADER:
            yield f"unknown key `{key}` in the header{suggestion(key, HEADER)}"
    for language in ("en", "ru"):
        if language not in header["question"]:
            yield f"the question has no `{language}`"
    if header.get("view", "table") not in VIEWS:
        yield f"view is one of {', '.join(VIEWS)}"
    parameters = header.get("parameters") or {}
    if not isinstance(parameters, dict):
        yield "parameters want `name: {type: …}` lines"
    if parameters and not SLOT.search(text):
        yield "a question with parameters wants a line `#+ bind` where they are bound"
    for name, parameter in parameters.items() if isinstance(parameters, dict) else ():
        if not isinstance(parameter, dict) or parameter.get("type") not in TYPES:
            yield f"parameter `{name}` wants a type: {', '.join(TYPES)}"


class Names:
    """Finds things by their name in any language, by code or by the last part of their IRI."""

    def __init__(self, store: ox.Store) -> None:
        self.store, self.terms = store, load()

    @cached_property
    def labels(self) -> dict[str, dict[str, str]]:
        """IRI → language → name."""
        return self._tables[0]

    @cached_property
    def index(self) -> dict[str, list[str]]:
        """Name, code or last part of an IRI, folded → IRIs."""
        return self._tables[1]

    @cached_property
    def offices(self) -> dict[str, tuple[str, str]]:
        """Office → its role and body."""
        return {s: (self._one(s, "org:role"), self._one(s, "dip:of")) for s in self._instances("org:Post")}

    @cached_property
    def _tables(self) -> tuple[dict[str, dict[str, str]], dict[str, list[str]]]:
        labels: dict[str, dict[str, str]] = {}
        index: dict[str, list[str]] = {}
        for key in ("title", "name", "skos:prefLabel", "rdfs:label", "altLabel", "officialName", "code"):
            for quad in self.store.quads_for_pattern(None, ox.NamedNode(self.terms.expand(key)), None, ox.DefaultGraph()):
                self._note(quad, key in ("title", "name", "skos:prefLabel", "rdfs:label"), labels, index)
        return labels, index

    def _instances(self, kind: str) -> list[str]:
        found = self.store.quads_for_pattern(None, RDF_TYPE, ox.NamedNode(self.terms.expand(kind)), ox.DefaultGraph())
        return [quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)]

    def _one(self, iri: str, key: str) -> str:
        found = self.store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(self.terms.expand(key)), None, ox.DefaultGraph())
        return next((quad.object.value for quad in found if isinstance(quad.object, ox.NamedNode)), "")

    def _note(self, quad: ox.Quad, main: bool, labels: dict[str, dict[str, str]], index: dict[str, list[str]]) -> None:
        if not isinstance(quad.subject, ox.NamedNode) or not isinstance(quad.object, ox.Literal):
            return
        iri, text = quad.subject.value, quad.object.value
        if main:
            labels.setdefault(iri, {})[quad.object.language or ""] = text
            index.setdefault(self.short(iri).rpartition("/")[2], []).append(iri)
        index.setdefault(text.casefold(), []).append(iri)

    def short(self, iri: str) -> str:
        """An IRI without the base: `states/kazakhstan`."""
        return iri.removeprefix(self.terms.base)

    def label(self, iri: str, language: str) -> str:
        """The name in a language, else by the one fallback order, else the short IRI."""
        names = self.labels.get(iri)
        if names:
            return next((names[code] for code in (language, *FALLBACK) if code in names), next(iter(names.values())))
        role, body = self.offices.get(iri, ("", ""))
        return f"{self.label(role, language)} · {self.label(body, language)}" if role and body else self.short(iri)

    def _with_words(self, text: str, wanted: tuple[str, ...]) -> list[str]:
        """What has every word of a text in one of its names: a family name is enough where only one bears it."""
        words = set(text.casefold().replace("-", " ").split())
        named = (iri for name, iris in self.index.items() if words <= set(name.replace("-", " ").split()) for iri in iris)
        return [iri for iri in dict.fromkeys(named) if iri in self.labels and iri.startswith(wanted)] if words else []

    def find(self, text: str, folders: tuple[str, ...]) -> str:
        """The IRI that a text names within some folders. Raises Refused with near names."""
        wanted = tuple(f if f.endswith(":") else f"{self.terms.base}{f}/" for f in folders)
        if text.startswith(wanted) and (not text.startswith(self.terms.base) or text in self.labels):
            return text
        candidates = [self.terms.base + text, *self.index.get(text.casefold(), ())]
        hits = [i for i in dict.fromkeys(candidates) if i in self.labels and i.startswith(wanted)] or self._with_words(text, wanted)
        if len(hits) == 1:
            return hits[0]
        if hits:
            raise Refused(f"`{text}` may be {', '.join(sorted(map(self.short, hits))[:8])}; say which")
        names = [name for name, iris in self.index.items() if any(i.startswith(wanted) for i in iris)]
        raise Refused(f"nothing is called `{text}` among {' and '.join(folders)}{suggestion(text.casefold(), names)}")


RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
FALLBACK = ("en", "ru", "uz", "kk", "ky", "tg", "tk", "")
"""The one order in which languages stand in for each other."""


def terms_of(question: Question, values: Mapping[str, str], names: Names) -> dict[str, ox.NamedNode | ox.Literal]:
    """The RDF terms of a question's parameters. Raises Refused for a missing, unknown or unfit one."""
    for name in values:
        if name not in question.parameters:
            has = ", ".join(question.parameters) or "none"
            raise Refused(f"`{question.name}` has no parameter `{name}`{suggestion(name, question.parameters)}; it has: {has}")
    for name, parameter in question.parameters.items():
        if parameter.required and name not in values:
            raise Refused(f"`{question.name}` wants --{name} ({parameter.type}): {parameter.question.get('en', '')}")
    return {name: term(question.parameters[name].type, value, names) for name, value in values.items()}


def term(kind: str, value: str, names: Names) -> ox.NamedNode | ox.Literal:
    """One parameter's value as an RDF term. Raises Refused where it does not fit the type."""
    if "\x00" in value or len(value) > 2000 or not value.isprintable():
        raise Refused(f"the value of a {kind} may have no control characters and at most 2,000 characters")
    if kind == "date":
        if problem := date_problem(value):
            raise Refused(f"`{value}` {problem}")
        return ox.Literal(value, datatype=ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{DATE_TYPES[len(value)]}"))
    if kind == "number":
        if not re.fullmatch(r"-?\d{1,12}", value, re.ASCII):
            raise Refused(f"`{value}` is no whole number")
        return ox.Literal(int(value))
    if kind == "text":
        return ox.Literal(value)
    iri = names.find(value, TYPES[kind])
    try:
        return ox.NamedNode(iri)
    except ValueError:
        raise Refused(f"`{value}` is no address") from None
