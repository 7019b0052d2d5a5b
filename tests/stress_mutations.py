"""500 mutations of each record of the small set, every one a fault: `python tests/stress_mutations.py [--each 500] [--seed 1]`.

Each must be caught with a line and column, without another exception and within a second of processor time; 99 of 100 at least.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from graph_builder import checks, reader, store  # noqa: E402
from graph_builder.triples import Mapper  # noqa: E402

SMALL = ROOT / "tests" / "small"
Dice = random.Random
Mutation = Callable[[str, Dice], str]


def line(pattern: str, change: Callable[[re.Match[str], Dice], str]) -> Mutation:
    """A mutation of one line that fits; gives the text back where there is none."""

    def mutate(text: str, dice: Dice) -> str:
        found = list(re.finditer(pattern, text, re.MULTILINE))
        if not found:
            return text
        match = dice.choice(found)
        return text[: match.start()] + change(match, dice) + text[match.end() :]

    return mutate


KEY = r"^(?P<i> {0,2})(?P<k>(?!en|ru|uz|kk|ky|tg|tk)[a-zA-Z]{3,}):(?= |$)"
DATE = r"(?P<k>signed|inForce|start|end|founded|seen|date): (?P<d>\d{4}(?:-\d\d(?:-\d\d)?)?)"
BAD_DATES = ("1997-02-30", "1997-13-01", "22.12.2022", "2022-1-2", "yesterday", "1797-01-01", "2022/12/22", "20221222", "NO", "2022-12-22T00:00")
HIDDEN = ("\u200b", "\u202e", "\u2066", "\ufeff", "\x07", "\u200f", "\U000e0041")


def _misspelt(match: re.Match[str], dice: Dice) -> str:
    at, key = dice.randrange(len(match["k"])), match["k"]
    return f"{match['i']}{key[:at]}{'x' if key[at] != 'x' else 'y'}{key[at + 1 :]}:"


def _put(text: str, pieces: tuple[str, ...], dice: Dice) -> str:
    at = dice.randrange(len(text) + 1)
    return text[:at] + dice.choice(pieces) + text[at:]


MUTATIONS: dict[str, Mutation] = {
    "misspelt key": line(KEY, _misspelt),
    "unknown key": lambda text, dice: f"{dice.choice(('colour', 'signed_by', 'Title', 'partys', 'x'))}: red\n{text}",
    "bad date": line(DATE, lambda m, dice: f"{m['k']}: {dice.choice(BAD_DATES)}"),
    "list for a date": line(DATE, lambda m, _: f"{m['k']}: [{m['d']}, {m['d']}]"),
    "block for a date": line(DATE, lambda m, _: f"{m['k']}: {{en: {m['d']}}}"),
    "no such record": line(r"(?P<f>states|people|places|organizations|events)/[a-z0-9-]+", lambda m, dice: f"{m['f']}/nowhere-{dice.randrange(99)}"),
    "way out": line(
        r"(?:states|people|places|organizations|events)/[a-z0-9-]+", lambda m, dice: dice.choice(("../", "/etc/", "states/../", "https://")) + "passwd"
    ),
    "unknown folder": line(r"(?:states|people|places|organizations|events)/(?P<n>[a-z0-9-]+)", lambda m, _: f"planets/{m['n']}"),
    "repeated key": line(r"^(?P<l>[a-zA-Z]+: .+)$", lambda m, _: f"{m['l']}\n{m['l']}"),
    "hidden character": lambda text, dice: _put(text, HIDDEN, dice),
    "not NFC": lambda text, dice: _put(text, ("e\u0301", "и\u0306"), dice),
    "tab": line(r"^ +", lambda m, _: "\t"),
    "not UTF-8": lambda text, dice: _put(text, ("\udcff", "\udcc3", "\udce9"), dice),
    "anchor and alias": lambda text, _: f"x: &a [1]\ny: *a\n{text}",
    "tag": line(DATE, lambda m, dice: f"{m['k']}: {dice.choice(('!!python/object/apply:os.system ', '!!int ', '!x '))}{m['d']}"),
    "bomb": lambda text, _: (
        "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{b}: &{b} [*{a},*{a},*{a},*{a},*{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)) + text
    ),
    "1 MB scalar": line(r"^(?P<k>  ru): .+$", lambda m, _: f"{m['k']}: {'я' * 500_000}"),
    "deep": lambda text, dice: f"{'[' * dice.randint(60, 5000)}\n{text}",
    "no source": lambda text, _: text.partition("sources:")[0],
    "unsupported key": line(r"supports: \[[^]]+\]", lambda m, _: "supports: [nothing]"),
    "no title": lambda text, _: re.sub(r"^(?:title|name):.*\n(?: .*\n)*", "", text, flags=re.MULTILINE),
    "cut": lambda text, dice: text[: text.index("sources:") + dice.randrange(9)],
    "unknown word": line(r"^(?P<k>type|subject): .+$", lambda m, dice: f"{m['k']}: {dice.choice(('treety', 'pact!', 'Agreement', '1'))}"),
    "bad address": line(r"https?://[^\s:]+", lambda m, dice: dice.choice(("javascript:alert(1)", "ftp://x.y/z", "http://", "https://x y", "https://x.y/%zz"))),
}


class Judge:
    """Reads one mutated record among the records of the small set."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="accords-mutations-"))
        self.found = store.collect([SMALL])
        self.mapper = Mapper(self.found.terms, self.found.articles, self.found.publishers)

    def faults(self, name: str, content: bytes) -> list[object]:
        path = self.folder / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        record, faults = reader.read(path, self.found.terms)
        if record is None or faults:
            return list(faults)
        others = [r for r in self.found.records if r.name != name]
        return [*self.mapper.nodes(record)[1], *checks.check([*others, record, *self.found.hosts.values()], self.found.terms)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    judge, missed, longest, tried = Judge(), Counter[str](), 0.0, 0
    for record in judge.found.records:
        text = (SMALL / f"{record.name}.yaml").read_text("utf-8")
        dice = random.Random(f"{args.seed}/{record.name}")
        for _ in range(args.each):
            name = dice.choice(list(MUTATIONS))
            mutated = MUTATIONS[name](text, dice)
            if mutated == text:
                continue
            tried += 1
            before = time.process_time()
            try:
                faults = judge.faults(record.name, mutated.encode("utf-8", "surrogateescape"))
                caught = bool(faults) and all(f.line >= 1 and f.column >= 1 for f in faults)  # type: ignore[attr-defined]
            except Exception as error:
                print(f"{record.name}, {name}: {type(error).__name__}: {error}")
                caught = False
            longest = max(longest, time.process_time() - before)
            missed[name] += not caught
            if not caught and missed[name] <= 2:
                print(f"missed: {record.name}, {name}")
    shutil.rmtree(judge.folder)
    lost = sum(missed.values())
    print(f"{tried:,} mutations of {len(judge.found.records)} records, {len(MUTATIONS)} kinds: {100 * (1 - lost / tried):.2f} % caught")
    print(f"the slowest took {longest:.3f} s")
    if lost:
        print("missed:", ", ".join(f"{n} {name}" for name, n in missed.items() if n))
    sys.exit(lost > tried / 100 or longest > 1)


if __name__ == "__main__":
    main()
