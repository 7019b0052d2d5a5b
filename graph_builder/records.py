"""What a record is: plain values, what its sources say of them, and the line and column of each."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from typing import Any

from graph_builder.faults import Fault
from graph_builder.terms import Kind

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{4})?\Z")
DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?\Z")
_OF_ADDRESS = "(?:[A-Za-z0-9._~:@!$&'()*+,;=/?\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd\U00020000-\U0002fffd-]|%[0-9A-Fa-f]{2})*"
ADDRESS = re.compile(rf"https?://(?=\S+\Z)[\w.-]+(?::[0-9]+)?(?:[/?]{_OF_ADDRESS})?(?:\#{_OF_ADDRESS})?\Z")
"""An address that the engine takes too (RFC 3987)."""
HOST = re.compile(r"[^\W_A-Z]+(?:-*[^\W_A-Z]+|\.[^\W_A-Z]+)+\Z")
Data = dict[str, Any]
Path_ = tuple[str, ...]


@dataclass(slots=True)
class Support:
    """What one entry of a source supports: paths into the record, its own rival values, and where its words stand."""

    place: tuple[int, int]
    paths: list[Path_] = field(default_factory=list)
    says: Data = field(default_factory=dict)
    quote: str | None = None
    nth: tuple[int, ...] | None = None
    inferred: bool = False


@dataclass(slots=True)
class Record:
    """One record. `data` maps keys to plain values; `places` maps a path into it to line and column from 1.

    `sourced` is false where its sources could not be read: then nothing can be said about what they support.
    """

    path: str
    name: str
    kind: Kind
    data: Data = field(default_factory=dict)
    sources: dict[str, list[Support]] = field(default_factory=dict)
    because: dict[str, dict[str, str]] = field(default_factory=dict)
    seen: str | None = None
    adds: bool = False
    sourced: bool = True
    places: dict[Path_, tuple[int, int]] = field(default_factory=dict)

    @property
    def stem(self) -> str:
        """Last part of the name."""
        return self.name.partition("/")[2]

    def fault(self, where: Path_, message: str) -> Fault:
        """A fault at a path into the record, or at the nearest path above it."""
        while where and where not in self.places:
            where = where[:-1]
        return Fault(self.path, *self.places.get(where, (1, 1)), message)


def pick(data: Any, path: Path_) -> Any:
    """The part of plain values at a path, with the levels above it; None where nothing is there.

    >>> pick({"party": ["states/a", "states/b"]}, ("party", "states/b"))
    {'party': ['states/b']}
    """
    if not path:
        return data
    if isinstance(data, dict):
        part = pick(data[path[0]], path[1:]) if path[0] in data else None
        return None if part is None else {path[0]: part}
    return [path[0]] if isinstance(data, list) and len(path) == 1 and path[0] in data else None


def merge(one: Any, other: Any) -> Any:
    """Two picked parts as one; the other's single value stands where both have one.

    >>> merge({"a": ["x"]}, {"a": ["y"], "b": "z"})
    {'a': ['x', 'y'], 'b': 'z'}
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return {k: merge(one[k], other[k]) if k in one and k in other else one.get(k, other.get(k)) for k in [*one, *(k for k in other if k not in one)]}
    if isinstance(one, list) and isinstance(other, list):
        return one + [x for x in other if x not in one]
    return other


def date_problem(text: str) -> str | None:
    """What is wrong with a date of a year, month or day; None for a good one.

    >>> date_problem("1997-02-30")
    'is no day of the calendar'
    """
    parts = DATE.match(text)
    if not parts or not text.isascii():
        return "is no date; write 1997, 1997-01 or 1997-01-10"
    year, month, day = (int(p or 0) for p in parts.groups())
    if not 1900 <= year <= 2100:
        return "lies outside 1900 to 2100"
    if parts[2] and not 1 <= month <= 12:
        return "has no such month"
    if parts[3] and not 1 <= day <= calendar.monthrange(year, month)[1]:
        return "is no day of the calendar"
    return None


def reference_problem(text: str, folders: tuple[str, ...]) -> str | None:
    """What is wrong with a reference `folder/name` that may point into these folders; None for a good one."""
    folder, _, stem = text.partition("/")
    if folder not in folders:
        return f"cannot stand here; write {' or '.join(f + '/…' for f in folders)}"
    if not NAME.match(stem):
        return f"is no reference; after `{folder}/` come small letters, digits and hyphens (no ending)"
    return None
