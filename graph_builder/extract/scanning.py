"""Which states, people, organisations and places does a text name, and where?"""
from __future__ import annotations

import re
from collections import Counter, defaultdict

from rapidfuzz.fuzz import ratio

from .gazetteer import Gazetteer
from .languages import Rules
from .morphology import is_given
from .names import Name, state_of
from .texts import Document, Token

_RANK = ("president", "monarch", "supreme-leader", "prime-minister", "chancellor", "foreign-minister", "deputy-prime-minister", "minister")


def find(document: Document, gazetteer: Gazetteer, rules: Rules) -> list[Name]:
    """All known names of the text in its order, the longest first where two begin together."""
    scanner = _Scanner(document, gazetteer, rules)
    found = [*_groups(document, rules), *scanner.walk()]
    found.sort(key=lambda n: (n.start, -n.end))
    kept: list[Name] = []
    for name in found:
        if not kept or name.start >= kept[-1].end:
            kept.append(name)
        elif name.kind == "group" and name.end > kept[-1].end:
            kept[-1] = name
    return settle(kept, gazetteer, document)


def settle(names: list[Name], gazetteer: Gazetteer, document: Document) -> list[Name]:
    """A family name that several bear is the one named in full in the text, else the one of the highest office, else nobody."""
    full = Counter(n.entry for n in names if n.kind == "person" and n.full)
    kept = []
    for name in names:
        if name.kind == "person" and not name.full:
            choices = list(name.codes)
            entry = _choose([int(c) for c in choices], full, gazetteer)
            if entry is None:
                continue
            name.entry = entry
        if name.kind == "person":
            name.codes = tuple(state_of(gazetteer, name.entry))
        kept.append(name)
    return kept


def _choose(choices: list[int], full: Counter[int], gazetteer: Gazetteer) -> int | None:
    named = [c for c in choices if c in full]
    if named:
        return max(named, key=lambda c: full[c])
    def rank(entry: int) -> int:
        roles = {t["role"] for t in gazetteer.entries[entry].get("tenures", [])}
        return next((i for i, r in enumerate(_RANK) if r in roles), len(_RANK))
    ranked = sorted(choices, key=rank)
    best = rank(ranked[0])
    alone = len(ranked) == 1 or best < rank(ranked[1])
    return ranked[0] if best < len(_RANK) and alone else None


class _Scanner:
    """Walks over the words and looks each one up by its stems."""

    def __init__(self, document: Document, gazetteer: Gazetteer, rules: Rules) -> None:
        self.tokens, self.text, self.folded, self.rules = document.tokens, document.text, document.folded, rules
        self.entries = gazetteer.entries
        self.index = gazetteer.index(rules)
        people = gazetteer.people(rules)
        self.given, self.family = people["given"], people["family"]
        self.given_of, self.family_of = _inverse(self.given), _inverse(self.family)
        self.adjectives, self.pairs = rules.adjectives, _adjectives(gazetteer, rules)
        self.patronymic = re.compile(rf"\w+(?:{'|'.join(rules.raw['patronymics'])})(?:{rules.ending})?$")
        self.single = {k: [v for v in vs if len(v[0]) == 1] for k, vs in self.index.items()}

    def walk(self) -> list[Name]:
        found = []
        i = 0
        while i < len(self.tokens):
            name, width = self.at(i)
            if name is not None:
                found.append(name)
            i += width
        return found

    def at(self, i: int) -> tuple[Name | None, int]:
        """The name that begins at word i, and how many words it has (1 where there is none)."""
        token = self.tokens[i]
        if token.capital:
            name, width = self._listed(i)
            if name is not None:
                return name, width
            name, width = self._person(i)
            if name is not None:
                return name, width
        return self._adjective(token), 1

    def _listed(self, i: int) -> tuple[Name | None, int]:
        for stem in self.rules.stems(self.tokens[i].word):
            for stems, entry, shape in self.index.get(stem, ()):
                width = len(stems)
                last = self.tokens[min(i + width, len(self.tokens)) - 1]
                if shape and not self.text[self.tokens[i].start:last.start + 2].isupper():
                    continue
                if self._follows(i, stems):
                    e = self.entries[entry]
                    codes = (e["code"],) if e["kind"] == "state" else ()
                    return Name(e["kind"], entry, codes, self.tokens[i].start, last.end), width
        return None, 1

    def _follows(self, i: int, stems: tuple[str, ...]) -> bool:
        if i + len(stems) > len(self.tokens):
            return False
        for k in range(1, len(stems)):
            token = self.tokens[i + k]
            if stems[k] not in self.rules.stems(token.word) or "\n\n" in self.text[self.tokens[i + k - 1].end:token.start] \
                    or token.start - self.tokens[i + k - 1].end > 3:
                return False
        return True

    def _person(self, i: int) -> tuple[Name | None, int]:
        """A person by initial and family name, given name and patronymic, or family name alone."""
        token = self.tokens[i]
        after = self.tokens[i + 1] if i + 1 < len(self.tokens) else None
        family = self._bearers(self.family, token.word)
        alike = self._bearer_before(i, family)
        if alike is not None:
            return Name("person", alike, (str(alike),), self.tokens[i - 1].start, token.end, full=False), 1
        if family and not self._first_name_before(i, family) and not self._given_follows(token, after, family):
            return Name("person", family[0], tuple(str(f) for f in family), token.start, token.end, full=False), 1
        if after is None or not after.capital or self.text[token.end:after.start].strip(". \u00a0"):
            return None, 1
        if len(token.word) <= 2:
            family = self._bearers(self.family, after.word)
            family = [f for f in family if self._begins(token.word, f)] or family
            if family:
                return Name("person", family[0], tuple(str(f) for f in family), self._initials(i), after.end, full=False), 2
            return None, 1
        given = self._bearers(self.given, token.word)
        if given and self.patronymic.match(after.word):
            third = self.tokens[i + 2] if i + 2 < len(self.tokens) else None
            family = self._bearers(self.family, third.word) if third and third.capital else []
            both = [g for g in given if g in family]
            end, width = (third.end, 3) if third and both else (after.end, 2)
            return Name("person", given[0], tuple(str(g) for g in both or given), token.start, end, full=False), width
        respelt = next((g for g in given if any(self._near(after.word, f) for f in self.family_of.get(g, ()))), None)
        return (None, 1) if respelt is None else (Name("person", respelt, (), token.start, after.end), 2)

    def _near(self, word: str, family: str) -> bool:
        """Whether a word is a family name in another spelling: Бердымухаммедова for Бердымухамедов."""
        return len(family) > 5 and any(ratio(s, family) >= 86 for s in self.rules.stems(word)[:4])

    def _first_name_before(self, i: int, family: list[int]) -> bool:
        """Whether a given name of somebody else of that family name stands before it."""
        if i == 0:
            return False
        before, token = self.tokens[i - 1], self.tokens[i]
        if not before.capital or self.text[before.end:token.start].strip(" \u00a0") or len(before.word) < 3:
            return False
        if self.rules.any_office.search(before.word) or self.adjectives.get(before.word) or self._state(before):
            return False
        if any(self._alike(before.word, entry) for entry in family):
            return False
        sentence_start = self.text[max(0, before.start - 1):before.start] in ("", "\n") or self.text[before.start - 2] in ".!?\n"
        return not sentence_start or is_given(before.word, self.rules) or bool(self._bearers(self.given, before.word))

    def _begins(self, initial: str, entry: int) -> bool:
        """Whether a person's given name (or a part of it after a hyphen) begins with the initial."""
        return any(part.startswith(initial) for g in self.given_of.get(entry, ()) for part in g.split("-"))

    def _initials(self, i: int) -> int:
        """Where the initials begin whose last one is word i."""
        while i > 0 and len(self.tokens[i - 1].word) == 1 and self.text[self.tokens[i - 1].end:self.tokens[i].start] in (".", ".-", ". "):
            i -= 1
        return self.tokens[i].start

    def _bearer_before(self, i: int, family: list[int]) -> int | None:
        """The bearer of the family name whose given name, perhaps in another spelling, stands before it."""
        if i == 0 or not self.tokens[i - 1].capital or self.text[self.tokens[i - 1].end:self.tokens[i].start].strip(" \u00a0."):
            return None
        return next((entry for entry in family if self._alike(self.tokens[i - 1].word, entry)), None)

    def _given_follows(self, token: Token, after: Token | None, family: list[int]) -> bool:
        """Whether a capitalised word goes on right after: then the first word is somebody's given name, unless it is theirs."""
        if after is None or not after.capital or self.text[token.end:after.start] not in (" ", "\u00a0"):
            return False
        return not any(self._alike(after.word, entry) for entry in family) and not self._state(after)

    def _alike(self, word: str, entry: int) -> bool:
        """Whether a word is another spelling of the person's given name: Sadir for Sadyr."""
        return any(ratio(word, g) >= 75 for g in self.given_of.get(entry, ()))

    def _state(self, token: Token) -> bool:
        return any(self.entries[e]["kind"] in ("state", "organization", "place") for s in self.rules.stems(token.word)
                   for _, e, _ in self.single.get(s, ()))

    def _bearers(self, table: dict[str, list[int]], word: str) -> list[int]:
        return next((table[s] for s in self.rules.stems(word) if s in table and len(s) > 3), [])

    def _adjective(self, token: Token) -> Name | None:
        """«узбекско-казахстанский», "Kazakh-Uzbek", «қазақ-өзбек», "Kyrgyzstan-Uzbekistan", or one such word."""
        parts = token.word.split("-")
        table = self.pairs if len(parts) > 1 or self.rules.code == "ru" else self.adjectives
        codes = [self._code(part, table) for part in parts]
        if not all(codes) or len(parts) > 4:
            return None
        return Name("state", -1, tuple(dict.fromkeys(codes)), token.start, token.end, adjective=True)

    def _code(self, part: str, table: dict[str, str]) -> str:
        return next((table[s] for s in (*self.rules.stems(part), part[:-1]) if s in table), "")


def _inverse(table: dict[str, list[int]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for stem, entries in table.items():
        for entry in entries:
            found[entry].append(stem)
    return found


def _adjectives(gazetteer: Gazetteer, rules: Rules) -> dict[str, str]:
    """Adjective stems of states: those of the rules, and those made regularly from the states' names."""
    known = dict(rules.adjectives)
    for stem, values in gazetteer.index(rules).items():
        for stems, entry, _ in values:
            if gazetteer.entries[entry]["kind"] != "state" or len(stems) != 1 or len(stem) < 4:
                continue
            code = gazetteer.entries[entry]["code"]
            if rules.code == "ru":
                known.setdefault(stem + "ск", code)
                known.setdefault(stem + "ийск", code)
            else:
                known.setdefault(stem, code)
    return known


def _groups(document: Document, rules: Rules) -> list[Name]:
    found = []
    for key, pattern in rules.groups.items():
        for match in pattern.finditer(document.folded):
            found.append(Name("group", -1, (key,), match.start(), match.end()))
    return found
