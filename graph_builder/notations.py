"""How people write words and names: folded for comparison, cleaned for keeping, refused with a guess."""

from __future__ import annotations

import datetime
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from graph_builder.records import ADDRESS

LANGUAGES = ("en", "ru", "uz", "uz_Cyrl", "kk", "ky", "tg", "tk", "tr", "de", "fr", "es", "zh", "fa")
"""Languages of CLDR in which months and countries are known."""
WORD = re.compile(r"[^\W_]+")
MARKS = re.compile("[\u0300-\u036f\u2018\u2019\u02bb\u02bc\u00b4]")
"""Marks over letters, once they are apart from them, and the apostrophes of Uzbek and other Latin scripts."""


class Unread(Exception):
    """A value that cannot be read; the message says why, with a guess where there is one."""


def fold(text: str) -> str:
    """A name for comparison: small letters, no marks, no punctuation, single spaces.

    >>> fold(" O‘zbekiston_Respublikasi ")
    'ozbekiston respublikasi'
    """
    plain = text.casefold()
    if not plain.isascii():
        plain = MARKS.sub("", unicodedata.normalize("NFKD", plain))
    return " ".join(WORD.findall(plain.replace("'", "").replace("`", "")))


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
    if text.isprintable():
        return re.sub(r" {2,}", " ", text).strip()
    kept = "".join(c if c == "\n" else " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf"))
    return re.sub(r" {2,}", " ", kept).strip()


@cache
def lists() -> dict[str, Any]:
    """Lists of words that help to read tables: names of columns, empty cells, synonyms, words that tell nothing apart."""
    found: dict[str, Any] = yaml.load((Path(__file__).parent / "columns.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 (strings only)
    return found


def addresses(text: str) -> list[str]:
    """The addresses of pages in one cell. Raises Unread with a guess."""
    found = [p for p in re.split(r"[|;\s]+", text) if p]
    for piece in found:
        if not ADDRESS.match(piece) and not piece.startswith("articles/"):
            guess = f" (did you mean `https://{piece}`?)" if ADDRESS.match(f"https://{piece}") and "." in piece else ""
            raise Unread(f"`{piece}` is no address that starts with http:// or https://{guess}")
    return found
