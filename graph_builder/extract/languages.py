"""Which words of a language speak of instruments, parties, offices and days: the rules of `languages/*.yaml`, compiled."""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .texts import fold

FOLDER = Path(__file__).with_name("languages")
Pattern = re.Pattern[str]
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass
class Rules:
    """The compiled rules of one language."""

    code: str
    raw: dict[str, Any]
    head_first: bool
    latin_script: bool
    ending: str
    heads: Pattern
    generic: Pattern
    not_types: Pattern
    stops: Pattern
    plain: Pattern
    anaphora: Pattern
    about: frozenset[str]
    between: frozenset[str]
    conjunctions: frozenset[str]
    articles: frozenset[str]
    cues: dict[str, Pattern]
    offices: dict[str, Pattern]
    any_office: Pattern
    months: dict[int, Pattern]
    any_month: Pattern
    numbers: dict[int, Pattern]
    groups: dict[str, Pattern]
    topics: dict[str, Pattern]
    adjectives: dict[str, str]
    weak: frozenset[str]
    alone: frozenset[str]
    words: dict[str, Pattern] = field(default_factory=dict)
    weekdays: dict[int, Pattern] = field(default_factory=dict)
    _stems: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _tail: Pattern = field(default_factory=lambda: re.compile(r"$"))

    def stems(self, word: str) -> tuple[str, ...]:
        """The word and what is left of it without each ending that the language knows, longest first."""
        known = self._stems.get(word)
        if known is None:
            if len(self._stems) > 200_000:
                self._stems.clear()
            known = self._stems[word] = tuple(
                word[:k] for k in range(len(word), max(1, len(word) - 13), -1) if k == len(word) or self._tail.fullmatch(word, k))
        return known

    def stem(self, word: str) -> str:
        """One stem for comparing words: the shortest that keeps four letters or more."""
        return next((s for s in reversed(self.stems(word)) if len(s) >= 4), word)


@cache
def codes() -> tuple[str, ...]:
    """The languages there are: one a file.

    >>> "ru" in codes()
    True
    """
    return tuple(sorted(p.stem for p in FOLDER.glob("*.yaml")))


@cache
def read(code: str) -> dict[str, Any]:
    """The rules of a language as they stand in its file."""
    raw: dict[str, Any] = yaml.load((FOLDER / f"{code}.yaml").read_text("utf-8"), Loader=_LOADER)  # noqa: S506 (a BaseLoader: text only)
    return raw


@cache
def rules(code: str) -> Rules:
    """The compiled rules of a language; an unknown code raises KeyError."""
    if code not in codes():
        raise KeyError(f"no rules for language {code!r}; there are {', '.join(codes())}")
    raw = read(code)
    ending = _ending(raw)
    def one(key: str) -> Pattern:
        return _pattern(_list(raw.get(key)), ending)
    def many(key: str) -> dict[str, Pattern]:
        return {k: _pattern(v, ending) for k, v in raw.get(key, {}).items()}
    found = Rules(
        code=code, raw=raw, head_first=raw["order"] == "head-first", latin_script=raw["script"] == "latin", ending=ending,
        heads=_heads(raw["types"], ending), generic=one("generic"), not_types=one("notTypes"), stops=one("stops"),
        plain=one("plain"), anaphora=one("anaphora"), about=_set(raw["about"]), between=_set(raw["between"]),
        conjunctions=_set(raw["and"]), articles=_set(raw["articles"]), cues=many("cues"), offices=many("offices"),
        any_office=_pattern([v for vs in raw["offices"].values() for v in vs], ending),
        months={int(k): _pattern([v], ending) for k, v in raw["months"].items()},
        any_month=_pattern(list(raw["months"].values()), ending), numbers={int(k): p for k, p in many("numbers").items()},
        groups=many("groups"), topics=many("topics"),
        adjectives={fold(a): k for k, vs in raw["adjectives"].items() for a in vs},
        weak=_set(raw["weak"]), alone=_set(raw["alone"]),
        words={k: one(k) for k in ("today", "yesterday", "leaders", "visits", "summits", "commitments", "sectors", "common", "with",
                                     "earlier", "meets", "lastYear", "inYear", "arrivals", "told", "houses", "laws")},
        weekdays={int(k): _pattern([v], ending) for k, v in raw["weekdays"].items()})
    found._tail = re.compile(ending)
    return found


@cache
def groups() -> dict[str, dict[str, Any]]:
    """The groups of states that the language files have words for, and the regions whose names stand for them."""
    found: dict[str, dict[str, Any]] = yaml.load((FOLDER.parent / "groups.yaml").read_text("utf-8"), Loader=_LOADER)  # noqa: S506
    return found


def detect(text: str) -> str:
    """The language of a text, from its letters and its commonest words; Russian or English, by the script, when these do not tell."""
    sample = text[:20_000].lower()
    words = re.findall(r"[^\W\d_]+(?:['’ʻ‘ʼ][^\W\d_]+)?", sample)
    counts: dict[str, float] = {}
    for code in codes():
        raw = read(code)
        markers = {fold(m) for m in raw["markers"].split()}
        letters = raw["letters"]
        special = sum(sample.count(c) for c in letters) if "'" not in letters else len(re.findall("[og]['’ʻ‘ʼ]", sample))
        counts[code] = sum(1 for w in words if fold(w) in markers) + 0.5 * special
    best = max(counts, key=lambda c: counts[c])
    return best if counts[best] else "ru" if re.search("[а-яё]", sample) else "en"


def _ending(raw: dict[str, Any]) -> str:
    parts = sorted({fold(e) for e in raw["endings"].split()}, key=len, reverse=True)
    most = 1 if raw["order"] == "head-first" else 4
    return f"(?:{'|'.join(map(re.escape, parts))}){{1,{most}}}"


def _source(value: str, ending: str) -> str:
    folded = "".join(p if p.startswith("\\") else fold(p) for p in re.split(r"(\\.)", value))
    folded = re.sub(r"(?<!\\w)(?<=[^\W\d_])\*", r"\\w*", folded)
    return re.sub(r"\s+", r"\\s+", folded).replace("~", f"(?:{ending})?")


def _pattern(values: list[str], ending: str) -> Pattern:
    if not values:
        return re.compile(r"(?!)")
    longest = sorted(values, key=len, reverse=True)
    return re.compile(rf"(?<![\w'])(?:{'|'.join(_source(v, ending) for v in longest)})(?![\w])")


def _heads(types: dict[str, list[str]], ending: str) -> Pattern:
    parts = [f"(?P<{k.replace('-', '_')}>{'|'.join(_source(v, ending) for v in vs)})" for k, vs in types.items()]
    return re.compile(rf"(?<![\w'])(?:{'|'.join(parts)})(?!\w)")


def _list(value: Any) -> list[str]:
    if isinstance(value, str):
        return value.split()
    return [str(v) for v in value or []]


def _set(value: str) -> frozenset[str]:
    return frozenset(fold(w) for w in value.split())
