"""What the keys of a record mean: the one table of words, read from the context and the shapes."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox

SHAPES = "https://w3id.org/central-asia-accords/shapes#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
FRAME = ("sources", "because", "seen", "review", "adds")
"""Keys of a record that frame its statements and are none themselves."""


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a record.

    `form` is text, texts, date, reference, term, string, address, nested or post; `folders` are those that a
    reference may point into; `words` the closed list of a term.
    """

    key: str
    iri: str
    form: str
    required: bool
    single: bool
    modality: str
    folders: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    pattern: re.Pattern[str] | None = None
    languages: tuple[str, ...] = ()
    nested: str | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record or nested node: its folder, its class, its keys; `keyed_by` names the key that an entry's own key gives."""

    folder: str
    type: str
    fields: dict[str, Field]
    keyed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """The whole table: JSON-LD context, base IRI and the kinds by folder."""

    context: dict[str, Any]
    base: str
    kinds: dict[str, Kind]
    modalities: dict[str, str]

    def expand(self, key: str) -> str:
        """The IRI of a context key or of a name with prefix (`dip:signed`)."""
        term = self.context.get(key, key)
        name = term if isinstance(term, str) else term["@id"]
        prefix, _, local = name.partition(":")
        return self.context[prefix] + local if prefix in self.context else name

    def folders(self) -> list[str]:
        """The folders that hold records: every kind that stands inside no other."""
        inside = {known.nested for kind in self.kinds.values() for known in kind.fields.values()}
        return [folder for folder in self.kinds if folder not in inside and folder != "publishers"]

    def prefixes(self) -> dict[str, str]:
        """Prefix → namespace, as the serialisers want them."""
        return {k: v for k, v in self.context.items() if isinstance(v, str) and v.endswith(("#", "/")) and not k.startswith("@")}


def share(name: str) -> Path:
    """Folder `name` (data, ontology, queries): inside the installed package, else in the checkout."""
    here = Path(__file__).resolve().parent
    inside = here / "share" / name
    return inside if inside.is_dir() else here.parent / name


@cache
def load(folder: Path | None = None) -> Terms:
    """The terms of an ontology folder (default: the shipped one)."""
    folder = folder or share("ontology")
    context = json.loads((folder / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    shapes = _graph(folder / "shapes.ttl")
    words = _words(_graph(folder / "topics.ttl"))
    modalities = {s: o[0] for s, p in _graph(folder / "diplomacy.ttl").items() if (o := p.get(context["dip"] + "modality"))}
    terms = Terms(context, context["@base"], {}, modalities)
    for description in shapes.values():
        if SHAPES + "folder" in description:
            kind = _kind(terms, shapes, words, description)
            terms.kinds[kind.folder] = kind
    return terms


Description = dict[str, list[str]]


def _graph(path: Path) -> dict[str, Description]:
    graph: dict[str, Description] = defaultdict(lambda: defaultdict(list))
    for quad in ox.parse(path=str(path)):
        value = str(quad.object) if isinstance(quad.object, ox.BlankNode) else getattr(quad.object, "value", "")
        graph[getattr(quad.subject, "value", "")][quad.predicate.value].append(value)
    return graph


def _words(topics: dict[str, Description]) -> dict[str, frozenset[str]]:
    schemes: dict[str, set[str]] = defaultdict(set)
    for subject, description in topics.items():
        for scheme in description.get(SKOS + "inScheme", ()):
            schemes[_last(scheme)].add(_last(subject))
    return {k: frozenset(v) for k, v in schemes.items()}


def _last(iri: str) -> str:
    return re.split("[/#]", iri)[-1]


def _kind(terms: Terms, shapes: dict[str, Description], words: dict[str, frozenset[str]], description: Description) -> Kind:
    keys = {terms.expand(k): k for k in terms.context if not k.startswith("@")}
    fields = {}
    for shape in description[SH + "property"]:
        field = _field(terms, keys, shapes, words, shapes[shape])
        fields[field.key] = field
    keyed = description.get(SHAPES + "keyedBy")
    return Kind(description[SHAPES + "folder"][0], description[SH + "targetClass"][0], fields, keys[keyed[0]] if keyed else None)


def _field(terms: Terms, keys: dict[str, str], shapes: dict[str, Description], words: dict[str, frozenset[str]], shape: Description) -> Field:
    def one(name: str, default: str = "") -> str:
        return next(iter(shape.get(name, ())), default)

    iri = one(SH + "path")
    key = next((k for k in one(SHAPES + "key").split()), keys[iri])
    nested = shapes[one(SH + "node")][SHAPES + "folder"][0] if SH + "node" in shape else None
    pattern = one(SH + "pattern")
    return Field(
        key=key, iri=iri, form=_form(terms.context[key], shape, nested), required=SH + "minCount" in shape,
        single=one(SH + "maxCount") == "1", modality=terms.modalities.get(iri, "editorial"),
        folders=tuple(one(SHAPES + "in").split()), words=words.get(one(SHAPES + "scheme"), frozenset()),
        pattern=re.compile(pattern) if pattern else None, languages=tuple(one(SHAPES + "languages").split()),
        nested=nested, message=one(SH + "message"),
    )


def _form(term: str | dict[str, str], shape: Description, nested: str | None) -> str:
    if nested:
        return "nested"
    if SHAPES + "post" in shape:
        return "post"
    if isinstance(term, str):
        return "string"
    if term.get("@container") == "@language":
        return "texts" if SHAPES + "many" in shape else "text"
    if term.get("@type") == "xsd:date":
        return "date"
    if term.get("@type") == "@vocab":
        return "term"
    return "reference" if SHAPES + "in" in shape else "address"


def suggestion(word: str, words: Iterable[str]) -> str:
    """` (did you mean …?)` for the word most like `word`, or nothing.

    >>> suggestion("sined", ["signed", "party"])
    ' (did you mean `signed`?)'
    """
    from difflib import get_close_matches

    near = get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f" (did you mean `{near[0]}`?)" if near else ""
