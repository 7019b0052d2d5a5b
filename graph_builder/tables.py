"""What a table holds: the cells of a CSV or XLSX file under the keys of a record, every one with its row and column."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from graph_builder.faults import Fault, Faults
from graph_builder.mappings import Mapping
from graph_builder.notations import clean, fold, lists
from graph_builder.terms import load, suggestion

LARGEST = 64 * 1024 * 1024
"""Bytes that a table may have at most."""
UNPACKED = 512 * 1024 * 1024
"""Bytes that the parts of a workbook may have at most."""
ROWS = 200_000
"""Rows that a table may have at most."""
GROUP = "group"
"""Target of a column that only tells which rows belong together."""
NUMBERED = re.compile(r"(.*?)(?: ?\d{1,3}| [a-e])$")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what stands in it, its row and column as a spreadsheet counts them, its target and its column's name."""

    value: object
    row: int
    column: int
    target: str
    header: str

    @property
    def text(self) -> str:
        """The cell as text."""
        return clean(self.value)


@dataclass(slots=True)
class Table:
    """The cells of each row, the columns by number that were taken, those left out, and where each target stands."""

    path: str
    rows: list[list[Cell]]
    headers: dict[int, str]
    targets: dict[int, str]
    ignored: list[str]
    mapping: Mapping

    def fault(self, row: int, column: int, message: str) -> Fault:
        """A fault at a cell; the message names the column and the cell."""
        header = self.headers.get(column)
        return Fault(self.path, row, column, f"column `{header}` ({letters(column)}{row}): {message}" if header else message)


def letters(column: int) -> str:
    """A column's letters in a spreadsheet.

    >>> letters(1), letters(28)
    ('A', 'AB')
    """
    return (letters((column - 1) // 26) if column > 26 else "") + chr(65 + (column - 1) % 26)


@cache
def known_columns() -> dict[str, str]:
    """Folded name of a column → what it tells."""
    return {fold(name): target for target, names in lists()["columns"].items() for name in [target, *names]}


@cache
def nothing() -> frozenset[str]:
    """What stands in a cell that says nothing, in small letters."""
    return frozenset(word.casefold() for word in lists()["empty"])


def read(path: Path, mapping: Mapping) -> Table:
    """A table's rows under the keys of an agreement. Raises Faults where it is none, OSError where it cannot be read."""
    grid = _grid(path, mapping)
    head = next((n for n, row in enumerate(grid) if sum(bool(clean(c)) for c in row) > 1), None)
    if head is None:
        raise Faults([Fault(str(path), 1, 1, "no table: no row has two filled cells, where the columns' names are expected")])
    headers = {n: clean(c) for n, c in enumerate(grid[head], 1) if clean(c)}
    body = [(n, row) for n, row in enumerate(grid[head + 1 :], head + 2) if any(clean(c) for c in row)]
    named = {n for n in headers if _names_records([clean(row[n - 1]) for _, row in body if n <= len(row)])}
    targets, ignored, faults = _targets(str(path), head + 1, headers, mapping, named)
    if faults:
        raise Faults(faults)
    rows = [
        [Cell(row[n - 1], number, n, t, headers[n]) for n, t in targets.items() if n <= len(row) and clean(row[n - 1]).casefold() not in nothing()]
        for number, row in body
    ]
    return Table(str(path), [r for r in rows if r], headers, targets, ignored, mapping)


def _targets(path: str, row: int, headers: dict[int, str], mapping: Mapping, named: set[int]) -> tuple[dict[int, str], list[str], list[Fault]]:
    """Column → target for every column that is taken; the names of those left out; faults of the head.

    `named` are the columns that hold names of records, as in this project's own exports.
    """
    given = {fold(name): target for name, target in mapping.columns.items()}
    targets: dict[int, str] = {}
    ignored, faults = [], []
    for name in mapping.columns:
        if fold(name) not in {fold(h) for h in headers.values()}:
            faults.append(Fault(path, row, 1, f"the map names a column `{name}` that the table has not{suggestion(name, headers.values())}"))
    for column, header in headers.items():
        target = given.get(fold(header), "record" if column in named else recognised(header))
        first = next((c for c, t in targets.items() if t == target), None)
        if target and first is not None and not _many(target):
            faults.append(
                Fault(
                    path,
                    row,
                    column,
                    f"columns `{headers[first]}` and `{header}` both look like `{target}`; say in a map which is meant: "
                    f'`columns: {{"{header}": }}` leaves one out',
                )
            )
        elif target or fold(header) == fold(mapping.group or "|"):
            targets[column] = target or GROUP
        elif fold(header) not in {fold(i) for i in lists()["idle"]} and fold(header) not in given:
            ignored.append(header)
    if mapping.group and fold(mapping.group) not in {fold(h) for h in headers.values()}:
        faults.append(Fault(path, row, 1, f"group: the table has no column `{mapping.group}`{suggestion(mapping.group, headers.values())}"))
    if not targets:
        faults.append(
            Fault(path, row, 1, f"no column is recognised among {', '.join(headers.values())}; name them as in docs/import.md, or give --map MAP.yaml")
        )
    return targets, ignored, faults


def recognised(header: str) -> str | None:
    """What a column of this name tells, if its name is known; `State 1` and `State_B` tell what `State` tells.

    >>> recognised("Дата подписания"), recognised("country2"), recognised("Shoe size")
    ('signed', 'party', None)
    """
    name = fold(header)
    numbered = NUMBERED.match(name)
    target = known_columns().get(name)
    return target or (
        known_columns().get(numbered[1]) if numbered and known_columns().get(numbered[1], "") in ("party", "source", "signature", "subject") else None
    )


def _many(target: str) -> bool:
    """Whether several columns may tell the same."""
    known = load().kinds["agreements"].fields.get(target)
    return target == "source" or bool(known and not known.single and known.form in ("reference", "term", "string", "nested"))


def _names_records(values: Sequence[str]) -> bool:
    """Whether a column holds names or addresses of recorded agreements and nothing else."""
    return any(values) and all(re.search(r"(^|/)agreements/[a-z0-9-]+$", v) for v in values if v)


# ---- files -----------------------------------------------------------------------------------------


def _grid(path: Path, mapping: Mapping) -> list[list[Any]]:
    raw = path.read_bytes()
    if len(raw) > LARGEST:
        raise Faults([Fault(str(path), 1, 1, f"{len(raw):,} bytes: a table has at most {LARGEST:,}; split it")])
    grid = _workbook(path, raw, mapping.sheet) if raw[:4] == b"PK\x03\x04" else _text(path, raw)
    if len(grid) > ROWS:
        raise Faults([Fault(str(path), ROWS + 1, 1, f"{len(grid):,} rows: a table has at most {ROWS:,}; split it")])
    return grid


def _workbook(path: Path, raw: bytes, sheet: str | None) -> list[list[Any]]:
    import python_calamine

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            if sum(i.file_size for i in parts.infolist()) > UNPACKED:
                raise Faults([Fault(str(path), 1, 1, f"the workbook unpacks to more than {UNPACKED:,} bytes; save the sheet as CSV")])
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        name = sheet or book.sheet_names[0]
        if name not in book.sheet_names:
            raise Faults([Fault(str(path), 1, 1, f"no sheet `{name}`{suggestion(name, book.sheet_names)}; it has: {', '.join(book.sheet_names)}")])
        found = book.get_sheet_by_name(name)
        above, left = found.start or (0, 0)
        return [[] for _ in range(above)] + [[""] * left + row for row in found.to_python(skip_empty_area=True)]
    except (python_calamine.CalamineError, zipfile.BadZipFile, IndexError, ValueError) as error:
        raise Faults([Fault(str(path), 1, 1, f"no workbook that can be read ({error}); save it anew as .xlsx or as CSV")]) from None


def _text(path: Path, raw: bytes) -> list[list[str]]:
    content = _decoded(path, raw)
    line = content.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=line.count)
    try:
        return [list(row) for row in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)]
    except csv.Error as error:
        raise Faults([Fault(str(path), _broken(content, delimiter), 1, f'no CSV: {error}; a cell with quotes or line ends is written "…"')]) from None


def _broken(content: str, delimiter: str) -> int:
    """The row at which CSV cannot be read on."""
    count = 0
    try:
        for _ in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True):
            count += 1
    except csv.Error:
        pass
    return count + 1


def _decoded(path: Path, raw: bytes) -> str:
    """The text of a CSV file: UTF-8, UTF-16 with its mark, or Windows-1251 where that makes the Russian columns known."""
    try:
        return raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\x00" not in raw and any(re.search("[а-я]", h) and recognised(h) for h in re.split("[,;\t]", raw.split(b"\n")[0].decode("cp1251", "replace"))):
            return raw.decode("cp1251", "replace")
        row = raw.count(b"\n", 0, error.start) + 1
        raise Faults(
            [Fault(str(path), row, 1, "neither UTF-8 text nor an .xlsx workbook; in the spreadsheet program save it as “CSV UTF-8” or .xlsx")]
        ) from None
