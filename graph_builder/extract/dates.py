"""Which days does a text name, and on which day was it written?"""
from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .languages import Rules
from .texts import Document, Token

_YEAR = re.compile(r"((?:19|20)\d\d)(?!\d)")
_DAY = re.compile(r"([0-3]?\d)(?!\d)")
_NUMERIC = re.compile(r"(?<![\d./])(?:(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)"
                      r"|(?P<d2>[0-3]?\d)(?P<mark>[./])(?P<m2>[01]?\d)(?P=mark)(?P<y2>(?:19|20)\d\d))(?!\d)")
_LABEL = re.compile(r"(?:date|[^\W\d_]+(?: [^\W\d_]+)?:)$")   # «Дата: », "Published on: "
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(slots=True)
class Date:
    """A day as the text gives it: missing parts are 0; `until` is the last day of a span of days; `how` explicit or inferred."""

    year: int
    month: int
    day: int
    start: int
    end: int
    until: int = 0
    how: str = "explicit"

    def iso(self) -> str:
        """ISO 8601 with the precision of the text; `--MM-DD` where the year is not given.

        >>> Date(0, 3, 31, 0, 0).iso(), Date(1997, 1, 0, 0, 0).iso()
        ('--03-31', '1997-01')
        """
        if not self.month:
            return f"{self.year:04d}"
        head = f"{self.year:04d}-{self.month:02d}" if self.year else f"--{self.month:02d}"
        return f"{head}-{self.day:02d}" if self.day else head


def find(document: Document, rules: Rules) -> list[Date]:
    """All days of the text in its order, and «сегодня» where the text says on which day it was written."""
    found = [*_numeric(document), *_worded(document, rules)]
    found.sort(key=lambda d: (d.start, -d.end))
    kept: list[Date] = []
    for date in found:
        if not kept or date.start >= kept[-1].end:
            kept.append(date)
    return kept


def written(dates: list[Date], document: Document) -> Date | None:
    """The day the text was written, where its first lines give one by itself (a dateline), else None."""
    for date in dates:
        if date.start > 400:
            return None
        line_start = document.text.rfind("\n", 0, date.start) + 1
        before = document.text[line_start:date.start].strip()
        if date.year and date.day and not date.until and (_LABEL.match(before) or clocked(document, date) or _is_stamp(document, date, before)):
            return date
    return None


def clocked(document: Document, date: Date) -> bool:
    """Whether the time of a clock stands beside a full day in its line: a stamp of the page, no day that the text tells of."""
    line = document.text.rfind("\n", 0, date.start) + 1
    whole = document.text.find("\n", date.end)
    if (whole if whole >= 0 else len(document.text)) - line > 90:
        return False
    around = document.text[max(line, date.start - 12):date.start] + " " + document.text[date.end:date.end + 30].split("\n")[0]
    return bool(date.year and re.search(r"(?<!\d)[0-2]?\d:[0-5]\d(?!\d)", around))


def _is_stamp(document: Document, date: Date, before: str) -> bool:
    """A dateline: little else but marks, a clock or a name of a medium in the line."""
    line_end = document.text.find("\n", date.end)
    after = document.text[date.end:line_end if line_end >= 0 else len(document.text)]
    if not before or (before.endswith(",") and " " not in before and not re.search(r"\w", after)):
        return not re.match(r"\s*\w", after) or len(after.strip()) < 40
    return len(before) < 40 and ("|" in before or "|" in after[:4] or (bool(re.match(r"[\d:,. ]+$", before)) and len(after.strip()) < 40))


def complete(date: Date, page: Date | None, others: list[Date], last_year: bool = False) -> Date:
    """A day without a year takes the year that the text gives the same day elsewhere; else that of the page's day,
    where this is at most some months later (or the one before it, where the text says «last year»)."""
    if date.year or not date.month:
        return date
    same = next((x.year for x in others if x.year and (x.month, x.day) == (date.month, date.day)), 0)
    if not same and page is not None and page.year:
        year = page.year - (1 if last_year or (date.month, date.day) > (page.month, page.day + 1) else 0)
        near = (page.year - year) * 12 + page.month - date.month <= 6
        same = year if near or last_year else 0
    return Date(same, date.month, date.day, date.start, date.end, date.until, "inferred") if same else date


def relative(document: Document, rules: Rules, today: Date | None) -> list[Date]:
    """The words for today, yesterday and the days of the week, where the day of the news is known."""
    if today is None or not today.day:
        return []
    try:
        now = datetime.date(today.year or 2000, today.month, today.day)
    except ValueError:  # a 29 February that was none
        return []
    found = []
    for pattern, back in ((rules.words["today"], 0), (rules.words["yesterday"], 1),
                          *((p, (now.isoweekday() - n) % 7) for n, p in rules.weekdays.items() if today.year)):
        day = now - datetime.timedelta(days=back)
        year = today.year and day.year
        found += [Date(year, day.month, day.day, m.start(), m.end(), 0, "inferred") for m in pattern.finditer(document.folded)]
    return found


def _numeric(document: Document) -> list[Date]:
    found = []
    for m in _NUMERIC.finditer(document.folded):
        year, month, day = (int(m[a] or m[b]) for a, b in (("y", "y2"), ("m", "m2"), ("d", "d2")))
        if 1 <= month <= 12 and 1 <= day <= _LENGTHS[month - 1]:
            found.append(Date(year, month, day, m.start(), m.end()))
    return found


def _worded(document: Document, rules: Rules) -> list[Date]:
    found = []
    last = -1
    for match in months(document, rules):
        i = document.token_at(match.start())
        if i >= len(document.tokens) or i == last:
            continue
        month = next((n for n, p in rules.months.items() if p.match(document.folded, match.start())), 0)
        date = _around(document, i, month)
        if date is not None:
            found.append(date)
            last = i
    return found


def months(document: Document, rules: Rules, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
    """The names of months in a text; an English one has a capital letter (unlike "may" and, folded, "now")."""
    capital = rules.code == "en"
    for match in rules.any_month.finditer(document.folded, start, len(document.folded) if end is None else end):
        if not capital or (document.text[match.start()].isupper() and document.text[match.start():match.end()] != "Now"):
            yield match


def _around(document: Document, i: int, month: int) -> Date | None:
    """The day and year round a month's name at word i; a month alone is no date."""
    tokens = document.tokens
    before, after = tokens[max(0, i - 4):i], tokens[i + 1:i + 4]
    first, last = tokens[i], tokens[i]
    day, until = 0, 0
    joined = re.match(r"([0-3]?\d)[-–]", first.word) or re.search(r"[-–]([0-3]?\d)$", first.word)
    if joined:
        day = int(joined[1])
    elif before and (m := re.match(r"([0-3]?\d)(?:[-–]([0-3]?\d))?(?:-?[^\W\d]+)?$", before[-1].word)) and _near(document, before[-1], first):
        day, until, first = int(m[1]), int(m[2] or 0), before[-1]
    elif after and (m := re.match(r"([0-3]?\d)(?:[-–]([0-3]?\d))?(?:-?[^\W\d]+)?$", after[0].word)) and _near(document, last, after[0]):
        day, until, last, after = int(m[1]), int(m[2] or 0), after[0], after[1:]
    if len(before) > 2 and before[-2].word in ("по", "to", "until") and before[-3].word.isdigit():
        until = 31
    if day > _LENGTHS[month - 1] or (until and until <= day):
        return None
    year, first, last = _year(document, before, after, first, last)
    return Date(year, month, day, first.start, last.end, until) if day or year else None


def _year(document: Document, before: list[Token], after: list[Token], first: Token, last: Token) -> tuple[int, Token, Token]:
    for k, token in enumerate(after[:2]):
        m = _YEAR.match(token.word)
        if m and "\n" not in document.text[last.end:token.start] and (k == 0 or len(after[0].word) < 5):
            return int(m[1]), first, token
    for token in reversed([t for t in before if t.start < first.start][-3:]):
        m = _YEAR.match(token.word)
        if m and "\n" not in document.text[token.end:first.start] and "," not in document.text[token.end:first.start]:
            return int(m[1]), token, last
    return 0, first, last


def _near(document: Document, left: Token, right: Token) -> bool:
    return not document.text[left.end:right.start].strip(" .-–\u00a0") and right.start - left.end < 4
