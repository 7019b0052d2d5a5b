"""Many records from a table: a row a treaty, every fault at its cell, all rows or none."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graph_builder import comparing, mappings, store, tables, writing
from graph_builder.faults import Fault
from graph_builder.mappings import Mapping
from graph_builder.neighbours import Neighbours
from graph_builder.records import NAME, Data
from graph_builder.rows import Reading, Row
from graph_builder.tables import Table
from graph_builder.terms import load

SHOWN = 20
"""Rows of one sort that a report names before it only counts."""


@dataclass(slots=True)
class Report:
    """What an import found and wrote."""

    path: str
    faults: list[Fault] = field(default_factory=list)
    new: list[Row] = field(default_factory=list)
    known: list[Row] = field(default_factory=list)
    conflicting: list[Row] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    added: bool = False

    @property
    def code(self) -> int:
        """Exit code: 1 with faults."""
        return 1 if self.faults else 0

    def text(self) -> str:
        """The report for a person."""
        if self.faults:
            return "\n".join([*(str(f) for f in self.faults), f"{len(self.faults):,} fault{'s' if len(self.faults) > 1 else ''}; nothing was written"])
        lines = [*_some(self.conflicting, _conflict), *_some(self.known, lambda r: _known(r, self.added))]
        lines += [f"column not taken: `{name}` (a map can say what it is)" for name in self.ignored]
        lines += [f"new page host: {h} — say who publishes it in publishers.yaml (kind: unknown for now)" for h in self.hosts]
        counts = f"{len(self.new):,} new, {len(self.known):,} known, {len(self.conflicting):,} conflicting"
        return "\n".join(
            [*lines, counts, f"{len(self.written):,} file{'s' if len(self.written) > 1 else ''} written" if self.written else "nothing was written"]
        )


def _some(rows: Sequence[Row], line: Any) -> list[str]:
    more = [f"… and {len(rows) - SHOWN:,} more"] if len(rows) > SHOWN else []
    return [*(line(row) for row in rows[:SHOWN]), *more]


def _conflict(row: Row) -> str:
    differs = "; ".join(f"{key}: the record has {theirs}, the table {mine}" for key, (theirs, mine) in row.differs.items())
    return f"row {row.number} conflicts with {row.name}: {differs}"


def _known(row: Row, added: bool) -> str:
    adds = ", ".join(row.adds) or "nothing but its source"
    if row.taken:
        return f"row {row.number} is known: {row.name}; it adds {adds}"
    why = "left out: your folder has such a record already, or the row names no page" if added else "--add takes it in"
    return f"row {row.number} is known: {row.name}; it would add {adds} ({why})"


def import_table(path: Path, folder: Path, mapping: Path | None = None, source: str | None = None, dry_run: bool = False, add: bool = False) -> Report:
    """Reads a CSV or XLSX table and writes a record in `folder` for each treaty that none has yet.

    `mapping` is a map file, `source` the address of the page for rows that name none, `add` also takes in what rows say of known agreements.
    Nothing is written where there are faults or with `dry_run`. Raises Faults for a table or map that is none, OSError for a disk that fails.
    """
    said = mappings.read(mapping) if mapping else Mapping()
    said.source = source or said.source
    table = tables.read(path, said)
    with store.no_collector():
        return _imported(table, folder, dry_run, add)


def _imported(table: Table, folder: Path, dry_run: bool, add: bool) -> Report:
    work = _Import(table, folder)
    report = work.report
    work.reading.read()
    work.compare()
    files = work.files(add)
    work.examine(files)
    if not report.faults and not dry_run and files:
        report.written = writing.write(folder, work.beside.complete(files, report.hosts))
    report.added = add
    report.faults[:] = sorted(set(report.faults))
    return report


class _Import:
    """One import: the table, what is recorded already, and the report."""

    def __init__(self, table: Table, folder: Path) -> None:
        self.folder, self.beside = folder, Neighbours(folder)
        self.report = Report(table.path, ignored=table.ignored)
        self.names, self.recorded = self.beside.names, self.beside.recorded
        self.kind = load().kinds["agreements"]
        self.reading = Reading(table, self.beside.names, self.beside.lookup)
        self.reading.faults, self.fault = self.report.faults, self.reading.fault

    # ---- comparing --------------------------------------------------------------------------------

    def compare(self) -> None:
        """Sorts the rows into new, known and conflicting ones; a row that repeats another is a fault."""
        wrong = {f.line for f in self.report.faults}  # what else is wrong with such a row shows once it can be read
        taken = set(self.recorded.by_name)
        seen: dict[str, Row] = {}
        for row in self.reading.rows:
            record = self.recorded.match(row.data, row.name) if row.data.get("party") or row.name else None
            if record:
                row.name = record.name
                row.adds, row.differs = comparing.differences(record, row.data)
                (self.report.conflicting if row.differs else self.report.known).append(row)
            elif row.number not in wrong and self._whole(row):
                first = seen.setdefault(repr(sorted(row.data.items())), row)
                if first is not row:
                    self.fault(row, "title", f"repeats row {first.number}; delete one, or say with `group: COLUMN` in a map which rows are one treaty")
                    continue
                row.data = writing.entitled(row.data, self.names)
                row.name = self._named(row, taken)
                taken.add(row.name)
                self.report.new.append(row)

    def _whole(self, row: Row) -> bool:
        """Whether a new row has all that a record needs; what it lacks is a fault."""
        before = len(self.report.faults)
        for key in ("party", "type"):
            if not row.data.get(key) and key not in {k for k, c in row.cells.items() if c.text}:
                self.fault(
                    row, key, f"`{key}` is empty — {self.kind.fields[key].message}; fill the cell, or say it for all rows in a map: `constants: {{{key}: …}}`"
                )
        if not [s for s in row.sources if ":" in s]:
            self.fault(row, "source", "no page tells this; write its address in a column `source`, or give --source ADDRESS for the whole table")
        return len(self.report.faults) == before

    def _named(self, row: Row, taken: set[str]) -> str:
        """The record's name: the one that the table gives, else one of its values."""
        if row.name is None or row.name in taken:
            return writing.name(row.data, self.names, taken)
        folder, _, stem = row.name.rpartition("/")
        if folder not in ("", "agreements") or not NAME.match(stem):
            self.fault(row, "record", f"`{row.name}` is no name of a record; write agreements/2024-kaz-uzb-water (small letters, digits, hyphens)")
        return f"agreements/{stem}"

    # ---- writing ----------------------------------------------------------------------------------

    def files(self, add: bool) -> dict[str, str]:
        """Path below the folder → text of every record that is to be written."""
        found = {f"{row.name}.yaml": self._text(row, row.data, False) for row in self.report.new}
        for row in self.report.known if add else ():
            path = f"{row.name}.yaml"
            row.taken = path not in found and not (self.folder / path).exists() and any(":" in s for s in row.sources)
            if row.taken:
                found[path] = self._text(row, self._restated(row), True)
        return found

    def _restated(self, row: Row) -> Data:
        """The values of a row that its record has or may take: a title's other wording stays out."""
        record = self.recorded.by_name[row.name or ""]
        data = {k: v for k, v in row.data.items() if self.kind.fields[k].form not in ("date", "text")}
        for key, value in row.data.items():
            known = self.kind.fields[key]
            if known.form == "date" and record.data.get(key, value) == value:
                data[key] = value
            if known.form == "text" and (kept := {k: v for k, v in value.items() if record.data.get(key, {}).get(k, v) == v}):
                data[key] = kept
        return data

    def _text(self, row: Row, data: Data, adds: bool) -> str:
        shown = writing.plain(self.kind, data)
        supports = [{"supports": [k for k in shown if self.kind.fields[k].modality != "editorial"]}]
        record = {**({"adds": "true"} if adds else {}), **shown, "seen": datetime.date.today().isoformat()}
        record["sources"] = {source: supports for source in row.sources if ":" in source}
        return writing.text({**record, **({"because": row.because} if row.because else {})}, writing.hint(self.folder))

    # ---- the checks that every record passes ------------------------------------------------------

    def examine(self, files: dict[str, str]) -> None:
        """Checks what would be written beside all other records; a fault is told at the cell that its value comes from."""
        rows = {f"{row.name}.yaml": row for row in [*self.report.new, *self.report.known]}
        faults, self.report.hosts = self.beside.examine(files)
        for fault, path in faults:
            self.fault(rows[fault.path], path[0] if path else "", self._in_rows(fault.message))

    def _in_rows(self, message: str) -> str:
        """A message that names rows where it names records not yet written."""
        for row in self.report.new:
            if row.name and row.name in message:
                message = message.replace(row.name, f"row {row.number}")
        return message
