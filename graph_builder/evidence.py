"""Where a stored text says so: quotes re-found, with offsets in code points."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graph_builder.faults import Fault
from graph_builder.records import Record, Support

AROUND = 32
"""Code points of context kept before and after a quote."""


@dataclass(frozen=True, slots=True)
class Article:
    """A stored text; offsets count its code points."""

    name: str
    text: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A place in a stored text: first code point and the one past the last."""

    article: str
    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


def article(record: Record, folder: Path) -> tuple[Article | None, list[Fault]]:
    """The stored text of an article's card, checked against the card's SHA-256."""
    names, sums = record.data.get("text", []), record.data.get("sha256", [])
    if not names or not sums:
        return None, []
    try:
        raw = (folder / "articles" / names[0]).read_bytes()
        text = raw.decode("utf-8")
    except OSError:
        return None, [record.fault(("text",), f"text: no file `{names[0]}` beside the card")]
    except UnicodeDecodeError:
        return None, [record.fault(("text",), f"text: `{names[0]}` is not UTF-8")]
    digest = hashlib.sha256(raw).hexdigest()
    if digest != sums[0]:
        return None, [record.fault(("sha256",), f"sha256: `{names[0]}` has {digest}; its text was changed, or the card is wrong")]
    return Article(record.name, text, digest), []


def occurrences(text: str, quote: str) -> list[int]:
    """Offsets at which a quote stands in a text, as whole words.

    >>> occurrences("Узбекистаном и Узбекистан", "Узбекистан")
    [15]
    """
    found, at = [], text.find(quote)
    while at >= 0:
        end = at + len(quote)
        inside = (quote[0].isalnum() and text[at - 1 : at].isalnum()) or (quote[-1].isalnum() and text[end : end + 1].isalnum())
        if not inside:
            found.append(at)
        at = text.find(quote, at + 1)
    return found


def passages(stored: Article, support: Support) -> Iterator[Passage | str]:
    """The passages that an entry quotes, or what is wrong with the quote."""
    quote = support.quote or ""
    found = occurrences(stored.text, quote)
    if not found:
        yield f"the quote «{_short(quote)}» does not stand in {stored.name}; copy it exactly"
        return
    if support.nth is None and len(found) > 1:
        yield f"the quote «{_short(quote)}» stands {len(found)} times in {stored.name}; say which: `nth: 1` or `nth: [1, 2]`, or quote more"
        return
    for n in support.nth or (1,):
        if n > len(found):
            yield f"the quote «{_short(quote)}» stands only {len(found)} times in {stored.name}; there is no number {n}"
            continue
        start, end = found[n - 1], found[n - 1] + len(quote)
        yield Passage(stored.name, start, end, quote, stored.text[max(0, start - AROUND) : start], stored.text[end : end + AROUND])


def _short(quote: str) -> str:
    return quote if len(quote) <= 60 else quote[:57] + "…"
