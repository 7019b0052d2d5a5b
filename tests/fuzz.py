"""Random bad input: `python tests/fuzz.py [reader|guard|extractor …] [--cases 100000] [--seed 1]`.

The reader answers any text with faults, the guard any query with yes, Refusal or SyntaxError, the extractor any text with drafts: never another
exception, never over a second, never a dead process. Each kind runs in a process of its own, so that a crash of the engine is seen.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
SLOW = 1.0
"""Processor seconds that a case may take."""
PIECES = (
    "\t", "\x00", "\u200b", "\u202e", "\ufeff", "\U000e0041", "&a ", "*a", "!!python/object/apply:os.system [id]", "<<: *a", "{", "}", "[", "]",
    "- ", "? ", ": ", ":\n", "'", '"', "|", ">", "%", "@", "`", "#",
    "---\n", "...\n", "\n", "\r", "\r\n", "\u2028", "\x85", "../../etc/passwd", "http://[", "https://x.y/%zz", "1997-02-30", "0001", "9999-99-99",
    "٢٠٢٢", "states/../x", "NO", "null", "~", "é", "e\u0301", "\ud7ff", "👩‍👩‍👧",
    "SERVICE", "LOAD", "#", "<<", ">>", "^^", "{{{{{{{{", "((((((((", "!!!!!!!!", "||", "\\", "\\u0000", '"""', "'''", "?x", "_:b", "<http://x>", "a" * 300,
)  # fmt: skip
Case = Callable[[str], str]


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


def reader() -> tuple[list[str], Case]:
    """Mutated records; what stays faultless must also map and load."""
    import pyoxigraph as ox

    from graph_builder import reader as reading
    from graph_builder.statements import Writer
    from graph_builder.terms import load
    from graph_builder.triples import Mapper

    folder = Path(tempfile.mkdtemp(prefix="accords-fuzz-")) / "agreements"
    folder.mkdir()
    path, terms = folder / "fuzzed.yaml", load()
    mapper, writer = Mapper(terms, {}, {}), Writer(terms)

    def case(text: str) -> str:
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        record, faults = reading.read(path, terms)
        assert all(f.line >= 1 and f.column >= 1 and f.message for f in faults)
        if record is None or faults:
            return "faults"
        nodes, _ = mapper.nodes(record)
        list(ox.parse(writer.text(nodes), ox.RdfFormat.TRIG))
        return "good"

    return [p.read_text("utf-8") for p in sorted((ROOT / "tests" / "small" / "agreements").glob("*.yaml"))], case


def guard() -> tuple[list[str], Case]:
    """Mutated questions; what the guard lets through goes to the engine's parser, over an empty store."""
    import pyoxigraph as ox

    from graph_builder import guard as door

    store = ox.Store()

    def case(text: str) -> str:
        try:
            door.check(text)
        except door.Refusal:
            return "refused"
        except SyntaxError:
            return "not SPARQL"
        try:
            store.query(text)
        except (SyntaxError, ValueError, OSError, RuntimeError):
            return "not SPARQL"
        return "good"

    return [p.read_text("utf-8") for p in sorted((ROOT / "queries").glob("*.rq"))], case


def extractor() -> tuple[list[str], Case]:
    """Mutated passages of the stored article."""
    from graph_builder.extract import drafts
    from graph_builder.extract.gazetteer import Gazetteer

    small = ROOT / "tests" / "small"
    names = Gazetteer.read([small])
    text = next((small / "articles").glob("*.txt")).read_text("utf-8")

    def case(text: str) -> str:
        drafts.draft(text, names)
        return "drafted"

    return [text[n : n + 800] for n in range(0, len(text), 800)], case


KINDS = {"reader": reader, "guard": guard, "extractor": extractor}


def run(kind: str, cases: int, seed: int, results: multiprocessing.Queue[tuple[Counter[str], float]]) -> None:
    """All cases of one kind; each problem is printed with its number, from which the seed makes it again."""
    seeds, case = KINDS[kind]()
    counted: Counter[str] = Counter()
    longest = 0.0
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in range(cases):
        dice = random.Random(f"{seed}/{kind}/{number}")
        text = mutated(dice.choice(seeds), dice)
        before = time.process_time()
        try:
            counted[case(text)] += 1
        except BaseException as error:
            counted["PROBLEM"] += 1
            if counted["PROBLEM"] <= 3:
                last = traceback.extract_tb(error.__traceback__)[-1]
                print(f"{kind} {number}: {type(error).__name__}: {str(error)[:200]} ({last.filename.rpartition('/')[2]}:{last.lineno})")
        took = time.process_time() - before
        longest = max(longest, took)
        if took > SLOW:
            counted["SLOW"] += 1
            print(f"{kind} {number}: {took:.1f} s")
    results.put((counted, longest))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", choices=[*KINDS, []], metavar="KIND")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    bad = False
    for kind in args.kinds or KINDS:
        results = context.Queue()
        process = context.Process(target=run, args=(kind, args.cases, args.seed, results))
        began = time.perf_counter()
        process.start()
        while process.is_alive() and results.empty():
            time.sleep(0.2)
        if results.empty() and process.exitcode:
            print(f"{kind}: the process died with {process.exitcode}")
            bad = True
            continue
        counted, longest = results.get()
        process.join()
        bad |= bool(counted["PROBLEM"] or counted["SLOW"])
        shares = ", ".join(f"{n:,} {w}" for w, n in sorted(counted.items()))
        print(f"{kind}: {args.cases:,} cases, seed {args.seed}, {time.perf_counter() - began:.0f} s: {shares}; the slowest took {longest:.3f} s", flush=True)
    sys.exit(bad)


if __name__ == "__main__":
    main()
