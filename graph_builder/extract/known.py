"""Which instrument of a text is already recorded? By type, words of the title, parties and day."""
from __future__ import annotations

from collections import defaultdict
from typing import Any

from rapidfuzz.fuzz import ratio

from .coreference import ACCORDS
from .gazetteer import Gazetteer
from .languages import Rules
from .texts import _WORD, fold

Record = dict[str, Any]


class Known:
    """The recorded agreements, by the stems of their titles in the language of the text."""

    def __init__(self, gazetteer: Gazetteer, rules: Rules) -> None:
        self.rules = rules
        self.records = gazetteer.agreements
        self.drop = {s for s, vs in gazetteer.index(rules).items() for st, e, _ in vs
                     if len(st) == 1 and gazetteer.entries[e]["kind"] == "state"}
        self.by_party: dict[str, set[int]] = defaultdict(set)
        for i, record in enumerate(self.records):
            for party in record["parties"]:
                self.by_party[party].add(i)
        self._words: dict[int, frozenset[str]] = {}

    def words(self, i: int) -> frozenset[str]:
        """The stems of a record's title."""
        if i not in self._words:
            titles = self.records[i]["title"]
            self._words[i] = self._stems(titles.get(self.rules.code) or titles.get("en" if self.rules.latin_script else "ru") or "")
        return self._words[i]

    @classmethod
    def of(cls, gazetteer: Gazetteer, rules: Rules) -> Known:
        """The recorded agreements of a gazetteer, prepared once a language."""
        prepared = gazetteer.prepared.setdefault(rules.code, None) or cls(gazetteer, rules)
        gazetteer.prepared[rules.code] = prepared
        return prepared

    def _stems(self, title: str) -> frozenset[str]:
        r = self.rules
        title = r.heads.sub(" ", fold(title))
        kept = []
        for m in _WORD.finditer(title):
            word = m[0]
            if len(word) < 3 or r.plain.fullmatch(word) or word in r.about or word in r.between or word in r.conjunctions \
                    or word in r.articles or any(s in self.drop for s in r.stems(word)) or word.startswith(("республик", "republic")):
                continue
            kept.append(r.stem(word))
        return frozenset(kept)

    def _tells(self, words: frozenset[str], i: int) -> bool:
        """Whether the titles share a word that few titles have, where they have such words; years of both must meet."""
        common = self.rules.words["common"]
        mine, theirs = ({w for w in ws if not common.match(w)} for ws in (words, self.words(i)))
        return bool(mine & theirs) or not (mine or theirs)

    def match(self, kind: str, words: frozenset[str], parties: tuple[str, ...], signed: str | None, explicit: bool) -> Record | None:
        """The record that the words, the type, the parties (where the text names them) and the day fit, else None."""
        named = [self.by_party.get(p, set()) for p in parties]
        candidates = set.intersection(*named) if explicit and named else set().union(*named) if named else set()
        best: tuple[float, Record] | None = None
        for i in sorted(candidates):
            record = self.records[i]
            if not _same_type(kind, record["type"]) or not _same_day(signed, record["signed"]):
                continue
            likeness = 2 * len(words & self.words(i)) / max(1, len(words) + len(self.words(i)))
            overlap = len(set(parties) & set(record["parties"])) / max(1, len(set(parties) | set(record["parties"])))
            mine, theirs = set(parties), set(record["parties"])
            if (explicit and mine != theirs) or not (mine <= theirs or theirs <= mine):
                continue
            score = likeness + 0.5 * overlap + (0.3 if signed and signed == record["signed"] else 0)
            if likeness >= (0.72 if overlap == 1 else 0.78) and self._tells(words, i) and (best is None or score > best[0]):
                best = score, record
        return best[1] if best else None


def _same_type(kind: str, other: str) -> bool:
    return kind == other or (kind in ACCORDS and other in ACCORDS)


def _same_day(text: str | None, record: str | None) -> bool:
    """Whether two days can be the same: parts that one of them lacks agree with anything; a day's slip is a contradiction to show."""
    if not text or not record:
        return True
    if text.startswith("--"):
        return record[5:10] in ("", text[2:]) or (len(record) < 10 and record[5:7] == text[2:4])
    return text[:4] == record[:4] or ratio(text, record) >= 90
