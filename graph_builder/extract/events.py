"""What happened to an instrument: its status, the day and the place of signing, who signed it?"""
from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from . import dates as days
from .coreference import Cluster
from .dates import Date
from .gazetteer import Gazetteer
from .instruments import Mention
from .languages import Rules
from .names import Name
from .texts import Document

ORDER = ("mentioned", "draft", "planned", "adopted", "signed", "ratified", "force", "ended")
WORDS = {"force": "in force"}
DONE = ("signed", "adopted")
_PREPOSITION = re.compile(r"(?:\b(?:в|во|in|at|дар)|\bг\.|город\w*|city of)\s+(?:\w+\s+){0,2}$")
_DATELINE = re.compile(r"\s*(?:[^\W\d_a-zа-я][^\W\d_]+(?:[ -][^\W\d_a-zа-я][^\W\d_]+)?)(?:\s*\([^()]{2,20}\)|[.,/ ]+[A-ZА-Я][^\W\d_]+)?\s*[.,(–—:/-]\s*"
                       r"|\s*[^\W\d_a-zа-я]{3,}\s+")
_OWN_DATELINE = re.compile(r"(?:\s*год[а]?|\s*г\.)?[,.]?\s+[^\W\d_a-zа-я][^\W\d_]+(?:\s*[–—:/]|\.\s|\s*\()")
_AFTER_DATELINE = re.compile(r"(?:\s*года?\b|\s*г\.)?(?:\s*[.(–—:/,-]|\s+[^\W\d_a-zа-я])")
_LOCATIVE = re.compile(r"(?:да|де|та|те|до|то|дө|тө|da|de|ta|te|nda|nde)$")


@dataclass(slots=True)
class Found:
    """A value with the place in the text it was read from, and how: explicit or inferred."""

    value: str
    start: int
    end: int
    how: str


class Events:
    """Reads status, day, place and signatories from the sentences of an instrument's mentions."""

    def __init__(self, document: Document, rules: Rules, gazetteer: Gazetteer, names: list[Name]) -> None:
        self.d, self.r, self.g, self.names = document, rules, gazetteer, names
        found = days.find(document, rules)
        self.page = days.written(found, document)
        self.dateline = next((x for x in found if x is not self.page and self._opens(x)), None)
        skip = {x.start for x in (self.page, self.dateline) if x}
        if self.dateline is not None:
            self.dateline = days.complete(self.dateline, self.page, [])
            self.page = self.page or self.dateline
        plain = [x for x in found if x.start not in skip and not days.clocked(document, x)]
        ago = days.relative(document, rules, self.dateline or self.page)
        if self.dateline is None and any(rules.words["today"].fullmatch(document.folded, x.start, x.end) for x in ago):
            self.dateline = self.page
        self.dates = plain + [x for x in ago if not any(-4 < y.start - x.end < 4 or -4 < x.start - y.end < 4 for y in found)]
        self.dates.sort(key=lambda x: x.start)
        self.date_order = [x.start for x in self.dates]
        self.date_starts = set(self.date_order)
        self.name_order = [n.start for n in names]
        self._cues: dict[int, list[tuple[str, int, int]]] = {}
        self.titled: set[int] = set()
        self.titles: dict[int, list[tuple[int, int]]] = {}
        self.types: dict[int, set[str]] = {}

    def _opens(self, date: Date) -> bool:
        """Whether a day stands in a dateline: at the head of a line, with nothing but a place, an agency and marks before it."""
        if date.start > 600 or not date.day or date.until:
            return False
        line = self.d.text.rfind("\n", 0, date.start) + 1
        before, after = self.d.text[line:date.start], self.d.text[date.end:date.end + 40]
        if before.startswith(" date ") and self.page is not None and self.page.start > line:
            before = self.d.text[self.page.end:date.start]
        ends = _AFTER_DATELINE.match(after) or (date.year and not after.split("\n")[0].strip())
        return bool(ends) and bool(_DATELINE.fullmatch(before) or (_OWN_DATELINE.match(after) and not before.strip()))

    def cues(self, sentence: int) -> list[tuple[str, int, int]]:
        """The cue words of a sentence: kind, start, end."""
        if sentence not in self._cues:
            start, end = self.d.sentences[sentence]
            titles = [t for t in self.titles.get(sentence, ()) if t[1] - t[0] > 12]
            self._cues[sentence] = [(kind, m.start(), m.end()) for kind, p in self.r.cues.items()
                                    for m in p.finditer(self.d.folded, start, end)
                                    if not any(t[0] <= m.start() < t[1] for t in titles)]
        return self._cues[sentence]

    def stage(self, mention: Mention) -> Found:
        """What the sentence (or the head of its list) says happened, by the nearest cue word."""
        header = self.d.headers[mention.sentence]
        for sentence in (mention.sentence, header, header - 1, *self._announcing(mention)):
            cues = self.cues(sentence) if sentence >= 0 else []
            cues = [c for c in cues if c[0] != "anniversary" and not (c[1] >= mention.start and c[2] <= mention.end)
                    and (sentence == mention.sentence or c[0] in DONE or sentence == header)]
            if cues:
                kind, start, end = min(cues, key=lambda c: self._distance(c, mention))
                return Found(kind, start, end, "explicit")
        return Found("mentioned", mention.head[0], mention.head[1], "explicit")

    def _announcing(self, mention: Mention) -> list[int]:
        """The sentence before, where the mention stands in no list; for a plan or programme only where documents were announced;
        the two before that as well where this is called a further document."""
        before = mention.sentence - 1
        if before < 0 or self.d.headers[mention.sentence] >= 0:
            return []
        if self._speaks_of_documents(mention.sentence):
            return list(range(before, max(-1, before - 3), -1))
        return [before] if mention.type not in self.r.weak or self._speaks_of_documents(before) else []

    def _speaks_of_documents(self, sentence: int) -> bool:
        return self.r.generic.search(self.d.folded, *self.d.sentences[sentence]) is not None

    def nearness(self, mention: Mention) -> int:
        """How many characters part a mention from the nearest word of signing or adopting in its sentence."""
        return min((max(mention.start - c[2], c[1] - mention.end, 0) for c in self.cues(mention.sentence) if c[0] in DONE), default=999)

    def _distance(self, cue: tuple[str, int, int], mention: Mention) -> int:
        kind, start, end = cue
        gap = max(mention.start - end, start - mention.end, 0)
        if kind == "draft" and (gap > 30 or (not 0 <= mention.start - end <= 30 and self.r.head_first)):
            return 10_000 + gap
        if kind == "ratified" and 0 <= mention.start - end < 20:
            return gap - 20
        return gap - (25 if kind == "planned" else 0)

    def _within(self, start: int, end: int) -> list[Date]:
        i = bisect_left(self.date_order, start)
        return [x for x in self.dates[i:bisect_left(self.date_order, end)] if x.end <= end and not x.until]

    def _names_in(self, start: int, end: int) -> list[Name]:
        return self.names[bisect_left(self.name_order, start):bisect_left(self.name_order, end)]

    def place(self, cluster: Cluster, status: str) -> Found | None:
        """The city named in the sentence that tells of the signing; a dateline is no place of signing."""
        if status in ("mentioned", "draft"):
            return None
        for mention in cluster.mentions[:30]:
            for i in dict.fromkeys((mention.sentence, self.d.headers[mention.sentence])):
                if i >= 0 and any(c[0] in DONE for c in self.cues(i)):
                    place = self._place_in(i, mention)
                    if place is not None:
                        return Found(self.g.entries[place.entry]["name"], place.start, place.end, "explicit")
        return self.meeting_place(cluster.main) if self.stage(cluster.main).value in DONE else None

    def amends(self, mention: Mention) -> bool:
        """Whether the title ends in that of another instrument: a day right after it is that one's."""
        return self.r.head_first and self.r.heads.search(self.d.folded, mention.head[1], mention.end) is not None

    def meeting_place(self, mention: Mention) -> Found | None:
        """The city of the meeting that a sentence before tells of."""
        for i in range(mention.sentence, max(-1, mention.sentence - 6), -1):
            start, end = self.d.sentences[i]
            if self.r.words["summits"].search(self.d.folded, start, end) or self.r.words["visits"].search(self.d.folded, start, end):
                place = self._place_in(i, mention)
                if place is not None:
                    return Found(self.g.entries[place.entry]["name"], place.start, place.end, "inferred")
        return None

    def _place_in(self, sentence: int, mention: Mention) -> Name | None:
        start, end = self.d.sentences[sentence]
        for name in self._names_in(start, end):
            if name.kind != "place" or mention.start <= name.start < mention.end:
                continue
            if self.g.entries[name.entry]["type"] not in ("city", "village", "building", "region"):
                continue
            before = self.d.folded[max(start, name.start - 30):name.start]
            if _PREPOSITION.search(before) or (not self.r.head_first and _LOCATIVE.search(self.d.folded[name.start:name.end])):
                return name
        return None

    def signatories(self, cluster: Cluster, parties: tuple[str, ...], status: str) -> list[Name]:
        """The people of the parties' states who stand in a sentence that tells of the signing of this instrument."""
        if status in ("mentioned", "draft", "planned"):
            return []
        found: dict[int, Name] = {}
        for mention in cluster.mentions[:30]:
            if not any(c[0] == "signed" for c in self.cues(mention.sentence)):
                continue
            start, end = self.d.sentences[mention.sentence]
            for name in self._names_in(start, end):
                if name.kind == "person" and set(name.codes) & set(parties):
                    found.setdefault(name.entry, name)
        return list(found.values()) if len(found) > 1 else []
