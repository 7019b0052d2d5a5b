"""The endpoint under attack and under load; not part of pytest: `python tests/stress_serve.py [--data DIR] [bombs] [nests] [outbound] [load]`."""

from __future__ import annotations

import argparse
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]

from attacks import BOMBS, DEPTHS, NESTS, outbound  # noqa: E402
from endpoint import SMALL, Endpoint, Heard, serving  # noqa: E402

LIMIT = 10.0
PATHS = (
    "/sparql?query=" + quote("SELECT ?s { ?s a <https://w3id.org/central-asia-accords/diplomacy#Agreement> } LIMIT 20"),
    "/questions/agreements.csv?state=KAZ",
    "/states/kazakhstan.ttl",
    "/search?q=treaty",
    "/sparql?query=" + quote("ASK { ?s ?p ?o }"),
    "/questions/status?on=2023-01-01",
    "/states/uzbekistan.html?lang=ru",
    "/sparql",
    "/questions",
)


def whole(heard: Heard) -> bool:
    """Whether an answer is complete: its length as announced, and a refusal in its proper form."""
    kind = heard.headers.get("content-type", "")
    return int(heard.headers.get("content-length", -1)) == len(heard.body) and (heard.status < 400 or "problem+json" in kind)


class Neighbour(threading.Thread):
    """An ordinary client that asks all the while and notes how long it waits."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(daemon=True)
        self.endpoint, self.waits, self.failures, self.done = endpoint, [], Counter(), threading.Event()

    def run(self) -> None:
        connection = HTTPConnection(urlsplit(self.endpoint.root).netloc, timeout=30)
        while not self.done.is_set():
            began = time.perf_counter()
            connection.request("GET", PATHS[0])
            answer = connection.getresponse()
            answer.read()
            self.waits.append(time.perf_counter() - began)
            if answer.status != 200:
                self.failures[answer.status] += 1
            time.sleep(0.01)


@contextmanager
def neighbours(endpoint: Endpoint, count: int = 2) -> Iterator[list[Neighbour]]:
    """Ordinary clients for as long as the block lasts."""
    found = [Neighbour(endpoint) for _ in range(count)]
    for one in found:
        one.start()
    yield found
    for one in found:
        one.done.set()
    for one in found:
        one.join()


def p95(found: list[Neighbour]) -> float:
    """Milliseconds within which 19 of 20 answers came."""
    return 1000 * statistics.quantiles([w for one in found for w in one.waits], n=20)[-1]


def bombs(endpoint: Endpoint, at_once: int, rounds: int) -> None:
    """Every bomb, some at once, with neighbours before and during; in rounds, since other work on the machine comes and goes."""
    waits: list[tuple[float, Heard]] = []

    def throw(name: str) -> None:
        began = time.perf_counter()
        heard = endpoint.query(BOMBS[name], timeout=LIMIT + 10)
        waits.append((time.perf_counter() - began, heard))

    quiet: list[Neighbour] = []
    during: list[Neighbour] = []
    ratios: list[float] = []
    for number in range(rounds):
        with neighbours(endpoint) as before:
            time.sleep(3)
        names = list(BOMBS) if at_once >= len(BOMBS) else list(BOMBS)[number::rounds]
        with neighbours(endpoint) as beside:
            _all([lambda name=name: throw(name) for name in names], at_once)
        with neighbours(endpoint) as after:
            time.sleep(3)
        quiet, during = [*quiet, *before, *after], [*during, *beside]
        ratios.append(p95(beside) / p95(before + after))
        print(f"  round {number + 1}: p95 {p95(before):.1f} ms before, {p95(beside):.1f} during, {p95(after):.1f} after, ratio {ratios[-1]:.2f}", flush=True)
    said = Counter(f"{h.status} {h.json.get('title', '') if h.status >= 400 else len(h.body)}" for _, h in waits)
    sound, longest = sum(whole(h) for _, h in waits), max(t for t, _ in waits)
    print(f"bombs, {at_once} at once: {len(waits)} answers, whole {sound}, longest {longest:.2f} s, {dict(said)}")
    print(f"  neighbours' p95 over all rounds {p95(quiet):.1f} ms quiet, {p95(during):.1f} ms during; median of the rounds' ratios", end=" ")
    print(f"{statistics.median(ratios):.2f}; failures {sum((n.failures for n in during), Counter())}")


def _all(work: list[Callable[[], None]], at_once: int) -> None:
    threads = []
    slots = threading.Semaphore(at_once)

    def one(job: Callable[[], None]) -> None:
        with slots:
            job()

    for job in work:
        threads.append(threading.Thread(target=one, args=(job,)))
        threads[-1].start()
    for thread in threads:
        thread.join()


def nests(endpoint: Endpoint) -> None:
    """Every shape of nesting at every depth."""
    said: Counter[str] = Counter()
    slowest, torn = 0.0, 0
    for shape in NESTS.values():
        for depth in DEPTHS:
            began = time.perf_counter()
            heard = endpoint.query(shape(depth), timeout=LIMIT + 5)
            slowest, torn = max(slowest, time.perf_counter() - began), torn + (not whole(heard))
            said[f"{heard.status} {heard.json.get('title', 'answered')}"] += 1
    print(f"nesting: {len(NESTS)} shapes at {DEPTHS}: {dict(said)}, slowest {slowest:.2f} s, not whole {torn}")


def reaching(endpoint: Endpoint) -> None:
    """Every form that would reach outside, with a listener that counts."""
    heard_by_canary = 0
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.05)
        said: Counter[str] = Counter()
        forms = outbound("127.0.0.1", canary.getsockname()[1])
        for kind, text in forms:
            heard = endpoint.query(text) if kind == "query" else endpoint.update(text)
            said[f"{heard.status} {heard.json.get('title', 'answered') if 'json' in heard.headers.get('content-type', '') else 'answered'}"] += 1
            assert whole(heard), heard
            try:
                canary.accept()
                heard_by_canary += 1
                print("  connected:", text)
            except TimeoutError:
                pass
    print(f"outbound: {len(forms)} forms, {dict(said)}, connections to the canary {heard_by_canary}")


def load(endpoint: Endpoint, requests: int, clients: int = 8) -> tuple[int, int]:
    """Ordinary requests from some clients at once; the bytes of memory of the server itself and of all its processes after."""
    said: Counter[int] = Counter()
    waits: list[float] = []

    def client(number: int) -> None:
        connection = HTTPConnection(urlsplit(endpoint.root).netloc, timeout=60)
        for turn in range(requests // clients):
            began = time.perf_counter()
            connection.request("GET", PATHS[(turn + number) % len(PATHS)], headers={"accept-encoding": "identity"})
            answer = connection.getresponse()
            answer.read()
            said[answer.status] += 1
            waits.append(time.perf_counter() - began)

    began = time.perf_counter()
    _all([lambda n=n: client(n) for n in range(clients)], clients)
    took = time.perf_counter() - began
    done, slow = sum(said.values()), 1000 * statistics.quantiles(waits, n=20)[-1]
    print(f"load: {done} requests from {clients} clients in {took:.0f} s ({done / took:.0f}/s), {dict(said)}, p95 {slow:.1f} ms")
    own, every = memory(endpoint)
    print(f"  memory in MiB (proportional share): the server itself {own >> 20}, with its {len(endpoint.processes()) - 1} processes {every >> 20}", flush=True)
    return own, every


def memory(endpoint: Endpoint) -> tuple[int, int]:
    """Bytes of the server's process, and of all its processes (proportional share)."""

    def share(pid: int) -> int:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            return 0
        return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))

    return share(endpoint.process.pid), sum(map(share, endpoint.processes()))


def main() -> None:
    """Runs what is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", default=["bombs", "nests", "outbound", "load"])
    parser.add_argument("--data", type=Path, default=SMALL)
    parser.add_argument("--rounds", type=int, default=5, help="quiet and bombed turns that take each other's place [5]")
    parser.add_argument("--requests", type=int, default=100_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as out, serving(Path(out), chosen.data, timeout=LIMIT) as endpoint:
        if "load" in chosen.parts:
            load(endpoint, 10_000)  # every worker has been forked, and replaced after its turns
            shares = [load(endpoint, chosen.requests // 10) for _ in range(10)]
            first, last = (statistics.mean(total for _, total in part) / (1 << 20) for part in (shares[:3], shares[-3:]))
            print(f"memory of all in MiB, mean of the first three tenths and of the last: {first:.0f} → {last:.0f} ({100 * last / first - 100:+.1f} %)")
        if "bombs" in chosen.parts:
            bombs(endpoint, 2, chosen.rounds)
            bombs(endpoint, 25, chosen.rounds)
        if "nests" in chosen.parts:
            nests(endpoint)
        if "outbound" in chosen.parts:
            reaching(endpoint)
        processes = endpoint.processes()
        assert endpoint.ask("/sparql?query=ASK%7B%7D").status == 200, "the server is dead"
    left = [pid for pid in processes if Path(f"/proc/{pid}").exists()]
    print(f"ended; processes left: {left}")


if __name__ == "__main__":
    main()
