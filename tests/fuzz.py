"""Random bad input: `python tests/fuzz.py [reader|guard|extractor|http|wire …] [--cases 1000000] [--seed 1]`.

The cases are shared out over the targets by SHARES, so that cheap ones get more. The reader answers any text with faults, the guard any query with yes,
Refusal or SyntaxError, the extractor any text with drafts, the server any bytes with a whole answer that is no fault of its own: never another exception,
never over a second, never a dead process. Each target runs in a process of its own, so that a crash of the engine is seen.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
SLOW = 1.0
"""Seconds that a case may take; one that took longer beside other work is tried again."""
PIECES = (
    "\t", "\x00", "\u200b", "\u202e", "\ufeff", "\U000e0041", "&a ", "*a", "!!python/object/apply:os.system [id]", "<<: *a", "{", "}", "[", "]",
    "- ", "? ", ": ", ":\n", "'", '"', "|", ">", "%", "@", "`", "#",
    "---\n", "...\n", "\n", "\r", "\r\n", "\u2028", "\x85", "../../etc/passwd", "http://[", "https://x.y/%zz", "1997-02-30", "0001", "9999-99-99",
    "٢٠٢٢", "states/../x", "NO", "null", "~", "é", "e\u0301", "\ud7ff", "👩‍👩‍👧",
    "SERVICE", "LOAD", "#", "<<", ">>", "^^", "{{{{{{{{", "((((((((", "!!!!!!!!", "||", "\\", "\\u0000", '"""', "'''", "?x", "_:b", "<http://x>", "a" * 300,
)  # fmt: skip
Make = Callable[[random.Random], Any]
"""The input of a case from dice."""
Case = Callable[[Any], str]
"""What became of an input, in a word or two."""


def mutated(text: str, dice: random.Random) -> str:
    """A text with one to four wounds: a piece put in, a span cut, doubled or moved, a character changed."""
    for _ in range(dice.randint(1, 4)):
        at, other = dice.randrange(len(text) + 1), dice.randrange(len(text) + 1)
        end = min(len(text), at + dice.choice((1, 1, 2, 8, 40, 200)))
        before, span, after = text[:at], text[at:end], text[end:]
        letter = chr(dice.choice((dice.randrange(0x20, 0x250), dice.randrange(0x400, 0x530), dice.randrange(0x2000, 0x2070))))
        wounds = (
            before + dice.choice(PIECES) + span,
            before,
            before + span * dice.randint(2, 5),
            text[:other] + span + text[other:at],
            before + letter + span[1:],
        )
        text = dice.choice(wounds) + after
    return text


def part(text: str, dice: random.Random) -> str:
    """A text, or more often some lines of it: short cases are cheap, and there can be more of them."""
    if dice.random() < 0.2:
        return text
    lines = text.splitlines(keepends=True)
    at = dice.randrange(len(lines))
    return "".join(lines[at : at + dice.randint(2, 12)])


def wounded(seeds: list[str]) -> Make:
    return lambda dice: mutated(part(dice.choice(seeds), dice), dice)


def reader() -> tuple[Make, Case]:
    """Mutated records of every kind; what stays faultless must also map and load."""
    import pyoxigraph as ox

    from graph_builder import reader as reading
    from graph_builder.statements import Writer
    from graph_builder.terms import load
    from graph_builder.triples import Mapper

    base, terms = Path(tempfile.mkdtemp(prefix="accords-fuzz-")), load()
    mapper, writer = Mapper(terms, {}, {}), Writer(terms)
    seeds = [(p.parent.name, p.read_text("utf-8")) for p in sorted((ROOT / "tests" / "small").glob("*/*.yaml"))]
    seeds += [("small", (ROOT / "tests" / "small" / "publishers.yaml").read_text("utf-8"))]
    for folder, _ in seeds:
        (base / folder).mkdir(exist_ok=True)

    def make(dice: random.Random) -> tuple[str, str]:
        folder, text = dice.choice(seeds)
        return folder, mutated(part(text, dice), dice)

    def case(given: tuple[str, str]) -> str:
        path = base / given[0] / "fuzzed.yaml"
        path.write_bytes(given[1].encode("utf-8", "surrogatepass"))
        if given[0] == "small":
            found, faults = reading.read_publishers(path, terms)
        else:
            record, faults = reading.read(path, terms)
        assert all(f.line >= 1 and f.column >= 1 and f.message for f in faults)
        if faults or (given[0] != "small" and record is None):
            return "faults"
        nodes = Mapper(terms, {}, {n: r.data for n, r in found.items()}).publisher_nodes() if given[0] == "small" else mapper.nodes(record)[0]
        list(ox.parse(writer.text(nodes), ox.RdfFormat.TRIG))
        return "good"

    return make, case


def guard() -> tuple[Make, Case]:
    """Mutated questions; what the guard lets through goes to the engine's parser, over an empty store."""
    import pyoxigraph as ox

    from graph_builder import guard as door

    store = ox.Store()

    def case(text: str) -> str:
        try:
            door.check(text)
            if len(text) % 4 == 0:
                list(door.origins(text))
                door.using(text, ["http://g"], [])
        except door.Refusal:
            return "refused"
        except SyntaxError:
            return "not SPARQL"
        try:
            store.query(text)
        except (SyntaxError, ValueError, OSError, RuntimeError):
            return "not SPARQL"
        return "good"

    return wounded([p.read_text("utf-8") for p in sorted((ROOT / "queries").glob("*.rq"))]), case


def extractor() -> tuple[Make, Case]:
    """Mutated passages of the stored article."""
    from graph_builder.extract import drafts
    from graph_builder.extract.gazetteer import Gazetteer

    small = ROOT / "tests" / "small"
    names = Gazetteer.read([small])
    text = next((small / "articles").glob("*.txt")).read_text("utf-8")

    def case(text: str) -> str:
        drafts.draft(text, names)
        return "drafted"

    passages = [text[n : n + 800] for n in range(0, len(text), 800)]
    return lambda dice: mutated(dice.choice(passages), dice), case


def http() -> tuple[Make, Case]:
    """Requests for the server's protocol and application in this process."""
    import fuzz_http

    return fuzz_http.within()


def wire() -> tuple[Make, Case]:
    """The same for a server in a process of its own, over loopback."""
    import fuzz_http

    return fuzz_http.loopback()


KINDS = {"reader": reader, "extractor": extractor, "http": http, "guard": guard, "wire": wire}
SHARES = {"reader": 60, "extractor": 3, "http": 20, "guard": 914, "wire": 3}
"""Of a thousand cases, by what a case costs."""
SLICE = 100_000
"""Cases that one process tries at most."""


def tried(case: Case, given: Any) -> tuple[str, float]:
    """What became of a case, and its seconds."""
    before = time.perf_counter()
    result = case(given)
    return result, time.perf_counter() - before


Slice = tuple[str, int, int]
"""A kind with the first number of its cases and the one after the last."""


def run(share: Slice, seed: int, results: multiprocessing.Queue[tuple[Counter[str], float]]) -> None:
    """All cases of one slice; each problem is printed with its number, from which the seed makes it again."""
    kind, first, end = share
    make, case = KINDS[kind]()
    counted: Counter[str] = Counter()
    longest = 0.0
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in range(first, end):
        given = make(random.Random(f"{seed}/{kind}/{number}"))
        try:
            result, took = tried(case, given)
            if took > SLOW:
                counted["tried again"] += 1
                took = min(took, tried(case, given)[1])
            counted[result] += 1
        except BaseException as error:
            result, took = "PROBLEM", 0.0
            counted[result] += 1
            if counted[result] <= 3:
                last = traceback.extract_tb(error.__traceback__)[-1]
                print(f"{kind} {number}: {type(error).__name__}: {str(error)[:200]} ({last.filename.rpartition('/')[2]}:{last.lineno})", flush=True)
        longest = max(longest, took)
        if took > SLOW:
            counted["SLOW"] += 1
            print(f"{kind} {number}: {took:.1f} s", flush=True)
    results.put((counted, longest))


def judged(share: Slice, seed: int) -> tuple[str, Counter[str], float]:
    """What became of a slice's cases, tried in a process of its own, and the seconds of the slowest."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=run, args=(share, seed, results))
    process.start()
    while process.is_alive() and results.empty():
        time.sleep(0.05)
    if results.empty() and process.exitcode:
        print(f"{share}: the process died with {process.exitcode}", flush=True)
        return share[0], Counter({"DEAD": share[2] - share[1]}), 0.0
    counted, longest = results.get()
    process.join()
    return share[0], counted, longest


def slices(kinds: list[str], cases: int) -> list[Slice]:
    """The cases of all kinds together, shared out and cut."""
    counts = {kind: cases * SHARES[kind] // sum(SHARES[k] for k in kinds) for kind in kinds}
    return [(kind, n, min(n + SLICE, count)) for kind, count in counts.items() for n in range(0, count, SLICE)]


def tries(counted: Counter[str]) -> int:
    """Cases among what is counted."""
    return sum(n for word, n in counted.items() if word not in ("tried again", "SLOW"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", choices=[*KINDS, []], metavar="KIND")
    parser.add_argument("--cases", type=int, default=1_000_000, help="of all kinds together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=os.cpu_count() or 1)
    args = parser.parse_args()
    kinds, began = args.kinds or [*KINDS], time.perf_counter()
    every, slowest = {kind: Counter[str]() for kind in kinds}, dict.fromkeys(kinds, 0.0)
    with ThreadPoolExecutor(args.at_once) as pool:
        for kind, counted, longest in pool.map(lambda share: judged(share, args.seed), slices(kinds, args.cases)):
            every[kind] += counted
            slowest[kind] = max(slowest[kind], longest)
            print(f"{kind}: {tries(every[kind]):,} tried", file=sys.stderr, flush=True)
    for kind, counted in every.items():
        shares = ", ".join(f"{n:,} {w}" for w, n in sorted(counted.items()))
        print(f"{kind}: {tries(counted):,} cases: {shares}; the slowest took {slowest[kind]:.3f} s")
    bad = sum(counted[word] for counted in every.values() for word in ("PROBLEM", "SLOW", "DEAD"))
    print(f"{sum(map(tries, every.values())):,} cases, seed {args.seed}, {time.perf_counter() - began:.0f} s: {bad} bad")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
