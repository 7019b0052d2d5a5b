"""Which queries may reach the engine: of bounded size and depth, and without a way out."""

from __future__ import annotations

import re

LARGEST = 64 * 1024
"""Bytes that a query's text may have."""
DEEPEST = 100
"""Levels of brackets that a query may have; some two thousand crash the engine's parser."""

_SKIP = r"""\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*'|<[^<>"{}|^`\\\x00-\x20]*>|\#[^\n\r]*"""
_TOKEN = re.compile(rf"({_SKIP})|([{{(\[])|([}})\]])|((?<![\w:?$@-])(?:SERVICE|LOAD|NOT|OPTIONAL|UNION|MINUS|SELECT|IF|[!+-]|\^|/|\|)(?![\w:]))", re.IGNORECASE | re.DOTALL)
_OUTWARD = re.compile(r"(?<![\w:?$@.-])(SERVICE|LOAD)(?![\w:-])", re.IGNORECASE)
_REMOTE = re.compile(r"(?<![\w:?$@.-])FROM(?![\w:-])", re.IGNORECASE)


class Refusal(Exception):
    """A query that is not run; the message says why."""


def check(text: str) -> None:
    """Raises Refusal for a query that is too large, nested too deeply, or would reach outside.

    >>> check("SELECT * WHERE { ?s ?p ?o }")
    >>> check("SELECT * WHERE { SERVICE <http://x> { ?s ?p ?o } }")
    Traceback (most recent call last):
    ...
    graph_builder.guard.Refusal: SERVICE is refused: this endpoint opens no connections
    """
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise Refusal(f"a query has at most {LARGEST // 1024} KiB")
    depth = 0
    chain = 0
    for skipped, opening, closing, word in _TOKEN.findall(text):
        if opening:
            depth += 1
        elif closing:
            depth -= 1
        elif word:
            chain += 1
        if depth > DEEPEST:
            raise Refusal(f"a query is nested at most {DEEPEST} levels deep")
    bare = re.sub(_SKIP, " ", text, flags=re.DOTALL)
    if found := _OUTWARD.search(bare):
        raise Refusal(f"{found[1].upper()} is refused: this endpoint opens no connections")
    _chains(bare)


def _chains(bare: str) -> None:
    """Refuses long runs of prefix operators, which nest without brackets (`!!!!…`, `- - -`, `^^^^`)."""
    if re.search(r"(?:[!+\-^]\s*){100,}", bare):
        raise Refusal(f"a query is nested at most {DEEPEST} levels deep")
