"""On which day was an instrument signed, by the sentences of its mentions and those round them?"""
from __future__ import annotations

from . import dates as days
from .coreference import Cluster
from .dates import Date
from .events import DONE, Events, Found
from .instruments import Mention


class Signings(Events):
    """Reads the day of signing: beside the title, beside a word of signing, of the meeting, of the dateline."""

    def signed(self, cluster: Cluster, status: str) -> Found | None:
        """The day of signing: beside the title, or beside a word of signing in a sentence of one of the mentions."""
        for mention in cluster.mentions[:30]:
            beside = self._beside(mention)
            if beside is not None:
                return self._found(beside)
        year = next((m for m in cluster.mentions[:30] if m.dated and not self.amends(m)), None)
        if year is not None:
            start = self.d.folded.index(year.dated, year.end)
            return Found(year.dated, start, start + 4, "explicit")
        if status in ("mentioned", "draft", "planned"):
            return None
        for kinds in (("signed",), DONE):
            for mention in cluster.mentions[:30]:
                for sentence in (mention.sentence, self.d.headers[mention.sentence]):
                    date = self._of_signing(sentence, mention, kinds) if sentence >= 0 else None
                    if date is not None:
                        return self._found(date)
        return self._later(cluster) or self._earlier(cluster.main) or self._of_meeting(cluster.main) or self._of_dateline(cluster)

    def _later(self, cluster: Cluster) -> Found | None:
        """«Today» in a sentence of the instrument, or a day of signing in the sentence after one."""
        for mention in cluster.mentions[:30]:
            start, end = self.d.sentences[mention.sentence]
            today = next((x for x in self._within(start, end) if x.how == "inferred"), None)
            if today and not {c[0] for c in self.cues(mention.sentence)} & {"ratified", "force", "planned"}:
                return self._found(today)
            for after in range(mention.sentence + 1, min(mention.sentence + 3, len(self.d.sentences))):
                if after in self.titled or not self.types.get(after, {mention.type}) & {mention.type, *self._called(cluster)}:
                    break
                date = self._of_signing(after, mention, ("signed",)) or self._told_today(after)
                if date is not None:
                    return self._found(date)
        return None

    def _called(self, cluster: Cluster) -> set[str]:
        return {m.type for m in cluster.mentions}

    def _told_today(self, sentence: int) -> Date | None:
        """«Об этом сегодня, 22 декабря, сообщает …»: the day of the news, right after the word for today."""
        start, end = self.d.sentences[sentence]
        today = self.r.words["today"].search(self.d.folded, start, end)
        return next((x for x in self._within(today.end(), end) if x.start - today.end() < 4 and x.how == "explicit"), None) if today else None

    def _earlier(self, mention: Mention) -> Found | None:
        """The day of signing in one of the two sentences before, where this one says that more was signed («тогда же»)."""
        if self.stage(mention).value not in DONE:
            return None
        for before in range(mention.sentence - 1, max(-1, mention.sentence - 3), -1):
            date = self._of_signing(before, mention, ("signed",))
            if date is not None:
                found = self._found(date)
                found.how = "inferred"
                return found
        return None

    def _of_dateline(self, cluster: Cluster) -> Found | None:
        """The day of the dateline, where the text begins with the news that the instrument was signed."""
        if self.dateline is None or cluster.main.sentence > 8 or self.stage(cluster.main).value not in DONE:
            return None
        found = self._found(self.dateline)
        found.how = "inferred"
        return found

    def _found(self, date: Date) -> Found:
        full = days.complete(date, self.page)
        return Found(full.iso(), date.start, date.end, full.how)

    def _of_signing(self, sentence: int, mention: Mention, kinds: tuple[str, ...]) -> Date | None:
        start, end = self.d.sentences[sentence]
        cues = self.cues(sentence)
        best: tuple[int, Date] | None = None
        for date in self._within(start, end):
            near = sorted((max(date.start - c[2], c[1] - date.end, 0), c[0]) for c in cues if c[0] != "anniversary")
            of_another = self.amends(mention) and 0 <= date.start - mention.end < 12
            if of_another or (any(c[0] == "anniversary" for c in cues) and not date.year):
                continue
            if not near or near[0][1] not in kinds or not date.month:
                continue
            distance = near[0][0] + abs(date.start - mention.start) // 4
            if best is None or distance < best[0]:
                best = distance, date
        return best[1] if best else None

    def _of_meeting(self, mention: Mention) -> Found | None:
        """The day of the meeting that the text tells of, where it names just one."""
        held: list[Date] = []
        first = self.d.headers[mention.sentence] if self.d.headers[mention.sentence] >= 0 else mention.sentence
        for i in range(max(0, first - 5), min(len(self.d.sentences), mention.sentence + 6)):
            start, end = self.d.sentences[i]
            kinds = {c[0] for c in self.cues(i)}
            if i != mention.sentence and ((i in self.titled and "signed" in kinds) or mention.type not in self.types.get(i, {mention.type})):
                continue
            meets, before = (self.r.words[k].search(self.d.folded, start, end) for k in ("summits", "earlier"))
            if kinds & {"ratified", "force", "planned"} or before or not meets:
                continue
            held.extend(x for x in self._within(start, end) if x.day and x.how == "explicit")
        days_named = {(x.month, x.day) for x in held}
        if len(days_named) != 1:
            return None
        found = self._found(held[0])
        found.how = "inferred"
        return found
