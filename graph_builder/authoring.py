"""What the command `accords` offers to those who add records; it only calls."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from graph_builder.terminal import DATA, emit, explained


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--lang", metavar="LANG", help="Language of the text (default: found out).")
@click.option("-f", "--format", "form", type=click.Choice(["yaml", "json"]), default="yaml", help="Drafts of records, or all that was found [yaml].")
@click.option("--review", is_flag=True, help="Go over the drafts here and keep what you accept.")
@click.option("--into", type=click.Path(path_type=Path), metavar="DIR", help="Folder of your own records, for --review.")
@DATA
def extract(file: Path, lang: str | None, form: str, review: bool, into: Path | None, data: tuple[Path, ...]) -> None:
    """Drafts records from an article: every value with the words that say so."""
    from graph_builder import articles

    with explained():
        if not review:
            emit(articles.extract(file, lang, form, data))
        else:
            from graph_builder import reviewing

            click.echo("\n".join(str(path) for path in reviewing.review(file, lang, data, into, tell=click.echo)))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
def init(folder: Path) -> None:
    """Makes a folder of your own records beside the shipped ones, with a template and an editor schema."""
    from graph_builder import folders

    with explained():
        for path in folders.init(folder):
            click.echo(str(path))


@click.group()
def new() -> None:
    """Writes one record by hand."""


@new.command()
@DATA
def agreement(data: tuple[Path, ...]) -> None:
    """Asks for an agreement in the terminal and writes a valid record into your folder."""
    from graph_builder import drafting, folders

    with explained():
        written = drafting.new_agreement(folders.target(data), tell=click.echo)
    click.echo(str(written) if written else "nothing was written")


@click.command("import")
@click.argument("table", type=click.Path(path_type=Path), metavar="TABLE.csv|.xlsx")
@click.option("--map", "mapping", type=click.Path(path_type=Path), metavar="MAP.yaml", help="What the columns are, where their names do not tell.")
@click.option("--source", metavar="ADDRESS", help="The page for rows that name none.")
@click.option("--add", is_flag=True, help="Also take in what rows say of agreements that have a record.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be written.")
@DATA
def import_(table: Path, mapping: Path | None, source: str | None, add: bool, dry_run: bool, data: tuple[Path, ...]) -> None:
    """Makes a record of each row of a table: all rows or, with a fault, none."""
    from graph_builder import folders, importing

    with explained():
        report = importing.import_table(table, folders.target(data), mapping, source, dry_run, add)
    click.echo(report.text())
    sys.exit(report.code)


COMMANDS = (extract, init, new, import_)
"""Every command of this module."""
