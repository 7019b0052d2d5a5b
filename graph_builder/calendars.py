"""How people write dates: read into ISO 8601 with their own precision, or refused with a guess."""

from __future__ import annotations

import datetime
import re
from functools import cache

from graph_builder.notations import LANGUAGES, Unread, clean
from graph_builder.records import date_problem

FILLERS = frozenset(
    [
        "of",
        "the",
        "st",
        "nd",
        "rd",
        "th",
        "g",
        "year",
        "г",
        "год",
        "года",
        "жыл",
        "жылы",
        "жылғы",
        "ж",
        "йил",
        "йили",
        "yil",
        "yili",
        "й",
        "соли",
        "сол",
        "ýyl",
        "ýylyň",
        "y",
    ]
)
"""Words beside day, month and year that say nothing more."""
SERIALS = range(10_000, 73_051)
"""Day numbers of spreadsheets that are taken for dates, 1927 to 2099: below lie years."""
EPOCH = datetime.date(1899, 12, 30)


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
