"""What every command shares: its options, how it shows progress and faults, how an answer leaves."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

DATA = click.option("--data", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="Your own records, beside the shipped ones (repeatable).")
BUILD = Path("build")
OUT = click.option("--out", type=click.Path(path_type=Path), default=BUILD, metavar="DIR", help="Where the build stands [build].")
LANG = click.option("--lang", default="en", metavar="LANG", help="Language of names: en, ru, uz, kk … [en].")


@contextmanager
def explained() -> Iterator[None]:
    """Turns what a user can mend into a message and an exit code, never a traceback."""
    from graph_builder.faults import Faults, Refused

    try:
        yield
    except Faults as error:
        for fault in error.faults:
            click.echo(str(fault))
        click.echo(f"{len(error.faults):,} faults; nothing was written", err=True)
        sys.exit(1)
    except Refused as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        click.echo(f"{error.filename or ''}: {error.strerror or error}; what stood there before is untouched", err=True)
        sys.exit(1)
    except (RuntimeError, ValueError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)


@contextmanager
def progress(steps: int) -> Iterator[Any]:
    """Tells on a terminal what is done next; is silent elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=steps, file=sys.stderr, item_show_func=lambda s: s) as bar:
        yield lambda what: bar.update(1, what)


def width() -> int:
    """Columns of the terminal; 100 where there is none."""
    return os.get_terminal_size().columns if sys.stdout.isatty() else 100


def emit(content: bytes) -> None:
    """Writes bytes to standard output; a reader that closes the pipe early is no fault."""
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
