"""What the command `accords` offers; it only calls."""

from __future__ import annotations

import sys
from pathlib import Path

import click

DATA = click.option("--data", "data", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="A folder of your own records beside the shipped ones (repeatable).")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="central-asia-accords")
def main() -> None:
    """The knowledge graph of Central Asian diplomatic agreements: every statement with its evidence."""


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@DATA
def check(paths: tuple[Path, ...], data: tuple[Path, ...]) -> None:
    """Checks records (all, or those of PATH) and prints every fault as path:line:column: message."""
    from graph_builder import accords

    faults, count = accords.check(paths, data)
    for fault in faults:
        click.echo(str(fault))
    click.echo(f"{count:,} records checked, {len(faults):,} faults", err=True)
    sys.exit(1 if faults else 0)
