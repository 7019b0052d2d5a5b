"""What a user's record adds to a shipped one: both as one record for the checks, and every fault where they clash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from graph_builder.faults import Fault
from graph_builder.records import Data, Path_, Record, merge
from graph_builder.terms import Kind, Terms


@dataclass(slots=True)
class Merged(Record):
    """A record with those that add to it; a fault stands in the file that holds the place."""

    parts: list[Record] = field(default_factory=list)

    def fault(self, where: Path_, message: str) -> Fault:
        """A fault at a path, in the first of the parts that has it."""
        while where:
            for part in self.parts:
                if where in part.places:
                    return part.fault(where, message)
            where = where[:-1]
        return self.parts[0].fault((), message)


def whole(found: Iterable[Record], terms: Terms) -> tuple[list[Record], list[Fault]]:
    """Each record with its additions as one, and the faults of the additions. The records given stay as they are."""
    groups: dict[str, list[Record]] = {}
    for record in found:
        groups.setdefault(record.name, []).append(record)
    result: list[Record] = []
    faults: list[Fault] = []
    for name, group in groups.items():
        base = next((r for r in group if not r.adds), None)
        added = [r for r in group if r.adds]
        if base is None:
            faults += [r.fault((), f"`adds: true` finds no record `{name}` to add to; mend the file's name, or delete the line `adds`") for r in added]
        elif added:
            faults += [fault for record in added for fault in _faults(base, record, terms)]
        result.append(_merged(base, added) if base and added else group[0])
    return result, faults


def _merged(base: Record, added: list[Record]) -> Record:
    one = Merged(base.path, base.name, base.kind, base.data, dict(base.sources), dict(base.because), base.seen, parts=[base, *added])
    for record in added:
        one.data = merge(one.data, record.data)
        one.because |= {k: v for k, v in record.because.items() if k not in one.because}
        for source, supports in record.sources.items():
            one.sources[source] = [*one.sources.get(source, ()), *supports]
    return one


def _faults(base: Record, record: Record, terms: Terms) -> Iterator[Fault]:
    for path, theirs in clashes(terms, base.kind, base.data, record.data):
        says, key = _says(path), path[0]
        yield record.fault(
            path,
            f"{base.name} already has `{'.'.join(path)}` {theirs}; write yours as what your source says: `- says: {says}`, "
            f"and why the other stays: `because: {{{key}: …}}`",
        )
    for key in record.because:
        if key not in base.data and key not in record.data:
            yield record.fault(("because", key), f"because: neither {base.name} nor this record has `{key}`")
    for supports in record.sources.values():
        for support in supports:
            for key, value in support.says.items():
                if (
                    key in base.data
                    and key not in record.data
                    and not {key} & {*base.because, *record.because}
                    and merge(base.data[key], value) != base.data[key]
                ):
                    yield Fault(
                        record.path,
                        *support.place,
                        f"your source gives another `{key}` than {base.name}; say under `because: {{{key}: …}}` why the accepted one stays",
                    )


def clashes(terms: Terms, kind: Kind, base: Data, added: Data, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Path and accepted value of everything single that an addition gives another value."""
    for key in [k for k in added if k in base]:
        known = kind.fields[key]
        if known.form in ("text", "post"):
            yield from (((*path, key, language), base[key][language]) for language, text in added[key].items() if base[key].get(language, text) != text)
        elif known.form == "nested":
            inner = terms.kinds[known.nested or ""]
            for name in [n for n in added[key] if n in base[key]]:
                yield from clashes(terms, inner, base[key][name], added[key][name], (*path, key, name))
        elif (known.form == "date" or known.single) and known.form != "texts" and base[key] != added[key]:
            yield (*path, key), base[key] if isinstance(base[key], str) else ", ".join(base[key])


def _says(path: Path_) -> Any:
    """How a value at a path is written under `says`.

    >>> _says(("title", "en"))
    '{title: {en: …}}'
    """
    return f"{{{path[0]}: {_says(path[1:])}}}" if path else "…"
