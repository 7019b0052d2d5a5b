"""One question from the command line: named, from a file or from standard input; here or at another endpoint."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graph_builder import answers, questions, terms
from graph_builder.accords import Accords, Answer, build
from graph_builder.faults import Fault, Refused

DONE, FAULT, USAGE, TIME = 0, 1, 2, 3
"""Exit codes: answered; the query is at fault; the command is; the time is over."""
Outcome = tuple[int, bytes, str]


def pairs(values: Sequence[str]) -> dict[str, str] | str:
    """`--state KAZ --on=2023` as a mapping, or what is wrong.

    >>> pairs(["--state", "KAZ", "--on=2023"])
    {'state': 'KAZ', 'on': '2023'}
    """
    found: dict[str, str] = {}
    rest = list(values)
    while rest:
        name = rest.pop(0)
        if not name.startswith("--") or name == "--":
            return f"`{name}`: a parameter is written --name value"
        key, equals, value = name[2:].partition("=")
        if not equals and not rest:
            return f"--{key} wants a value"
        if key in found:
            return f"--{key} is given twice"
        found[key] = value if equals else rest.pop(0)
    return found


def completions(name: str, before: Sequence[str], incomplete: str) -> list[str]:
    """What may stand next after a question's name: its parameters, or values for the last one (record names and words of lists)."""
    known = questions.questions().get(name)
    if not known:
        return []
    parameter = known.parameters.get(before[-1][2:]) if before and before[-1].startswith("--") else None
    if not parameter:
        return [f"--{p}" for p in known.parameters if f"--{p}".startswith(incomplete) and f"--{p}" not in before]
    kinds = terms.load().kinds
    folders = [f for f in questions.TYPES[parameter.type] if f in kinds]
    found = {path.stem for folder in folders for path in (terms.share("data") / folder).glob("*.yaml")} | words(parameter.type)
    return sorted(value for value in found if value.startswith(incomplete))


def words(kind: str) -> frozenset[str]:
    """The closed list that a type of parameter takes its values from, if it does."""
    fields = terms.load().kinds["agreements"].fields | terms.load().kinds["tenures"].fields
    keys = {"topic": "subject", "form": "type", "role": "role"}
    return fields[keys[kind]].words if kind in keys else frozenset()


@dataclass(frozen=True, slots=True)
class Wish:
    """How an answer is wanted: format, language and width of a table, another endpoint, seconds, and the graph's folders."""

    form: str = "table"
    language: str = "en"
    endpoint: str | None = None
    timeout: float | None = None
    data: Sequence[Path] = ()
    out: Path = Path("build")
    width: int = 100


def ask(name: str, parameters: dict[str, str] | str, wish: Wish) -> Outcome:
    """Exit code, answer and problem of one question."""
    if isinstance(parameters, str):
        return USAGE, b"", parameters
    if wish.form not in answers.FORMATS:
        return USAGE, b"", f"no format `{wish.form}`{terms.suggestion(wish.form, answers.FORMATS)}; choose one of {', '.join(answers.FORMATS)}"
    known = questions.questions().get(name)
    try:
        if known:
            graph = build(wish.data, wish.out, whole="GRAPH" in known.text)
            text = known.bound(questions.terms_of(known, parameters, graph.names))
            return _run(graph, text, wish, known.columns)
        return _own(name, parameters, wish)
    except Refused as error:
        return USAGE, b"", str(error)


def _own(name: str, parameters: dict[str, str], wish: Wish) -> Outcome:
    if name != "-" and not name.endswith(".rq") and not Path(name).is_file():
        near = terms.suggestion(name, questions.questions())
        return USAGE, b"", f"no question `{name}`{near}; `accords queries` lists them, FILE.rq or - is your own SPARQL"
    if parameters:
        return USAGE, b"", "parameters go with named questions; write the values into your own SPARQL"
    try:
        text = sys.stdin.buffer.read().decode() if name == "-" else Path(name).read_bytes().decode()
    except OSError as error:
        return USAGE, b"", f"{name}: {error.strerror}"
    except UnicodeDecodeError:
        return FAULT, b"", str(Fault(name, 1, 1, "not UTF-8"))
    code, answer, problem = _run(build(wish.data, wish.out), text, wish)
    return code, answer, located(problem, name) if code == FAULT else problem


def located(problem: str, name: str) -> str:
    """An engine's `error at 7:11: …` as `file:7:11: …`.

    >>> located("error at 7:11: expected FROM", "x.rq")
    'x.rq:7:11: expected FROM'
    """
    place = re.match(r"error at (\d+):(\d+): (.*)", problem, re.DOTALL)
    shown = "<standard input>" if name == "-" else name
    return f"{shown}:{place[1]}:{place[2]}: {place[3]}" if place else f"{shown}:1:1: {problem}"


def _run(graph: Accords, text: str, wish: Wish, columns: Sequence[str] | None = None) -> Outcome:
    """Runs a query; `columns` are those of a named question, which may run here unless it is bounded in time or asked elsewhere."""
    try:
        if not wish.endpoint:
            graph.measure(text)
        if columns is not None and wish.timeout is None and not wish.endpoint:
            return DONE, Answer(graph.store.query(text), graph.names, columns).to_bytes(wish.form, wish.language, wish.width), ""
        machine = wish.form if wish.form not in ("table", "markdown") else "json"
        code, content, problem = _elsewhere(graph, text, machine, wish)
        return code, content if code or machine == wish.form else _shown(content, graph, wish, columns or ()), problem
    except answers.Unfit as error:
        return USAGE, b"", str(error)
    except SyntaxError as error:
        return FAULT, b"", str(error)


def _elsewhere(graph: Accords, text: str, form: str, wish: Wish) -> Outcome:
    """Runs a query where it can do no harm: in a worker that can be ended, or at another endpoint."""
    from graph_builder import guard, workers

    try:
        guard.check(text)
        if wish.endpoint:
            from graph_builder import remote

            return DONE, remote.query(wish.endpoint, text, form, wish.timeout), ""
        return DONE, workers.run(graph.store, text, form, wish.timeout), ""
    except workers.TimeLimit:
        return TIME, b"", f"no answer within {wish.timeout:g} seconds; give it more with --timeout, or ask for less"
    except (guard.Refusal, RuntimeError, ValueError, OSError) as error:
        return FAULT, b"", str(error)


def _shown(content: bytes, graph: Accords, wish: Wish, columns: Sequence[str]) -> bytes:
    import pyoxigraph as ox

    try:
        results: answers.Results = ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)
    except SyntaxError:
        return content
    return Answer(results, graph.names, columns).to_bytes(wish.form, wish.language, wish.width)
