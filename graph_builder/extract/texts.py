"""How is a text read: letters folded one for one, words, sentences and list items, all with offsets?

Folding never changes the length, so that an offset in the folded text is an offset in the text as it came.
"""
from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

_SAME = {
    "ё": "е", "қ": "к", "ғ": "г", "ң": "н", "ә": "а", "ө": "о", "ұ": "у", "ү": "у", "һ": "х", "і": "и", "ҳ": "х", "ӣ": "и",
    "ӯ": "у", "ў": "у", "ҷ": "ж", "ý": "y", "ş": "s", "ç": "c", "ž": "z", "ň": "n", "ä": "a", "ö": "o", "ü": "u", "ğ": "g",
    "ı": "i", "w": "v", "é": "e", "á": "a", "â": "a", "í": "i", "ó": "o", "ï": "i",
    **dict.fromkeys("’‘ʻʼ`´ʹ′", "'"), **dict.fromkeys("—−", "–"), **dict.fromkeys("‑‐", "-"), **dict.fromkeys("\u00a0\u2009\u202f\u2007\t", " "),
}
_TABLE = {ord(k): v for k, v in _SAME.items()}
_TWINS = str.maketrans("abceghkmoptxyi", "авседнкмортхуи")
_MIXED = re.compile(r"[a-z]*[а-я][а-я]*[a-z]+[a-zа-я]*|[a-z]+[а-я]+[a-zа-я]*")
_WORD = re.compile(r"[^\W_](?:\.[^\W_])+(?![^\W_])|[^\W_]+(?:(?:['\-]|(?<=\d)–(?=\d))(?=[^\W_])[^\W_]+)*'?")
_BREAK = re.compile(r"(?P<line>\s*\n\s*)|[.!?…]+[\"»”')\]]*(?P<gap>[ \u00a0]+)")
_QUOTED = re.compile(r"«[^»\n]{1,160}»|“[^”\n]{1,160}”|(?<!\w)\"[^\"\n]{1,160}\"")
_ITEM = re.compile(r"\s*(?:[-–—•*·▪]|\d{1,2}[.)])\s+")
_LONE = re.compile(r"(?:^|[^\w])(?:[^\W\d]|гг|им|ст|млн|млрд|тыс|mr|mrs|ms|dr|st|no|u\.s|т\.д|т\.п|янв|фев|авг|сент|окт|нояб|дек)\.$")

_MONTH = re.compile(r"(?<![^\W\d_])(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|мар|апр|сен)\.$")


class Token(NamedTuple):
    """One word: code-point offsets, the folded word, whether it begins with a capital letter."""

    start: int
    end: int
    word: str
    capital: bool


def fold(text: str) -> str:
    """Folds letters one for one: case, apostrophes, dashes, letters that only one of the languages has.

    >>> fold("Қазақстан — Oʻzbekiston")
    "казакстан – o'zbekiston"
    """
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return _MIXED.sub(_one_script, lower.translate(_TABLE))


def _one_script(match: re.Match[str]) -> str:
    """A Latin letter in a Cyrillic word is read as the Cyrillic letter that looks like it."""
    return match[0].translate(_TWINS)


class Document:
    """A text with its words and sentences."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold(text)
        self.tokens = [
            Token(m.start(), m.end(), m[0], text[m.start()].isupper()) for m in _WORD.finditer(self.folded)
        ]
        self.starts = [t.start for t in self.tokens]
        self.sentences = list(_sentences(text, self.folded))
        self._sentence_starts = [s for s, _ in self.sentences]
        self.headers = self._headers()
        self._quotes = [(m.start(), m.end()) for m in _QUOTED.finditer(text)]
        self._quote_starts = [s for s, _ in self._quotes]

    def token_at(self, offset: int) -> int:
        """The index of the first word that ends after the offset."""
        i = bisect_right(self.starts, offset) - 1
        return i if i >= 0 and self.tokens[i].end > offset else i + 1

    def sentence_at(self, offset: int) -> int:
        """The index of the sentence in which the offset stands (the last one that begins before it)."""
        return max(0, bisect_right(self._sentence_starts, offset) - 1)

    def quote_at(self, offset: int) -> int:
        """Which short quotation an offset stands in (-1: none)."""
        i = bisect_right(self._quote_starts, offset) - 1
        return i if i >= 0 and self._quotes[i][1] > offset else -1

    def tokens_in(self, start: int, end: int) -> list[Token]:
        """The words that begin from start and before end."""
        i = self.token_at(start)
        return self.tokens[i:bisect_right(self.starts, end - 1)]

    def _headers(self) -> list[int]:
        """For every sentence the sentence that introduces its list (ends in a colon), or -1."""
        headers: list[int] = []
        current = -1
        for i, (start, end) in enumerate(self.sentences):
            sentence = self.text[start:end].rstrip()
            item = bool(_ITEM.match(self.text, start)) or sentence.endswith(";") or (i > 0 and self.text[self.sentences[i - 1][1] - 1] == ";")
            if item and current < 0 and i > 0 and "\n" in self.text[self.sentences[i - 1][1]:start]:
                current = i - 1
            follows = current == i - 1 or (i > 0 and headers[i - 1] == current)
            if current >= 0 and not (item or (follows and self.text[start:start + 1].islower()) or i == current + 1):
                current = -1
            headers.append(current)
            if sentence.endswith(":"):
                current = i
        return headers


def _sentences(text: str, folded: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start = 0
    wrapped = _is_wrapped(text)
    for match in _BREAK.finditer(text):
        if (match["line"] is None and not _ends(text, folded, match)) or (match["line"] is not None and _goes_on(text, match, wrapped)):
            continue
        end = match.start() if match["line"] is not None else match.start("gap")
        if text[start:end].strip():
            found.append((start, end))
        start = match.end()
    if text[start:].strip():
        found.append((start, len(text)))
    return found or [(0, len(text))]


def _is_wrapped(text: str) -> bool:
    """Whether the lines of a text were broken at a fixed width, in the middle of sentences."""
    lines = [line for line in text[:8000].split("\n") if line.strip()]
    cut = sum(1 for line in lines if len(line) > 40 and line.rstrip()[-1] not in ".!?:;…»”\"")
    return len(lines) > 4 and max(map(len, lines)) <= 100 and cut > len(lines) / 2


def _goes_on(text: str, match: re.Match[str], wrapped: bool) -> bool:
    """Whether a sentence goes on over a line break: a small letter follows, or the text is wrapped and the line is full."""
    if match["line"].count("\n") != 1 or text[match.start() - 1:match.start()] in ".!?:;…":
        return False
    after = text[match.end():match.end() + 1]
    line = match.start() - text.rfind("\n", 0, match.start()) - 1
    return (after.islower() and line > 20) or (wrapped and line > 45 and after.isalnum())


def _ends(text: str, folded: str, match: re.Match[str]) -> bool:
    """Whether a full stop ends a sentence: a capital, a digit or a quote follows, and no abbreviation went before."""
    after = text[match.end():match.end() + 2].lstrip("«\"“(„'-–—• ")
    if not after or not (after[0].isupper() or after[0].isdigit()):
        return False
    dot = match.start() + 1
    if re.fullmatch(r"\s*\d{1,2}", text[max(text.rfind("\n", 0, dot) + 1, dot - 9):dot - 1]):
        return False
    if after[0].isdigit() and _MONTH.search(folded[max(0, dot - 6):dot]):
        return False
    return text[match.start()] != "." or not _LONE.search(folded[max(0, dot - 6):dot])
