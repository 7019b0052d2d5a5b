"""The questions asked of another engine, Debian's Virtuoso 7; not part of pytest.

`apt-get install virtuoso-opensource-7; python tests/virtuoso.py [--data DIR] [--questions NAME …] [--values N]`

A fresh Virtuoso is started on this machine alone in a folder of its own, the graph is pushed into it as `accords push` does, every named question is
asked there and here, and each answer must have the same terms in the same rows in the same order, but where that is left open (OPEN). Without --data
the shipped records are taken. Its settings are those of Debian, but it gives all rows of an answer (there 10,000) and refuses no query for the time
that it guesses.
"""

from __future__ import annotations

import argparse
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]

import pyoxigraph as ox  # noqa: E402
from test_questions import values  # noqa: E402

from graph_builder import accords, answers, questions, remote, workers  # noqa: E402

ACCEPTED = "https://w3id.org/central-asia-accords/accepted"
"""The graph that stands in for the default one, which Virtuoso has not."""
SETTINGS = """[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
DirsAllowed = {folder}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
MaxClientConnections = 10
MaxMemPoolSize = 200000000
ThreadsPerQuery = 1
AsyncQueueMaxThreads = 10
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 10
MaxClientConnections = 10
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = 2000000
MaxQueryExecutionTime = 60
"""
RIGHTS = """GRANT SPARQL_UPDATE TO "SPARQL";
DB.DBA.RDF_DEFAULT_USER_PERMS_SET ('nobody', 7);
"""
OPEN = ("evidence",)
"""Questions that sort texts in unlike languages by themselves, an order that SPARQL 1.1 leaves open (15.1); by STR and LANG it would cost a fifth more."""
Case = tuple[str, dict[str, str]]


@contextmanager
def virtuoso() -> Iterator[str]:
    """The address of a fresh server that runs as long as the block lasts."""
    program, shell = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if not program or not shell:
        sys.exit("no Virtuoso is installed: apt-get install virtuoso-opensource-7")
    with tempfile.TemporaryDirectory(prefix="accords-virtuoso-") as folder:
        sql, http = _port(), _port()
        (Path(folder) / "virtuoso.ini").write_text(SETTINGS.format(folder=folder, sql=sql, http=http))
        command = [program, "+foreground", "+configfile", f"{folder}/virtuoso.ini"]
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait(http, process)
            subprocess.run([shell, f"127.0.0.1:{sql}", "dba", "dba"], input=RIGHTS, text=True, capture_output=True, check=True)
            yield f"http://127.0.0.1:{http}"
        finally:
            process.terminate()
            process.wait(60)


def _port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if process.poll() is not None:
                sys.exit("Virtuoso has ended by itself")
            time.sleep(0.1)
    sys.exit("Virtuoso does not answer")


def cases(graph: accords.Accords, draws: int = 0) -> Iterator[Case]:
    """Each question with what it must have, with each of its other parameters in turn and with all of them; then with values drawn always alike."""
    chance = random.Random(4)
    for name, question in questions.questions().items():
        samples = values(question)
        needed = {n: v for n, v in samples.items() if question.parameters[n].required}
        yield name, needed
        yield from ((name, {**needed, n: v}) for n, v in samples.items() if n not in needed)
        if len(samples) > len(needed) + 1:
            yield name, samples
        for parameter in question.parameters.values():
            for value in chance.sample(every := sorted(_every(graph, parameter.type)), min(draws, len(every))):
                yield name, {**needed, parameter.name: value}


def _every(graph: accords.Accords, kind: str) -> set[str]:
    """What a parameter of a type may be: all names of its folders."""
    folders = tuple(f"{f}/" for f in questions.TYPES[kind])
    return {graph.names.short(iri) for iri in graph.names.labels if graph.names.short(iri).startswith(folders)}


def rows(content: bytes, graph: bool) -> list[tuple[str, ...]]:
    """The rows of an answer as they come, or the statements of a graph, each term in full."""
    if graph:
        return sorted({(str(t.subject), str(t.predicate), str(t.object)) for t in ox.parse(content, format=ox.RdfFormat.TURTLE)})
    found = ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)
    return [(str(bool(found)),)] if isinstance(found, ox.QueryBoolean) else [tuple(str(value) for value in row) for row in found]


def compare(graph: accords.Accords, case: Case, url: str) -> str:
    """What differs between the answer here and there; nothing where they are the same."""
    name, parameters = case
    question = questions.questions()[name]
    text = question.bound(questions.terms_of(question, parameters, graph.names))
    local = graph.store.query(text)
    form = "turtle" if isinstance(local, ox.QueryTriples) else "json"
    here = rows(answers.serialise(local, form), form == "turtle")
    try:
        there = rows(remote.query(url, text, form, 120), form == "turtle")
    except (remote.Refused, SyntaxError, workers.TimeLimit) as error:
        return f"no answer there: {' '.join(str(error).split())[:300]}"
    if here == there:
        return ""
    if sorted(here) == sorted(there):
        if name in OPEN:
            return ""
        first = next(n for n, (mine, other) in enumerate(zip(here, there, strict=True)) if mine != other)
        return f"the same {len(here)} rows in another order from row {first + 1}: {here[first]} here, {there[first]} there"
    only = [row for row in here if row not in set(there)], [row for row in there if row not in set(here)]
    return f"{len(here)} rows here, {len(there)} there; only here {len(only[0])}: {only[0][:1]}; only there {len(only[1])}: {only[1][:1]}"


def main() -> None:
    """Asks everything and tells what differs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="records to take instead of the shipped ones")
    parser.add_argument("--questions", nargs="*", help="only these")
    parser.add_argument("--values", type=int, default=0, help="further values drawn for each parameter [0]")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as out, virtuoso() as root:
        graph = accords.build([chosen.data] if chosen.data else [], out)
        began = time.perf_counter()
        sent = remote.push(graph, f"{root}/sparql-graph-crud?default-graph-uri={quote(ACCEPTED)}", state=Path(out) / "note.json")
        print(f"{sent:,} statements pushed in {time.perf_counter() - began:.0f} s", flush=True)
        url = f"{root}/sparql?default-graph-uri={quote(ACCEPTED)}"
        asked = [case for case in cases(graph, chosen.values) if not chosen.questions or case[0] in chosen.questions]
        failed = Counter(name for name, _ in filter(lambda case: told(graph, case, url), asked))
        names = {name for name, _ in asked}
        print(f"the same: {len(asked) - failed.total()} of {len(asked)} answers, all answers of {len(names) - len(failed)} of {len(names)} questions")
    sys.exit(bool(failed))


def told(graph: accords.Accords, case: Case, url: str) -> str:
    """What differs, printed too."""
    if said := compare(graph, case, url):
        print(" ".join([case[0], *(f"--{n} {v}" for n, v in case[1].items())]), "·", said, flush=True)
    return said


if __name__ == "__main__":
    main()
