"""Which recorded agreement does a row or a draft tell of, what does it add, and where do the two differ?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from graph_builder import checks
from graph_builder.notations import fold, lists
from graph_builder.questions import Names
from graph_builder.records import Data, Record

ALIKE = 0.6
"""Share of common words from which two titles are taken for one."""
STEM = 6
"""Letters of a word that are compared, so that its endings do not count."""
APART = 31
"""Days that two dates of one agreement may lie apart."""
Words = Mapping[str, frozenset[str]]
"""Language → the telling words of a title."""


class Recorded:
    """The recorded agreements by their parties."""

    def __init__(self, records: Iterable[Record], names: Names) -> None:
        self.names = names
        self.by_name: dict[str, Record] = {}
        self.by_parties: dict[frozenset[str], list[Record]] = defaultdict(list)
        self.words: dict[tuple[str, str], frozenset[str]] = {}
        self.named: dict[frozenset[str], frozenset[str]] = {}
        self.plain = frozenset(w[:STEM] for w in lists()["plain"])
        for record in records:
            if record.kind.folder == "agreements":
                self.by_name[record.name] = record
                self.by_parties[frozenset(record.data.get("party", ()))].append(record)

    def match(self, data: Data, name: str | None = None) -> Record | None:
        """The record of the agreement that some values tell of: by its name, else by parties, titles and day."""
        if name is not None:
            return self.by_name.get(name)
        parties = frozenset(data.get("party", ()))
        words = {language: self.telling(told, parties) for language, told in data.get("title", {}).items()}
        scored = ((self._score(data, words, record, parties), record) for record in self.by_parties.get(parties, ()))
        score, best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        return best if score else None

    def _score(self, data: Data, words: Words, record: Record, parties: frozenset[str]) -> float:
        """How surely two are one; 0 where they are not."""
        mine, theirs = data.get("signed", ""), record.data.get("signed", "")
        if mine and theirs and mine != theirs and (abs(int(mine[:4]) - int(theirs[:4])) > 1 or days_apart(mine, theirs) > APART):
            return 0
        same_day = mine == theirs and len(mine) == 10
        same_type = data.get("type", record.data.get("type")) == record.data.get("type")
        like = self._likeness(words, record, parties)
        if like is None:
            return 0.5 if same_day and same_type and sum(r.data.get("signed") == mine for r in self.by_parties[parties]) == 1 else 0
        return like + same_day + 0.5 * same_type if like >= ALIKE or (like > 0.34 and same_day and same_type) else 0

    def _likeness(self, words: Words, record: Record, parties: frozenset[str]) -> float | None:
        """Share of common words of two titles in the language where they are most alike; None without a common language."""
        found = []
        for language, mine in words.items():
            if other := record.data.get("title", {}).get(language):
                theirs = self.words.get((record.name, language))
                if theirs is None:
                    theirs = self.words[record.name, language] = self.telling(other, parties)
                found.append(len(mine & theirs) / len(mine | theirs) if mine or theirs else 1.0)
        return max(found, default=None)

    def telling(self, title: str, parties: frozenset[str]) -> frozenset[str]:
        """The words of a title that tell it from others of the same parties."""
        if parties not in self.named:
            self.named[parties] = frozenset(s for party in parties for s in self._stems(party))
        named = self.named[parties]
        return frozenset(s for w in fold(title).split() if (s := w[:STEM]) not in self.plain and s[:5] not in named)

    def _stems(self, party: str) -> frozenset[str]:
        labels = self.names.labels.get(self.names.terms.base + party, {}).values()
        return frozenset(w[:5] for label in labels for w in fold(label).split() if len(w) > 3)


def days_apart(one: str, other: str) -> int:
    """How many days two dates surely lie apart, as far as both are precise.

    >>> days_apart("2022-12-22", "2022-12-21"), days_apart("2022", "2022-12-21")
    (1, 0)
    """
    import datetime

    length = min(len(one), len(other))
    if one[:length] == other[:length]:
        return 0
    first, then = (datetime.date(*(int(p) for p in (f"{d[:length]}-01-01"[:10] if length < 10 else d).split("-"))) for d in (one, other))
    return abs((first - then).days)


def differences(record: Record, data: Data) -> tuple[list[str], dict[str, tuple[str, str]]]:
    """The keys that some values add to a record, and those of which they say another thing: key → the record's, theirs."""
    added: list[str] = []
    other: dict[str, tuple[str, str]] = {}
    for key, value in data.items():
        known, has = record.kind.fields[key], record.data.get(key)
        if has is None:
            added.append(key)
        elif known.form in ("text", "texts", "nested"):
            added += [f"{key}.{part}" for part in value if part not in has]
        elif known.form == "date":
            if checks.before(has, value) or checks.before(value, has):
                other[key] = has, value
            elif len(value) > len(has):
                added.append(key)
        elif known.single and has != value:
            other[key] = ", ".join(has), ", ".join(value)
        else:
            added += [f"{key}.{part}" for part in value if part not in has]
    return added, other
