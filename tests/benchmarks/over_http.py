"""Each named question over HTTP beside the same in this process, and a quick one beside slow ones: `python -m tests.benchmarks.over_http [--data DIR]`."""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

from attacks import BOMBS  # noqa: E402
from endpoint import Endpoint, serving  # noqa: E402
from test_questions import values  # noqa: E402

from graph_builder import accords, questions  # noqa: E402

FACTOR, EXTRA = 1.3, 3.0
"""The goal: at most so many times what it takes in this process, and so many milliseconds."""
BRIEF = 100.0
"""Milliseconds below which a question is asked five times as often, for a wait for the processor then counts for much."""
QUICK, SLOW = "topic", ("evidence", "count of a product", "ordered product")
Ask = Callable[[], bytes]


def fetched(connection: HTTPConnection, path: str, accept: str = "*/*") -> bytes:
    """The body of an answer."""
    connection.request("GET", path, headers={"accept": accept})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, body[:200]
    return body


def pair(graph: accords.Accords, connection: HTTPConnection, question: questions.Question) -> tuple[Ask, Ask]:
    """What asks a question here, and what asks it over HTTP."""
    given = {n: v for n, v in values(question).items() if question.parameters[n].required}
    if "CONSTRUCT" in question.text:
        text = question.bound(questions.terms_of(question, given, graph.names))
        path = "/sparql?" + urlencode({"query": text})
        return lambda: graph.query(question.name, **given).to_bytes("nt"), lambda: fetched(connection, path, "application/n-triples")
    path = f"/questions/{question.name}.csv?{urlencode(given)}"
    return lambda: graph.query(question.name, **given).to_bytes("csv"), lambda: fetched(connection, path)


def timed(ask: Ask) -> tuple[float, bytes]:
    """Milliseconds and the answer."""
    before = time.perf_counter()
    answer = ask()
    return 1000 * (time.perf_counter() - before), answer


def table(graph: accords.Accords, endpoint: Endpoint, rounds: int) -> None:
    """Each question, here and over HTTP in turn; the median of the rounds."""
    print(f"\n{'question':20} {'here':>10} {'over HTTP':>10} ms   {'ratio':>6} {'above 1.3':>10} ms")
    missed, ratios, connection = [], [], HTTPConnection(urlsplit(endpoint.root).netloc)
    for name, question in questions.questions().items():
        here, there = pair(graph, connection, question)
        many = rounds if timed(here)[0] + timed(there)[0] > BRIEF else 5 * rounds
        turns = [(timed(here), timed(there)) for _ in range(many)]
        assert all(sorted(mine.splitlines()) == sorted(its.splitlines()) for (_, mine), (_, its) in turns), name
        mine, its = (statistics.median(turn[side][0] for turn in turns) for side in (0, 1))
        ratios.append(its / mine)
        missed += [name] if its > FACTOR * mine + EXTRA else []
        print(f"{name:20} {mine:10.2f} {its:10.2f}      {its / mine:6.2f} {its - FACTOR * mine:10.2f} {'missed' if name in missed else ''}", flush=True)
    print(f"{len(ratios)} questions, {len(missed)} above {FACTOR} times and {EXTRA:g} ms: {', '.join(missed) or 'none'}")


def beside(endpoint: Endpoint, slow: str) -> None:
    """A quick question asked all the while that a slow one runs."""
    path = "/sparql?query=" + quote(BOMBS[slow]) if slow in BOMBS else f"/questions/{slow}.csv"
    quick = values(questions.questions()[QUICK])
    connection = HTTPConnection(urlsplit(endpoint.root).netloc)
    waits: list[float] = []
    for _ in range(1 if slow in BOMBS else 8):
        thread = threading.Thread(target=endpoint.ask, args=(path,))
        thread.start()
        while thread.is_alive():
            waits.append(timed(lambda: fetched(connection, f"/questions/{QUICK}.csv?{urlencode(quick)}"))[0])
            time.sleep(0.005)
        thread.join()
    shares = statistics.quantiles(waits, n=100)
    print(f"`{QUICK}` beside {slow:20} median {shares[49]:6.1f} ms, p95 {shares[94]:6.1f}, p99 {shares[98]:6.1f}, of {len(waits)} answers", flush=True)


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.over_http", description=__doc__)
    parser.add_argument("--data", type=Path, help="records to take instead of the shipped ones")
    parser.add_argument("--rounds", type=int, default=11)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as out:
        graph = accords.build([chosen.data] if chosen.data else [], out)
        graph.names.labels  # noqa: B018 (made once, as in the server)
        with serving(Path(out), chosen.data or accords.share("data")) as endpoint:
            table(graph, endpoint, chosen.rounds)
            print()
            for slow in SLOW:
                beside(endpoint, slow)


if __name__ == "__main__":
    main()
