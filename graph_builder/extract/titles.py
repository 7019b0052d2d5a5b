"""How far does the title round a head word reach: to the right (ru, en, tg), to the left (uz, kk, ky, tk)?"""
from __future__ import annotations

import re

from .morphology import can_be, ends_title, is_modifier, is_subject, is_verb, trails
from .texts import Token
from .words import STRONG_BREAK, Words

LONGEST = 45
_CLOSE, _OPEN = "»\"”)", "«\"“„("


class Titles(Words):
    """Finds the first and the last word of titles."""

    def left(self, first: int) -> tuple[int, int, bool]:
        """Modifiers before the head: the first word, how much they tell, whether one of them points back."""
        i, strength, anaphoric = first, 0, False
        while i > 0 and first - i < 7 and not STRONG_BREAK.search(self._gap(i - 1, i)) and "," not in self._gap(i - 1, i):
            token = self.tokens[i - 1]
            if self.r.anaphora.fullmatch(token.word):
                anaphoric = True
                break
            if self._sentence_before(i) or not self._modifies(token, i):
                break
            i -= 1
            if not self._plain(i) and not token.word.isdigit():
                strength = max(strength, self._distinct(token))
        while i < first and (self.tokens[i].word in self.r.conjunctions or (self._plain(i) and not self._keeps(i, first))):
            i += 1
        return i, strength, anaphoric or (i > 0 and self._text(i - 1) == "the" and not self.tokens[first].capital)

    def _keeps(self, i: int, first: int) -> bool:
        """A plain adjective stays in the title when it is capitalised or stands right before the head in Russian."""
        return self.tokens[i].capital or self.r.code == "ru"

    def _distinct(self, token: Token) -> int:
        """How well a modifier tells this instrument from others: 2 a place or state, 1 a capital, a topic, any English word."""
        if token.start in self.names or (token.capital and token.word[:5] in self.places):
            return 2
        return int(token.capital or self.r.code in ("en", "ru") or any(p.match(token.word) for p in self.r.topics.values()))

    def _modifies(self, token: Token, i: int) -> bool:
        """Whether the word before word i can modify it."""
        if self.r.code == "en":
            if token.word.endswith("ly") or (token.word.endswith("ed") and not token.capital and not self._plain(i - 1)):
                return False
            if token.word in self.r.articles or token.word in self.r.about or self.r.stops.fullmatch(token.word):
                return False
            if token.word in self.r.conjunctions:
                return i > 1 and self.tokens[i].capital and self.tokens[i - 2].capital
            return bool(re.fullmatch(r"[\w'-]+", token.word)) and not self._is_actor(token) and not self.date_at(token.start)
        if self.r.code == "ru":
            return is_modifier(token.word) and not self._is_actor(token) and not self.r.stops.fullmatch(token.word)
        return self._plain(i - 1)

    def right(self, last: int, head: int | None = None) -> tuple[int, bool]:
        """The complement after word `last`: the last word of the title, and whether there is a complement."""
        i, last = last, last if head is None else head
        while i + 1 < len(self.tokens) and i - last < LONGEST and self._continues(i, last):
            i += 1
        while i > last and (self._text(i) in self.r.about or self._text(i) in self.r.conjunctions
                            or self._text(i) in self.r.articles or (self.r.code == "ru" and trails(self._text(i)))
                            or (self._plain(i) and self._text(i - 1) in self.r.conjunctions)):
            i -= 1
        return i, i > last

    def _continues(self, i: int, last: int) -> bool:
        """Whether the word after word i still belongs to the title whose head is word `last`."""
        token, gap = self.tokens[i + 1], self._gap(i, i + 1)
        if self._breaks(i, i + 1) or self.date_at(token.start):
            return False
        if any(c in _CLOSE for c in gap) and not self._opened(last, i):
            return False
        if self.r.stops.match(self.d.folded, token.start) or (i == last and self.r.anaphora.fullmatch(token.word)):
            return False
        if self._new_head(i):
            return False
        if i == last:
            return self._begins(token, gap)
        if "," in gap:
            return self._lists_on(i, last)
        if self.r.code == "ru" and (ends_title(token.word, self._text(i)) or self._circumstance(i + 1) or self._subject(token)):
            return False
        return not (self.r.code == "en" and (self._circumstance(i + 1) or (len(token.word) > 4 and token.word.endswith("ly"))))

    def _opened(self, last: int, i: int) -> bool:
        """Whether the quotation that ends after word i was opened within the title, or only holds the head («Дорожная карта»)."""
        if any(c in self.d.text[self.tokens[last].start:self.tokens[i].end] for c in _OPEN):
            return True
        return i == last and self.d.quote_at(self.tokens[i].start) >= 0

    def _begins(self, token: Token, gap: str) -> bool:
        """Whether a complement begins with this word."""
        word = token.word
        if "," in gap:
            return False
        if word in self.r.between or (word in self.r.about and not self._place_follows(token)) or any(c in gap for c in _OPEN):
            return True
        if self.r.code == "en" and word.endswith("ing") and len(word) > 6:
            return True
        if self.r.code == "ru":
            if word in ("с", "со"):
                return self._state_within(token, 4)
            name = self.names.get(token.start)
            return (name is not None and name.kind != "person") or (can_be(word, "gent") and not self._subject(token))
        return self.r.code == "tg" and (token.capital or self._text(self.d.token_at(token.start) - 1).endswith("и"))

    def _subject(self, token: Token) -> bool:
        """Whether a Russian word that may be a nominative is the subject of a verb that follows («договор стороны подписали»)."""
        i = self.d.token_at(token.start)
        if not can_be(token.word, "nomn") or (i > 0 and trails(self._text(i - 1))):
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
            return name.kind == "place" or (name.kind == "state" and word == "in" and not self._gap(i + 1, i + 1))
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

    def _names_follow(self, i: int, last: int) -> bool:
        """Whether a comma after word i parts the parties of a list: «между …, … и …»."""
        marks = any(self._text(k) in self.r.between for k in range(last + 1, i + 1))
        near = self.tokens[i + 1:i + 9]
        return marks and self._covering(self.tokens[i]) is not None and any(
            t.start in self.names and self.names[t.start].kind in ("state", "organization") for t in near) and any(
            t.word in self.r.conjunctions for t in self.tokens[i + 1:i + 16])

    def _lists_on(self, i: int, last: int) -> bool:
        """Whether a comma after word i only parts the items of a list that goes on («о дружбе, добрососедстве и …»)."""
        if self.r.code == "ru":
            word = self._text(i + 1)
            case = "loct" if self._text(last + 1) in self.r.about else ""
            if not (can_be(word, "gent") or (case and can_be(word, case)) or can_be(word, "ablt")) or word in self.r.about:
                return False
        if self._names_follow(i, last):
            return True
        if self._text(i + 1) in self.r.articles or self._text(i + 1) in self.r.about:
            return False
        for k in range(i + 1, min(i + 9, len(self.tokens) - 1)):
            if self._text(k) in self.r.conjunctions:
                return True
            gap = self._gap(k, k + 1)
            if STRONG_BREAK.search(gap) or self.r.stops.fullmatch(self._text(k)) or self._text(k) in self.r.articles \
                    or (self.r.code == "ru" and ends_title(self._text(k), self._text(k - 1))):
                return False
        return False

    def before(self, first: int) -> tuple[int, int]:
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
        if any(c in _CLOSE for c in gap) and i < first - 6 and self.d.quote_at(token.start) < 0:
            return False
        if "," in gap and not any(self._text(k) in self.r.conjunctions for k in range(i, min(i + 7, first))):
            return False
        if token.start in self.generic or (self._is_head(i - 1) and ("," in gap or self._text(i) in self.r.conjunctions)):
            return False
        name = self._covering(token)
        if name is not None:
            return name.kind != "person" and not self._locative(token, name)
        return not (token.capital and any(self.family.fullmatch(s) for s in self.r.stems(token.word)[:3]))
