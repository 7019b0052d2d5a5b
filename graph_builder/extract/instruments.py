"""Where does a text speak of an instrument (a treaty, a declaration …), and how far does its title reach?

A mention is a head word with what belongs to it: after the head in head-first languages (ru, en, tg), before it in
head-last ones (uz, kk, ky, tk).
"""
from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field

from .languages import Rules
from .morphology import is_plural
from .names import Name
from .texts import Document, Token
from .titles import Titles

_NUMBER = re.compile(r"\s*(?:№|no\.?)\s*\d+")
_ENDING_YEAR = re.compile(r"\s+(?:of|от)\s+((?:19|20)\d\d)(?:\s+год\w*)?$")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(slots=True)
class Mention:
    """One mention: offsets of its title, of its head word, the type; `strength` 0 when only plain words go with the head,
    1 for an adjective or noun beside it, 2 for the name of a place, 3 for a complement that says what it is about."""

    start: int
    end: int
    head: tuple[int, int]
    type: str
    strength: int
    sentence: int
    anaphoric: bool = False
    words: frozenset[str] = frozenset()
    years: frozenset[str] = frozenset()
    all_words: frozenset[str] = frozenset()
    dated: str = ""
    parties: tuple[str, ...] = ()
    how: str = "explicit"
    topics: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def bare(self) -> bool:
        """Whether nothing but plain words go with the head."""
        return self.strength == 0


def find(document: Document, rules: Rules, names: list[Name], stop: Callable[[int], bool],
         places: frozenset[str] = frozenset()) -> list[Mention]:
    """All mentions in the order of the text; `stop(offset)` tells whether a date begins there; `places`: how place names begin."""
    reader = _Reader(document, rules, names, stop, places)
    found: list[Mention] = []
    for match in rules.heads.finditer(document.folded):
        kind = (match.lastgroup or "other").replace("_", "-")
        if reader.excluded(match.start(), match.end()) or (rules.head_first and found and match.start() < found[-1].end):
            continue
        mention = reader.mention(match.start(), match.end(), kind)
        found += [mention, *reader.shared(mention)]
    return found if rules.head_first else _outermost(found)


def _outermost(found: list[Mention]) -> list[Mention]:
    """In head-last languages a later mention may swallow an earlier one that stands within its title."""
    kept: list[Mention] = []
    for mention in found:
        while kept and mention.start <= kept[-1].start and kept[-1].sentence == mention.sentence:
            kept.pop()
        kept.append(mention)
    return kept


class _Reader(Titles):
    """Makes the mentions of a document."""

    def excluded(self, offset: int, end: int) -> bool:
        """Whether the head word belongs to a set phrase that is no instrument («программа визита»)."""
        i = bisect_left(self.span_starts, end) - 1
        return i >= 0 and self.spans[i][1] > offset

    def mention(self, start: int, end: int, kind: str) -> Mention:
        """The mention round a head word."""
        first, last = self.d.token_at(start), self.d.token_at(end - 1)
        left, strength, anaphoric = self.left(first)
        right, topical = self.right(last) if self.r.head_first else (last, False)
        strength = 0 if strength == 1 and self._plural(start, end) else strength
        if not self.r.head_first:
            left, strength = self.before(first)
        begin, finish = self.tokens[left].start, self.tokens[right].end
        begin, finish = self._quotes(begin, finish)
        number = _NUMBER.match(self.d.folded, finish)
        if number is not None:
            finish, strength = number.end(), max(strength, 2)
        listed = int(self.d.headers[self.d.sentence_at(start)] >= 0)
        dated = self._dated(finish)
        inside = _ENDING_YEAR.search(self.d.folded[begin:finish])
        if inside is not None:
            finish, dated = begin + inside.start(), inside[1]
        words = self._topic_words(left, right, first, last)
        return Mention(begin, finish, (start, end), kind, 3 if topical else max(strength, listed), self.d.sentence_at(start), anaphoric,
                       self._telling(words), frozenset(_YEAR.findall(self.d.folded, begin, finish)), words, dated)

    def _dated(self, end: int) -> str:
        """The year that stands right after a title: «от 4 мая 2023 года», "of 1997", «(2003 год)»."""
        m = re.match(r"\s*\(?\s*(?:от|of|dated|аз)?\s*(?:\d{1,2}\s+\w+\s+)?((?:19|20)\d\d)", self.d.folded[end:end + 40])
        return m[1] if m else ""

    def shared(self, mention: Mention) -> list[Mention]:
        """The further instruments of a plural head: «соглашения о туризме, об архивах и о спорте» are three."""
        found: list[Mention] = []
        last = self.d.token_at(mention.end - 1)
        if mention.strength < 3 or self.r.code not in ("ru", "en") or not self._plural(*mention.head):
            return found
        while last + 2 < len(self.tokens) and not self._breaks(last, last + 1):
            first = last + 1
            while self._text(first) in self.r.conjunctions and first + 2 < len(self.tokens):
                first += 1
            if (first == last + 1 and "," not in self._gap(last, first)) or self._text(first) not in ("о", "об", "on"):
                break
            last = self.right(first, first - 1)[0]
            start, end = self.tokens[first].start, self.tokens[last].end
            words = self._topic_words(first, last, first, first)
            found.append(Mention(start, end, (start, end), mention.type, 3, mention.sentence, False, self._telling(words),
                                 frozenset(_YEAR.findall(self.d.folded, start, end)), words))
        return found

    def _plural(self, start: int, end: int) -> bool:
        head = self.d.folded[start:end]
        return (self.r.code == "en" and head.endswith("s")) or (self.r.code == "ru" and " " not in head and is_plural(head))

    def _quotes(self, start: int, end: int) -> tuple[int, int]:
        """Takes in a closing quote whose opening one stands within the span."""
        inside = self.d.text[start:end]
        if inside.count("«") > inside.count("»") and self.d.text[end:end + 1] == "»":
            return start, end + 1
        if inside.count("“") > inside.count("”") and self.d.text[end:end + 1] == "”":
            return start, end + 1
        if inside.count('"') % 2 and self.d.text[end:end + 1] == '"':
            return start, end + 1
        return start, end

    def _telling(self, words: frozenset[str]) -> frozenset[str]:
        """Without the words that many titles have, where anything is left."""
        return frozenset(w for w in words if not self.r.words["common"].match(w)) or words

    def _topic_words(self, left: int, right: int, first: int, last: int) -> frozenset[str]:
        """Stems of the title's words of content, without the head, names and plain words."""
        kept = []
        for i in range(left, right + 1):
            word = self._text(i)
            if first <= i <= last or len(word) < 3 or word[0].isdigit() or self._plain(i) or word in self.r.about or word in self.r.between \
                    or word in self.r.conjunctions or word in self.r.articles or self._named(self.tokens[i]):
                continue
            kept.append(self.r.stem(word))
        return frozenset(kept)

    def _named(self, token: Token) -> bool:
        name = self._covering(token)
        return name is not None and name.kind in ("state", "group", "person")
