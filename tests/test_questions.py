"""Every named question: its header, its answer on the small set, its speed and order on the whole, and what it refuses."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import SHARED, SMALL, TESTS, Run
from hypothesis import given
from hypothesis import strategies as st

from graph_builder import answers, guard, questions, store
from graph_builder.accords import Accords
from graph_builder.faults import Faults

ALL = questions.questions()
ALLIED = "agreements/2022-kaz-uzb-allied-relations"
SAMPLES = {
    "state": "states/kazakhstan", "organization": "organizations/icwc", "party": "states/kazakhstan", "person": "people/shavkat-mirziyoyev",
    "place": "places/tashkent", "event": "events/2022-tokayev-state-visit-uzbekistan", "agreement": ALLIED, "topic": "border-demarcation", "form": "treaty",
    "role": "president", "source": "articles/nematov-state-visit", "entity": ALLIED, "date": "2023-06-30", "text": "border", "number": "2",
}  # fmt: skip
"""The value asked with, by the type of a parameter."""
OWN = {
    "with": "states/uzbekistan", "author": "people/akramjon-nematov", "depositary": "states/kyrgyzstan", "partner": "states/uzbekistan",
    "water": "places/kazakhstan-uzbekistan-border", "to": "2025-12-31", "from": "2000-01-01",
}  # fmt: skip
"""The value asked with, by a parameter's name where its type's sample would say little."""
SMALL_TYPES = ("state", "topic", "form", "role")
BOUND = {name: q for name, q in ALL.items() if q.parameters}
ALONE = [name for name, q in ALL.items() if not any(p.required for p in q.parameters.values())]


LARGE = ("evidence",)
"""Questions whose whole answer is too large to be kept; their answers with a parameter are."""


def values(question: questions.Question) -> dict[str, str]:
    return {name: OWN.get(name, SAMPLES[p.type]) for name, p in question.parameters.items()}


def answer(accords: Accords, name: str, **parameters: str) -> bytes:
    found = accords.query(name, **parameters)
    graph = isinstance(found.results, ox.QueryTriples)
    return b"".join(sorted(found.to_bytes("nt").splitlines(keepends=True))) if graph else found.to_bytes("csv").replace(b"\r\n", b"\n")


def cases() -> Iterator[tuple[str, str, dict[str, str]]]:
    """File of the expected answer, question and parameters."""
    for name in [n for n in ALONE if n not in LARGE]:
        yield f"{name}.csv", name, {}
    for name, question in BOUND.items():
        for parameter in [p for p in question.parameters if name in ALONE]:
            yield f"{name}.{parameter}.csv", name, {parameter: values(question)[parameter]}
        if name not in ALONE:
            yield f"{name}.csv", name, {n: v for n, v in values(question).items() if question.parameters[n].required}


# ---- answers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("file", "name", "parameters"), [*cases()], ids=lambda v: v if isinstance(v, str) and "." in v else "")
def test_the_small_set_gives_the_expected_answer(file: str, name: str, parameters: dict[str, str], small: Accords, pytestconfig: pytest.Config) -> None:
    path = TESTS / "expected" / file
    found = answer(small, name, **parameters)
    if pytestconfig.getoption("renew"):
        path.write_bytes(found)
    assert found == path.read_bytes()


def test_no_expected_answer_is_left_over() -> None:
    assert {p.name for p in (TESTS / "expected").iterdir()} == {file for file, _, _ in cases()}


def test_most_answers_hold_something(small: Accords) -> None:
    empty = {name for name in ALONE if answer(small, name).count(b"\n") < 2}
    assert empty <= {"planned", "bridges", "outside-partners", "rivers", "depositaries"}  # of which the small set has none


@pytest.mark.parametrize("name", ALONE)
def test_an_answer_does_not_hang_on_the_order_of_loading(name: str, small: Accords, turned: Accords) -> None:
    assert answer(small, name) == answer(turned, name)


@pytest.fixture(scope="module")
def turned() -> Accords:
    """The small set loaded back to front."""
    found, _ = store.examine([SMALL])
    nodes, _ = store.mapped(found)
    return Accords(store.fill(found.terms, nodes[::-1]))


@pytest.fixture(scope="module")
def load(whole: Accords) -> float:
    """Processor seconds in which the engine loads the whole graph: about 0.4 on a quiet machine of two cores."""
    text = whole.store.dump(format=ox.RdfFormat.N_QUADS)
    spent = []
    for _ in range(3):
        before = time.process_time()
        ox.Store().bulk_load(text, ox.RdfFormat.N_QUADS)
        spent.append(time.process_time() - before)
    return min(spent)


@pytest.mark.parametrize("name", ALL)
def test_no_question_takes_far_longer_than_the_load_nor_gives_duplicates(name: str, whole: Accords, load: float) -> None:
    parameters = {n: v for n, v in values(ALL[name]).items() if ALL[name].parameters[n].required}
    spent = []
    for _ in range(3):
        before = time.process_time()
        found = whole.query(name, **parameters)
        found.to_bytes("nt" if isinstance(found.results, ox.QueryTriples) else "csv")
        spent.append(time.process_time() - before)
    assert min(spent) < 2.5 * load
    rows = [tuple(row) for row in whole.query(name, **parameters)]
    assert len(rows) == len(set(rows))
    assert all(any(row) for row in rows)


@pytest.mark.parametrize(("name", "parameter"), [(n, p.name) for n, q in ALL.items() for p in q.parameters.values() if p.type in SMALL_TYPES])
def test_a_parameter_runs_for_every_value(name: str, parameter: str, small: Accords) -> None:
    question = ALL[name]
    folder = questions.TYPES[question.parameters[parameter].type][0]
    rest = {n: v for n, v in values(question).items() if question.parameters[n].required and n != parameter}
    every = [small.names.short(iri) for iri in small.names.labels if small.names.short(iri).startswith(f"{folder}/")]
    assert every
    for value in every:
        answer(small, name, **rest, **{parameter: value})


@pytest.mark.parametrize("name", [n for n in BOUND if n in ALONE])
def test_a_parameter_only_narrows_an_answer(name: str, small: Accords) -> None:
    """Each row of the narrowed answer stands in the full one, unless the question counts or adds up."""
    if re.search(r"COUNT|SUM|MIN|MAX|GROUP_CONCAT|SAMPLE", ALL[name].text):
        pytest.skip("counts")
    full = set(answer(small, name).splitlines())
    for parameter, value in values(ALL[name]).items():
        if ALL[name].parameters[parameter].type not in ("number", "date"):
            assert set(answer(small, name, **{parameter: value}).splitlines()) <= full


# ---- the four answers that the contract fixes ----------------------------------------------------------

FIXED = {
    "agreements": "agreement,title_en,title_ru,form,parties,signed,place,in_force,topics,sources",
    "evidence": "source,subject,predicate,object,grade,quote,start,end,accepted,modality",
    "signatures": "agreement,person,office,state,signed",
    "status": "agreement,status,since,basis",
}


@pytest.mark.parametrize("name", FIXED)
def test_columns_are_those_of_the_contract(name: str, ask: Run) -> None:
    more = ("--on", "2023-06-30") if name == "status" else ()
    result = ask(name, *more, "-f", "csv")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == FIXED[name]


def test_agreements_are_one_row_each_in_the_contracts_forms(small: Accords) -> None:
    rows = list(csv.DictReader(io.StringIO(answer(small, "agreements").decode())))
    assert len(rows) == len({row["agreement"] for row in rows}) == 18
    for row in rows:
        assert all(re.fullmatch(r"[A-Z]{3}|[a-z0-9-]+", party) for party in row["parties"].split("|"))
        assert re.fullmatch(r"(\d{4}(-\d\d(-\d\d)?)?)?", row["signed"])
        assert row["title_en"]
        assert row["title_ru"]
        assert row["sources"]


def test_status_on_a_date_is_answered_from_evidence_or_unknown(small: Accords) -> None:
    for on in ("1990", "2000-01-01", "2023-06-30", "2026"):
        rows = list(csv.DictReader(io.StringIO(answer(small, "status", on=on).decode())))
        assert {row["status"] for row in rows} <= {"in-force", "not-in-force", "unknown"}
        assert all(row["basis"] for row in rows)
    assert {row["status"] for row in csv.DictReader(io.StringIO(answer(small, "status", on="1990").decode()))} == {"not-in-force"}


# ---- headers -------------------------------------------------------------------------------------------


def test_there_are_at_least_fifteen_questions() -> None:
    assert len(ALL) >= 15


@pytest.mark.parametrize("name", ALL)
def test_a_header_is_complete_in_both_languages(name: str) -> None:
    question = ALL[name]
    assert {"en", "ru"} <= question.question.keys()
    assert question.question["en"].endswith("?")
    assert question.question["ru"].endswith("?")
    assert all({"en", "ru"} <= p.question.keys() for p in question.parameters.values())
    assert re.search("[а-я]", question.question["ru"])
    guard.check(question.text)


BROKEN = {
    "no header": ("SELECT * WHERE { ?s ?p ?o }", "the header wants"),
    "not YAML": ("#+ question: {en: [}\nASK {}", "the header is not YAML"),
    "unknown key": ("#+ question: {en: \"A?\", ru: \"Б?\"}\n#+ viw: table\nASK {}", "unknown key `viw` in the header (did you mean `view`?)"),
    "no Russian": ("#+ question: {en: \"A?\"}\nASK {}", "the question has no `ru`"),
    "bad view": ("#+ question: {en: \"A?\", ru: \"Б?\"}\n#+ view: pie\nASK {}", "view is one of"),
    "no slot": ("#+ question: {en: \"A?\", ru: \"Б?\"}\n#+ parameters:\n#+   state: {type: state}\nASK {}", "wants a line `#+ bind`"),
    "bad type": ("#+ question: {en: \"A?\", ru: \"Б?\"}\n#+ parameters:\n#+   state: {type: country}\nASK {\n#+ bind\n}", "parameter `state` wants a type"),
    "parameters are a list": ("#+ question: {en: \"A?\", ru: \"Б?\"}\n#+ parameters: [state]\nASK {\n#+ bind\n}", "parameters"),
    "question is a word": ("#+ question: What?\nASK {}", "the header wants"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_header_is_a_fault(case: str, tmp_path: Path) -> None:
    text, wanted = BROKEN[case]
    (tmp_path / "mine.rq").write_text(text, encoding="utf-8")
    with pytest.raises(Faults, match=re.escape(wanted)) as caught:
        questions.questions(tmp_path)
    assert re.match(r".*mine\.rq:\d+:\d+: ", str(caught.value))


# ---- the command ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code", "wanted"),
    [
        (["agreements"], 0, ""),
        (["agreemens"], 2, "did you mean `agreements`?"),
        (["agreements", "--stat", "KAZ"], 2, "did you mean `state`?"),
        (["agreements", "--state", "Kazakstan"], 2, "did you mean `kazakhstan`?"),
        (["agreements", "--state"], 2, "--state wants a value"),
        (["agreements", "--state", "KAZ", "--state", "UZB"], 2, "given twice"),
        (["agreements", "KAZ"], 2, "a parameter is written --name value"),
        (["agreements", "-f", "cvs"], 2, "did you mean `csv`?"),
        (["agreements", "-f", "turtle"], 2, "answers with rows"),
        (["status"], 2, "wants --on"),
        (["status", "--on", "2023-02-30"], 2, "is no day of the calendar"),
        (["topic", "--topic", "watter"], 2, "did you mean `water`?"),
        (["nowhere.rq"], 2, "No such file"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, list) else "",
)
def test_exit_codes_and_messages(words: list[str], code: int, wanted: str, ask: Run) -> None:
    result = ask(*words)
    assert result.exit_code == code
    assert wanted in result.stderr
    assert not result.stdout or code == 0


def test_own_sparql_from_a_file_and_from_standard_input(ask: Run, tmp_path: Path) -> None:
    text = "SELECT (COUNT(*) AS ?n) WHERE { ?s a <https://w3id.org/central-asia-accords/diplomacy#Agreement> }"
    (tmp_path / "mine.rq").write_text(text, encoding="utf-8")
    assert ask("mine.rq", "-f", "csv").stdout.split() == ["n", "18"]
    assert ask("-", "-f", "csv", input=text).stdout.split() == ["n", "18"]
    assert ask("mine.rq", "--state", "KAZ").exit_code == 2


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("SELECT * WHERE {\n  ?s ?p }", "mine.rq:2:"),
        ("SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "nothing here opens a connection"),
        ("SELECT * WHERE " + "{" * 500 + "?s ?p ?o" + "}" * 500, "nested at most"),
        ("ASK {}" + " " * 70_000, "at most 64 KiB"),
        ("", "mine.rq:1:1"),
    ],
    ids=["syntax", "service", "deep", "large", "empty"],
)
def test_a_faulty_query_is_told_at_its_line(text: str, wanted: str, ask: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.rq").write_text(text, encoding="utf-8")
    result = ask("mine.rq")
    assert result.exit_code == 1
    assert wanted in result.stderr


def test_a_time_limit_ends_with_exit_code_3(ask: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.rq").write_text("SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", encoding="utf-8")
    before = time.perf_counter()
    result = ask("mine.rq", "--timeout", "0.5")
    assert result.exit_code == 3
    assert "within 0.5 seconds" in result.stderr
    assert time.perf_counter() - before < 5


KINDS = {
    "rows": "SELECT * WHERE { ?s a ?o } ORDER BY ?s LIMIT 3", "graph": "CONSTRUCT WHERE { ?s a <https://schema.org/Person> }", "truth": "ASK { ?s ?p ?o }",
}  # fmt: skip


@pytest.mark.parametrize("form", answers.FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_format_is_given_or_refused_with_the_reason(kind: str, form: str, ask: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.rq").write_text(KINDS[kind], encoding="utf-8")
    result = ask("mine.rq", "-f", form)
    if result.exit_code:
        assert result.exit_code == 2
        assert "choose" in result.stderr or "only rows" in result.stderr
    elif form in ("json", "jsonld"):
        assert json.loads(result.stdout)
    else:
        assert result.stdout.strip()
    assert result.exit_code == 0 or (kind, form) not in {("rows", "csv"), ("graph", "turtle"), ("truth", "json"), ("rows", "table"), ("truth", "table")}


@pytest.mark.parametrize("language", ["en", "ru", "uz", "kk", "xx"])
def test_labels_fall_back_and_lose_no_row(language: str, small: Accords) -> None:
    for name in ALONE:
        found = small.query(name)
        if isinstance(found.results, ox.QuerySolutions):
            rows = list(answers.rows(found.results, small.names, language))
            assert len(rows) == sum(1 for _ in small.query(name))
            assert not any("https://w3id.org/central-asia-accords/types/" in cell for row in rows for cell in row)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_table_fits_a_terminal_of_100_columns(language: str, small: Accords) -> None:
    for name in ALONE:
        text = small.query(name).to_bytes("table", language, 100).decode()
        assert max(map(len, text.splitlines())) <= 100 or "; left out here" in text


# ---- hostile values --------------------------------------------------------------------------------------


def hostile() -> list[str]:
    path = SHARED / "suites" / "blns.json"
    own = ['"} UNION { ?s ?p ?o', "' ; DROP ALL", "> } #", "\\u007d", '""" }', "a\nb", ]
    own += [ "?state", "}}", "<http://x>", "$1", "\\1", "\\g<0>", "1} UNION {?a ?b ?c} VALUES ?x {2"]
    return [*own, *(json.loads(path.read_text(encoding="utf-8")) if path.is_file() else [])]


def skeleton(text: str, literal: str) -> str:
    """A query with one literal taken out of its VALUES block."""
    return text.replace(literal, "LITERAL", 1)


def check_value(question: questions.Question, name: str, value: str) -> None:
    """A text value is either refused or bound as one literal that reads back as itself, and nothing else of the query moves."""
    try:
        term = questions.term("text", value, None)  # type: ignore[arg-type]
    except questions.Refused:
        return
    bound = question.bound({name: term})
    plain = question.bound({name: ox.Literal("x")})
    assert skeleton(bound, str(term)) == skeleton(plain, '"x"')
    read = next(iter(ox.Store().query(f"SELECT ?v WHERE {{ VALUES ?v {{ {term} }} }}")))["v"]
    assert read == term


def test_hostile_text_stays_one_literal() -> None:
    question = next(iter(BOUND.values()))
    for value in hostile():
        check_value(question, next(iter(question.parameters)), value)


@given(st.text(max_size=50))
def test_any_text_stays_one_literal(value: str) -> None:
    question = next(iter(BOUND.values()))
    check_value(question, next(iter(question.parameters)), value)


@pytest.mark.parametrize("kind", [k for k in questions.TYPES if k != "text"])
def test_hostile_values_of_other_types_are_refused_or_found(kind: str, small: Accords) -> None:
    for value in hostile():
        try:
            term = questions.term(kind, value, small.names)
        except questions.Refused as error:
            assert str(error)  # noqa: PT017
        else:
            assert isinstance(term, ox.NamedNode) or kind in ("date", "number")
            ox.Store().query(f"SELECT * WHERE {{ VALUES ?v {{ {term} }} }}")


@given(st.text(max_size=30))
def test_any_source_is_refused_or_an_address(value: str) -> None:
    names = questions.Names(ox.Store())
    for text in (value, "https://" + value):
        try:
            term = questions.term("source", text, names)
        except questions.Refused:
            continue
        assert next(iter(ox.Store().query(f"SELECT ?v WHERE {{ VALUES ?v {{ {term} }} }}")))["v"] == term


def test_an_undated_agreement_hides_no_other_date_of_its_pair() -> None:
    data = """PREFIX dip: <https://w3id.org/central-asia-accords/diplomacy#> PREFIX s: <https://w3id.org/central-asia-accords/states/>
        <a:dated> a dip:Agreement ; dip:party s:a , s:b ; dip:signed "1997-01-10"^^<http://www.w3.org/2001/XMLSchema#date> .
        <a:undated> a dip:Agreement ; dip:party s:a , s:b ."""
    store = ox.Store()
    store.load(data.encode(), ox.RdfFormat.TURTLE)
    answer = Accords(store).query("partners").to_bytes("csv").decode().splitlines()[1]
    assert answer.split(",")[2:] == ["2", "1997-01-10", "1997-01-10"]


def day(text: str) -> str:
    """A date of any precision in Turtle."""
    return f'"{text}"^^<http://www.w3.org/2001/XMLSchema#{questions.DATE_TYPES[len(text)]}>'


def asked(data: str, name: str) -> list[dict[str, str]]:
    """The answer to a question about a few statements."""
    store = ox.Store()
    head = "PREFIX dip: <https://w3id.org/central-asia-accords/diplomacy#> PREFIX dcterms: <http://purl.org/dc/terms/>"
    store.load(f"{head}\n{data}".encode(), ox.RdfFormat.TURTLE)
    return list(csv.DictReader(io.StringIO(Accords(store).query(name).to_bytes("csv").decode())))


@given(st.dates(min_value=datetime.date(1000, 1, 1)), st.dates(min_value=datetime.date(1000, 1, 1)))
def test_steps_count_days_as_the_calendar_does(signed: datetime.date, force: datetime.date) -> None:
    step = f"dip:consent <c:1> . <c:1> dip:party <p:1> ; dip:step <s:1> ; dcterms:date {day(force.isoformat()[:7])}"
    rows = asked(f"<a:1> dip:signed {day(signed.isoformat())} ; dip:inForce {day(force.isoformat())} ; {step} .", "steps")
    assert [row["days_to_force"] for row in rows] == [str((force - signed).days)]
    assert rows[0]["days_to_consent"] == ""  # a month has no days to count


@pytest.mark.parametrize(
    ("signed", "start", "end", "wanted"),
    [
        ("1997-01-10", "1997-01-10", None, "yes"),
        ("1997-01-10", "1990", "1997-01-10", "yes"),
        ("1997-01-10", "1997", None, "unknown"),
        ("1997-01-10", "1990", "1997-01", "unknown"),
        ("1997-01-10", None, None, "unknown"),
        ("1997", "1996-12-31", "1998", "yes"),
        ("1997", "1997-01-01", "1998", "unknown"),
        ("1997-01-10", "1997-02", None, "no"),
        ("1997-01-10", None, "1996", "no"),
        ("1997-01-10", "1990-01-01", "1997-01-09", "no"),
    ],
)
def test_in_office_is_yes_or_no_only_where_the_dates_are_precise_enough(signed: str, start: str | None, end: str | None, wanted: str) -> None:
    tenure = "".join(f" ; dip:{key} {day(text)}" for key, text in (("start", start), ("end", end)) if text)
    data = f"<a:1> dip:signed {day(signed)} ; dip:signature <s:1> . <s:1> dip:signatory <p:1> ; dip:office <o:1> . <p:1> dip:tenure <t:1> ."
    assert [row["in_office"] for row in asked(f"{data} <t:1> dip:office <o:1>{tenure} .", "in-office")] == [wanted]
