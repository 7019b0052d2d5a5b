"""What the command `accords` offers; it only calls."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

DATA = click.option("--data", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="Your own records, beside the shipped ones (repeatable).")
BUILD = Path("build")
OUT = click.option("--out", type=click.Path(path_type=Path), default=BUILD, metavar="DIR", help="Where the build stands [build].")
LANG = click.option("--lang", default="en", metavar="LANG", help="Language of names: en, ru, uz, kk … [en].")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="central-asia-accords")
def main() -> None:
    """The knowledge graph of Central Asian diplomatic agreements: every statement with its evidence."""


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


@main.command()
@DATA
@OUT
def build(data: tuple[Path, ...], out: Path) -> None:
    """Builds the graph and the network picture from the records."""
    from graph_builder import accords

    with explained(), progress() as step:
        _, counts, written = accords.make(data, out, step)
    click.echo("\n".join(f"{count:>9,} {name}" for name, count in counts.items()))
    click.echo("\n".join(str(path) for path in written))


@contextmanager
def progress(steps: int = 5) -> Iterator[Any]:
    """Tells on a terminal what is done next; is silent elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=steps, file=sys.stderr, item_show_func=lambda s: s) as bar:
        yield lambda what: bar.update(1, what)


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


@main.command()
@LANG
def queries(lang: str) -> None:
    """Lists the named questions with their parameters."""
    from graph_builder.questions import questions

    with explained():
        for question in questions().values():
            click.echo(f"{question.name:24} {question.question.get(lang, question.question['en'])}")
            for parameter in question.parameters.values():
                wanted = " (wanted)" if parameter.required else ""
                click.echo(f"{'':24}   --{parameter.name} {parameter.type.upper()}{wanted}: {parameter.question.get(lang, parameter.question.get('en', ''))}")


def complete_question(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Names of questions for the shell."""
    from graph_builder.questions import questions

    return [name for name in questions() if name.startswith(incomplete)]


def complete_values(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Parameters of the question, or values for the parameter just written, for the shell."""
    from graph_builder import asking

    return asking.completions(ctx.params.get("name") or "", list(ctx.params.get("values") or ()), incomplete)


@main.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    epilog="NAME is a named question (see `accords queries`), its parameters follow as --PARAM VALUE; FILE.rq or - is your own SPARQL.",
)
@click.argument("name", shell_complete=complete_question)
@click.argument("values", nargs=-1, type=click.UNPROCESSED, metavar="[--PARAM VALUE]...", shell_complete=complete_values)
@click.option("-f", "--format", "form", default="table", metavar="FORMAT", help="table, csv, tsv, json, xml, markdown, turtle or jsonld [table].")
@LANG
@click.option("--endpoint", metavar="URL", help="Ask another SPARQL 1.1 endpoint instead.")
@click.option("--timeout", type=float, metavar="S", help="Give up after so many seconds (exit 3).")
@DATA
@OUT
def query(name: str, values: tuple[str, ...], form: str, lang: str, endpoint: str | None, timeout: float | None, data: tuple[Path, ...], out: Path) -> None:
    """Answers a named question, or SPARQL from a file or standard input."""
    from graph_builder import asking

    with explained():
        code, answer, problem = asking.ask(name, asking.pairs(values), asking.Wish(form, lang, endpoint, timeout, data, out, width()))
    if problem:
        click.echo(problem, err=True)
    if answer:
        emit(answer)
    sys.exit(code)


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


def opened(data: Sequence[Path], out: Path = BUILD) -> Any:
    """The graph for a command that needs it."""
    from graph_builder.accords import build as graph

    return graph(data, out)


@main.command()
@click.option("--out", "target", type=click.Path(path_type=Path), default=BUILD / "network.html", metavar="FILE", help=".html, .svg or .png [build/….html].")
@click.option("--open/--no-open", "show", default=None, help="Open it in the browser (default: on a terminal).")
@LANG
@click.option("--lens", metavar="LENS", help="What the picture shows first: states, agreements or leaders.")
@click.option("--state", metavar="STATE", help="Only agreements of this state or organisation.")
@click.option("--with", metavar="STATE", help="… and of this one too: the picture of a pair.")
@click.option("--person", metavar="PERSON", help="Only what this person signed.")
@click.option("--form", metavar="FORM", help="Only this form of instrument.")
@click.option("--topic", metavar="TOPIC", help="Only this topic.")
@click.option("--on", metavar="DATE", help="Only what was signed by this date.")
@DATA
def view(target: Path, show: bool | None, lang: str, lens: str | None, data: tuple[Path, ...], **filters: str | None) -> None:
    """Writes the interactive network as one HTML file and opens it."""
    from graph_builder import picture

    given = {name: value for name, value in filters.items() if value}
    with explained():
        make = picture.image if target.suffix in (".svg", ".png") else picture.write
        make(opened(data), target, lang, lens, given)
    click.echo(str(target))
    if show if show is not None else sys.stdout.isatty():
        click.launch(target.resolve().as_uri())


@main.command()
@DATA
@OUT
@click.option("--host", default="127.0.0.1", help="Address to listen on [127.0.0.1].")
@click.option("--port", type=int, default=8000, help="Port to listen on [8000].")
@click.option("--writable", is_flag=True, help="Allow updates (a private store, on this machine only).")
@click.option("--timeout", type=float, default=10.0, metavar="S", help="Seconds that a query may take [10].")
def serve(data: tuple[Path, ...], out: Path, host: str, port: int, writable: bool, timeout: float) -> None:
    """Serves the graph: a SPARQL 1.1 endpoint at /sparql, the network, a page per entity."""
    from graph_builder import serve as server

    with explained():
        server.run(data, out, host, port, writable, timeout)


@main.command()
@click.argument("url")
@DATA
@OUT
def push(url: str, data: tuple[Path, ...], out: Path) -> None:
    """Loads the graph into another SPARQL 1.1 store (Graph Store Protocol) at URL."""
    from graph_builder import remote

    with explained():
        graph = opened(data, out)
        with progress(len(list(graph.store.named_graphs())) + 1) as step:
            remote.push(graph, url, step)
    click.echo(f"{len(graph.store):,} statements now stand at {url}")


@main.command()
@click.argument("form", metavar="FORMAT")
@click.option("--out", "target", type=click.Path(path_type=Path), metavar="FILE", help="File to write (default: standard output; xlsx wants a file).")
@DATA
def export(form: str, target: Path | None, data: tuple[Path, ...]) -> None:
    """Writes the graph for other tools: gexf, graphml, csv, xlsx, trig, ttl, jsonld or nq."""
    from graph_builder import exports, outputs

    with explained():
        content = exports.export(opened(data), form)
        if target:
            outputs.write(target, content)
    click.echo(str(target)) if target else emit(content)


@main.command()
@DATA
def stats(data: tuple[Path, ...]) -> None:
    """Shows how complete the data are, and what is known to be missing."""
    from graph_builder import accords
    from graph_builder.stats import stats as counted

    with explained():
        click.echo(counted(accords.folders(data)), nl=False)


@main.command()
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


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
def init(folder: Path) -> None:
    """Makes a folder of your own records beside the shipped ones, with a template and an editor schema."""
    from graph_builder import folders

    with explained():
        for path in folders.init(folder):
            click.echo(str(path))


@main.group()
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


@main.command("import")
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
