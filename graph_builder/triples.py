"""How a record becomes JSON-LD: what is accepted, and in the graph of each source what that source says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from graph_builder.evidence import Article, Passage, passages
from graph_builder.faults import Fault
from graph_builder.records import DATE, Data, Path_, Record, Support, merge, pick
from graph_builder.terms import Field, Kind, Terms

EDITORS = "editors"
"""Name of the graph that holds the editors' own notes: decisions, titles that they rendered, who publishes a page."""
DATE_TYPES = ("xsd:gYear", "xsd:gYearMonth", "xsd:date")
Node = dict[str, Any]


class Mapper:
    """Maps records to JSON-LD nodes; `articles` are the stored texts by name."""

    def __init__(self, terms: Terms, articles: dict[str, Article], publishers: dict[str, Data]) -> None:
        self.terms, self.articles, self.publishers = terms, articles, publishers

    def nodes(self, record: Record) -> tuple[list[Node], list[Fault]]:
        """The record's nodes, those of a named graph inside one node each, and the faults of its evidence."""
        faults: list[Fault] = []
        accepted = {k: v for k, v in record.data.items() if record.kind.fields[k].modality != "assessment"}
        nodes = [self.node(record.kind, record.name, accepted)]
        editorial = {k: v for k, v in accepted.items() if record.kind.fields[k].modality == "editorial"}
        notes = [*([self.node(record.kind, record.name, editorial)] if editorial else []), *self._decisions(record)]
        for source, supports in record.sources.items():
            said, annotations = self._said(record, source, supports, faults)
            nodes.append({"id": source, "@graph": [*said, *annotations]})
            if ":" in source:
                notes.append(self._page(source, record))
                if not self.publisher(source):
                    faults.append(record.fault(("sources", source), f"who publishes `{host(source)}`? add the host to publishers.yaml"))
        nodes += [*notes, {"id": EDITORS, "@graph": notes}]
        faults += self._unsupported(record) if record.sourced else []
        return nodes, faults

    def node(self, kind: Kind, ident: str, data: Data) -> Node:
        """One JSON-LD node of a record or of an entry inside it."""
        node: Node = {"id": ident, "is": kind.type}
        for key, value in data.items():
            node[key] = self._value(kind.fields[key], ident, value, data)
        return node

    def _value(self, known: Field, ident: str, value: Any, data: Data) -> Any:
        if known.form == "date":
            return typed_date(value)
        if known.form == "nested":
            kind = self.terms.kinds[known.nested or ""]
            return [self._entry(kind, ident, name, entry) for name, entry in value.items()]
        if known.form == "post":
            return self._post(data)
        if known.form == "term":
            return [self.word(known.key, item) for item in value]
        return value

    def word(self, key: str, item: str) -> str:
        """The IRI of a word of a closed list; written out, since a word may be a key of the context too (`signed`)."""
        return str(self.terms.context[key]["@context"]["@vocab"]) + item

    def _entry(self, kind: Kind, parent: str, name: str, data: Data) -> Node:
        if kind.folder == "offices":
            return self.node(kind, entry_name(kind, parent, name), {"role": [name], "of": [parent], **data})
        own = {kind.keyed_by: [name]} if kind.keyed_by else {}
        node = self.node(kind, entry_name(kind, parent, name), {**own, **data})
        if kind.folder in ("tenures", "signatures") and "office" not in node and (post := self._post(data)):
            node["office"] = post
        return node

    def _post(self, data: Data) -> Node | None:
        """The office in which a tenure or signature stands; none where role or body is not said."""
        name = post_name(data)
        if not name:
            return None
        role, body, title = data["role"], data.get("of") or data["for"], data.get("office", {})
        return {"id": name, "is": self.terms.kinds["offices"].type, "role": self.word("role", role[0]), "of": body, **({"name": title} if title else {})}

    # ---- sources -------------------------------------------------------------------------------

    def _said(self, record: Record, source: str, supports: list[Support], faults: list[Fault]) -> tuple[list[Node], list[Node]]:
        said: Data = {}
        rivals: Data = {}
        annotations: list[Node] = []
        linked: set[Path_] = set()
        for support in supports:
            part = told(record.data, support.paths)
            said = merge(said, part)
            rivals = merge(rivals, support.says)
            if support.quote and source in self.articles:
                entries = {path[:2] for path in support.paths}
                inside = bool(support.paths) and all(len(path) > 2 for path in support.paths) and entries <= linked
                annotations += self._annotations(record, source, support, merge(part, support.says), inside, faults)
                linked |= entries
        return [self.node(record.kind, record.name, said), *([self.node(record.kind, record.name, rivals)] if rivals else [])], annotations

    def _annotations(self, record: Record, source: str, support: Support, part: Data, inside: bool, faults: list[Fault]) -> Iterator[Node]:
        bodies, predicates, values = self._statements(record, part, inside)
        for found in passages(self.articles[source], support):
            if isinstance(found, str):
                faults.append(Fault(record.path, *support.place, found))
                continue
            place = f"{source.partition('/')[2]}.{found.start}-{found.end}"
            yield {
                "id": f"annotations/{place}.{record.name.replace('/', '.')}.{support.place[0]}", "is": "oa:Annotation",
                "hasBody": bodies, "supports": predicates,
                "value": values, "hasTarget": _target(place, source, found), **({"inferred": True} if support.inferred else {}),
            }  # fmt: skip

    def _statements(self, record: Record, part: Data, inside: bool) -> tuple[list[str], list[str], list[Any]]:
        """Subjects, predicates and objects of the statements that a part of a record makes; `inside`: those of its entries alone."""
        nodes = [n for n in _flat(self.node(record.kind, record.name, part)) if not inside or n["id"] != record.name]
        predicates, values = [], []
        for node in nodes:
            for key, value in node.items():
                if key not in ("id", "is"):
                    predicates.append(self.terms.expand(key))
                    values += list(self._objects(key, value))
        return [n["id"] for n in nodes], list(dict.fromkeys(predicates)), values

    def _objects(self, key: str, value: Any) -> Iterator[Any]:
        term = self.terms.context[key]
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict) and "id" in item:
                yield {"id": item["id"]}
            elif isinstance(item, dict) and "@value" not in item:
                for language, texts in item.items():
                    yield from ({"@value": t, "@language": language} for t in (texts if isinstance(texts, list) else [texts]))
            elif isinstance(term, dict) and term.get("@type") in ("@id", "@vocab"):
                yield {"id": item}
            elif isinstance(term, dict) and isinstance(item, str):
                yield {"@value": item, "@type": term["@type"]}
            else:
                yield item

    def _page(self, source: str, record: Record) -> Node:
        node: Node = {"id": source, "is": "schema:WebPage", "publisher": f"publishers/{self.publisher(source)}"}
        if record.seen:
            node["seen"] = record.seen
        return node

    def publisher(self, address: str) -> str | None:
        """The host of an address, or the nearest host above it, that has a publisher."""
        name = host(address)
        while name and name not in self.publishers:
            name = name.partition(".")[2]
        return name or None

    def _decisions(self, record: Record) -> list[Node]:
        stem = record.name.replace("/", ".")
        return [
            {"id": f"decisions/{stem}.{key}", "is": "dip:Decision", "decides": record.name, "supports": self.terms.expand(key), "reason": reason}
            for key, reason in record.because.items()
        ]

    def publisher_nodes(self) -> list[Node]:
        """A node for each publisher; `kind` is its grade as a source."""
        nodes = [self.node(self.terms.kinds["publishers"], f"publishers/{name}", data) for name, data in self.publishers.items()]
        return [*nodes, {"id": EDITORS, "@graph": nodes}] if nodes else []

    # ---- what has no source ----------------------------------------------------------------------

    def _unsupported(self, record: Record) -> Iterator[Fault]:
        said = told(record.data, [path for supports in record.sources.values() for support in supports for path in support.paths])
        for path in missing(record.data, said):
            if record.kind.fields[path[0]].modality != "editorial":
                yield record.fault(path, f"no source supports `{'.'.join(path)}`; add it to a source's `supports`, or take it out")
        yield from self._undecided(record)

    def _undecided(self, record: Record) -> Iterator[Fault]:
        for supports in record.sources.values():
            for support in supports:
                for key, value in support.says.items():
                    if key not in record.data or key in record.because or merge(record.data[key], value) == record.data[key]:
                        continue
                    yield Fault(record.path, *support.place, f"a source gives another `{key}`; say under `because: {{{key}: …}}` why yours is preferred")


def told(data: Data, paths: list[Path_]) -> Data:
    """The part of a record's values that some paths pick.

    >>> told({"title": {"en": "A", "ru": "Б"}, "place": ["places/x"]}, [("title", "ru"), ("place",), ("place", "places/x")])
    {'place': ['places/x'], 'title': {'ru': 'Б'}}
    """
    part = {path[0]: data[path[0]] for path in paths if len(path) == 1 and path[0] in data}
    for path in paths:
        if path[0] not in part or part[path[0]] is not data[path[0]]:
            part = merge(part, pick(data, path) or {})
    return part


def missing(data: Any, said: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Paths of plain values that `said` does not hold.

    >>> list(missing({"title": {"en": "A", "ru": "Б"}}, {"title": {"ru": "Б"}}))
    [('title', 'en')]
    """
    if isinstance(data, dict):
        for key, value in data.items():
            if isinstance(said, dict) and key in said:
                yield from missing(value, said[key], (*path, key))
            else:
                yield (*path, key)
    elif isinstance(data, list):
        yield from ((*path, item) for item in data if item not in (said or ()))


def typed_date(text: str) -> Any:
    """A date as JSON-LD: a whole day as it is (the context gives its type), a year or a month with its type.

    >>> typed_date("1997-01")
    {'@value': '1997-01', '@type': 'xsd:gYearMonth'}
    """
    parts = DATE.match(text)
    precision = sum(p is not None for p in parts.groups()) - 1 if parts else 2
    return text if precision == 2 else {"@value": text, "@type": DATE_TYPES[precision]}


def host(address: str) -> str:
    """Host of an address without `www.` and port.

    >>> host("https://www.akorda.kz/ru/x")
    'akorda.kz'
    """
    return re.sub(r"^https?://", "", address).split("/")[0].split("?")[0].split("#")[0].split(":")[0].lower().removeprefix("www.").rstrip(".")


def entry_name(kind: Kind, parent: str, name: str) -> str:
    """Name of a node that stands under a name inside another: of the kind's folder, the parent and the last part of its own name."""
    stem = parent.partition("/")[2]
    return office_name(name, stem) if kind.folder == "offices" else f"{kind.folder}/{stem}.{name.rpartition('/')[2]}"


def post_name(data: Data) -> str | None:
    """Name of the office in which a tenure or signature stands; None where role or body is not said."""
    role, body = data.get("role"), data.get("of") or data.get("for")
    if not role or not body:
        return None
    return office_name(role[0], body[0].partition("/")[2], next(iter(data.get("office", {}).values()), ""))


def office_name(role: str, body: str, title: str = "") -> str:
    """Name of an office: its role and body, and its own title where it has one.

    >>> office_name("president", "kazakhstan")
    'offices/president-kazakhstan'
    """
    return f"offices/{'-'.join(part for part in (role, body, slug(title)) if part)}"


def slug(text: str) -> str:
    """A short name for an IRI made of a title's letters and digits.

    >>> slug("Minister of Energy")
    'minister-of-energy'
    """
    return "-".join(re.findall(r"\w+", text.lower()))


def _flat(node: Node) -> Iterator[Node]:
    yield node
    for value in node.values():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict) and "id" in item and "is" in item:
                yield from _flat(item)


def _target(place: str, source: str, found: Passage) -> Node:
    quote = {"id": f"quotes/{place}", "is": "oa:TextQuoteSelector", "exact": found.exact, "prefix": found.prefix, "suffix": found.suffix}
    position = {"id": f"positions/{place}", "is": "oa:TextPositionSelector", "first": found.start, "past": found.end}
    return {"id": f"passages/{place}", "is": "oa:SpecificResource", "hasSource": source, "hasSelector": [quote, position]}


def document(terms: Terms, nodes: Iterable[Node]) -> Node:
    """One JSON-LD document of nodes with the context inlined."""
    return {"@context": terms.context, "@graph": list(nodes)}
