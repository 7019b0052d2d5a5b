"""Where does a text speak of an instrument (a treaty, a declaration …), and how far does its title reach?

A mention is a head word with what belongs to it: after the head in head-first languages (ru, en, tg), before it in
head-last ones (uz, kk, ky, tk).
"""
from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

from .languages import Rules
from .morphology import can_be, ends_title, is_modifier, is_plural, is_subject, is_verb, trails
from .names import Name
from .texts import Document, Token, fold

LONGEST = 45
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_OPEN, _CLOSE = "«\"“„(", "»\"”)"
_STRONG_BREAK = re.compile(r"[;:!()|]|\s-\s|\.\s*$|\.\s|\?(?!\d)")


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
        if reader.excluded(match.start(), match.end()) or rules.head_first and found and match.start() < found[-1].end:
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


class _Reader:
    def __init__(self, document: Document, rules: Rules, names: list[Name], stop: Callable[[int], bool],
                 places: frozenset[str]) -> None:
        self.d, self.r, self.date_at = document, rules, stop
        self.tokens = document.tokens
        self.generic = {m.start() for m in rules.generic.finditer(document.folded)}
        self.heads = sorted(self.generic | {m.start() for m in rules.heads.finditer(document.folded)})
        self.family = re.compile(rf"\w{{2,}}(?:{'|'.join(fold(e) for e in rules.raw['surnames'])})$")
        self.spans = sorted((m.start(), m.end()) for m in rules.not_types.finditer(document.folded))
        self.span_starts = [s for s, _ in self.spans]
        self.names = {n.start: n for n in names}
        self.name_starts = sorted(self.names)
        self.places = places

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
            if first == last + 1 and "," not in self._gap(last, first) or self._text(first) not in ("о", "об", "по", "on"):
                break
            last = self._right(first, first - 1)[0]
            start, end = self.tokens[first].start, self.tokens[last].end
            words = self._topic_words(first, last, first, first)
            found.append(Mention(start, end, (start, end), mention.type, 3, mention.sentence, False, self._telling(words),
                                 frozenset(_YEAR.findall(self.d.folded, start, end)), words))
        return found

    def _plural(self, start: int, end: int) -> bool:
        head = self.d.folded[start:end]
        return self.r.code == "en" and head.endswith("s") or self.r.code == "ru" and " " not in head and is_plural(head)

    def excluded(self, offset: int, end: int) -> bool:
        """Whether the head word belongs to a set phrase that is no instrument («программа визита»)."""
        i = bisect_left(self.span_starts, end) - 1
        return i >= 0 and self.spans[i][1] > offset

    def mention(self, start: int, end: int, kind: str) -> Mention:
        """The mention round a head word."""
        first, last = self.d.token_at(start), self.d.token_at(end - 1)
        left, strength, anaphoric = self._left(first)
        right, topical = self._right(last) if self.r.head_first else (last, False)
        strength = 0 if strength == 1 and self._plural(start, end) else strength
        if not self.r.head_first:
            left, strength = self._before(first)
        begin, finish = self.tokens[left].start, self.tokens[right].end
        begin, finish = self._quotes(begin, finish)
        listed = int(self.d.headers[self.d.sentence_at(start)] >= 0)
        words = self._topic_words(left, right, first, last)
        return Mention(begin, finish, (start, end), kind, 3 if topical else max(strength, listed), self.d.sentence_at(start), anaphoric,
                       self._telling(words), frozenset(_YEAR.findall(self.d.folded, begin, finish)), words, self._dated(finish))

    def _dated(self, end: int) -> str:
        """The year that stands right after a title: «от 4 мая 2023 года», "of 1997", «(2003 год)»."""
        m = re.match(r"\s*\(?\s*(?:от|of|dated|аз)?\s*(?:\d{1,2}\s+\w+\s+)?((?:19|20)\d\d)", self.d.folded[end:end + 40])
        return m[1] if m else ""

    def _gap(self, i: int, j: int) -> str:
        return self.d.folded[self.tokens[i].end:self.tokens[j].start]

    def _breaks(self, i: int, j: int) -> bool:
        """Whether a title cannot go on between two words: a strong mark that does not stand within a quotation."""
        if self.d.sentence_at(self.tokens[i].start) != self.d.sentence_at(self.tokens[j].start):
            return True
        if self._gap(i, j).strip() == "-" and self.tokens[j].start in self.names and self._covering(self.tokens[i]) is not None:
            return False
        quote = self.d.quote_at(self.tokens[i].start)
        return bool(_STRONG_BREAK.search(self._gap(i, j))) and (quote < 0 or quote != self.d.quote_at(self.tokens[j].start))

    def _text(self, i: int) -> str:
        return self.tokens[i].word

    def _plain(self, i: int) -> bool:
        return bool(self.r.plain.fullmatch(self._text(i)))

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

    def _left(self, first: int) -> tuple[int, int, bool]:
        """Modifiers before the head: the first word, how much they tell, whether one of them points back."""
        i, strength, anaphoric = first, 0, False
        while i > 0 and first - i < 7 and not _STRONG_BREAK.search(self._gap(i - 1, i)) and "," not in self._gap(i - 1, i):
            token = self.tokens[i - 1]
            if self.r.anaphora.fullmatch(token.word):
                anaphoric = True
                break
            if self._sentence_before(i) or not self._modifies(token, i):
                break
            i -= 1
            if not self._plain(i) and not token.word.isdigit():
                strength = max(strength, self._distinct(token))
        while i < first and (self.tokens[i].word in self.r.conjunctions or self._plain(i) and not self._keeps(i, first)):
            i += 1
        return i, strength, anaphoric or i > 0 and self._text(i - 1) == "the" and not self.tokens[first].capital

    def _keeps(self, i: int, first: int) -> bool:
        """A plain adjective stays in the title when it is capitalised or stands right before the head in Russian."""
        return self.tokens[i].capital or self.r.code == "ru"

    def _distinct(self, token: Token) -> int:
        """How well a modifier tells this instrument from others: 2 a place or state, 1 a capital, a topic, any English word."""
        if token.start in self.names or token.capital and token.word[:5] in self.places:
            return 2
        return int(token.capital or self.r.code in ("en", "ru") or any(p.match(token.word) for p in self.r.topics.values()))

    def _modifies(self, token: Token, i: int) -> bool:
        """Whether the word before word i can modify it."""
        if self.r.code == "en":
            if token.word.endswith("ly") or token.word in self.r.articles or token.word in self.r.about or self.r.stops.fullmatch(token.word):
                return False
            if token.word in self.r.conjunctions:
                return i > 1 and self.tokens[i].capital and self.tokens[i - 2].capital
            return bool(re.fullmatch(r"[\w'-]+", token.word)) and not self._is_actor(token) and not self.date_at(token.start)
        if self.r.code == "ru":
            return is_modifier(token.word) and not self._is_actor(token) and not self.r.stops.fullmatch(token.word)
        return self._plain(i - 1)

    def _is_actor(self, token: Token) -> bool:
        """Whether the word is (the end of) a name of a state or person in a noun form: a subject, not a modifier."""
        name = self._covering(token)
        return name is not None and not name.adjective and (name.kind == "person" or self.r.code != "en")

    def _sentence_before(self, i: int) -> bool:
        return self.d.sentence_at(self.tokens[i - 1].start) != self.d.sentence_at(self.tokens[i].start)

    def _right(self, last: int, head: int | None = None) -> tuple[int, bool]:
        """The complement after word `last`: the last word of the title, and whether there is a complement."""
        i, last = last, last if head is None else head
        while i + 1 < len(self.tokens) and i - last < LONGEST and self._continues(i, last):
            i += 1
        while i > last and (self._text(i) in self.r.about or self._text(i) in self.r.conjunctions
                            or self._text(i) in self.r.articles or self.r.code == "ru" and trails(self._text(i))):
            i -= 1
        return i, i > last

    def _continues(self, i: int, last: int) -> bool:
        """Whether the word after word i still belongs to the title whose head is word `last`."""
        token, gap = self.tokens[i + 1], self._gap(i, i + 1)
        if self._breaks(i, i + 1) or self.date_at(token.start):
            return False
        if any(c in _CLOSE for c in gap) and not any(c in self.d.text[self.tokens[last].start:self.tokens[i].end] for c in _OPEN):
            return False
        if self.r.stops.match(self.d.folded, token.start) or i == last and self.r.anaphora.fullmatch(token.word):
            return False
        if self._new_head(i):
            return False
        if i == last:
            return self._begins(token, gap)
        if "," in gap:
            return self._lists_on(i, last)
        if self.r.code == "ru" and (ends_title(token.word) or self._circumstance(i + 1) or self._subject(token)):
            return False
        return not (self.r.code == "en" and (self._circumstance(i + 1) or len(token.word) > 4 and token.word.endswith("ly")))

    def _begins(self, token: Token, gap: str) -> bool:
        """Whether a complement begins with this word."""
        word = token.word
        if "," in gap:
            return False
        if word in self.r.between or word in self.r.about and not self._place_follows(token) or any(c in gap for c in _OPEN):
            return True
        if self.r.code == "ru":
            if word in ("с", "со"):
                return self._state_within(token, 4)
            name = self.names.get(token.start)
            return name is not None and name.kind != "person" or can_be(word, "gent") and not self._subject(token)
        return self.r.code == "tg" and (token.capital or self._text(self.d.token_at(token.start) - 1).endswith("и"))

    def _subject(self, token: Token) -> bool:
        """Whether a Russian word that may be a nominative is the subject of a verb that follows («договор стороны подписали»)."""
        i = self.d.token_at(token.start)
        if not can_be(token.word, "nomn") or i > 0 and trails(self._text(i - 1)):
            return False
        for k in range(i + 1, min(i + 4, len(self.tokens))):
            if self._gap(k - 1, k).strip(" \u00a0\"«»"):
                return False
            if is_verb(self._text(k)):
                return is_subject(token.word, self._text(k))
        return False

    def _state_within(self, token: Token, words: int) -> bool:
        i = self.d.token_at(token.start)
        return any(t.start in self.names for t in self.tokens[i + 1:i + 1 + words])

    def _place_follows(self, token: Token) -> bool:
        """"in Khujand", "on March 31": no complement but where and when."""
        i = self.d.token_at(token.start) + 1
        if i >= len(self.tokens):
            return True
        name = self.names.get(self.tokens[i].start)
        return self.date_at(self.tokens[i].start) or bool(token.word == "in" and name and name.kind in ("place", "state"))

    def _circumstance(self, i: int) -> bool:
        """Whether word i begins a circumstance of place or time: a preposition before a place or a date."""
        word = self._text(i)
        if word not in ("в", "во", "in", "at", "on", "to") or i + 1 >= len(self.tokens):
            return False
        name = self.names.get(self.tokens[i + 1].start)
        if name is not None and word != "to":
            return name.kind == "place" or name.kind == "state" and word == "in" and not self._gap(i + 1, i + 1)
        return self.date_at(self.tokens[i + 1].start)

    def _new_head(self, i: int) -> bool:
        """Whether a coordinated instrument begins after word i: «, а также Хартией», "and the Treaty on"."""
        j, n = i + 1, len(self.tokens)
        coordinated = "," in self._gap(i, i + 1)
        while j < n and self._text(j) in self.r.conjunctions | self.r.articles:
            coordinated = coordinated or self._text(j) in self.r.conjunctions
            j += 1
        if not coordinated:
            return False
        for k in range(j, min(j + 5, n)):
            if self._is_head(k):
                return True
            if self._text(k) in self.r.about or not (self._plain(k) or self._modifies(self.tokens[k], k)):
                return False
        return False

    def _is_head(self, i: int) -> bool:
        position = bisect_left(self.heads, self.tokens[i].start)
        return position < len(self.heads) and self.heads[position] == self.tokens[i].start

    def _lists_on(self, i: int, last: int) -> bool:
        """Whether a comma after word i only parts the items of a list that goes on («о дружбе, добрососедстве и …»)."""
        if self.r.code == "ru":
            word = self._text(i + 1)
            case = "loct" if self._text(last + 1) in self.r.about else ""
            if not (can_be(word, "gent") or case and can_be(word, case) or can_be(word, "ablt")) or word in self.r.about:
                return False
        if self._text(i + 1) in self.r.articles or self._text(i + 1) in self.r.about:
            return False
        for k in range(i + 1, min(i + 9, len(self.tokens) - 1)):
            if self._text(k) in self.r.conjunctions:
                return True
            gap = self._gap(k, k + 1)
            if _STRONG_BREAK.search(gap) or self.r.stops.fullmatch(self._text(k)) or self._text(k) in self.r.articles \
                    or self.r.code == "ru" and ends_title(self._text(k)):
                return False
        return False

    def _before(self, first: int) -> tuple[int, int]:
        """The words before the head in a head-last language: the first word of the title, and how much they tell."""
        about = self._about_before(first)
        i = first if about is None else about
        strength = 0 if about is None else 3
        most = 22 if about is not None else 5
        while i > 0 and first - i < most and self._precedes(i, first):
            i -= 1
            if about is None:
                strength = max(strength, 3 if self._text(i) in self.r.between else self._distinct(self.tokens[i]))
        while i < first and (self._text(i) in self.r.conjunctions | self.r.about or self.r.anaphora.fullmatch(self._text(i))):
            i += 1
        return i, strength if i < first else 0

    def _about_before(self, first: int) -> int | None:
        """The word for «about» that stands before the head, with nothing but a date or plain words between."""
        for k in range(first - 1, max(-1, first - 6), -1):
            if self._sentence_before(k + 1) or "," in self._gap(k, k + 1) or self._is_head(k):
                return None
            if self._text(k) in self.r.about:
                return k
        return None

    def _precedes(self, i: int, first: int) -> bool:
        """Whether the word before word i belongs to the title."""
        token, gap = self.tokens[i - 1], self._gap(i - 1, i)
        if self._breaks(i - 1, i) or self.date_at(token.start):
            return False
        if self.r.stops.fullmatch(token.word) or self.r.any_office.fullmatch(token.word) or self._ends_date(token):
            return False
        if any(c in _CLOSE for c in gap) and i < first - 6:
            return False
        if "," in gap and not any(self._text(k) in self.r.conjunctions for k in range(i, min(i + 7, first))):
            return False
        if token.start in self.generic or self._is_head(i - 1) and ("," in gap or self._text(i) in self.r.conjunctions):
            return False
        name = self._covering(token)
        if name is not None:
            return name.kind != "person" and not self._locative(token, name)
        return not (token.capital and any(self.family.fullmatch(s) for s in self.r.stems(token.word)[:3]))

    def _locative(self, token: Token, name: Name) -> bool:
        """A place or state in the locative tells where, not what."""
        return name.kind in ("place", "state") and bool(re.search(r"[дт][ае]$|d[ae]$", token.word))

    def _ends_date(self, token: Token) -> bool:
        return bool(self.r.any_month.fullmatch(token.word) or re.match(r"(19|20)\d\d", token.word))

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

    def _telling(self, words: frozenset[str]) -> frozenset[str]:
        """Without the words that many titles have, where anything is left."""
        return frozenset(w for w in words if not self.r.words["common"].match(w)) or words

    def _named(self, token: Token) -> bool:
        name = self._covering(token)
        return name is not None and name.kind in ("state", "group", "person")

    def _covering(self, token: Token) -> Name | None:
        """The known name of which the word is a part."""
        k = bisect_right(self.name_starts, token.start) - 1
        name = self.names[self.name_starts[k]] if k >= 0 else None
        return name if name is not None and name.end > token.start else None

