"""What does a name or a word mean: which state, person or place, which word of a closed list?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from graph_builder.calendars import date
from graph_builder.notations import LANGUAGES, Unread, clean, fold
from graph_builder.questions import Names
from graph_builder.records import ADDRESS
from graph_builder.terms import Field, load, suggestion

LIST = re.compile(r"\s*[|;\n]\s*")
LOOSE = re.compile(r"\s*(?:,|/|\s[-–—]\s|\band\b|\bи\b|&)\s*")


class Lookup:
    """Finds what a text names: states in any language or by code, and everything that has a record or a word of its own."""

    def __init__(self, names: Names, synonyms: dict[str, dict[str, str]] | None = None) -> None:
        self.names, self.synonyms = names, synonyms or {}
        self.found: dict[tuple[str, tuple[str, ...]], str | Unread] = {}
        self.folded: dict[str, set[str]] = defaultdict(set)
        for name, iris in names.index.items():
            for key in {fold(name), _bag(name)}:
                self.folded[key].update(names.short(i) for i in iris)

    def reference(self, text: str, folders: tuple[str, ...]) -> str:
        """The record (`states/kazakhstan`) that a text names within some folders. Raises Unread with a guess."""
        key = text, folders
        if key not in self.found:
            try:
                self.found[key] = self._reference(text, folders)
            except Unread as error:
                self.found[key] = error
        found = self.found[key]
        if isinstance(found, Unread):
            raise found
        return found

    def _reference(self, text: str, folders: tuple[str, ...]) -> str:
        short = self.names.short(text)
        if short.startswith(tuple(f + "/" for f in folders)) and self.names.terms.base + short in self.names.labels:
            return short
        for key in (fold(text), _bag(text)):
            hits = sorted(h for h in self.folded.get(key, ()) if h.startswith(tuple(f + "/" for f in folders)))
            if len(hits) == 1:
                return hits[0]
            if hits:
                raise Unread(f"`{text}` may be {', '.join(hits[:8])}; write which")
        if "states" in folders and (code := countries().get(_bag(text))):
            hits = [h for h in self.folded.get(code.casefold(), ()) if h.startswith("states/")]
            if hits:
                return hits[0]
            raise Unread(f"`{text}` ({code}) has no record yet; make one in states/, or leave the row out")
        raise Unread(f"nothing is called `{text}` among {' and '.join(folders)}{self._guess(text, folders)}")

    def _guess(self, text: str, folders: tuple[str, ...]) -> str:
        from rapidfuzz import fuzz, process

        wanted = tuple(f + "/" for f in folders)
        keys = [k for k, hits in self.folded.items() if any(h.startswith(wanted) for h in hits)]
        near = process.extractOne(fold(text), keys, scorer=fuzz.ratio, score_cutoff=65)
        if not near:
            return ""
        hit = next(h for h in sorted(self.folded[near[0]]) if h.startswith(wanted))
        return f" (did you mean `{self.names.label(self.names.terms.base + hit, 'en')}`, {hit}?)"

    def references(self, text: str, folders: tuple[str, ...]) -> list[str]:
        """Every record that a list in one cell names: parted by `|`, `;` or new lines, else by commas and the like. Raises Unread."""
        return [found for piece in LIST.split(text) if piece for found in self._piece(piece, folders)]

    def _piece(self, piece: str, folders: tuple[str, ...]) -> list[str]:
        try:
            return [self.reference(piece, folders)]
        except Unread:
            parts = [p for p in LOOSE.split(piece) if p]
            if len(parts) < 2:
                raise
        return [self.reference(part, folders) for part in parts]

    def word(self, text: str, known: Field) -> str:
        """The word of a closed list that a text means, by itself, its label in any language or a synonym. Raises Unread."""
        given = self.synonyms.get(known.key, {}).get(fold(text), text)
        near = fold(given)
        if near.replace(" ", "-") in known.words:
            return near.replace(" ", "-")
        hits = sorted({w for h in self.folded.get(near, ()) if (w := h.rpartition("/")[2]) in known.words and h.split("/")[0] == self._list(known)})
        if len(hits) == 1:
            return hits[0]
        raise Unread(f"`{text}` is no word for {known.key}{suggestion(near.replace(' ', '-'), known.words)}; it may be: {', '.join(sorted(known.words)[:40])}")

    def form(self, title: Mapping[str, str]) -> str | None:
        """The form of instrument that a title begins with: Treaty on …, Соглашение о …"""
        for told in title.values():
            words = fold(told).split()
            for count in (4, 3, 2, 1):
                try:
                    return self.word(" ".join(words[:count]), load().kinds["agreements"].fields["type"])
                except Unread:
                    continue
        return None

    def _list(self, known: Field) -> str:
        term: Any = self.names.terms.context[known.key]
        return str(term["@context"]["@vocab"]).removeprefix(self.names.terms.base).strip("/")

    def value(self, known: Field, value: object, order: str | None = None) -> Any:
        """One cell as the value of a record's key, by the key's form: a text, a date or a list. Raises Unread."""
        if known.form == "date":
            return date(value, order)
        text = clean(value)
        if known.form == "reference":
            return self._single(known, list(dict.fromkeys(self.references(text, known.folders))))
        if known.form == "term":
            return self._single(known, list(dict.fromkeys(self._words(text, known))))
        if known.form in ("string", "address"):
            return list(dict.fromkeys(_strings(text, known, self.synonyms.get(known.key, {}))))
        if known.form in ("text", "texts"):
            return " ".join(text.split())
        raise Unread(f"`{known.key}` cannot be told in one cell")

    def _words(self, text: str, known: Field) -> Iterator[str]:
        for piece in LIST.split(text):
            try:
                yield self.word(piece, known)
            except Unread:
                parts = [p for p in re.split(r"\s*[,/]\s*", piece) if p]
                if len(parts) < 2:
                    raise
                yield from (self.word(part, known) for part in parts)

    @staticmethod
    def _single(known: Field, found: list[str]) -> list[str]:
        if not found:
            raise Unread(f"{known.key}: nothing is named here — {known.message}")
        if known.single and len(found) > 1:
            raise Unread(f"{known.key} takes one value, not {len(found)}: {', '.join(found)}")
        return found


def _strings(text: str, known: Field, synonyms: Mapping[str, str]) -> Iterator[str]:
    for said in LIST.split(text):
        piece = synonyms.get(fold(said), said)
        if known.form == "address" and not ADDRESS.match(piece):
            raise Unread(f"`{piece}` is no address that starts with http:// or https://")
        if known.pattern and not known.pattern.search(piece):
            raise Unread(f"`{piece}` does not fit — {known.message}")
        yield piece


def _bag(text: str) -> str:
    """The words of a name without their order: `Iran (Islamic Republic of)` is `Islamic Republic of Iran`."""
    return " ".join(sorted(w for w in fold(text).split() if w != "the"))


@cache
def countries() -> dict[str, str]:
    """Every country's names in the languages of CLDR and of ISO 3166, and its codes → its ISO 3166 alpha-3 code."""
    import pycountry
    from babel import Locale

    found: dict[str, str] = {}
    alpha = {c.alpha_2: c.alpha_3 for c in pycountry.countries}
    for country in pycountry.countries:
        spoken: Iterable[str] = (getattr(country, k, "") for k in ("name", "official_name", "common_name", "alpha_3", "alpha_2"))
        found |= {_bag(name): country.alpha_3 for name in spoken if name}
    for language in LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if code in alpha:
                found.setdefault(_bag(name), alpha[code])
    return found
