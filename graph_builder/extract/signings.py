"""On which day was an instrument signed? A few principles of reading, the surest first.

What each day of a sentence is the day of is told by the word that governs it (`ruling`): a word of signing, of a meeting,
of an arrival, of ratification, of reporting. Only the first two can give a day of signing.
"""
from __future__ import annotations

import re
from bisect import bisect_left

from . import dates as days
from .coreference import Cluster
from .dates import Date
from .events import DONE, ORDER, Events, Found
from .gazetteer import Gazetteer
from .instruments import Mention
from .languages import Rules
from .names import Name
from .texts import Document

HELD = ("event", "signed", "adopted")
_STOP = 40      # a comma between a day and a word parts them like so many letters
_FAR = 600      # no word governs a day farther off
_AGAINST = 30   # so does the order in which a head-last language does not write them
_MARKED = re.compile(r"\s*,?\s*(?:\(\s*(?:г\. ?)?(?:[^\W\d]+, ?)?|(?:от|of|dated|аз|signed on)\s*)$")
_OF_A_DOCUMENT = re.compile(r"(?:\b(?:от|dated|аз)|\b(?:treaty|agreement|declaration|statement|memorandum|protocol|convention) of)\s*$")
_YEAR_AFTER = re.compile(r"\s*(?:\(\s*|(?:от|of|dated|аз|аз соли)\s+)((?:19|20)\d\d)(?![-–\d])|\s+((?:19|20)\d\d)\s+год")
_YEAR_BEFORE = re.compile(r"(?:the ((?:19|20)\d\d)|((?:19|20)\d\d)[- ](?:nj[iy] )?(?:yilgi|йилги|жылгы|жылкы|жылдагы|yyldaky|yylky))\s+(?:\w+\s+)?$")
_CHRONICLE = re.compile(r"(?:\s*г(?:ода?|\.)?)?\s*[–:-]\s*(?:\w+\s+)?[\"«“]?")   # «14 июня 2013 г. – Договор …»
_ATTRIBUTE = re.compile(r"(?:даг[иы]|дег[иы]|таг[иы]|тег[иы]|dagi|d[ae]ki|d[ae]ky|\s(?:kungi|кунги|кунгы|кунку|gunki))$")


class Signings(Events):
    """Reads the day of signing of an instrument."""

    def __init__(self, document: Document, rules: Rules, gazetteer: Gazetteer, names: list[Name]) -> None:
        super().__init__(document, rules, gazetteer, names)
        self._ruling_words: dict[int, list[tuple[str, int, int]]] = {}

    def signed(self, cluster: Cluster, status: str) -> Found | None:
        """The day of signing by the first principle that gives one; None where the text tells of no signature."""
        own = self._own(cluster)
        if own is not None or status in ("draft", "planned"):
            return self._found(own, "explicit") if own else None
        for principle, how in ((self._with_the_verb, ""), (self._in_its_sentence, ""), (self._on_the_same_occasion, "inferred"),
                               (self._of_the_meeting, "inferred"), (self._of_the_only_day, "inferred"), (self._of_the_news, "inferred")):
            date = principle(cluster)
            if date is not None:
                return self._found(date, how)
            if status == "mentioned":
                break
        return None

    def _found(self, date: Date, how: str) -> Found:
        full = days.complete(date, self.page, self.dates, self._last_year(date))
        return Found(full.iso(), date.start, date.end, how or full.how)

    def status(self, cluster: Cluster) -> Found:
        """The furthest stage that any mention tells of; «planned» only where none tells of a signature."""
        stages = [self.stage(m) for m in cluster.mentions[:30]]
        best = max(stages, key=lambda s: ORDER.index(s.value))
        if best.value == "planned" and (beside := next((b for m in cluster.mentions[:30] if (b := self._beside(m))), None)):
            return Found("mentioned", beside.start, beside.end, "inferred")
        return best

    # -- the principles ------------------------------------------------------------------------------------------------

    def _own(self, cluster: Cluster) -> Date | None:
        """The day a document is cited with: «Договор … от 14 июня 2013 года», "14-iyundagi shartnoma", "the 1998 Treaty"."""
        for mention in cluster.mentions[:30]:
            date = None if self.amends(mention) else self._beside(mention) or self._year_beside(mention)
            if date is not None:
                return date
        return None

    def _with_the_verb(self, cluster: Cluster) -> Date | None:
        """A day that a word of signing governs: in a sentence of the instrument, in the head of its list, or soon after; the fullest mention first."""
        main = cluster.main
        for mention in (main, *(m for m in cluster.mentions[:30] if m is not main)):
            date = self._in_sentences([mention], "signed") or self._said_after(mention, {m.type for m in cluster.mentions})
            if date is not None:
                return date
        return None

    def _said_after(self, mention: Mention, called: set[str]) -> Date | None:
        """«Документ подписан 22 декабря»: a day of signing in one of the two sentences after a mention, up to another title."""
        for after in range(mention.sentence + 1, min(mention.sentence + 3, len(self.d.sentences))):
            if after in self.titled or not self.types.get(after, called) & called:
                break
            date = self._governed(after, "signed") or self._governed(after, "year")
            if date is not None:
                return date
        return None

    def _in_its_sentence(self, cluster: Cluster) -> Date | None:
        """Else the day of adopting there, else that of the meeting at which it says it was signed, else the year alone («в 1997 году»)."""
        return next((x for kind in ("adopted", "event", "year") if (x := self._in_sentences(cluster.mentions[:30], kind))), None)

    def _in_sentences(self, mentions: list[Mention], kind: str) -> Date | None:
        for mention in mentions:
            for sentence in (mention.sentence, self.d.headers[mention.sentence]):
                date = self._governed(sentence, kind, mention) if sentence >= 0 else None
                if date is not None:
                    return date
        return None

    def _on_the_same_occasion(self, cluster: Cluster) -> Date | None:
        """«Тогда же подписан …»: the day of signing in one of the two sentences before."""
        first = cluster.main.sentence
        if not self._is_news(cluster):
            return None
        for before in range(first - 1, max(-1, first - 3), -1):
            date = self._governed(before, "signed")
            if date is not None:
                return date
        return None

    def _of_the_meeting(self, cluster: Cluster) -> Date | None:
        """The day of the meeting or visit at which it was signed, where the sentences around, else all before, name just one."""
        if not self._is_news(cluster):
            return None
        own = cluster.main.sentence
        first = self._introduced(own)
        for start, end in ((first - 5, own + 6), (first - 30, first)):
            held = [x for i in range(max(0, start), min(len(self.d.sentences), end))
                    for x in self._held(i, HELD if i == own or i not in self.titled else HELD[:1])]
            if held:
                return held[0] if len({(x.month, x.day) for x in held}) == 1 else None
        return None

    def _of_the_only_day(self, cluster: Cluster) -> Date | None:
        """The one day that the text up to the news names, where no word gives it to something else."""
        if not self._is_news(cluster):
            return None
        named = self._within(0, self.d.sentences[self._introduced(cluster.main.sentence)][1])
        return named[0] if len(named) == 1 and named[0].day and self.ruling(named[0], self.d.sentence_at(named[0].start)) in ("", "event") else None

    def _introduced(self, sentence: int) -> int:
        """The sentence that introduces the list in which a sentence stands, else the sentence itself."""
        return self.d.headers[sentence] if self.d.headers[sentence] >= 0 else sentence

    def _of_the_news(self, cluster: Cluster) -> Date | None:
        """The day of the dateline, where the text begins with the news of the signature."""
        return self.dateline if self._introduced(cluster.main.sentence) <= 8 and self._is_news(cluster) else None

    # -- what they rest upon -------------------------------------------------------------------------------------------

    def _is_news(self, cluster: Cluster) -> bool:
        """Whether the text tells of the signature as what has just happened, not of one before, nor of what a parliament did."""
        start, end = self.d.sentences[cluster.main.sentence]
        stage = self.stage(cluster.main).value
        past = self._has("earlier", start, end) or self._has("lastYear", start, end) or self._names_another_time(start, end)
        return stage in DONE and not past and not (stage == "adopted" and self._has("houses", start, end))

    def _names_another_time(self, start: int, end: int) -> bool:
        """Whether a sentence names a month or a span of days: then another day is none of this instrument's."""
        single = [*self._within(start, end), *(x for x in (self.dateline, self.page) if x)]
        return any(not any(x.start <= m.start() < x.end for x in single) and not self._in_title(m.start())
                   for m in days.months(self.d, self.r, start, end))

    def _in_title(self, offset: int) -> bool:
        return any(a <= offset < b for a, b in self.titles.get(self.d.sentence_at(offset), ()) if b - a > 12)

    def _has(self, key: str, start: int, end: int) -> bool:
        return self.r.words[key].search(self.d.folded, max(start, 0), end) is not None

    def _held(self, sentence: int, kinds: tuple[str, ...]) -> list[Date]:
        """The days of a sentence that tells of a meeting and of nothing earlier, but those of arrivals, news and ratification."""
        start, end = self.d.sentences[sentence]
        if self._has("earlier", start, end) or self._has("houses", start, end) or {c[0] for c in self.cues(sentence)} & {"ratified", "force"}:
            return []
        if not any(self._has(k, start, end) for k in ("summits", "visits", "meets")):
            return []
        return [x for x in self._within(start, end) if x.day and self.ruling(x, sentence) in kinds]

    def _governed(self, sentence: int, kind: str, mention: Mention | None = None) -> Date | None:
        """The day of a sentence that a word of the kind governs ("year": the year alone that a word of signing governs), the nearest to the mention."""
        start, end = self.d.sentences[sentence]
        if (kind == "adopted" and self._has("houses", start, end)) or (kind == "event" and not any(c[0] == "signed" for c in self.cues(sentence))):
            return None
        days_there, ruler = (self._years(start, end), "signed") if kind == "year" else (self._within(start, end), kind)
        found = [x for x in days_there if self.ruling(x, sentence) == ruler]
        if mention is None or len(found) < 2:
            return found[0] if found else None
        return min(found, key=lambda x: max(x.start - mention.end, mention.start - x.end) + (_AGAINST if x.end <= mention.start else 0))

    def ruling(self, date: Date, sentence: int) -> str:
        """The kind of the word that governs a day: the nearest one, where a comma parts and the usual order joins; "" for none."""
        if self._is_of_a_document(date, sentence):
            return "document"
        if not date.year and any(c[0] == "anniversary" for c in self.cues(sentence)):
            return "anniversary"
        near = [g for g in self._governors(sentence) if g[1] < date.end + _FAR and g[2] > date.start - _FAR]
        return min(((self._gap(date, a, b), a - b, kind) for kind, a, b in near if kind in HELD or self._is_nearest(date, a, b)), default=(0, 0, ""))[2]

    def _is_nearest(self, date: Date, start: int, end: int) -> bool:
        """Whether neither the day before nor the one after is nearer to a word."""
        i = bisect_left(self.date_order, date.start)
        return self._gap(date, start, end) <= min((self._gap(x, start, end) for x in self.dates[max(0, i - 1):i + 2]), default=0)

    def _governors(self, sentence: int) -> list[tuple[str, int, int]]:
        """The words of a sentence that can govern a day: kind, start, end. A plan to sign is a plan, a law that is signed is a law."""
        if sentence not in self._ruling_words:
            start, end = self.d.sentences[sentence]
            found = [(self._meant(cue, start, end), *cue[1:]) for cue in self.cues(sentence)]
            for key, kind in (("summits", "event"), ("visits", "event"), ("meets", "event"), ("arrivals", "arrival"), ("told", "told")):
                found += [(kind, m.start(), m.end()) for m in self.r.words[key].finditer(self.d.folded, start, end) if not self._in_title(m.start())]
            self._ruling_words[sentence] = found
        return self._ruling_words[sentence]

    def _meant(self, cue: tuple[str, int, int], start: int, end: int) -> str:
        kind, a, b = cue
        if kind == "signed":
            plan = self.r.cues["planned"].search(self.d.folded, max(start, a - 45), min(end, b + 45))
            if plan and max(plan.start() - b, a - plan.end()) < 30 and "," not in self.d.folded[min(b, plan.end()):max(a, plan.start())]:
                return "planned"
        return "ratified" if kind in DONE and self._signs_a_law(a, b, start, end) else kind

    def _signs_a_law(self, start: int, end: int, first: int, last: int) -> bool:
        spans = ((end, min(last, end + 25)), (max(first, start - 45), start)) if self.r.head_first else ((max(first, start - 25), start),)
        laws = [law for span in spans for law in self.r.words["laws"].finditer(self.d.folded, *span)]
        return any("," not in self.d.folded[min(end, law.end()):max(start, law.start())] for law in laws)

    def _gap(self, date: Date, start: int, end: int) -> int:
        left, right = (date.end, start) if start >= date.end else (end, date.start)
        between = self.d.folded[left:right]
        stops = sum(between.count(c) for c in ",;(\"«“")
        return max(right - left, 0) + _STOP * stops + (_AGAINST if not self.r.head_first and start < date.start else 0)

    def _is_of_a_document(self, date: Date, sentence: int) -> bool:
        """Whether a day is how some document is cited: after «от», "dated"; or in the form that goes with a title after it."""
        if _OF_A_DOCUMENT.search(self.d.folded[max(0, date.start - 30):date.start]):
            return True
        if self.r.head_first or not self._attributive(date):
            return False
        end = self.d.sentences[sentence][1]
        title = min((a for a, b in self.titles.get(sentence, ()) if b > date.end), default=end)
        event = self.r.words["summits"].search(self.d.folded, date.end, end)
        return title < end and (event is None or event.start() > title)

    def _attributive(self, date: Date) -> bool:
        after = re.match(r"\s*(?:\w*нку|[кk]ungi|кунг[иы]|кунку|gunki)\b", self.d.folded[date.end:date.end + 9])
        return after is not None or _ATTRIBUTE.search(self.d.folded[date.start:date.end]) is not None

    def _beside(self, mention: Mention) -> Date | None:
        """The day a title is cited with."""
        for x in self._within(mention.end, mention.end + 60):
            mark = _MARKED.search(self.d.folded, mention.head[1], x.start)
            if x.day and mark and not self._into_force(x) and not self.d.folded[mention.end:mark.start()].strip() and not self.d.folded[mark.end():x.start]:
                return x
        first, _ = self.d.sentences[mention.sentence]
        for x in self._within(first, mention.start):
            if x.day and _CHRONICLE.fullmatch(self.d.folded[x.end:mention.start]) and not re.search(r"\w", self.d.folded[first:x.start]):
                return x
        if self.r.head_first or any(a != mention.start and mention.start < a < mention.head[0] for a, _ in self.titles.get(mention.sentence, ())):
            return None
        before = [x for x in self._within(first, mention.head[0]) if x.day and self._attributive(x) and self._is_of_a_document(x, mention.sentence)
                  and not any(x.end <= b < mention.head[0] for a, b in self.titles.get(mention.sentence, ()) if b < mention.start)]
        return before[-1] if before else None

    def _into_force(self, date: Date) -> bool:
        """«аз 22 август эътибор пайдо кард»: a word of force right after a day."""
        return self.r.cues["force"].search(self.d.folded, date.end, date.end + 20) is not None

    def _year_beside(self, mention: Mention) -> Date | None:
        """The year a title is cited with: «договор 1998 года», "the 1998 Treaty", «2018 жылғы шарт»."""
        after = _YEAR_AFTER.match(self.d.folded, mention.end) or _YEAR_AFTER.match(self.d.folded, mention.head[1])
        if after is not None:
            k = 1 if after[1] else 2
            return Date(int(after[k]), 0, 0, after.start(k), after.end(k))
        for edge in (mention.start, mention.head[0]):
            offset = max(0, edge - 40)
            before = _YEAR_BEFORE.search(self.d.folded[offset:edge])
            if before is not None:
                k = 1 if before[1] else 2
                return Date(int(before[k]), 0, 0, offset + before.start(k), offset + before.end(k))
        return None

    def _years(self, start: int, end: int) -> list[Date]:
        """The years alone of a sentence («в 1997 году», "in 1997"), outside the titles and the full days."""
        found = []
        for m in self.r.words["inYear"].finditer(self.d.folded, start, end):
            year = re.search(r"(?:19|20)\d\d", m[0])
            inside = any(a <= m.start() and m.end() < b for a, b in self.titles.get(self.d.sentence_at(start), ()) if b - a > 12)
            ranged = re.match(r"\s?[-–]\s?(?:19|20)\d\d", self.d.folded[m.end():m.end() + 7])
            if year and not inside and not ranged and not any(x.start <= m.end() and m.start() <= x.end for x in self.dates):
                found.append(Date(int(year[0]), 0, 0, m.start() + year.start(), m.start() + year.end()))
        return found

    def _last_year(self, date: Date) -> bool:
        """Whether «прошлого года», "last year" stands beside a day."""
        span = self.d.folded[max(0, date.start - 16):date.end + 18]
        return self.r.words["lastYear"].search(span) is not None
