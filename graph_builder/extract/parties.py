"""Who are the parties of an instrument: those its title names, else those who are said to sign it."""
from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict

from .gazetteer import Gazetteer, party_name
from .instruments import Mention
from .languages import Rules
from .names import Name, members
from .texts import Document

UNIONS = ("international-organization", "regional-organization", "opposition")


class Parties:
    """Reads the parties of mentions from the names round them."""

    def __init__(self, document: Document, rules: Rules, gazetteer: Gazetteer, names: list[Name], mentions: list[Mention]) -> None:
        self.d, self.r, self.g, self.names = document, rules, gazetteer, names
        self.starts = [n.start for n in names]
        self.spans = [(m.start, m.end) for m in mentions if not m.bare]
        self.span_starts = [s for s, _ in self.spans]
        self._sentence: dict[int, tuple[str, ...]] = {}
        self.default: tuple[str, ...] = ()
        self.default = self._default(mentions)

    def within(self, start: int, end: int) -> list[Name]:
        """The names that stand between two offsets."""
        i = bisect_left(self.starts, start)
        j = bisect_left(self.starts, end)
        return [n for n in self.names[i:j] if n.end <= end]

    def codes(self, name: Name) -> tuple[str, ...]:
        """The party codes of a name: a group is its members, an organisation its short name, a place nobody."""
        if name.kind == "group":
            return tuple(members(name.codes[0]))
        if name.kind == "organization":
            entry = self.g.entries[name.entry]
            return (entry["of"],) if entry["of"] and entry["type"] not in UNIONS else ()
        return name.codes if name.kind in ("state", "person") else ()

    def explicit(self, mention: Mention) -> tuple[str, ...]:
        """The parties that the title itself names, or nothing."""
        names = [n for n in self.within(mention.start, mention.end) if n.kind != "person"
                 and self.d.quote_at(n.start) in (-1, self.d.quote_at(mention.head[0]))]
        between = self._between(mention, names)
        if len(between) > 1:
            return between
        for name in names:
            if name.adjective and len(name.codes) > 1:
                return name.codes
        listed = [c for n in names for c in self.codes(n) if n.kind in ("state", "organization")]
        unique = tuple(dict.fromkeys(listed))
        if len(unique) > 1:
            return unique
        return next((self.codes(n) for n in names if n.kind == "group" and self.codes(n)), self._with(mention, names))

    def organisation(self, mention: Mention) -> tuple[str, ...]:
        """The organisation whose members the title speaks of («соглашение стран СНГ»), where no state is named."""
        entries = [self.g.entries[n.entry] for n in self.within(mention.start, mention.end) if n.kind == "organization"]
        return next(((party_name(e),) for e in entries if e["type"] in UNIONS), ())

    def _with(self, mention: Mention, names: list[Name]) -> tuple[str, ...]:
        """«договор с Таджикистаном»: that state and the one whose people or name the sentence has."""
        for name in names:
            if name.kind != "state" or name.adjective or not self._accompanied(name):
                continue
            others = [c for c in self.actors(mention.sentence, mention) if c not in name.codes]
            if not others:
                others = [c for c in self.default if c not in name.codes] if len(self.default) == 2 else []
            return (others[0], *name.codes) if others else ()
        return ()

    def _accompanied(self, name: Name) -> bool:
        i = self.d.token_at(name.start)
        beside = self.d.tokens[max(0, i - 1):i] if self.r.head_first else self.d.tokens_in(name.end, name.end + 10)[:1]
        return any(self.r.words["with"].fullmatch(t.word) for t in beside)

    def _between(self, mention: Mention, names: list[Name]) -> tuple[str, ...]:
        marks = [t for t in self.d.tokens_in(mention.start, mention.end) if t.word in self.r.between]
        if not marks:
            return ()
        side = [n for n in names if (n.start > marks[0].start) == self.r.head_first]
        found: list[str] = []
        for name in side:
            if name.kind == "organization" and name.entry >= 0:
                entry = self.g.entries[name.entry]
                if entry["type"] in UNIONS:
                    found.append(party_name(entry))
            found.extend(members(name.codes[0], region=True) if name.kind == "group" else self.codes(name))
        if len(set(found)) < 2:
            found += [self.g.entries[n.entry]["of"] for n in side if n.kind == "place" and self.g.entries[n.entry]["of"]]
        return tuple(dict.fromkeys(found))

    def implicit(self, mention: Mention) -> tuple[str, ...]:
        """The parties that the sentence, its list's head, the sentences before, or the whole text name as acting together."""
        size = self.size(mention)
        sentences = [mention.sentence]
        header = self.d.headers[mention.sentence]
        if header >= 0:
            sentences.append(header)
        first = sentences[-1]
        sentences.extend(range(first - 1, max(-1, first - 4), -1))
        own = set(self.actors(mention.sentence, mention))
        for i in sentences:
            actors = self.actors(i, mention if i == mention.sentence else None)
            if len(actors) > 1 and (not size or len(actors) == size) and (own <= set(actors) or len(own) > 5):
                wider = i != mention.sentence and set(actors) > set(self.default) and own <= set(self.default)
                return self.default if wider and self.default else actors
        if self.default and (not size or size == len(self.default)):
            return self.default
        return tuple(own) if len(own) > 1 else self.default

    def actors(self, sentence: int, mention: Mention | None = None) -> tuple[str, ...]:
        """The states of a sentence outside titles: by name, by adjective, by their people, by their group."""
        key = sentence if mention is None else -1
        if key >= 0 and key in self._sentence:
            return self._sentence[key]
        start, end = self.d.sentences[sentence]
        found: list[str] = []
        for name in self.within(start, end):
            if not self._in_title(name) and self.d.quote_at(name.start) < 0:
                found.extend(self.codes(name))
        result = tuple(dict.fromkeys([*self._unions(start, end, len(set(found))), *found]))
        if key >= 0:
            self._sentence[key] = result
        return result

    def _unions(self, start: int, end: int, states: int) -> list[str]:
        """An international organisation acts as a party beside a single state, or where it is listed with several."""
        found = []
        names = self.within(start, end)
        for i, name in enumerate(names):
            if name.kind == "organization" and not self._in_title(name) and self.d.quote_at(name.start) < 0:
                entry = self.g.entries[name.entry]
                beside = any(self._listed(a, b) for a, b in zip(names[max(0, i - 1):i + 1], names[max(0, i - 1) + 1:i + 2], strict=False))
                if entry["type"] in UNIONS and (states == 1 or beside):
                    found.append(party_name(entry))
        return found[:1]

    def _listed(self, first: Name, second: Name) -> bool:
        """Whether nothing but a comma, a dash or «and» parts two names of states, groups or organisations."""
        if {first.kind, second.kind} - {"state", "group", "organization"}:
            return False
        gap = self.d.folded[first.end:second.start]
        words = [t.word for t in self.d.tokens_in(first.end, second.start)]
        return len(gap) < 16 and all(w in self.r.conjunctions | self.r.articles or len(w) < 4 for w in words) and not re.search("[.;:]", gap)

    def _in_title(self, name: Name) -> bool:
        i = bisect_left(self.span_starts, name.start + 1) - 1
        return i >= 0 and self.spans[i][1] >= name.end

    def size(self, mention: Mention) -> int:
        """How many parties words of number in or right before the title tell of (0: none do)."""
        start = max(0, mention.start - 30)
        return next((n for n, p in self.r.numbers.items() for m in p.finditer(self.d.folded, start, mention.end)
                     if not self._counts_documents(m.end())), 0)

    def _counts_documents(self, offset: int) -> bool:
        """Whether a word of number counts documents («два документа»), not parties."""
        return any(self.r.generic.fullmatch(t.word) or self.r.heads.fullmatch(t.word) for t in self.d.tokens_in(offset, offset + 25)[:2])

    def _default(self, mentions: list[Mention]) -> tuple[str, ...]:
        """The set of states that the text mostly speaks of as acting together."""
        weights: dict[frozenset[str], float] = defaultdict(float)
        order: dict[frozenset[str], tuple[str, ...]] = {}
        for i in range(min(len(self.d.sentences), 60)):
            actors = self.actors(i)
            if 1 < len(actors) < 12:
                key = frozenset(actors)
                order.setdefault(key, actors)
                weights[key] += 1 + (1 if i < 2 else 0)
        for mention in mentions[:60]:
            explicit = self.explicit(mention)
            if len(explicit) > 1:
                key = frozenset(explicit)
                order.setdefault(key, explicit)
                weights[key] += 1.5
        if not weights:
            named = tuple(dict.fromkeys(c for i in range(min(len(self.d.sentences), 60)) for c in self.actors(i)))
            return named if len(named) == 2 else ()
        best = max(weights, key=lambda k: (weights[k], -list(order).index(k)))
        return order[best]
