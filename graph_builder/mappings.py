"""What a person says of a table that its columns' names do not: a map of columns, words, constants and dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from graph_builder.faults import Faults
from graph_builder.notations import fold
from graph_builder.records import ADDRESS, LANGUAGE
from graph_builder.terms import Kind, load, suggestion
from graph_builder.yamls import Text

FRAME = ("record", "source")
"""What a column may tell beside the keys of a record."""
PARTS = ("year", "month", "day")
KEYS = ("columns", "values", "constants", "dates", "group", "sheet", "source")


@dataclass(slots=True)
class Mapping:
    """What a person says of a table: its columns, its words, what holds for all rows."""

    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    dates: str | None = None
    group: str | None = None
    sheet: str | None = None
    source: str | None = None


def read(path: Path) -> Mapping:
    """What a person says of a table. Raises Faults with every fault of the file."""
    text = Text(path)
    mapping = Mapping()
    for key, key_node, node in text.items(text.root, "map") if text.root is not None else ():
        if key not in KEYS:
            text.fault(key_node, f"unknown key `{key}`{suggestion(key, KEYS)}; a map may have: {', '.join(KEYS)}")
        elif key in ("columns", "constants"):
            setattr(mapping, key, dict(_pairs(text, node, key)))
        elif key == "values":
            mapping.values = {
                target: {fold(k): v for k, v in _words(text, inner, target)} for target, at, inner in text.items(node, key) if _is_target(text, at, target)
            }
        else:
            setattr(mapping, key, text.scalar(node, key))
    if mapping.dates not in (None, "dmy", "mdy"):
        text.at(1, 1, f"dates: `{mapping.dates}`; write dmy (day first) or mdy (month first)")
    if mapping.source and not ADDRESS.match(mapping.source):
        text.at(1, 1, f"source: `{mapping.source}` is no address that starts with http:// or https://")
    if text.faults:
        raise Faults(text.faults)
    return mapping


def _pairs(text: Text, node: yaml.Node, key: str) -> Iterator[tuple[str, str]]:
    """Column → target, or target → value; a column without a target is left out."""
    for name, key_node, value in text.items(node, key):
        if isinstance(value, yaml.ScalarNode) and value.value in ("", "null", "~") and key == "columns":
            yield name, ""
        elif (told := text.scalar(value, f"{key}: {name}")) and _is_target(text, value if key == "columns" else key_node, told if key == "columns" else name):
            yield name, told


def _words(text: Text, node: yaml.Node, target: str) -> Iterable[tuple[str, str]]:
    return ((name, told) for name, _, value in text.items(node, target) if (told := text.scalar(value, name)))


def _is_target(text: Text, node: yaml.Node, target: str) -> bool:
    kind = load().kinds["agreements"]
    if problem := target_problem(target, kind):
        text.fault(node, problem)
    return not problem


def target_problem(target: str, kind: Kind) -> str | None:
    """What is wrong with a target; None for a good one.

    >>> target_problem("title", load().kinds["agreements"])
    '`title` wants a language: `title.en`, `title.ru` …'
    """
    key, _, part = target.partition(".")
    known = kind.fields.get(key)
    if target in FRAME or (key == "because" and part in kind.fields):
        return None
    forms = sorted(k for k, f in kind.fields.items() if f.form not in ("nested", "post") or k == "signature")
    if known is None or key not in forms:
        return f"`{target}` is no key of an agreement that a column can tell{suggestion(key, [*forms, *FRAME])}; it may be: {', '.join([*FRAME, *forms])}"
    if known.form in ("text", "texts") and not LANGUAGE.match(part):
        return f"`{target}` wants a language: `{key}.en`, `{key}.ru` …"
    if known.form == "date" and part and part not in PARTS:
        return f"`{target}`: a date has the parts {', '.join(PARTS)}"
    if part and known.form not in ("text", "texts", "date"):
        return f"`{target}` has no parts; write `{key}`"
    return None
