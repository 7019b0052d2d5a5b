"""How complete the data are: counts, a matrix of pairs and decades, the share of what is known, and what is known to be missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from pathlib import Path

import yaml

from graph_builder import store
from graph_builder.records import Record

FIVE = {
    "states/kazakhstan": "KAZ", "states/kyrgyzstan": "KGZ", "states/tajikistan": "TJK", "states/turkmenistan": "TKM", "states/uzbekistan": "UZB",
}  # fmt: skip
DECADES = ("199", "200", "201", "202")
SHARES: dict[str, Callable[[Record], bool]] = {
    "a title in English and Russian": lambda r: {"en", "ru"} <= set(r.data.get("title", {})),
    "a day of signature": lambda r: len(r.data.get("signed", "")) == 10,
    "a day of signature, or why there is none": lambda r: len(r.data.get("signed", "")) == 10 or "signed" in r.because,
    "a place": lambda r: "place" in r.data,
    "a signatory": lambda r: "signature" in r.data,
    "entry into force or a step of consent": lambda r: "inForce" in r.data or "consent" in r.data,
    "entry into force": lambda r: "inForce" in r.data,
    "a ratification": lambda r: any("ratification" in step.get("step", ()) for step in r.data.get("consent", {}).values()),
    "a visit or summit": lambda r: "event" in r.data,
    "two or more sources": lambda r: len(r.sources) > 1,
    "sources that disagree": lambda r: any(s.says for supports in r.sources.values() for s in supports),
}
"""What may be known of an agreement → whether a record knows it."""


def stats(folders: Sequence[Path]) -> str:
    """The whole report as text of at most 100 columns."""
    found = store.collect(folders)
    agreements = [r for r in found.records if r.kind.folder == "agreements"]
    counts = Counter(r.kind.folder for r in found.records)
    pages = {s for r in found.records for s in r.sources if ":" in s}
    parts = [
        "\n".join(f"{counts[folder]:>7,} {folder}" for folder in found.terms.kinds if counts[folder]),
        f"{len(pages):>7,} pages cited, of {len(found.publishers):,} publishers",
        "\nAgreements by pair and decade of signature (in parentheses: with a day and two sources)\n\n" + matrix(agreements),
        "\nShare of agreements with\n\n" + shares(agreements),
        "\nKnown to be missing\n\n" + (missing(folders) or "  nothing is listed"),
    ]
    return "\n".join(parts) + "\n"


def matrix(agreements: Iterable[Record]) -> str:
    """Pairs of the five states, and each of them with others, by decade."""
    names = [*(f"{a}–{b}" for a, b in combinations(FIVE.values(), 2)), *(f"{code}–others" for code in FIVE.values())]
    rows: dict[str, Counter[str]] = {name: Counter() for name in names}
    for record in agreements:
        parties = record.data.get("party", ())
        inside = sorted(FIVE[p] for p in parties if p in FIVE)
        names = [f"{a}–{b}" for a, b in combinations(inside, 2)]
        if len(inside) < len(parties):
            names += [f"{code}–others" for code in inside]
        decade = record.data.get("signed", "")[:3]
        good = len(record.data.get("signed", "")) == 10 and len(record.sources) > 1
        for name in names:
            rows[name].update([decade, *([f"{decade}+"] if good else [])])
    head = f"{'':12}" + "".join(f"{d + '0s':>14}" for d in DECADES) + f"{'undated':>14}{'all':>8}"
    return "\n".join([head, *(_row(name, counts) for name, counts in rows.items())])


def _row(name: str, counts: Counter[str]) -> str:
    cells = [f"{counts[d]} ({counts[f'{d}+']})" if counts[d] else "–" for d in (*DECADES, "")]
    return f"{name:12}" + "".join(f"{cell:>14}" for cell in cells) + f"{sum(counts[d] for d in (*DECADES, '')):>8,}"


def shares(agreements: Sequence[Record]) -> str:
    """How many agreements have what, in per cent."""
    total = max(1, len(agreements))
    counted = {name: sum(map(known, agreements)) for name, known in SHARES.items()}
    return "\n".join(f"{100 * count / total:>6.1f} %  {count:>6,}  {name}" for name, count in counted.items())


def missing(folders: Sequence[Path]) -> str:
    """The lines of each folder's `missing.yaml`: what is known to exist and has no record yet."""
    lines = []
    for folder in folders:
        path = folder / "missing.yaml"
        if path.is_file():
            for parties, items in (yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) or {}).items():  # noqa: S506 (strings only)
                lines += [f"  {parties:16} {item}" for item in items]
    return "\n".join(lines)
