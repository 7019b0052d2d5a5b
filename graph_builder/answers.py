"""How an answer leaves: through the engine's own serialisers, or as a table that a person reads."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pyoxigraph as ox

from graph_builder.questions import Names
from graph_builder.terms import load

if TYPE_CHECKING:
    import pandas

SOLUTIONS = {
    "csv": ox.QueryResultsFormat.CSV, "tsv": ox.QueryResultsFormat.TSV, "json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML,
}  # fmt: skip
GRAPHS = {
    "turtle": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD, "nt": ox.RdfFormat.N_TRIPLES, "xml": ox.RdfFormat.RDF_XML, "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}  # fmt: skip
FORMATS = ("table", "csv", "tsv", "json", "xml", "markdown", "turtle", "jsonld")
SHOWN = 200
"""Rows that a table shows at most."""
SHORT = 14
"""Characters up to which a column is never broken: dates, codes, numbers."""
Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


class Unfit(Exception):
    """An answer that has no such format; the message names those it has."""


def serialise(results: Results, form: str) -> bytes:
    """An answer in a machine's format. Raises Unfit where rows are asked for as a graph or a graph as rows."""
    if isinstance(results, ox.QueryTriples):
        if form not in GRAPHS:
            raise Unfit(f"this question answers with a graph; choose turtle, jsonld or xml, not {form}")
        prefixes = load().prefixes() if form in ("turtle", "xml", "trig") else None
        return ox.serialize(results, format=GRAPHS[form], prefixes=prefixes) or b""
    if form not in SOLUTIONS or (isinstance(results, ox.QueryBoolean) and form in ("csv", "tsv")):
        if isinstance(results, ox.QueryBoolean) and form in ("csv", "tsv"):
            return f"{str(bool(results)).lower()}\n".encode()
        raise Unfit(f"this question answers with rows; choose csv, tsv, json, xml or markdown, not {form}")
    if isinstance(results, ox.QuerySolutions) and form == "csv":
        return comma_separated(results)
    return results.serialize(format=SOLUTIONS[form]) or b""


def comma_separated(results: ox.QuerySolutions) -> bytes:
    """Rows as SPARQL 1.1 CSV; the engine's own writer leaves an address with a comma in it without quotes.

    >>> comma_separated(ox.Store().query("SELECT * { VALUES ?page { <http://x/a,b> UNDEF } }"))
    b'page\\r\\n"http://x/a,b"\\r\\n""\\r\\n'
    """
    lines = [",".join(variable.value for variable in results.variables)]
    plain = (ox.NamedNode, ox.Literal)
    for row in results:
        values = [value.value if value.__class__ in plain else "" if value is None else str(value) for value in row]
        line = ",".join(values)
        if line.count(",") >= len(values) or '"' in line or "\n" in line or "\r" in line or not line:
            line = ",".join(map(_quoted, values)) or '""'
        lines.append(line)
    return "\r\n".join([*lines, ""]).encode()


def _quoted(value: str) -> str:
    """A value as a cell of RFC 4180, which has quotation marks where it must."""
    return '"' + value.replace('"', '""') + '"' if any(mark in value for mark in ',"\n\r') else value


def rows(results: ox.QuerySolutions, names: Names, language: str) -> Iterator[list[str]]:
    """The rows as people read them: names in a language for IRIs, nothing for what is unknown."""
    for solution in results:
        yield ["" if value is None else text(value, names, language) for value in solution]


def text(value: object, names: Names, language: str) -> str:
    """One value as people read it; several values in one cell stand apart by `|` and become names too.

    >>> text(ox.Literal("1997-01-10"), Names(ox.Store()), "en")
    '1997-01-10'
    """
    if isinstance(value, ox.NamedNode):
        return names.label(value.value, language)
    if isinstance(value, ox.Literal):
        parts = value.value.split("|")
        return "; ".join(names.label(p, language) if p.startswith(names.terms.base) else p for p in parts)
    return str(value)


def table(results: Results, names: Names, language: str, width: int, columns: Sequence[str] = ()) -> str:
    """An answer for a terminal of `width` columns; says so where it shows only a part of the rows or columns."""
    if isinstance(results, ox.QueryBoolean):
        return ("yes" if results else "no") + "\n"
    if isinstance(results, ox.QueryTriples):
        lines = [" ".join(names.label(getattr(t, "value", str(t)), language) for t in triple) for triple in results]
        return "\n".join(sorted(lines)) + "\n"
    from rich import box
    from rich.console import Console
    from rich.table import Table

    every = [v.value for v in results.variables]
    wanted = [every.index(c) for c in columns if c in every] or list(range(len(every)))
    found = [[row[n] for n in wanted] for row in rows(results, names, language)]
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for place, n in enumerate(wanted):
        grid.add_column(every[n].replace("_", " "), overflow="fold", no_wrap=all(len(row[place]) <= SHORT for row in found))
    for row in found[:SHOWN]:
        grid.add_row(*row)
    out = Console(file=io.StringIO(), width=width, highlight=False, markup=False, emoji=False, no_color=True)
    out.print(grid)
    shown = f"{len(found):,} row{'' if len(found) == 1 else 's'}" if len(found) <= SHOWN else f"{SHOWN} of {len(found):,} rows shown; `-f csv` gives all"
    if len(wanted) < len(every):
        shown += f"; left out here: {', '.join(c for n, c in enumerate(every) if n not in wanted)} (`-f csv` has all columns)"
    return "\n".join(line.rstrip() for line in out.file.getvalue().rstrip("\n").split("\n")) + f"\n\n{shown}\n"  # type: ignore[attr-defined]


def markdown(results: Results, names: Names, language: str) -> str:
    """An answer as a Markdown table. Raises Unfit for a graph."""
    if not isinstance(results, ox.QuerySolutions):
        raise Unfit("only rows can be shown as markdown")
    head = [v.value for v in results.variables]
    lines = [head, ["---"] * len(head), *([_cell(c) for c in row] for row in rows(results, names, language))]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(value: str) -> str:
    return value.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def frame(results: Results) -> pandas.DataFrame:
    """The rows as a pandas DataFrame with real types: whole dates, integers, truth values; partial dates stay text."""
    import pandas

    if not isinstance(results, ox.QuerySolutions):
        raise Unfit("only rows can become a DataFrame")
    names = [v.value for v in results.variables]
    found = pandas.DataFrame([[_value(v) for v in solution] for solution in results], columns=names, dtype=object)
    for name in names:
        values = found[name].dropna()
        if len(values) and all(hasattr(v, "year") for v in values):
            found[name] = pandas.to_datetime(found[name])
        elif len(values) and all(isinstance(v, int) for v in values):
            found[name] = found[name].astype("Int64")
    return found


def _value(value: object) -> object:
    import datetime

    if isinstance(value, ox.Literal):
        kind = value.datatype.value.rpartition("#")[2]
        if kind == "date":
            return datetime.date.fromisoformat(value.value)
        if kind == "integer":
            return int(value.value)
        if kind in ("decimal", "double"):
            return float(value.value)
        return value.value == "true" if kind == "boolean" else value.value
    return getattr(value, "value", None)
