"""What stands round a word: its neighbours, gaps and marks, the names and heads it belongs to."""
from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable

from .languages import Rules
from .names import Name
from .texts import Document, Token, fold

STRONG_BREAK = re.compile(r"[;:!()|]|\s[-–]\s|\.\s*$|\.\s|\?(?!\d)")


class Words:
    """The words of a document with what the rules and the known names say of each."""

    def __init__(self, document: Document, rules: Rules, names: list[Name], stop: Callable[[int], bool],
                 places: frozenset[str]) -> None:
        self.d, self.r, self.date_at = document, rules, stop
        self.tokens = document.tokens
        self.generic = {m.start() for m in rules.generic.finditer(document.folded)}
        self.heads = sorted(self.generic | {m.start() for m in rules.heads.finditer(document.folded)})
        self.family = re.compile(rf"\w{{2,}}(?:{'|'.join(fold(e) for e in rules.raw['surnames'] if fold(e)[-1] in 'vва' and len(e) > 1)})$")
        self.spans = sorted((m.start(), m.end()) for m in rules.not_types.finditer(document.folded))
        self.span_starts = [s for s, _ in self.spans]
        self.names = {n.start: n for n in names}
        self.name_starts = sorted(self.names)
        self.places = places

    def _gap(self, i: int, j: int) -> str:
        return self.d.folded[self.tokens[i].end:self.tokens[j].start]

    def _breaks(self, i: int, j: int) -> bool:
        """Whether a title cannot go on between two words: a strong mark that does not stand within a quotation."""
        if self.d.sentence_at(self.tokens[i].start) != self.d.sentence_at(self.tokens[j].start):
            return True
        if self._gap(i, j).strip() in ("-", "–") and self.tokens[j].start in self.names and self._covering(self.tokens[i]) is not None:
            return False
        quote = self.d.quote_at(self.tokens[i].start)
        return bool(STRONG_BREAK.search(self._gap(i, j))) and (quote < 0 or quote != self.d.quote_at(self.tokens[j].start))

    def _text(self, i: int) -> str:
        return self.tokens[i].word

    def _plain(self, i: int) -> bool:
        return bool(self.r.plain.fullmatch(self._text(i)))

    def _sentence_before(self, i: int) -> bool:
        return self.d.sentence_at(self.tokens[i - 1].start) != self.d.sentence_at(self.tokens[i].start)

    def _is_head(self, i: int) -> bool:
        position = bisect_left(self.heads, self.tokens[i].start)
        return position < len(self.heads) and self.heads[position] == self.tokens[i].start

    def _covering(self, token: Token) -> Name | None:
        """The known name of which the word is a part."""
        k = bisect_right(self.name_starts, token.start) - 1
        name = self.names[self.name_starts[k]] if k >= 0 else None
        return name if name is not None and name.end > token.start else None

    def _is_actor(self, token: Token) -> bool:
        """Whether the word is (the end of) a name of a state or person in a noun form: a subject, not a modifier."""
        name = self._covering(token)
        return name is not None and not name.adjective and (name.kind == "person" or self.r.code != "en")

    def _ends_date(self, token: Token) -> bool:
        return bool(self.r.any_month.fullmatch(token.word) or re.match(r"(19|20)\d\d", token.word))

    def _locative(self, token: Token, name: Name) -> bool:
        """A place or state in the locative tells where, not what."""
        return name.kind in ("place", "state") and bool(re.search(r"[дт][ае]$|d[ae]$", token.word))
