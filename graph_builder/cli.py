"""What the command `accords` offers; it only calls."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from graph_builder import authoring
from graph_builder.terminal import BUILD, DATA, LANG, OUT, emit, explained, progress, width

FILTERS = {
    "state": "Only agreements of this state or organisation.", "with": "… and of this one too: the picture of a pair.",
    "person": "Only what this person signed.", "form": "Only this form of instrument.", "topic": "Only this topic.",
    "status": "Only what was in-force, not-in-force or unknown then.", "grade": "Only what a quote, or a page, supports.",
    "on": "Only what was signed by this date.",
}  # fmt: skip
"""Filters of the picture."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="central-asia-accords")
def main() -> None:
    """The knowledge graph of Central Asian diplomatic agreements: every statement with its evidence."""


@main.command()
@DATA
@OUT
def build(data: tuple[Path, ...], out: Path) -> None:
    """Builds the graph and the network picture from the records."""
    from graph_builder import accords

    with explained(), progress(2) as step:
        _, counts, written = accords.make(data, out, step)
    click.echo("\n".join(f"{count:>9,} {name}" for name, count in counts.items()))
    click.echo("\n".join(str(path) for path in written))


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


def opened(data: Sequence[Path], out: Path = BUILD) -> Any:
    """The graph for a command that needs it."""
    from graph_builder.accords import build as graph

    return graph(data, out)


def filtered(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command an option for each filter of the picture."""
    for name, explanation in reversed(FILTERS.items()):
        command = click.option(f"--{name}", metavar=name.upper(), help=explanation)(command)
    return command


@main.command()
@click.option("--out", "target", type=click.Path(path_type=Path), default=BUILD / "network.html", metavar="FILE", help=".html, .svg or .png [build/….html].")
@click.option("--open/--no-open", "show", default=None, help="Open it in the browser (default: on a terminal).")
@LANG
@click.option("--lens", metavar="LENS", help="What the picture shows first: states, agreements or leaders.")
@filtered
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


for command in authoring.COMMANDS:
    main.add_command(command)
