"""How a record is read: one YAML file, strictly, into plain values with their places; every fault is noted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import yaml

from graph_builder.faults import Fault
from graph_builder.records import ADDRESS, HOST, LANGUAGE, NAME, Data, Path_, Record, Support, date_problem, pick, reference_problem
from graph_builder.terms import FRAME, Field, Kind, Terms, suggestion
from graph_builder.yamls import Text


def read(path: Path, terms: Terms, shown: str | None = None) -> tuple[Record | None, list[Fault]]:
    """The record in a file and its faults; no record where the file is not one at all.

    >>> read(Path("states/x.txt"), None)[1][0].message
    'a record is a file `folder/name.yaml`'
    """
    shown = shown or str(path)
    if path.suffix != ".yaml":
        return None, [Fault(shown, 1, 1, "a record is a file `folder/name.yaml`")]
    folders = terms.folders()
    if path.parent.name not in folders:
        return None, [Fault(shown, 1, 1, f"`{path.parent.name}` is no folder of records{suggestion(path.parent.name, folders)}; use {', '.join(folders)}")]
    if not NAME.match(path.stem):
        return None, [Fault(shown, 1, 1, "a record's file name has small letters, digits and single hyphens only")]
    text = Text(path, shown)
    if text.root is None:
        return None, sorted(text.faults)
    record = Record(shown, f"{path.parent.name}/{path.stem}", terms.kinds[path.parent.name])
    _Reader(text, record, terms).read(text.root)
    return record, sorted(set(text.faults))


def read_publishers(path: Path, terms: Terms, shown: str | None = None) -> tuple[dict[str, Record], list[Fault]]:
    """Host → record of its publisher (kind, name and country), from `publishers.yaml`."""
    text = Text(path, shown)
    result = {}
    if text.root is not None:
        for name, key_node, value in text.items(text.root, "publishers"):
            if not HOST.match(name):
                text.fault(key_node, f"`{name}` is no host; write it small, without http:// and www.")
                continue
            record = result[name] = Record(text.shown, f"publishers/{name}", terms.kinds["publishers"])
            record.places[()] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            record.data = _Reader(text, record, terms).entry(record.kind, value, ("publishers", name))
            record.places |= {path[2:]: place for path, place in record.places.items() if path[:1] == ("publishers",)}
    return result, sorted(set(text.faults))


FORMS = {"text": "_language_map", "texts": "_language_map", "post": "_language_map", "date": "_date", "nested": "_nested"}
"""Form of a key → the reader's method (others are lists); kept by name, since bound methods in the reader would keep each record's whole text in memory."""


class _Reader:
    """Reads one record; every method notes its faults in the text and returns what can be used."""

    def __init__(self, text: Text, record: Record, terms: Terms) -> None:
        self.text, self.record, self.terms = text, record, terms

    def read(self, root: yaml.Node) -> None:
        if not isinstance(root, yaml.MappingNode):
            self.record.sourced = False
            self.text.fault(root, "a record has `key: value` lines")
            return
        frame = {"sources": self._sources, "because": self._because, "seen": self._seen, "adds": self._adds, "review": self._review}
        later = []
        self.record.adds = any(key == "adds" and value.value == "true" for key, value in _keys(root))  # first: it eases what other keys must hold
        for key, key_node, value in self.text.items(root, "record"):
            if key in frame:
                later.append((key, value))
            else:
                self._key(self.record.kind, self.record.data, key, key_node, value, ())
        for key, value in sorted(later, key=lambda pair: FRAME.index(pair[0]), reverse=True):
            frame[key](value)
        if not self.record.adds:
            self._required(self.record.kind, self.record.data, (), root)
        if not any(key == "sources" for key, _ in later) and not any(f.line == 1 for f in self.text.faults):
            self.text.fault(root, "`sources` is missing: no statement stands without a source")
        self.record.sourced = self.record.sourced and bool(self.record.sources)

    def _key(self, kind: Kind, into: Data, key: str, key_node: yaml.Node, value: yaml.Node, where: Path_) -> None:
        known = kind.fields.get(key)
        if known is None or key == kind.keyed_by:
            keys = [*(k for k in kind.fields if k != kind.keyed_by), *(FRAME if not where else ())]
            self.text.fault(key_node, f"unknown key `{key}`{suggestion(key, keys)}; {kind.folder} may have: {', '.join(keys)}")
            return
        self._mark((*where, key), key_node)
        result = getattr(self, FORMS.get(known.form, "_list"))(value, known, (*where, key))
        if result:
            into[key] = result

    def _mark(self, where: Path_, node: yaml.Node) -> None:
        self.record.places[where] = (node.start_mark.line + 1, node.start_mark.column + 1)

    def _required(self, kind: Kind, data: Data, where: Path_, node: yaml.Node) -> None:
        for known in kind.fields.values():
            given = known.key in data or (*where, known.key) in self.record.places or known.key == kind.keyed_by
            if known.required and not given and (kind.folder, known.key) != ("offices", "of"):
                self.text.fault(node, f"`{known.key}` is missing — {known.message}")

    def _language_map(self, node: yaml.Node, known: Field, where: Path_) -> Data:
        result: Data = {}
        for language, key_node, value in self.text.items(node, f"{known.key}, which wants `language: text`"):
            if not LANGUAGE.match(language):
                self.text.fault(key_node, f"`{language}` is no language code (en, ru, uz, uz-Cyrl, kk …)")
                continue
            self._mark((*where, language), value)
            nodes = self.text.sequence(value, known.key) if known.form == "texts" else [value]
            texts = [t for t in (self.text.scalar(n, f"{known.key} in {language}") for n in nodes) if t]
            if texts:
                result[language] = list(dict.fromkeys(texts)) if known.form == "texts" else texts[0]
        for language in known.languages if isinstance(node, yaml.MappingNode) else ():
            if not self.record.adds and language not in result and not any(k == language for k, _ in _keys(node)):
                self.text.fault(node, f"{known.key} has no `{language}` — {known.message}")
        return result

    def _date(self, node: yaml.Node, known: Field, where: Path_) -> str | None:
        text = self.text.scalar(node, known.key)
        if text is not None and (problem := date_problem(text)):
            self.text.fault(node, f"{known.key}: `{text}` {problem}")
            return None
        return text

    def _list(self, node: yaml.Node, known: Field, where: Path_) -> list[str]:
        result: list[str] = []
        nodes = self.text.sequence(node, known.key)
        if known.single and len(nodes) > 1:
            self.text.fault(nodes[1], f"{known.key} takes one value — {known.message}")
        for item in nodes:
            text = self.text.scalar(item, known.key)
            if text is None:
                continue
            if text in result:
                self.text.fault(item, f"{known.key}: `{text}` stands here twice")
            elif problem := self._problem(text, known):
                self.text.fault(item, f"{known.key}: `{text}` {problem}")
            else:
                self._mark((*where, text), item)
                result.append(text)
        return result

    def _problem(self, text: str, known: Field) -> str | None:
        if known.form == "term" and text not in known.words:
            return f"is no word of this list{suggestion(text, known.words)}; it has: {', '.join(sorted(known.words)[:80])}"
        if known.form == "reference":
            return reference_problem(text, known.folders)
        if known.form == "address" and not ADDRESS.match(text):
            return "is no address that starts with http:// or https://"
        if known.pattern and not known.pattern.search(text):
            return f"does not fit — {known.message}"
        return None

    def _nested(self, node: yaml.Node, known: Field, where: Path_) -> Data:
        kind = self.terms.kinds[known.nested or ""]
        if kind.folder == "tenures":
            pairs = [(_tenure_name(item), item, item) for item in self.text.sequence(node, known.key)]
        else:
            pairs = list(self.text.items(node, f"{known.key} — {known.message}"))
        result: Data = {}
        for name, key_node, value in pairs:
            if problem := self._entry_problem(kind, name):
                self.text.fault(key_node, f"{known.key}: `{name}` {problem}")
                continue
            if name in result:
                self.text.fault(key_node, f"{known.key}: the same entry stands here twice; tell them apart by `start`")
                continue
            self._mark((*where, name), key_node)
            result[name] = self.entry(kind, value, (*where, name))
        return result

    def _entry_problem(self, kind: Kind, name: str) -> str | None:
        if kind.folder == "tenures":
            return None
        if kind.keyed_by:
            return self._problem(name, kind.fields[kind.keyed_by])
        return None if NAME.match(name) else "must be a short name of small letters, digits and hyphens"

    def entry(self, kind: Kind, node: yaml.Node, where: Path_) -> Data:
        """The values of one mapping inside a record."""
        data: Data = {}
        if kind.folder == "signatures" and isinstance(node, yaml.ScalarNode):
            return {"for": self._list(node, kind.fields["for"], (*where, "for"))}
        for key, key_node, value in self.text.items(node, where[-2]):
            self._key(kind, data, key, key_node, value, where)
        self._required(kind, data, where, node)
        return data

    def _seen(self, node: yaml.Node) -> None:
        self.record.seen = self._date(node, Field("seen", "", "date", False, True, "editorial"), ("seen",))
        if self.record.seen and len(self.record.seen) < 10:
            self.text.fault(node, f"seen: `{self.record.seen}` must be a whole day")

    def _adds(self, node: yaml.Node) -> None:
        if (value := self.text.scalar(node, "adds")) not in ("true", None):
            self.text.fault(node, f"adds: `{value}`; write true, or leave the key out")
        self.record.adds = value == "true"

    def _review(self, node: yaml.Node) -> None:
        self.text.fault(node, "this draft is not yet reviewed: check every value against its source, then delete the line `review`")

    def _because(self, node: yaml.Node) -> None:
        for key, key_node, value in self.text.items(node, "because"):
            if key not in self.record.kind.fields:
                self.text.fault(key_node, f"because: {self.record.kind.folder} have no `{key}`{suggestion(key, self.record.kind.fields)}")
                continue
            self._mark(("because", key), key_node)
            known = Field("because", "", "text", False, False, "editorial")
            if isinstance(value, yaml.ScalarNode):
                text = self.text.scalar(value, "because")
                self.record.because[key] = {"en": text} if text else {}
            else:
                self.record.because[key] = self._language_map(value, known, ("because", key))

    def _sources(self, node: yaml.Node) -> None:
        for source, key_node, entries in self.text.items(node, "sources"):
            if not ADDRESS.match(source) and reference_problem(source, ("articles",)):
                what = "is neither an article (articles/…) nor an address that starts with http:// or https:// and names no user"
                self.text.fault(key_node, f"sources: `{source}` {what}")
                continue
            self._mark(("sources", source), key_node)
            if not isinstance(entries, yaml.SequenceNode) or not entries.value:
                self.text.fault(entries, "a source wants a list of entries: `- supports: [signed, place]`")
                continue
            supports = [self._support(source, entry) for entry in entries.value]
            self.record.sources[source] = [s for s in supports if s]
        self.record.sourced = all(source in self.record.sources for source, _ in _keys(node))
        if not self.record.sources and not self.text.faults:
            self.text.fault(node, "sources: at least one is wanted")

    def _support(self, source: str, node: yaml.Node) -> Support | None:
        support = Support((node.start_mark.line + 1, node.start_mark.column + 1))
        readers: dict[str, Callable[[yaml.Node, Support], None]] = {
            "supports": self._paths, "says": self._says, "quote": self._quote, "nth": self._nth, "inferred": self._inferred,
        }  # fmt: skip
        for key, key_node, value in self.text.items(node, "source"):
            if key in readers:
                readers[key](value, support)
            else:
                self.text.fault(key_node, f"unknown key `{key}`{suggestion(key, readers)}; an entry may have: {', '.join(readers)}")
        if not support.paths and not support.says:
            self.text.fault(node, "the entry supports nothing; say `supports: [key, …]` or `says: {key: value}`")
        article = not ADDRESS.match(source)
        if article and not support.quote:
            self.text.fault(node, "a stored article is cited by its words: add `quote: …`")
        if not article and (support.quote or support.inferred or support.nth):
            self.text.fault(node, "only a stored article can be quoted; a page is cited by its address alone")
        return support

    def _paths(self, node: yaml.Node, support: Support) -> None:
        for item in self.text.sequence(node, "supports"):
            text = self.text.scalar(item, "supports")
            if text is None:
                continue
            path = tuple(text.split("."))
            if path[0] == "tenure" and len(path) > 1 and path[1].isdecimal() and 0 < int(path[1]) <= len(self.record.data.get("tenure", ())):
                path = ("tenure", list(self.record.data["tenure"])[int(path[1]) - 1], *path[2:])
            if pick(self.record.data, path) is None:
                if path not in self.record.places:
                    self.text.fault(item, f"supports: the record has no `{text}`{suggestion(text, self.record.data)}")
            elif path not in support.paths:
                support.paths.append(path)

    def _says(self, node: yaml.Node, support: Support) -> None:
        mine = self.record.adds, self.record.places
        self.record.adds, self.record.places = True, {}
        for key, key_node, value in self.text.items(node, "says"):
            self._key(self.record.kind, support.says, key, key_node, value, ())
        self.record.adds, self.record.places = mine

    def _quote(self, node: yaml.Node, support: Support) -> None:
        support.quote = node.value if isinstance(node, yaml.ScalarNode) and node.value else self.text.scalar(node, "quote")

    def _nth(self, node: yaml.Node, support: Support) -> None:
        numbers = [self.text.scalar(item, "nth") or "" for item in self.text.sequence(node, "nth")]
        if all(n.isascii() and n.isdigit() and 0 < len(n) < 6 and int(n) for n in numbers):
            support.nth = tuple(int(n) for n in numbers)
        else:
            self.text.fault(node, "nth: which occurrences of the quote are meant, counted from 1: `nth: [1, 3]`")

    def _inferred(self, node: yaml.Node, support: Support) -> None:
        value = self.text.scalar(node, "inferred")
        if value not in ("true", "false"):
            self.text.fault(node, "inferred: true or false")
        support.inferred = value == "true"


def _keys(node: yaml.Node) -> list[tuple[str, yaml.Node]]:
    return [(k.value, v) for k, v in node.value if isinstance(k, yaml.ScalarNode)] if isinstance(node, yaml.MappingNode) else []


def _tenure_name(node: yaml.Node) -> str:
    """Role, body and start of a tenure as one short name: it tells the tenures of a person apart."""
    values = {k: v.value[0] if isinstance(v, yaml.SequenceNode) and v.value else v for k, v in _keys(node)}
    return "-".join(values[k].value.rpartition("/")[2] for k in ("role", "of", "start") if isinstance(values.get(k), yaml.ScalarNode))
