"""What may reach the engine, and that a query which should not cannot harm the one who asks."""

from __future__ import annotations

import contextlib
import re
import socket
import time

import pyoxigraph as ox
import pytest
from attacks import BOMBS, DEPTHS, NESTS, hostile, outbound
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Identifier, Literal, URIRef, Variable

from graph_builder import answers, guard, questions, workers
from graph_builder.accords import Accords


@pytest.mark.parametrize("name", sorted(questions.questions()))
def test_every_named_question_passes(name: str) -> None:
    guard.check(questions.questions()[name].text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p 'SERVICE <http://x> {' }",
        "# LOAD <http://x>\nASK {}",
        "SELECT ?service ?load { ?service <http://x/LOAD> ?load }",
        "PREFIX dip: <http://x> ASK { ?s dip:service ?o }",
        "SELECT * { ?s ?p ?o FILTER(?o < 3 && 5 > ?o) }",
        'SELECT * { ?s ?p """{{{{{{{{{{ " \' """ }',
        "ASK { ?s ?p '" + "{" * 500 + "' }",
        "ASK { ?s ?p ?o } #" + "{" * 500,
        "SELECT * { VALUES ?x { " + "1 " * 5000 + "} }",
        "ASK { FILTER(?x IN (" + ", ".join("1" * 900) + ")) }",
    ],
)
def test_a_harmless_query_passes(text: str) -> None:
    guard.check(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ASK { ?s ?p ?o }" + " " * guard.LARGEST, "64 KiB"),
        ("ASK { ?s ?p '" + "ё" * guard.LARGEST + "' }", "64 KiB"),
        ("ASK " + "{" * 101 + "}" * 101, "100 levels"),
        ("ASK { FILTER(" + "!" * 30_000 + "?a) }", "100 levels"),
        ("ASK { FILTER(?a<" + "(" * 200 + "1?b>2" + ")" * 200, "100 levels"),
        ("ASK { " + "MINUS {}" * 2000 + " }", "chains"),
        ("ASK { FILTER(1" + "||1" * 2000 + ") }", "chains"),
        ("SELECT * { service<http://x>{?s ?p ?o} }", "SERVICE"),
        ("LOAD <http://x>", "LOAD"),
        ("SELECT * { SERVICESILENT<http://x>{?s ?p ?o} }", "SERVICE"),
    ],
)
def test_a_harmful_query_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(guard.Refusal, match=why):
        guard.check(text)


@pytest.mark.parametrize(
    "text",
    [
        '"' * 65_000,
        '"a' * 32_000,
        "<a" * 32_000,
        '"""' + '"" ' * 21_000,
        "a-" * 32_000,
        "a:" * 32_000,
        "! " * 32_000,
        "@a-" * 21_000,
        "?" * 65_000,
        "'\\" * 32_000,
        '"""\\' * 16_000,
        '"""\\"\\"' * 9_000,
    ],
    ids=lambda t: t[:4],
)
def test_the_guard_itself_is_quick(text: str) -> None:
    began = time.perf_counter()
    with contextlib.suppress(guard.Refusal, SyntaxError):
        guard.check("ASK { " + text)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(("text", "place"), [("ASK { ?s ?p 'open }", "1:13"), ('ASK {\n ?s ?p """open " }', "2:8")])
def test_a_text_without_end_is_a_fault_at_its_place(text: str, place: str) -> None:
    with pytest.raises(SyntaxError, match=f"error at {place}: "):
        guard.check(text)


@pytest.mark.parametrize("name", sorted(NESTS))
@pytest.mark.parametrize("depth", [depth for depth in DEPTHS if depth > 1000])
def test_what_nests_without_end_never_passes(name: str, depth: int) -> None:
    with pytest.raises(guard.Refusal):
        guard.check(NESTS[name](depth))


@pytest.mark.parametrize("name", sorted(NESTS))
@pytest.mark.parametrize("depth", [90, 1000])
def test_nesting_ends_no_one_but_its_worker(small: Accords, name: str, depth: int) -> None:
    with _allowing():
        workers.run(small.store, NESTS[name](depth), "json", timeout=2)


class _allowing:  # noqa: N801 (reads like pytest.raises)
    """Lets an answer or a refusal pass; anything else fails the test."""

    def __enter__(self) -> None:
        """Begins."""

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        """Whether what was raised is a proper refusal."""
        return kind is not None and issubclass(kind, workers.Crashed | workers.TimeLimit | workers.MemoryLimit | SyntaxError | guard.Refusal)


def test_a_crash_of_the_engine_stays_in_the_worker(small: Accords) -> None:
    deep = "ASK " + "{" * 60_000 + "}" * 60_000
    with pytest.raises(workers.Crashed, match="too deep"):
        workers.call(lambda: answers.serialise(small.store.query(deep), "json"), timeout=5)


def test_a_query_ends_at_its_time_limit(small: Accords) -> None:
    began = time.monotonic()
    with pytest.raises(workers.TimeLimit):
        workers.run(small.store, BOMBS["count of a product"], "json", timeout=0.5)
    assert time.monotonic() - began < 1.5


def test_a_query_ends_at_its_memory_limit(small: Accords) -> None:
    with pytest.raises(workers.MemoryLimit):
        workers.run(small.store, BOMBS["distinct product"], "json", timeout=20, memory=64 << 20)


def test_an_answer_comes_whole_however_long(small: Accords) -> None:
    text = "SELECT * { GRAPH ?g { ?s ?p ?o } }"
    assert workers.run(small.store, text, "csv") == answers.serialise(small.store.query(text), "csv")


@pytest.mark.parametrize(
    ("text", "error"), [("SELECT * {", SyntaxError), ("CONSTRUCT WHERE { ?s ?p ?o }", answers.Unfit), ("SELECT * { SERVICE <http://x> {} }", guard.Refusal)]
)
def test_a_fault_is_the_same_as_without_a_worker(small: Accords, text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        workers.run(small.store, text, "csv")


def test_what_the_guard_misses_still_opens_nothing(small: Accords) -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.2)
        for kind, text in outbound("127.0.0.1", canary.getsockname()[1]):
            ask = small.store.query if kind == "query" else small.store.update
            with _allowing_any():
                workers.call(lambda ask=ask, text=text: answers.serialise(ask(text), "json"), timeout=3)  # type: ignore[misc]
        with pytest.raises(TimeoutError):
            canary.accept()


class _allowing_any(_allowing):  # noqa: N801 (reads like pytest.raises)
    """Lets whatever a query may raise pass."""

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        """Always true: only the canary counts."""
        return True


# ---- values ------------------------------------------------------------------------------------------


@pytest.fixture
def faithful(monkeypatch: pytest.MonkeyPatch) -> None:
    """rdflib takes `\\\\u007D` in a text, an escaped backslash and letters, for the sign of that number: here it reads what is written."""
    monkeypatch.setattr("rdflib.plugins.sparql.parser.expandUnicodeEscapes", lambda text: text)


def shape(node: object) -> object:
    """A query's algebra with its values left out: what a value must not change."""
    if isinstance(node, CompValue):
        return node.name, tuple((key, shape(value)) for key, value in sorted(node.items()) if key not in ("_vars", "datasetClause"))
    if isinstance(node, Literal | URIRef):
        return "value"
    if isinstance(node, Variable | Identifier | str | int | float | None):
        return str(node)
    if isinstance(node, dict):
        return tuple(sorted((str(shape(key)), str(shape(value))) for key, value in node.items()))
    if isinstance(node, list | tuple | set | frozenset):
        return tuple(sorted((shape(item) for item in node), key=str) if isinstance(node, set | frozenset) else [shape(item) for item in node])
    return type(node).__name__


TEXT = questions.Question(
    "x",
    "x.rq",
    {},
    {"of": questions.Parameter("of", "text", False, {})},
    "table",
    (),
    "#+ x\nSELECT ?s ?of WHERE {\n  #+ bind\n  ?s ?p ?o .\n  FILTER(?o = ?of)\n}\n",
)
SOURCE = questions.Question("x", "x.rq", {}, {"of": questions.Parameter("of", "source", False, {})}, "table", (), TEXT.text)


TEN = tuple(f"v{n}" for n in range(10))
TEXTS = questions.Question(
    "x",
    "x.rq",
    {},
    {name: questions.Parameter(name, "text", False, {}) for name in TEN},
    "table",
    (),
    "#+ x\nSELECT * WHERE {\n  #+ bind\n}\n",
)


def test_hostile_texts_leave_the_algebra_unchanged(small: Accords, faithful: None) -> None:
    plain = shape(prepareQuery(TEXTS.bound({name: ox.Literal("plain") for name in TEN})).algebra)
    values = [value for value in hostile(1040) if _taken(value, small)][:1000]
    assert len(values) == 1000
    for n in range(0, 1000, 10):
        given = dict(zip(TEN, values[n : n + 10], strict=True))
        text = TEXTS.bound(questions.terms_of(TEXTS, given, small.names))
        assert shape(prepareQuery(text).algebra) == plain, given
        assert text.count("\n") == TEXTS.text.count("\n"), given
        [row] = small.store.query(text)  # type: ignore[misc]
        assert {name: row[name].value for name in TEN} == given  # type: ignore[union-attr]


def _taken(value: str, small: Accords) -> bool:
    try:
        questions.terms_of(TEXT, {"of": value}, small.names)
    except questions.Refused:
        return False
    return True


def test_hostile_addresses_are_refused_or_stay_addresses(small: Accords, faithful: None) -> None:
    plain = shape(prepareQuery(SOURCE.bound({"of": ox.NamedNode("http://plain.example/")})).algebra)
    for value in hostile(300):
        try:
            term = questions.terms_of(SOURCE, {"of": f"http://x.example/{value}"}, small.names)
        except questions.Refused as refused:
            assert re.search(r"address|called|control|may be", str(refused))  # noqa: PT017
            continue
        assert shape(prepareQuery(SOURCE.bound(term)).algebra) == plain, value


@pytest.mark.parametrize("kind", ["state", "date", "number", "person", "agreement", "topic"])
def test_hostile_values_of_other_types_are_refused_in_words(small: Accords, kind: str) -> None:
    question = questions.Question("x", "x.rq", {}, {"of": questions.Parameter("of", kind, False, {})}, "table", (), TEXT.text)
    taken = []
    for value in hostile(100):
        try:
            questions.terms_of(question, {"of": value}, small.names)
            taken.append(value)
        except questions.Refused:
            pass
    assert taken in ([], ["0"])
