"""How people write dates, states and words: read into what a record holds, or refused with a guess."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from graph_builder.questions import Names
from graph_builder.records import ADDRESS, date_problem
from graph_builder.terms import Field, suggestion

LANGUAGES = ("en", "ru", "uz", "uz_Cyrl", "kk", "ky", "tg", "tk", "tr", "de", "fr", "es", "zh", "fa")
"""Languages of CLDR in which months and countries are known."""
FILLERS = frozenset("of the st nd rd th g year г год года жыл жылы жылғы ж йил йили yil yili й соли сол ýyl ýylyň y".split())
"""Words beside day, month and year that say nothing more."""
SERIALS = range(10_000, 73_051)
"""Day numbers of spreadsheets that are taken for dates, 1927 to 2099: below lie years."""
EPOCH = datetime.date(1899, 12, 30)
LIST = re.compile(r"\s*[|;\n]\s*")
LOOSE = re.compile(r"\s*(?:,|/|\s[-–—]\s|\band\b|\bи\b|&)\s*")


class Unread(Exception):
    """A value that cannot be read; the message says why, with a guess where there is one."""


def fold(text: str) -> str:
    """A name for comparison: small letters, no marks, no punctuation, single spaces.

    >>> fold(" O‘zbekiston_Respublikasi ")
    'ozbekiston respublikasi'
    """
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("ё", "е")
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’‘ʻʼ`´")
    return " ".join(re.findall(r"[^\W_]+", plain))


def clean(value: object) -> str:
    """A cell as text: NFC, plain spaces, no invisible characters, whole numbers without a point.

    >>> clean(2022.0), clean(" a\\u00a0b\\u200b")
    ('2022', 'a b')
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime.datetime):
        value = value.date()
    text = unicodedata.normalize("NFC", "" if value is None else str(value))
    kept = "".join(c if c == "\n" else " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf"))
    return re.sub(r" {2,}", " ", kept).strip()


@cache
def lists() -> dict[str, Any]:
    """Lists of words that help to read tables: names of columns, empty cells, synonyms, words that tell nothing apart."""
    found: dict[str, Any] = yaml.load((Path(__file__).parent / "columns.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 (strings only)
    return found


# ---- dates ---------------------------------------------------------------------------------------


def date(value: object, order: str | None = None) -> str:
    """A date in ISO 8601 with the precision that was written. Raises Unread.

    `order` (dmy or mdy) says how 03/04/2020 is meant; without it such a date is refused.

    >>> [date(v) for v in ("31.12.2020", "December 22, 2022", "22 декабря 2022 г.", "12.2020", 44917, "31/12/2020")]
    ['2020-12-31', '2022-12-22', '2022-12-22', '2020-12', '2022-12-22', '2020-12-31']
    """
    if isinstance(value, datetime.date):
        return _checked(value.isoformat()[:10], clean(value))
    text = clean(value)
    iso = _numeric(text, order) or _worded(text)
    if iso is None:
        raise Unread(f"`{text}` is no date that can be read; write 1997, 1997-01 or 1997-01-10{_month_guess(text)}")
    return _checked(iso, text)


def _checked(iso: str, text: str) -> str:
    problem = date_problem(iso)
    if not problem:
        return iso
    year, _, rest = iso.partition("-")
    month, _, day = rest.partition("-")
    swapped = f"{year}-{day}-{month}"
    guess = f" (did you mean `{swapped}`?)" if day and not date_problem(swapped) else ""
    raise Unread(f"`{text}` {problem}{guess}")


def _numeric(text: str, order: str | None) -> str | None:
    if m := re.fullmatch(r"(\d{4})(?:[-./](\d{1,2})(?:[-./](\d{1,2}))?)?(?:[T ][\d:.+Z]+)?", text):
        return "-".join(p.zfill(2) for p in m.groups() if p)
    if m := re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text):
        return "-".join(m.groups())
    if m := re.fullmatch(r"(\d{1,2})[./](\d{4})", text):
        return f"{m[2]}-{m[1].zfill(2)}"
    if m := re.fullmatch(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4})(?: г\.?| года)?", text):
        return _ordered(m[1].zfill(2), m[3].zfill(2), m[4], "dmy" if m[2] == "." else order)
    if re.fullmatch(r"\d{5}", text) and int(text) in SERIALS:
        return (EPOCH + datetime.timedelta(int(text))).isoformat()
    return None


def _ordered(first: str, second: str, year: str, order: str | None) -> str:
    as_dmy, as_mdy = f"{year}-{second}-{first}", f"{year}-{first}-{second}"
    if order is None and first != second and first <= "12" and second <= "12":
        raise Unread(f"`{first}/{second}/{year}` may be {as_dmy} or {as_mdy}; write it so, or say `dates: dmy` (day first) or `dates: mdy` in the map")
    if order == "mdy" or (order is None and second > "12" >= first):
        return as_mdy
    return as_dmy


def _worded(text: str) -> str | None:
    """A date with the month as a word, in any order of its parts."""
    parts = re.findall(r"\d+|[^\W\d_]+", text.casefold())
    years = [p for p in parts if p.isdigit() and len(p) == 4]
    days = [p for p in parts if p.isdigit() and len(p) < 3]
    words = [p for p in parts if not p.isdigit() and p not in FILLERS]
    month = months().get(words[0]) if len(words) == 1 else None
    if month is None or len(years) != 1 or len(days) > 1 or len(years) + len(days) != sum(p.isdigit() for p in parts):
        return None
    return "-".join([years[0], f"{month:02d}", *(d.zfill(2) for d in days)])


@cache
def months() -> dict[str, int]:
    """Names of months, whole and short, in small letters → their number."""
    from babel import Locale

    found = {"sept": 9}
    for language in LANGUAGES[:9]:
        names = Locale.parse(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                found |= {word.casefold().strip("."): n for n, word in names[context][width].items() if not word[0].isdigit()}
    return found


def _month_guess(text: str) -> str:
    from difflib import get_close_matches

    for word in re.findall(r"[^\W\d_]{3,}", text.casefold()):
        if word not in FILLERS and (near := get_close_matches(word, list(months()), n=1, cutoff=0.75)):
            return f" (did you mean `{text.casefold().replace(word, near[0])}`?)"
    return ""


# ---- names and words -------------------------------------------------------------------------------


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
            return list(dict.fromkeys(_strings(text, known)))
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
        if known.single and len(found) > 1:
            raise Unread(f"{known.key} takes one value, not {len(found)}: {', '.join(found)}")
        return found


def _strings(text: str, known: Field) -> Iterator[str]:
    for piece in LIST.split(text):
        if known.form == "address" and not ADDRESS.match(piece):
            raise Unread(f"`{piece}` is no address that starts with http:// or https://")
        if known.pattern and not known.pattern.search(piece):
            raise Unread(f"`{piece}` does not fit — {known.message}")
        yield piece


def addresses(text: str) -> list[str]:
    """The addresses of pages in one cell. Raises Unread with a guess."""
    found = [p for p in re.split(r"[|;\s]+", text) if p]
    for piece in found:
        if not ADDRESS.match(piece) and not piece.startswith("articles/"):
            guess = f" (did you mean `https://{piece}`?)" if ADDRESS.match(f"https://{piece}") and "." in piece else ""
            raise Unread(f"`{piece}` is no address that starts with http:// or https://{guess}")
    return found


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
