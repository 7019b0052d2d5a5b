"""Which queries may reach the engine: of bounded size, depth and length, and without a way out."""

from __future__ import annotations

import re
from collections.abc import Iterator

LARGEST = 64 * 1024
"""Bytes that a query's text may have."""
DEEPEST = 100
"""Levels of nesting that a query may have; some two thousand crash the engine's parser."""
LONGEST = 1000
"""Patterns and operators that a query may chain; some thousands crash the engine's optimiser or keep it for minutes."""

_LEXER = re.compile(
    r"""(?P<text>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?!"")(?:[^"\\\n\r]|\\.)*"|'(?!'')(?:[^'\\\n\r]|\\.)*')
    |(?P<torn>["'])
    |(?P<iri><[^<>"{}|^`\x00-\x20]*>)
    |(?P<comment>\#[^\n\r]*)
    |(?P<name>[?$]\w+|@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*|(?:[^\W\d_][\w.-]{0,60})?:(?:[\w:.%-]|\\.)*|_:[\w.-]+)
    |(?P<open>[{(\[]|<<)
    |(?P<close>[})\]]|>>)
    |(?P<word>[^\W\d]\w*)
    |(?P<prefix>[!+^-](?:\s*[!+^-])*)
    |(?P<operator>\|\||&&|[*/|=;.,])""",
    re.VERBOSE | re.DOTALL,
)
_LINKS = frozenset(["OPTIONAL", "UNION", "MINUS", "FILTER", "BIND", "GRAPH", "EXISTS", "SELECT", "VALUES", "HAVING"])
_OUTWARD = re.compile(r"(SERVICE|LOAD)(?:SILENT|INTO)?\Z", re.IGNORECASE)
Token = tuple[str, str]


class Refusal(Exception):
    """A query that is not run; the message says why."""


def tokens(text: str) -> Iterator[Token]:
    """Kind and text of each token that matters here: text, torn, iri, name, open, close, word, prefix, operator; no comments.

    >>> list(tokens("ASK { ?s ?p '}' } # }"))
    [('word', 'ASK'), ('open', '{'), ('name', '?s'), ('name', '?p'), ('text', "'}'"), ('close', '}')]
    """
    for match in _LEXER.finditer(text):
        if match.lastgroup and match.lastgroup != "comment":
            yield match.lastgroup, match[0]


def check(text: str) -> None:
    """Raises Refusal for a query that is too large, too deep, too long, or would reach outside; SyntaxError for a text without end.

    >>> check("SELECT * WHERE { ?s ?p ?o }")
    >>> check("SELECT * WHERE { SERVICE <http://x> { ?s ?p ?o } }")
    Traceback (most recent call last):
    ...
    graph_builder.guard.Refusal: SERVICE is refused: nothing here opens a connection
    """
    if len(text) > LARGEST or len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise Refusal(f"a query has at most {LARGEST // 1024} KiB")
    depth = links = 0
    for kind, token in tokens(text):
        depth += (kind == "open") - (kind == "close")
        links += kind == "word" and token.upper() in _LINKS
        links += kind == "prefix" or (kind == "operator" and token in ("||", "&&", "|", "/", "*", "="))
        if depth + _hidden(kind, token) > DEEPEST:
            raise Refusal(f"a query is nested at most {DEEPEST} levels deep")
        if links > LONGEST:
            raise Refusal(f"a query chains at most {LONGEST} patterns and operators")
        if kind == "word" and (found := _OUTWARD.match(token)):
            raise Refusal(f"{found[1].upper()} is refused: nothing here opens a connection")
        if kind == "torn":
            raise _endless(text)


def _endless(text: str) -> SyntaxError:
    start = next(m.start() for m in _LEXER.finditer(text) if m.lastgroup == "torn")
    return SyntaxError(f"error at {text.count(chr(10), 0, start) + 1}:{start - text.rfind(chr(10), 0, start)}: the text that begins here does not end")


def _hidden(kind: str, token: str) -> int:
    """Levels that a token may hold without a bracket of its own: `!!!!x`, or `?a<((((b>c` where `<` is no address."""
    if kind == "prefix":
        return sum(not sign.isspace() for sign in token)
    return sum(map(token.count, "([!")) if kind == "iri" else 0


def origins(text: str) -> Iterator[str]:
    """The addresses of graphs that a query names in FROM, as they are written between `<` and `>`.

    >>> list(origins("SELECT * FROM <http://a> FROM NAMED <http://b> { ?s ?p <http://c> }"))
    ['http://a', 'http://b']
    """
    last = ""
    for kind, token in tokens(text):
        if kind == "iri" and last == "FROM":
            yield token[1:-1]
        if not (kind == "word" and token.upper() == "NAMED" and last == "FROM"):
            last = token.upper() if kind == "word" else ""


def using(text: str, default: list[str], named: list[str]) -> str:
    """An update whose WHERE parts read the graphs given with the request (SPARQL 1.1 Protocol, 2.2.3); no line moves.

    Raises Refusal where the update itself says USING or WITH.

    >>> using("INSERT { ?s a ?o } WHERE { ?s ?p ?o }", ["http://g"], [])
    'INSERT { ?s a ?o } USING <http://g> WHERE { ?s ?p ?o }'
    """
    clauses = " ".join([*(f"USING <{g}>" for g in default), *(f"USING NAMED <{g}>" for g in named)])
    parts, depth, last, end = [], 0, "", 0
    for match in _LEXER.finditer(text):
        kind, word = match.lastgroup, match[0].upper()
        depth += (kind == "open") - (kind == "close")
        if kind == "word" and depth == 0 and word in ("USING", "WITH"):
            raise Refusal(f"an update that says {word} takes no using-graph-uri from the request")
        if kind == "word" and depth == 0 and word == "WHERE" and last != "DELETE":
            parts += [text[end : match.start()], clauses, " "]
            end = match.start()
        last = word if kind != "comment" else last
    return "".join([*parts, text[end:]])
