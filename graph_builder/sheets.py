"""The agreements as a spreadsheet: the columns of `accords query agreements`, safe to open."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from graph_builder.accords import Accords

SHEETS = ("agreements", "signatures")
"""Named questions whose answers are the sheets of a workbook; CSV holds the first."""
DAY = re.compile(r"\d{4}-\d\d-\d\d")
WIDTHS = {"title_en": 60, "title_ru": 60, "sources": 60, "agreement": 40, "parties": 16, "topics": 24}


def sheet(accords: Accords, form: str) -> bytes:
    """The agreements as CSV, or with their signatures as an XLSX workbook; what a program could take for a formula is text."""
    return _workbook(accords) if form == "xlsx" else _csv(accords)


def _rows(accords: Accords, question: str) -> Iterator[list[str]]:
    """The head, then a row an answer: names of records for their addresses, nothing for what is unknown."""
    results = accords.query(question).results
    if not isinstance(results, ox.QuerySolutions):
        raise TypeError(f"`{question}` answers with a graph, not with rows")
    yield [v.value for v in results.variables]
    for solution in results:
        yield ["" if value is None else accords.names.short(getattr(value, "value", str(value))) for value in solution]


def _csv(accords: Accords) -> bytes:
    from defusedcsv import csv

    out = io.StringIO(newline="")
    csv.writer(out).writerows(_rows(accords, SHEETS[0]))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _workbook(accords: Accords) -> bytes:
    import datetime

    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    book.set_properties({"title": "Central Asian accords", "created": datetime.datetime(2000, 1, 1)})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    for name in SHEETS:
        page = book.add_worksheet(name)
        last = (0, 0)
        for row, values in enumerate(_rows(accords, name)):
            for column, value in enumerate(values):
                if DAY.fullmatch(value):
                    page.write_datetime(row, column, datetime.datetime.fromisoformat(value), day)
                elif value:
                    page.write_string(row, column, value[:32_767], bold if row == 0 else None)
                if row == 0:
                    page.set_column(column, column, WIDTHS.get(value, 14))
            last = (row, len(values) - 1)
        page.freeze_panes(1, 1)
        page.autofilter(0, 0, *last)
    book.close()
    return out.getvalue()
