"""The agreements as a spreadsheet that is safe to open and can come in again."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest
import python_calamine

from graph_builder import importing, sheets, store
from graph_builder.accords import Accords

SMALL = Path(__file__).parent / "small"
COLUMNS = ["agreement", "title_en", "title_ru", "form", "parties", "signed", "place", "in_force", "topics", "sources"]


def test_csv_has_a_row_an_agreement_with_the_columns_of_the_question(small: Accords) -> None:
    rows = list(csv.reader(io.StringIO(sheets.sheet(small, "csv").decode("utf-8-sig"), newline="")))
    assert rows[0] == COLUMNS
    assert len(rows) - 1 == len(list((SMALL / "agreements").glob("*.yaml")))
    allied = next(r for r in rows if r[0] == "agreements/2022-kaz-uzb-allied-relations")
    assert (allied[4], allied[5], allied[6]) == ("KAZ|UZB", "2022-12-22", "Tashkent")


def test_a_workbook_has_agreements_and_signatures_with_true_dates(small: Accords) -> None:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sheets.sheet(small, "xlsx")))
    assert book.sheet_names == list(sheets.SHEETS)
    rows = book.get_sheet_by_name("agreements").to_python()
    assert rows[0] == COLUMNS
    assert {type(r[5]).__name__ for r in rows[1:] if r[5]} <= {"date", "datetime", "str"}
    assert any(type(r[5]).__name__ == "date" for r in rows[1:])


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_same_graph_gives_the_same_bytes(small: Accords, form: str) -> None:
    assert sheets.sheet(small, form) == sheets.sheet(small, form)


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_title_that_looks_like_a_formula_is_text(tmp_path: Path, start: str) -> None:
    mine = Path(shutil.copytree(SMALL, tmp_path / "mine"))
    path = mine / "agreements" / "2013-kaz-uzb-strategic-partnership.yaml"
    lines = [f'  en: "{start}HYPERLINK(1)"' if line.startswith("  en:") else line for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = store.collect([mine])
    graph = Accords(store.fill(found.terms, store.mapped(found)[0]))
    titles = [r[1] for r in csv.reader(io.StringIO(sheets.sheet(graph, "csv").decode("utf-8-sig"), newline=""))]
    assert f"'{start}HYPERLINK(1)" in titles
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sheets.sheet(graph, "xlsx")))
    assert any(r[1] == f"{start}HYPERLINK(1)" for r in book.get_sheet_by_name("agreements").to_python())


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_was_exported_comes_in_as_known(small: Accords, tmp_path: Path, form: str) -> None:
    mine = Path(shutil.copytree(SMALL, tmp_path / "mine"))
    path = tmp_path / f"out.{form}"
    path.write_bytes(sheets.sheet(small, form))
    report = importing.import_table(path, mine)
    assert (report.code, len(report.new), len(report.conflicting)) == (0, 0, 0), report.text()
    assert len(report.known) == len(list((SMALL / "agreements").glob("*.yaml")))
