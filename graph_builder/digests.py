"""What the page and the network need of the graph: one pass over the store into small plain tables."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from graph_builder.terms import load

if TYPE_CHECKING:
    from graph_builder.accords import Accords

RECORDS = ("agreements", "states", "organizations", "people", "events", "places", "articles")
"""Folders whose entries are nodes of the network."""
PARTS = ("signatures", "consents", "commitments", "tenures", "assessments", "offices")
"""Nodes that stand inside records."""
WORDS = ("types", "topics", "roles", "statuses", "steps", "stances", "aims", "kinds")
DERIVED = {"partnerOf", "signedWith"}
"""Relations that the page can see from the agreements; not carried twice."""
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
Values = dict[str, list[str]]


@dataclass
class Digest:
    """The graph in small: `records` are the accepted statements, `said` those of each source, by key with its language.

    A value is text or, for a key in `references`, the short name of a node (`states/kazakhstan`).
    """

    records: dict[str, Values] = field(default_factory=dict)
    said: dict[str, dict[str, Values]] = field(default_factory=dict)
    references: set[str] = field(default_factory=set)
    pages: dict[str, Values] = field(default_factory=dict)
    publishers: dict[str, Values] = field(default_factory=dict)
    because: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    marks: list[dict[str, Any]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    keys: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, folder: str) -> list[str]:
        """Names of a folder's records, sorted."""
        return [name for name in self.records if name.startswith(f"{folder}/")]

    def one(self, name: str, key: str) -> str:
        """The first value of a key, or nothing."""
        return next(iter(self.records.get(name, {}).get(key, ())), "")

    def label(self, name: str, language: str = "en") -> str:
        """The name or title of a record in a language, else by the one fallback order."""
        from graph_builder.questions import FALLBACK

        record = self.records.get(name, {})
        for code in (language, *FALLBACK):
            for key in ("name", "title", "prefLabel"):
                if values := record.get(f"{key}@{code}"):
                    return values[0]
        return name


_digests: WeakKeyDictionary[Accords, Digest] = WeakKeyDictionary()


def digest(accords: Accords) -> Digest:
    """The digest of a graph; made once and kept as long as the graph is."""
    if accords not in _digests:
        _digests[accords] = _Reader(accords).read()
    return _digests[accords]


class _Reader:
    """Reads the store's quads once."""

    def __init__(self, accords: Accords) -> None:
        self.accords, self.terms, self.found = accords, load(), Digest()
        self.keys = {self.terms.expand(k): k for k in reversed(list(self.terms.context)) if not k.startswith("@")}
        self.everything: dict[str, dict[str, Values]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))

    def read(self) -> Digest:
        self._quads()
        accepted = self.everything.pop("", {})
        found = self.found
        found.records = {n: _sorted(accepted[n]) for n in sorted(accepted) if n.partition("/")[0] in (*RECORDS, *PARTS, *WORDS)}
        found.pages = {n: _sorted(v) for n, v in sorted(accepted.items()) if ":" in n and "publisher" in v}
        found.publishers = {n: _sorted(v) for n, v in sorted(accepted.items()) if n.startswith("publishers/")}
        for graph, subjects in sorted(self.everything.items()):
            if ":" in graph or graph.startswith("articles/"):
                found.said[graph] = {s: _sorted(v) for s, v in sorted(subjects.items()) if s.partition("/")[0] in (*RECORDS, *PARTS)}
        self._decisions(accepted)
        self._marks()
        self._keys()
        self._texts()
        return found

    def short(self, iri: str) -> str:
        return iri.removeprefix(self.terms.base)

    def key(self, iri: str) -> str:
        return self.keys.get(iri) or iri.rpartition("#")[2].rpartition("/")[2]

    def _quads(self) -> None:
        """All that is said, by graph, subject and key; in one loop with few calls, since there are hundreds of thousands."""
        base, everything, key = self.terms.base, self.everything, cache(self.key)
        for quad in self.accords.store:
            predicate, subject, term, graph = quad.predicate.value, quad.subject, quad.object, quad.graph_name
            if predicate == TYPE or (name := key(predicate)) in DERIVED or not isinstance(subject, ox.NamedNode):
                continue
            if isinstance(term, ox.Literal):
                value = term.value
                if language := term.language:
                    name = f"{name}@{language}"
            elif isinstance(term, ox.NamedNode):
                value = term.value
                if value.startswith(base):
                    value = value[len(base) :]
                    self.found.references.add(name)
            else:
                continue
            where = graph.value.removeprefix(base) if isinstance(graph, ox.NamedNode) else ""
            everything[where][subject.value.removeprefix(base)][name].append(value)

    def _decisions(self, accepted: Mapping[str, Values]) -> None:
        for name, values in sorted(accepted.items()):
            if name.startswith("decisions/"):
                reasons = {k.partition("@")[2]: v[0] for k, v in values.items() if k.startswith("reason@")}
                self.found.because.setdefault(values["decides"][0], {})[self.key(values["supports"][0])] = reasons

    def _marks(self) -> None:
        for graph in (g for g in self.everything if g.startswith("articles/")):
            nodes = self.everything[graph]
            for name, values in sorted(nodes.items()):
                if name.startswith("annotations/"):
                    mark = self._mark(nodes, values)
                    if mark:
                        self.found.marks.append({"in": graph, **mark})
        self.found.marks.sort(key=lambda m: (m["in"], m["start"], -m["end"], m["of"]))

    def _mark(self, nodes: Mapping[str, Values], values: Values) -> dict[str, Any] | None:
        selectors = [nodes[s] for t in values.get("hasTarget", ()) for s in nodes[t].get("hasSelector", ())]
        position = next((s for s in selectors if "first" in s), None)
        if position is None:
            return None
        keys = sorted(self.key(p) for p in values.get("supports", ()))
        objects = sorted({v for k, vs in values.items() if k.partition("@")[0] == "value" for v in vs})
        return {"start": int(position["first"][0]), "end": int(position["past"][0]), "of": sorted(values.get("hasBody", ())), "keys": keys,
                "values": objects, "inferred": "inferred" in values}  # fmt: skip

    def _keys(self) -> None:
        labels = self.everything.get("diplomacy", {})
        for iri, modality in self.terms.modalities.items():
            node = labels.get(self.short(iri), {})
            names = {k.partition("@")[2]: v[0] for k, v in node.items() if k.startswith("label@")}
            self.found.keys[self.key(iri)] = {"modality": modality, "iri": iri, **names}

    def _texts(self) -> None:
        """Stored texts, where their bytes are those that the card was made for; a mark's offsets count in no other."""
        for name in self.found.of("articles"):
            file = Path(self.found.one(name, "text") or "none").name
            path = next((p for folder in reversed(self.accords.data) if (p := folder / "articles" / file).is_file()), None)
            raw = path.read_bytes() if path else b""
            if hashlib.sha256(raw).hexdigest() == self.found.one(name, "sha256"):
                self.found.texts[name] = raw.decode("utf-8")


def _sorted(values: Values) -> Values:
    return {k: vs if len(vs := values[k]) == 1 else sorted(set(vs)) for k in sorted(values)}


# ---- what travels with the page -------------------------------------------------------------------


def packed(found: Digest, extra: Mapping[str, Any]) -> str:
    """The digest for the page's script: JSON with string tables, deflated, as base64 text."""
    text = json.dumps({**tables(found), **extra}, ensure_ascii=False, separators=(",", ":"))
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(squeezer.compress(text.encode()) + squeezer.flush()).decode("ascii")


def tables(found: Digest) -> dict[str, Any]:
    """The digest as plain lists: nodes by number, sources by number, evidence by subject."""
    ids = _ids(found)
    number = {name: n for n, name in enumerate(ids)}
    keys = sorted({k for v in _everything(found) for k in v})
    sources = sorted(found.said)
    return {
        "ids": ids, "keys": keys, "references": sorted(found.references), "words": found.keys,
        "records": [_record(found.records.get(name, {}), found, number) for name in ids],
        "sources": [_source(s, found) for s in sources], "publishers": {k.partition("/")[2]: _record(v, found, number) for k, v in found.publishers.items()},
        "evidence": _evidence(found, sources, {k: n for n, k in enumerate(keys)}, number),
        "because": found.because, "texts": found.texts, "marks": [{**m, "of": [number[o] for o in m["of"] if o in number]} for m in found.marks],
    }  # fmt: skip


def _everything(found: Digest) -> Iterable[Values]:
    yield from found.records.values()
    for subjects in found.said.values():
        yield from subjects.values()


def _ids(found: Digest) -> list[str]:
    """Records first, then what stands inside them."""
    names = set(found.records) | {s for subjects in found.said.values() for s in subjects}
    for values in _everything(found):
        names |= {v for k, vs in values.items() if k in found.references for v in vs if ":" not in v}
    order = {folder: n for n, folder in enumerate((*RECORDS, *WORDS, *PARTS))}
    return sorted((n for n in names if n.partition("/")[0] in order), key=lambda n: (order[n.partition("/")[0]], n))


def _record(values: Values, found: Digest, number: Mapping[str, int]) -> dict[str, Any]:
    return {k: _values(vs, k in found.references, number) for k, vs in values.items() if k not in ("inScheme", "definition@en", "definition@ru")}


def _values(values: list[str], reference: bool, number: Mapping[str, int]) -> Any:
    plain = [number.get(v, v) for v in values] if reference else values
    return plain[0] if len(plain) == 1 else plain


def _source(source: str, found: Digest) -> list[str]:
    page = found.pages.get(source, {})
    publisher = next(iter(page.get("publisher", ())), "").partition("/")[2]
    return [source, publisher, max(page.get("seen", [""]))]


def _evidence(found: Digest, sources: list[str], keys: Mapping[str, int], number: Mapping[str, int]) -> list[list[Any]]:
    """By subject: what each source says of it; a bare key where it says all accepted values, else the key with its own."""
    by_subject: dict[str, list[Any]] = defaultdict(list)
    for n, source in enumerate(sources):
        for subject, said in found.said[source].items():
            accepted = found.records.get(subject, {})
            entry = [keys[k] if v == accepted.get(k) else [keys[k], *_listed(_values(v, k in found.references, number))] for k, v in said.items()]
            if entry:
                by_subject[subject].append([n, *entry])
    return [[number[s], *by_subject[s]] for s in sorted(by_subject) if s in number]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
