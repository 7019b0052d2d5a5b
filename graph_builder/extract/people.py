"""Which people does a text name whom no record knows? An office word, a family name's ending, a given name."""
from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from .gazetteer import Gazetteer
from .languages import Rules
from .morphology import is_known, is_womans, readings
from .names import Name, state_of
from .texts import Document, Token, fold

_VOWELS = "аеёиоуыэюяіүұөәӯӣ"
_CASE = ("ого", "ому", "ым", "им", "ом", "ем", "ой", "ую", "а", "у", "е", "ы")


@dataclass(slots=True)
class Person:
    """A person of the text: offsets, English form of the name, office, party code; `entry` is -1 for one without a record."""

    start: int
    end: int
    english: str
    role: str
    code: str
    entry: int = -1


class People:
    """Finds the people that the gazetteer lacks and says which office is named with each."""

    def __init__(self, document: Document, rules: Rules, gazetteer: Gazetteer, names: list[Name]) -> None:
        self.d, self.r, self.g, self.names = document, rules, gazetteer, names
        self.tokens = document.tokens
        self.name_starts = [n.start for n in names]
        endings = "|".join(sorted((re.escape(fold(e)) for e in rules.raw["surnames"]), key=len, reverse=True))
        self.family = re.compile(rf"[^\W\d]{{1,}}(?:{endings})$")
        self.offices = [(m.start(), m.end(), self._role(m)) for m in rules.any_office.finditer(document.folded)]
        self.office_ends = [o[1] for o in self.offices]
        self.office_starts = [o[0] for o in self.offices]
        self.latin = _latin_table(rules)
        self.function_words = {fold(w) for w in rules.raw["markers"].split()} | rules.about | rules.conjunctions
        self.known_people = {i: fold(e["name"]) for i, e in enumerate(gazetteer.entries) if e["kind"] == "person"}

    def find(self) -> list[Person]:
        """Everyone, in the order of the text, each once."""
        found = [self._known(n) for n in self.names if n.kind == "person"]
        found += [p for run in self._runs() if (p := self._unknown(run)) is not None]
        found.sort(key=lambda p: p.start)
        once: dict[str, Person] = {}
        for person in found:
            first = once.setdefault(person.english, person)
            first.role, first.code = first.role or person.role, first.code or person.code
        return list(once.values())

    def _role(self, match: re.Match[str]) -> str:
        """The office whose words a match of all offices' words holds: the first one that is as long as the match."""
        return next((role for role, p in self.r.offices.items() if p.fullmatch(match[0])), "")

    def _known(self, name: Name) -> Person:
        return Person(name.start, name.end, self.g.entries[name.entry]["name"], self._office(name.start, name.end),
                      name.codes[0] if name.codes else "", name.entry)

    def _office(self, start: int, end: int) -> str:
        """The office word before the name (nothing but a state or a ministry between) or right after it."""
        i = bisect_right(self.office_ends, start) - 1
        if i >= 0 and start - self.office_ends[i] < 70:
            between = self.d.folded[self.office_ends[i]:start].removesuffix(", ")
            if not re.search(r"[,.;:!?()«»\"\n]", between) and not self._person_between(self.office_ends[i], start):
                return self.offices[i][2]
        i = bisect_left(self.office_starts, end)
        follows = i < len(self.office_starts) and self.d.folded[end:self.office_starts[i]] in (", ", " (", ", the ", " – ", " - ")
        return self.offices[i][2] if follows else ""

    def _person_between(self, start: int, end: int) -> bool:
        i = bisect_right(self.name_starts, start)
        return any(n.kind == "person" and n.end <= end for n in self.names[i:i + 4])

    def _taken(self, token: Token) -> bool:
        i = bisect_right(self.name_starts, token.start) - 1
        return i >= 0 and self.names[i].end > token.start

    def _runs(self) -> list[list[Token]]:
        """Runs of capitalised words side by side that are no known names and no office words."""
        runs: list[list[Token]] = []
        run: list[Token] = []
        for token in self.tokens:
            usable = token.capital and not self._taken(token) and not self.r.any_office.fullmatch(token.word) and len(token.word) > 1
            joined = bool(run) and self.d.text[run[-1].end:token.start] in (" ", "\u00a0", "  ")
            if run and not (usable and joined):
                runs.append(run)
                run = []
            if usable:
                run.append(token)
        runs.append(run)
        return [r for r in runs if 1 < len(r) < 7]

    def _unknown(self, run: list[Token]) -> Person | None:
        pick = self._pick(run)
        if pick is None or any(self.r.heads.fullmatch(t.word) or self.r.any_month.fullmatch(t.word) for t in pick):
            return None
        start, end = pick[0].start, pick[-1].end
        code = self._state_of_family(pick[-1]) or self._state_near(start)
        english = self.english(pick, code)
        entry = self._respelt(english)
        if entry >= 0:
            code = next(iter(state_of(self.g, entry)), code)
            return Person(start, end, self.g.entries[entry]["name"], self._office(start, end), code, entry)
        return Person(start, end, english, self._office(start, end), code)

    def _state_of_family(self, token: Token) -> str:
        """The state of the recorded people of that family name, where they are all of one."""
        table = self.g.people(self.r)["family"]
        bearers = next((table[s] for s in self.r.stems(token.word) if s in table), [])
        states = {s for b in bearers for s in state_of(self.g, b)}
        return states.pop() if len(states) == 1 else ""

    def _respelt(self, english: str) -> int:
        """The recorded person of whose name this is another spelling (both parts alike), or -1."""
        found = process.extractOne(english.lower(), self.known_people, scorer=ratio, score_cutoff=86)
        if found is None:
            return -1
        pairs = zip(english.lower().split(), found[0].split(), strict=False)
        return int(found[2]) if all(ratio(a, b) >= 74 for a, b in pairs) else -1

    def _pick(self, run: list[Token]) -> list[Token] | None:
        """The given and the family name within a run."""
        for k in range(len(run) - 1, 0, -1):
            if self._is_family(run[k]) and not run[k - 1].word.isupper() and not self.d.text[run[k].start:run[k].end].isupper():
                given = run[k - 1]
                if given.word in self.function_words or len(run[k].word) < 5:
                    return None
                if self._is_patronymic(given) and k > 1:
                    return [run[k - 2], run[k]]
                return [given, run[k]]
        if self.r.code == "ru":
            foreign = len(run) == 2 and self._office_before(run[0]) and not any(is_known(t.word) for t in run)
            return run[:2] if foreign or self._tagged(run[:2]) else None
        return run if len(run) <= 3 and self._office_before(run[0]) else None

    def _is_family(self, token: Token) -> bool:
        if len(token.word) < 5:
            return False
        if self.r.code == "ru":
            tags = " ".join(t for _, _, t, _ in readings(token.word)[:3])
            if "Geox" in tags or "Orgn" in tags or ("ADJF" in tags and "Surn" not in tags):
                return False
        return any(self.family.fullmatch(s) for s in self.r.stems(token.word)[:4])

    def _is_patronymic(self, token: Token) -> bool:
        return bool(re.search(rf"(?:{'|'.join(self.r.raw['patronymics'])})(?:{self.r.ending})?$", token.word))

    def _tagged(self, run: list[Token]) -> bool:
        first = readings(run[0].word)
        return first[0][0] == "NOUN" and any("Name" in t for _, _, t, _ in first) and len(run[-1].word) > 3 and any(
            "Surn" in t for _, _, t, _ in readings(run[-1].word))

    def _office_before(self, token: Token) -> bool:
        i = bisect_right(self.office_ends, token.start) - 1
        return i >= 0 and not self.d.folded[self.office_ends[i]:token.start].strip(" \u00a0")

    def _state_near(self, offset: int) -> str:
        """The state named last before the person in the sentence, else the first one after."""
        start, end = self.d.sentences[self.d.sentence_at(offset)]
        states = [n for n in self.names[bisect_left(self.name_starts, start):bisect_left(self.name_starts, end)] if n.kind == "state"]
        before = [n for n in states if n.start < offset]
        i = bisect_right(self.name_starts, start)
        earlier = [n for n in self.names[max(0, i - 12):i] if n.kind == "state"]
        chosen = before[-1:] or states[:1] or earlier[-1:]
        return chosen[0].codes[-1] if chosen else ""

    def english(self, words: list[Token], code: str) -> str:
        """The name in Latin letters, in the nominative, as its state writes it."""
        forms = [t.word for t in words]
        raw = [self.d.text[t.start:t.end] for t in words]
        if self.r.code == "ru":
            raw = nominative(raw)
            forms = [fold(w) for w in raw]
        elif not self.r.head_first:
            forms = [next((s for s in self.r.stems(w)[1:] if self.family.fullmatch(s)), w) if self.family.search(w) is None else w for w in forms]
            raw = [w[:len(f)] for w, f in zip(raw, forms, strict=True)]
        elif self.r.code == "en":
            return " ".join(re.sub(r"['’]s?$", "", w) for w in raw)
        known = self.g.latin()
        by_state = {**self.latin, **self.r.raw.get("latinBy", {}).get(code, {})}
        return " ".join(known.get(f) or _feminine(f, known) or latin(w, by_state) for f, w in zip(forms, raw, strict=True))


def nominative(words: list[str]) -> list[str]:
    """A Russian name in the nominative: Абдуллу Арипова → Абдулла Арипов, Саида Дациева → Саид Дациев, Айгуль Жапарова stays."""
    given, family = words[0], words[-1]
    low = family.lower()
    if re.search(r"(?:ова|ева|ёва|ина|ская)$", low) and (not re.search(r"[аяу]$", given.lower()) or is_womans(given.lower())):
        return words
    if re.search(r"(?:ов|ев|ёв|ин|ын|ский|цкий|зода|заде)$", low):
        return words
    if re.search(r"(?:овой|евой|иной)$", low):
        given = given[:-1] + "а" if given.endswith("ы") else given
        return [*words[:-1], family[:-2] + "а"] if not given.lower().endswith(("ой", "е")) else [given[:-1] + "а", *words[1:-1], family[:-2] + "а"]
    stem = re.sub(r"(?<=ов|ев|ёв|ин|ын)(?:а|у|ым|е)$|(?<=ян|ек|ук|юк)(?:а|у|ом|е)$|(?<=ск)(?:ого|ому|им|ом)$", "", family)
    if stem == family:
        return words
    family = stem + ("ий" if stem.endswith("ск") else "")
    if given.endswith("у") and low.endswith("а"):
        return [given[:-1] + "а", *words[1:-1], family]
    for ending, full in (
            ("ия", "ий"), ("ием", "ий"), ("ию", "ий"), ("ея", "ей"), ("ее", "ей"), ("ем", "й"), ("ом", ""), ("а", ""), ("у", ""), ("е", ""), ("я", "ь")):
        if given.endswith(ending) and len(given) - len(ending) > 1:
            return [given[:-len(ending)] + full, *words[1:-1], family]
    return [given, *words[1:-1], family]


def latin(word: str, table: dict[str, str]) -> str:
    """A word in Latin letters by a table of letters and pairs of letters; е after a vowel or at the start is ye.

    >>> latin("Ержан", {"е": "e", "р": "r", "ж": "zh", "а": "a", "н": "n"})
    'Yerzhan'
    """
    word = word.capitalize() if word.isupper() and len(word) > 2 else word
    out: list[str] = []
    i = 0
    low = word.lower()
    while i < len(word):
        pair = low[i:i + 2]
        step = 2 if pair in table and len(pair) == 2 else 1
        new = table.get(low[i:i + step], word[i:i + step])
        if low[i] == "е" and (i == 0 or low[i - 1] in _VOWELS + "ьъ-"):
            new = "ye"
        out.append(new[:1].upper() + new[1:] if word[i].isupper() else new)
        i += step
    return "".join(out)


def _feminine(word: str, known: dict[str, str]) -> str:
    """A woman's family name after the recorded form of a man's: жапарова after Japarov."""
    return f"{known[word[:-1]]}a" if word.endswith(("ова", "ева", "ина")) and word[:-1] in known else ""


def _latin_table(rules: Rules) -> dict[str, str]:
    from .languages import read

    base: dict[str, str] = dict(read("ru")["latin"]) if not rules.latin_script else {}
    return {**base, **rules.raw.get("latin", {})}
