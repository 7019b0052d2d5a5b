"""Broken copies of good records: in their text, as hostile files are, and in their values, as honest mistakes are."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Callable
from random import Random
from typing import Any

from graph_builder.records import Data
from graph_builder.terms import Field, Kind, Terms

Change = Callable[[str, Random], str | bytes | None]
KEY = re.compile(r"^( *(?:- )?)([a-zA-Z]{4,}):(?= |$)", re.MULTILINE)
INLINE = re.compile(r"^([a-zA-Z]+): (\S.*)\n", re.MULTILINE)
DAY = re.compile(r"(?<=: )\d{4}-\d\d-\d\d(?=[,}\n])")
REFERENCE = re.compile(r"(?<=[ \[{])(states|organizations|people|places|events|agreements|articles|offices)/[a-z0-9-]+(?=[:,\]}\n])")
WORD = re.compile(r"(?<=[ {])(type|role|step|stance|status): ([a-z-]+)")
INDENTED = re.compile(r"^ +(?=\S)", re.MULTILINE)
INVISIBLE = "\u200b\u200e\u202a\u202e\u2066\u2069\ufeff\u0007\u001b\u0085\U000e0041"
BAD_DATES = ("-13-01", "-02-30", "-00-10", "-1-1", "/01/02", "0101", "-01-02T00:00")
TITLE = re.compile(r"^(?:title|name): \{.*\}\n|^(?:title|name):\n(?:  .*\n)+", re.MULTILINE)


def some(pattern: re.Pattern[str], text: str, random: Random) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return random.choice(found) if found else None


def put(text: str, at: re.Match[str], new: str) -> str:
    return text[: at.start()] + new + text[at.end() :]


def misspelt_key(text: str, random: Random) -> str | None:
    at = some(KEY, text, random)
    if not at:
        return None
    key, n = at[2], random.randrange(1, len(at[2]))
    return put(text, at, f"{at[1]}{random.choice([key[:n] + 'q' + key[n:], key[:n] + key[n + 1 :], key.swapcase()])}:")


def repeated_key(text: str, random: Random) -> str | None:
    at = some(INLINE, text, random)
    return at and put(text, at, at[0] + at[0])


def impossible_date(text: str, random: Random) -> str | None:
    at = some(DAY, text, random)
    year = at[0][:4] if at else ""
    return at and put(text, at, random.choice([*(year + rest for rest in BAD_DATES), f"01.02.{year}", "today", "٢٠٢٢-٠١-٠١", "0999-01-01", "9999-01-01"]))


def broken_reference(text: str, random: Random) -> str | None:
    at = some(REFERENCE, text, random)
    name = at[0] if at else ""
    bad = [name + "x", name + ".yaml", name.upper(), "../" + name, name.replace("/", "//"), "topics/water", name.replace("/", ""), name + " x"]
    return at and put(text, at, random.choice(bad))


def unknown_word(text: str, random: Random) -> str | None:
    at = some(WORD, text, random)
    return at and put(text, at, f"{at[1]}: {random.choice([at[2] + 'x', at[2].title(), 'nonsense', '1', 'null'])}")


def invisible_character(text: str, random: Random) -> str:
    n = random.randrange(len(text))
    return text[:n] + random.choice(INVISIBLE) + text[n:]


def split_letter(text: str, random: Random) -> str | None:
    at = some(re.compile("[йёЙЁўқғҳїéäöü]"), text, random)
    new = at and unicodedata.normalize("NFD", at[0])
    return put(text, at, new) if at and new != at[0] else None


def other_encoding(text: str, random: Random) -> bytes | None:
    at = some(re.compile("[а-я]{3,}"), text, random)
    return at and text[: at.start()].encode() + at[0].encode("cp1251") + text[at.end() :].encode()


def tab(text: str, random: Random) -> str | None:
    at = some(INDENTED, text, random)
    return at and put(text, at, "\t" * len(at[0]))


def alias(text: str, random: Random) -> str | None:
    at = some(INLINE, text, random)
    return at and put(text, at, f"{at[1]}: [&a {at[1]}, *a]\n")


def bomb(text: str, random: Random) -> str | None:
    """A value that unfolds to two to the thirtieth, as a list or by merging."""
    at = some(INLINE, text, random)
    laughs = "".join(f"  l{n}: &l{n} [*l{n - 1}, *l{n - 1}]\n" for n in range(1, 30))
    merged = "".join(f"  l{n}: &l{n} {{<<: [*l{n - 1}, *l{n - 1}], k{n}: x}}\n" for n in range(1, 30))
    first, rest = random.choice([("[x, x]", laughs), ("{k: x}", merged)])
    return at and put(text, at, f"{at[1]}:\n  l0: &l0 {first}\n{rest}")


def tag(text: str, random: Random) -> str | None:
    at = some(INLINE, text, random)
    return at and put(text, at, f"{at[1]}: {random.choice(['!!int', '!!python/name:os.system', '!mine', '!!binary', '!!set'])} {at[2]}\n")


def deep(text: str, random: Random) -> str | None:
    at = some(INLINE, text, random)
    return at and put(text, at, f"{at[1]}: {random.choice(['[', '{a: ']) * random.choice([30, 3000])}\n")


def huge(text: str, random: Random) -> str | None:
    at = some(INLINE, text, random)
    return at and put(text, at, f"{at[1]}: {'x' * 1_000_000}\n")


def other_type(text: str, random: Random) -> str | None:
    at = some(INLINE, text, random)
    return at and put(text, at, f"{at[1]}: {random.choice(['{a: {b: c}}', '[[a]]', '[{a: b}]', '{}', '[]', '', chr(34) * 2, '~x: y: z', '- - a'])}\n")


def half_a_pair(text: str, random: Random) -> str | None:
    at = some(INLINE, text, random)
    return at and put(text, at, f"{at[1]}: {random.choice('[{')}{at[2]}\n" if at[2][0] not in "\"'" else f"{at[1]}: {at[2]}{at[2][0]}\n")


def no_title(text: str, random: Random) -> str | None:
    at = some(TITLE, text, random)
    return at and put(text, at, random.choice(["", at[0].replace("ru:", "uk:"), at[0].replace("en:", "de:"), f"{at[0].partition(':')[0]}: x\n"]))


def damaged_quote(text: str, random: Random) -> str | None:
    at = some(re.compile(r"(?<=quote: )[^\n]{8,}"), text, random)
    n = random.randrange(2, len(at[0]) - 2) if at else 0
    return at and put(text, at, at[0][:n] + "ЪЪ" + at[0][n:])


def damaged_source(text: str, random: Random) -> str | None:
    at = some(re.compile(r"^  https?://(?=\S)", re.MULTILINE), text, random)
    return at and put(text, at, random.choice(["  ftp://", "  javascript:", "  ", "  //", "  https://a:b@", "  https://nobody.invalid/", "  file:///"]))


def unknown_support(text: str, random: Random) -> str | None:
    at = some(re.compile(r"supports: \["), text, random)
    return at and put(text, at, f"supports: [{random.choice(['nothing', 'title.xx', 'sources', '', '[a]', 'name.en.x'])}, ")


CHANGES: tuple[Change, ...] = (
    misspelt_key, repeated_key, impossible_date, broken_reference, unknown_word, invisible_character, split_letter, other_encoding, tab, alias, bomb, tag, deep,
    huge, other_type, half_a_pair, no_title, damaged_quote, damaged_source, unknown_support,
)  # fmt: skip


def broken(text: str, random: Random) -> tuple[str, bytes]:
    """Name of a change and the broken text."""
    while True:
        change = random.choice(CHANGES)
        if (new := change(text, random)) and new not in (text, text.encode()):
            return change.__name__, new if isinstance(new, bytes) else new.encode()


# ---- values ------------------------------------------------------------------------------------------------


def mistaken(terms: Terms, kind: Kind, data: Data, random: Random) -> tuple[str, Data]:
    """What was done to a record's values, and the values: one or two mistakes that both the reader's rules and the shapes know, or none."""
    data = copy.deepcopy(data)
    if random.random() < 0.1:
        return "nothing", data
    return "; ".join(once(terms, kind, data, random) for _ in range(random.choice((1, 1, 1, 2)))), data


def once(terms: Terms, kind: Kind, data: Data, random: Random) -> str:
    """Makes one mistake in a record's values, and tells which."""
    inner, known = entry(terms, kind, data, random)
    fields = [f for f in known.fields.values() if f.key in inner]
    if not fields:
        return "nothing"
    if random.random() < 0.1 and (stray := stranger(known, inner, random)):
        return stray
    field = random.choice(fields)
    if random.random() < 0.3:
        del inner[field.key]
        return f"no {field.key}"
    change = mistake(terms, field, inner[field.key], random)
    if change is None:
        return "nothing"
    inner[field.key] = change
    return f"{field.key} = {change}"


IMPLIED = {("offices", "of")}
"""Keys that a record leaves to its own name."""


def stranger(kind: Kind, inner: Data, random: Random) -> str | None:
    """A value for a key that was not there; it may be right."""
    forms = {"date": "1998-10-31", "term": ["nonsense"], "reference": ["places/tashkent"], "string": ["?"]}
    known = [f for f in kind.fields.values() if f.form in forms and (f.form != "string" or f.pattern)]
    absent = [f for f in known if f.key not in inner and (kind.folder, f.key) not in IMPLIED and f.key != kind.keyed_by]
    if not absent:
        return None
    field = random.choice(absent)
    inner[field.key] = forms[field.form]
    return f"new {field.key} = {forms[field.form]}"


def entry(terms: Terms, kind: Kind, data: Data, random: Random) -> tuple[Data, Kind]:
    """The record's own values, or those of one entry inside it."""
    nested = [(f, name) for f in kind.fields.values() if f.form == "nested" for name in data.get(f.key, {})]
    if not nested or random.random() < 0.5:
        return data, kind
    field, name = random.choice(nested)
    return data[field.key][name], terms.kinds[field.nested or ""]


OTHERS = (
    "states/nowhere", "people/shavkat-mirziyoyev", "places/tashkent", "states/tajikistan", "organizations/icwc", "agreements/1998-kaz-uzb-eternal-friendship",
)  # fmt: skip


def mistake(terms: Terms, field: Field, value: Any, random: Random) -> Any:
    """Another value for a key, mostly a wrong one; None where none is known for its form."""
    if field.form == "date":
        return random.choice(["1998-13-01", "1998-02-30", "soon", "1998-10-31", "1998", "1998-10", "98", "1998-1-1", "1999-02-29", "2000-02-29", "1998-10-31Z"])
    if field.form == "term":
        return random.choice([[value[0] + "x"], [*value, "nonsense"], value, ["water"], [*value, *(random.sample(sorted(field.words - {*value}), 1))]])
    if field.form == "reference":
        return random.choice([[value[0] + "x"], [random.choice(OTHERS)], [*value, "states/kyrgyzstan"], [*value, random.choice(OTHERS)], value[:1]])
    if field.form in ("text", "post"):
        return random.choice([{code: text for code, text in value.items() if code != random.choice(["en", "ru", "kk"])} or None, {**value, "de": "Neuer Name"}])
    if field.form == "string" and field.pattern:
        return random.choice([["?"], [*value, value[0] + "b"], value, [value[0].swapcase()], [value[0] + " "], [" " + value[0]], [value[0][:-1] or "x"]])
    if field.form == "nested":
        return nest(terms.kinds[field.nested or ""], value, random)
    return None


def nest(kind: Kind, value: Data, random: Random) -> Data:
    """Entries of which one is gone, has lost its values or stands under another name."""
    name = random.choice([*value])
    rest = {n: entry for n, entry in value.items() if n != name}
    reference = kind.keyed_by and "/" in name
    ways = [rest, {**value, name: {}}, *([{**rest, random.choice((name + "x", *OTHERS)): value[name]}] if reference else [])]
    return random.choice(ways)
