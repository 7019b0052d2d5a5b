"""A spreadsheet becomes records: every notation, every fault at its cell, all rows or none."""

from __future__ import annotations

import contextlib
import csv
import datetime
import os
import random
import shutil
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_builder import accords, calendars, importing, mappings, neighbours, notations, records, rows, tables
from graph_builder.faults import Faults

SMALL = Path(__file__).parent / "small"
HEAD = ("Title", "Parties", "Date of signing", "Place", "Type", "Entry into force", "URL")
PAGE = "https://example.org/treaties/1"
SEEDS = ("Agreement on seeds", "Kazakhstan; Uzbekistan", "3 May 2024", "Tashkent", "agreement", "", PAGE)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "mine"))


@pytest.fixture(scope="module")
def beside() -> neighbours.Neighbours:
    return neighbours.Neighbours(SMALL)


def table(folder: Path, *rows: tuple[object, ...], head: tuple[str, ...] = HEAD, name: str = "treaties.csv", delimiter: str = ",") -> Path:
    with (folder / name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows([head, *rows])
    return folder / name


def places(report: importing.Report) -> list[tuple[int, int]]:
    return [(f.line, f.column) for f in report.faults]


def changed(row: tuple[object, ...], **values: object) -> tuple[object, ...]:
    return tuple(values.get(name.split()[0].lower(), cell) for name, cell in zip(HEAD, row, strict=True))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2022-12-22", "2022-12-22"),
        ("2022-12", "2022-12"),
        ("2022", "2022"),
        ("22.12.2022", "2022-12-22"),
        ("12.2022", "2022-12"),
        ("31/12/2020", "2020-12-31"),
        ("12/31/2020", "2020-12-31"),
        ("5/5/2020", "2020-05-05"),
        ("22 December 2022", "2022-12-22"),
        ("December 22, 2022", "2022-12-22"),
        ("22-Dec-2022", "2022-12-22"),
        ("22 декабря 2022 г.", "2022-12-22"),
        ("декабрь 2022 года", "2022-12"),
        ("2022-yil 22-dekabr", "2022-12-22"),
        ("2022 жылғы 22 желтоқсан", "2022-12-22"),
        (44917, "2022-12-22"),
        (44917.0, "2022-12-22"),
        (datetime.date(2022, 12, 22), "2022-12-22"),
        (datetime.datetime(2022, 12, 22), "2022-12-22"),
        (1997, "1997"),
        ("2022-12-22T00:00:00", "2022-12-22"),
        ("20221222", "2022-12-22"),
        ("22\u00a0December\u00a02022", "2022-12-22"),
    ],
)
def test_dates_in_the_usual_notations_are_read(written: object, meant: str) -> None:
    assert calendars.date(written) == meant


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("03/04/2020", "may be 2020-04-03 or 2020-03-04"),
        ("31.02.2020", "no day of the calendar"),
        ("22 Decembr 2022", "did you mean `22 december 2022`"),
        ("2022-22-12", "did you mean `2022-12-22`"),
        ("soon", "no date"),
        ("22.12.22", "no date"),
        ("1650", "outside 1900 to 2100"),
        ("1 May 2 June 2020", "no date"),
        ("²", "no date"),
    ],
)
def test_a_date_that_is_none_or_could_be_two_is_refused_with_a_guess(written: str, told: str) -> None:
    with pytest.raises(notations.Unread, match=None) as caught:
        calendars.date(written)
    assert told in str(caught.value)


def test_an_order_of_day_and_month_said_in_the_map_settles_what_could_be_two_dates() -> None:
    assert calendars.date("03/04/2020", "dmy") == "2020-04-03"
    assert calendars.date("03/04/2020", "mdy") == "2020-03-04"


@pytest.mark.parametrize(
    "written",
    [
        "Kazakhstan | Uzbekistan",
        "KAZ;UZB",
        "Казахстан, Узбекистан",
        "Қазақстан / Oʻzbekiston",
        "KZ; UZ",
        "Republic of Kazakhstan and Republic of Uzbekistan",
        "O'zbekiston; kazakhstan",
        "states/kazakhstan|states/uzbekistan",
        "Kasachstan; Usbekistan",
    ],
)
def test_states_are_known_by_name_in_any_language_and_by_code(mine: Path, tmp_path: Path, written: str) -> None:
    report = importing.import_table(table(tmp_path, changed(SEEDS, parties=written)), mine, dry_run=True)
    assert not report.faults, report.text()
    assert sorted(report.new[0].data["party"]) == ["states/kazakhstan", "states/uzbekistan"]


def test_a_row_becomes_a_record_that_passes_every_check(mine: Path, tmp_path: Path) -> None:
    report = importing.import_table(table(tmp_path, SEEDS), mine)
    assert (report.code, len(report.new)) == (0, 1), report.text()
    path = mine / "agreements" / "2024-kaz-uzb-seeds.yaml"
    assert path in report.written
    assert "descriptive: [ru]" in path.read_text(encoding="utf-8")
    assert accords.check([path])[0] == []


def test_a_host_that_nobody_knows_gets_a_publisher_of_unknown_kind(mine: Path, tmp_path: Path) -> None:
    report = importing.import_table(table(tmp_path, changed(SEEDS, url="https://treaties.example.net/7")), mine)
    assert report.hosts == ["treaties.example.net"]
    assert "treaties.example.net: {kind: unknown" in (mine / "publishers.yaml").read_text(encoding="utf-8")
    assert "say who publishes it" in report.text()


@pytest.mark.parametrize(
    ("values", "column", "told"),
    [
        ({"date": "31.02.2024"}, 3, "(C2)"),
        ({"parties": "Kazakstan; UZB"}, 2, "did you mean `Kazakhstan`"),
        ({"parties": "Chad"}, 2, "(TCD) has no record"),
        ({"parties": ""}, 2, "`party` is empty"),
        ({"place": "Tashkint"}, 4, "did you mean `Tashkent`"),
        ({"type": "agrement"}, 5, "did you mean `agreement`"),
        ({"entry": "1999"}, 6, "lies before signed"),
        ({"url": "example.org/1"}, 7, "did you mean `https://example.org/1`"),
        ({"url": ""}, 7, "--source ADDRESS"),
        ({"title": "", "type": ""}, 5, "constants: {type"),
    ],
)
def test_a_fault_is_told_at_its_cell_with_a_guess_and_nothing_is_written(mine: Path, tmp_path: Path, values: dict[str, str], column: int, told: str) -> None:
    before = sorted(mine.rglob("*"))
    report = importing.import_table(table(tmp_path, changed(SEEDS, **values)), mine)
    assert places(report) == [(2, column)], report.text()
    assert told in report.text()
    assert "nothing was written" in report.text()
    assert sorted(mine.rglob("*")) == before


def test_a_dry_run_writes_nothing(mine: Path, tmp_path: Path) -> None:
    before = sorted(mine.rglob("*"))
    report = importing.import_table(table(tmp_path, SEEDS), mine, dry_run=True)
    assert (len(report.new), report.written, sorted(mine.rglob("*"))) == (1, [], before)


def test_one_bad_row_keeps_all_rows_out(mine: Path, tmp_path: Path) -> None:
    report = importing.import_table(table(tmp_path, SEEDS, changed(SEEDS, title="Agreement on bees", date="never")), mine)
    assert report.code == 1
    assert not list(mine.glob("agreements/2024*"))


def test_a_disk_that_fails_leaves_nothing_behind(mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [changed(SEEDS, title=f"Agreement on {what}", date=f"2024-0{n}-01") for n, what in enumerate(("bees", "wool", "maps"), 1)]
    before = {p: p.read_bytes() for p in mine.rglob("*") if p.is_file()}
    replace, calls = os.replace, []

    def failing(one: Path, other: Path) -> None:
        calls.append(other)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        replace(one, other)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(OSError, match="No space"):
        importing.import_table(table(tmp_path, *rows), mine)
    assert {p: p.read_bytes() for p in mine.rglob("*") if p.is_file()} == before


def test_what_is_recorded_is_told_as_known_conflicting_or_new(mine: Path, tmp_path: Path) -> None:
    known = ("Treaty on Allied Relations between Kazakhstan and Uzbekistan", "KAZ; UZB", "22.12.2022", "Ташкент", "treaty", "", PAGE)
    report = importing.import_table(table(tmp_path, known, changed(known, date="21.12.2022"), SEEDS), mine, dry_run=True)
    assert [(r.number, r.name) for r in report.known] == [(2, "agreements/2022-kaz-uzb-allied-relations")]
    assert report.conflicting[0].differs == {"signed": ("2022-12-22", "2022-12-21")}
    assert "row 3 conflicts with agreements/2022-kaz-uzb-allied-relations: signed: the record has 2022-12-22, the table 2022-12-21" in report.text()
    assert [r.number for r in report.new] == [4]


def test_add_takes_in_what_a_row_says_of_a_known_agreement(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    known = ("Treaty on Allied Relations", "KAZ; UZB", "22.12.2022", "Tashkent", "treaty", "", PAGE)
    report = importing.import_table(table(tmp_path, known), own, add=True)
    assert report.code == 0, report.text()
    written = own / "agreements" / "2022-kaz-uzb-allied-relations.yaml"
    assert written.read_text(encoding="utf-8").startswith("adds: true\n")
    assert accords.check([written], [own])[0] == []
    assert "it adds nothing but its source" in report.text()
    again = importing.import_table(table(tmp_path, known), own, add=True)
    assert (again.written, "left out: your folder has such a record already" in again.text()) == ([], True)


def test_the_same_table_again_is_all_known(mine: Path, tmp_path: Path) -> None:
    path = table(tmp_path, SEEDS, changed(SEEDS, title="Agreement on wool", date="2024-07"))
    assert len(importing.import_table(path, mine).new) == 2
    again = importing.import_table(path, mine)
    assert (len(again.new), len(again.known), again.written) == (0, 2, [])


def test_a_row_that_repeats_another_is_a_fault(mine: Path, tmp_path: Path) -> None:
    report = importing.import_table(table(tmp_path, SEEDS, SEEDS), mine)
    assert places(report) == [(3, 1)]
    assert "repeats row 2" in report.text()


def test_russian_columns_semicolons_and_windows_1251_are_read(mine: Path, tmp_path: Path) -> None:
    path = tmp_path / "dogovory.csv"
    path.write_bytes(
        "Название;Стороны;Дата подписания;Место;Источник\nСоглашение о семенах;Казахстан, Узбекистан;3 мая 2024 г.;Ташкент;https://example.org/1\n".encode(
            "cp1251"
        )
    )
    report = importing.import_table(path, mine)
    assert report.code == 0, report.text()
    assert report.new[0].data["title"]["ru"] == "Соглашение о семенах"
    assert report.new[0].data["type"] == ["agreement"]


def test_a_workbook_with_true_dates_and_rows_above_its_head_is_read(mine: Path, tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "treaties.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("2024")
        page.write(1, 1, "Treaties of 2024")
        page.write_row(3, 1, ["Treaty", "State A", "State B", "Signed", "Link"])
        page.write_row(4, 1, ["Agreement on seeds", "KAZ", "Узбекистан"])
        page.write_datetime(4, 4, datetime.datetime(2024, 5, 3), book.add_format({"num_format": "dd.mm.yyyy"}))
        page.write_string(4, 5, PAGE)
        page.write_row(5, 1, ["Agreement on wool", "KAZ", "Uzbekistn", 45000, PAGE])
    report = importing.import_table(path, mine)
    assert places(report) == [(6, 4)]
    assert "`State B` (D6)" in report.text()


def test_dates_in_three_columns_and_codes_of_states_come_in_by_a_map(mine: Path, tmp_path: Path) -> None:
    path = table(tmp_path, ("1", "702; 705", 2024, 5, 3), ("2", "705; 704", 2023, 0, 0), head=("atopid", "mem1", "begyr", "begmo", "begday"))
    said = tmp_path / "map.yaml"
    said.write_text("values:\n  party: {'702': TJK}\n", encoding="utf-8")
    report = importing.import_table(path, mine, said, source="https://example.org/atop")
    assert (2, 2) in places(report)
    said.write_text("constants: {type: treaty}\nvalues:\n  party: {'702; 705': TJK|KAZ, '705; 704': KAZ|UZB}\n", encoding="utf-8")
    report = importing.import_table(path, mine, said, source="https://example.org/atop")
    assert report.code == 0, report.text()
    assert [r.data["signed"] for r in report.new] == ["2024-05-03", "2023"]


def test_rows_of_one_treaty_are_put_together_by_the_column_that_the_map_names(mine: Path, tmp_path: Path) -> None:
    rows = [
        ("7", "Kazakhstan", "Kyrgyzstan", "Agreement on bees", "2024"),
        ("7", "Kazakhstan", "Tajikistan", "Agreement on bees", "2024"),
        ("8", "KAZ", "UZB", "Agreement on wool", "2023"),
    ]
    path = table(tmp_path, *rows, head=("number", "country1", "country2", "name", "year"))
    said = tmp_path / "map.yaml"
    said.write_text("group: number\nsource: https://example.org/desta\n", encoding="utf-8")
    report = importing.import_table(path, mine, said)
    assert report.code == 0, report.text()
    assert [len(r.data["party"]) for r in report.new] == [3, 2]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("colums: {A: party}", "did you mean `columns`"),
        ("columns: {A: partys}", "did you mean `party`"),
        ("columns: {A: title}", "wants a language"),
        ("dates: ymd", "write dmy"),
        ("columns: {Z: party}", "has not"),
        ("source: example.org", "no address"),
        ("columns: [", "not YAML"),
        ("constants: {signature: x}\ncolumns: {A: consent}", "no key"),
    ],
)
def test_a_faulty_map_is_told_with_its_line(tmp_path: Path, content: str, told: str) -> None:
    said = tmp_path / "map.yaml"
    said.write_text(content, encoding="utf-8")
    path = table(tmp_path, ("x", "y"), head=("A", "B"))
    with pytest.raises(Faults) as caught:
        tables.read(path, mappings.read(said))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "no table"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"PK\x03\x04 nothing", "no workbook"),
        (b"Title\xe9,Parties\nx,y\n", "CSV UTF-8"),
        (b'a,b\n"x,y\n', "no CSV"),
        (b"colour,weight\nred,3\n", "no column is recognised"),
        (b"Title,Name\nx,y\n", "both look like"),
        (b"\x00\x01\x02", ""),
    ],
)
def test_what_is_no_table_is_refused_in_plain_words(mine: Path, tmp_path: Path, raw: bytes, told: str) -> None:
    path = tmp_path / "treaties.csv"
    path.write_bytes(raw)
    with pytest.raises(Faults) as caught:
        importing.import_table(path, mine)
    assert told in str(caught.value)


def test_formulas_and_invisible_characters_do_no_harm(mine: Path, tmp_path: Path) -> None:
    report = importing.import_table(table(tmp_path, changed(SEEDS, title="=HYPERLINK(1) Agree\u202ement: on {seeds} [x] #1\u200b & 'y'")), mine)
    assert report.code == 0, report.text()
    assert report.new[0].data["title"]["en"] == "=HYPERLINK(1) Agreement: on {seeds} [x] #1 & 'y'"


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.none(), st.dates(), st.booleans()))
def test_no_cell_breaks_the_reading_of_dates(cell: object) -> None:
    with contextlib.suppress(notations.Unread):
        assert records.date_problem(calendars.date(cell)) is None


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=200).map(lambda b: b"PK\x03\x04" + b),
        st.text(alphabet='ab,;"\t\n=Title Стороны', max_size=200).map(str.encode),
    )
)
def test_no_file_breaks_the_reading_of_tables(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "treaties.csv"
        path.write_bytes(raw)
        with contextlib.suppress(Faults):
            assert tables.read(path, mappings.Mapping()).targets


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=30), min_size=7, max_size=7))
def test_no_row_breaks_the_import(beside: neighbours.Neighbours, cells: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = tables.read(table(Path(folder), SEEDS, tuple(cells)), mappings.Mapping())
        except Faults:
            return
        reading = rows.Reading(found, beside.names, beside.lookup)
        reading.read()
        assert all(f.line in (2, 3) for f in reading.faults)


# ---- the examples of docs/import.md --------------------------------------------------------------------

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"


@pytest.mark.parametrize(
    ("name", "said", "new", "known"),
    [("unts-like", "unts-map", 3, 1), ("desta-like", "desta-map", 2, 0), ("atop-like", "atop-map", 2, 0), ("dogovory", None, 2, 0)],
)
def test_the_examples_of_the_guide_come_in(tmp_path: Path, name: str, said: str | None, new: int, known: int) -> None:
    (own := tmp_path / "own").mkdir()
    report = importing.import_table(EXAMPLES / f"{name}.csv", own, EXAMPLES / f"{said}.yaml" if said else None)
    assert (len(report.new), len(report.known), report.code) == (new, known, 0), report.text()
    assert accords.check(report.written, [own])[0] == []


# ---- a large table -----------------------------------------------------------------------------------

WORDS = [
    "water",
    "gas",
    "roads",
    "culture",
    "bees",
    "fishing",
    "wool",
    "maps",
    "film",
    "chess",
    "radio",
    "seeds",
    "dams",
    "posts",
    "ships",
    "salt",
    "tea",
    "silk",
    "music",
    "sport",
]
FAULTS = [
    ("Date of signing", "31.02.2020"),
    ("Date of signing", "03/04/2020"),
    ("Date of signing", "soon"),
    ("Parties", "Kazakstan; KGZ"),
    ("Parties", "Atlantis"),
    ("Parties", ""),
    ("Type", "agrement"),
    ("Place", "Tashkint"),
    ("Entry into force", "1950"),
    ("URL", "example.org/x"),
    ("URL", ""),
]


def large(count: int) -> list[list[str]]:
    chance = random.Random(6)
    rows = []
    for n in range(count):
        day = datetime.date(1992, 1, 1) + datetime.timedelta(n % 12_000)
        parties = "; ".join(chance.sample(["Kazakhstan", "Узбекистан", "KGZ", "TJ", "Türkmenistan"], 2))
        signed = chance.choice([day.isoformat(), day.strftime("%d.%m.%Y"), f"{day.day} {day.strftime('%B')} {day.year}"])
        force = (day + datetime.timedelta(90)).isoformat() if n % 3 == 0 else ""
        rows.append(
            [
                f"Agreement {n} on {' '.join(chance.sample(WORDS, 3))}",
                parties,
                signed,
                chance.choice(["Tashkent", "Астана", ""]),
                "Agreement",
                force,
                f"https://example.org/treaties/{n}",
            ]
        )
    return rows


def test_ten_thousand_rows_with_a_hundred_faults_are_told_in_half_a_minute(tmp_path: Path) -> None:
    rows, planted = large(10_000), set()
    for n, at in enumerate(random.Random(7).sample(range(10_000), 100)):
        header, value = FAULTS[n % len(FAULTS)]
        rows[at][HEAD.index(header)] = value
        planted.add((at + 2, HEAD.index(header) + 1))
    (own := tmp_path / "own").mkdir()
    start, used = time.monotonic(), time.process_time()
    report = importing.import_table(table(tmp_path, *map(tuple, rows)), own)
    print(f"10,000 rows with 100 faults: {time.monotonic() - start:.1f} s, {time.process_time() - used:.1f} s of the processor")
    assert set(places(report)) == planted
    assert not list(own.iterdir())
    assert time.process_time() - used < 30


def test_ten_thousand_rows_are_written_in_half_a_minute(tmp_path: Path) -> None:
    (own := tmp_path / "own").mkdir()
    start, used = time.monotonic(), time.process_time()
    report = importing.import_table(table(tmp_path, *map(tuple, large(10_000))), own)
    print(f"10,000 rows written: {time.monotonic() - start:.1f} s, {time.process_time() - used:.1f} s of the processor")
    assert report.code == 0, report.text()[:2000]
    assert len(list((own / "agreements").glob("*.yaml"))) == len(report.new) == 10_000
    assert time.process_time() - used < 30
