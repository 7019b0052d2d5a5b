"""What each row of a table says: its cells as the values of one agreement, every fault at its cell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from graph_builder import calendars, mappings, notations, records, tables
from graph_builder.faults import Fault
from graph_builder.lookups import Lookup
from graph_builder.notations import Unread
from graph_builder.questions import Names
from graph_builder.records import Data
from graph_builder.tables import Cell, Table
from graph_builder.terms import load


@dataclass(slots=True)
class Row:
    """One treaty of the table: its values and sources, the cells that they come from, and the record it is or becomes."""

    number: int
    data: Data = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    because: dict[str, str] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)
    name: str | None = None
    adds: list[str] = field(default_factory=list)
    differs: dict[str, tuple[str, str]] = field(default_factory=dict)
    taken: bool = False


class Reading:
    """The rows of a table; faults are gathered on the way."""

    def __init__(self, table: Table, names: Names, lookup: Lookup) -> None:
        self.table, self.mapping, self.names, self.lookup = table, table.mapping, names, lookup
        self.kind = load().kinds["agreements"]
        self.columns = {target.partition(".")[0]: column for column, target in reversed(table.targets.items())}
        self.rows: list[Row] = []
        self.faults: list[Fault] = []

    def fault(self, row: Row, key: str, message: str) -> None:
        """Notes a fault at the row's cell for a key, in the key's column where the cell is empty, else at the row's beginning."""
        cell, column = row.cells.get(key), self.columns.get(key)
        if cell:
            self.faults.append(self.table.fault(cell.row, cell.column, message))
        else:
            self.faults.append(self.table.fault(row.number, column, message) if column else Fault(self.table.path, row.number, 1, message))

    def read(self) -> None:
        """The rows with their values; what cannot be read is a fault at its cell."""
        grouped: dict[str, Row] = {}
        for cells in self.table.rows:
            key = next((c.text for c in cells if notations.fold(c.header) == notations.fold(self.mapping.group or "|")), None)
            row = grouped.get(key) if key else None
            if row is None:
                row = Row(cells[0].row)
                self.rows.append(row)
            if key:
                grouped[key] = row
            self._cells(row, cells)
        for row in self.rows:
            self._complete(row)

    def _cells(self, row: Row, cells: Iterable[Cell]) -> None:
        parts: dict[str, dict[str, Cell]] = {}
        for cell in cells:
            key, _, part = cell.target.partition(".")
            row.cells.setdefault(key, cell)
            try:
                if part in mappings.PARTS:
                    parts.setdefault(key, {})[part] = cell
                elif cell.target != tables.GROUP:
                    self._cell(row, cell, key, part)
            except Unread as error:
                self.faults.append(self.table.fault(cell.row, cell.column, str(error)))
        for key, found in parts.items():
            self._date(row, key, found)

    def _cell(self, row: Row, cell: Cell, key: str, part: str) -> None:
        if key == "record":
            row.name = cell.text.removeprefix(self.names.terms.base)
        elif key == "source":
            row.sources += [a for a in notations.addresses(cell.text) if a not in row.sources]
        elif key == "because":
            row.because[part] = " ".join(cell.text.split())
        else:
            self._take(row, cell, key, part, self._value(cell.value, key, part))

    def _value(self, value: object, key: str, part: str = "") -> Any:
        known = self.kind.fields[key]
        text = self.mapping.values.get(f"{key}.{part}" if part else key, {}).get(notations.fold(notations.clean(value)))
        if key == "signature":
            return {person: {} for person in self.lookup.references(text or notations.clean(value), ("people",))}
        found = self.lookup.value(known, text if text is not None else value, self.mapping.dates)
        return {part: [found] if known.form == "texts" else found} if part else found

    def _take(self, row: Row, cell: Cell, key: str, part: str, value: Any) -> None:
        """Puts a value into the row; two single values that differ are a fault."""
        has, known = row.data.get(key), self.kind.fields[key]
        same = has if not part or has is None else {part: has[part]} if part in has else None
        if same is not None and same != value and (known.single or known.form in ("text", "date")):
            self.faults.append(
                self.table.fault(cell.row, cell.column, f"one treaty, two values: row {row.number} has `{row.cells[key].text}`, this one `{cell.text}`")
            )
            return
        row.data[key] = value if has is None else records.merge(has, value)

    def _date(self, row: Row, key: str, parts: dict[str, Cell]) -> None:
        """A date that stands in a column for the year, one for the month and one for the day; 0 and less mean that it is not known."""
        numbers: list[str] = []
        cell = parts.get("year") or next(iter(parts.values()))
        try:
            for part in (p for p in mappings.PARTS if p in parts):
                cell = parts[part]
                if not re.fullmatch(r"-?[0-9]{1,4}", cell.text):
                    raise Unread(f"`{cell.text}` is no number of a {part}")
                if int(cell.text) <= 0 or len(numbers) != mappings.PARTS.index(part):
                    break
                numbers.append(cell.text.zfill(2))
            if numbers:
                self._take(row, parts["year"], key, "", calendars.date("-".join(numbers)))
        except Unread as error:
            self.faults.append(self.table.fault(cell.row, cell.column, str(error)))

    def _complete(self, row: Row) -> None:
        """What holds for all rows, and the form that a title begins with."""
        for target, value in self.mapping.constants.items():
            key, _, part = target.partition(".")
            if key == "source":
                row.sources = row.sources or notations.addresses(value)
            elif key not in row.data:
                try:
                    row.data[key] = self._value(value, key, part)
                except Unread as error:
                    self.faults.append(Fault(self.table.path, row.number, 1, f"the map's constant {target}: {error}"))
        if "type" not in row.data and "type" not in row.cells and (form := self.lookup.form(row.data.get("title", {}))):
            row.data["type"] = [form]
        if not row.sources and self.mapping.source and "source" not in row.cells:
            row.sources = [self.mapping.source]
