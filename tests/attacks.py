"""What a hostile client sends: queries that eat time or memory, that nest without end, that would reach outside, and values that would break out."""

from __future__ import annotations

import random
from collections.abc import Callable

ALL = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
DOUBLED = " ".join(f"BIND(CONCAT(?s{n}, ?s{n}) AS ?s{n + 1})" for n in range(40))
BOMBS = {
    "count of a product": f"SELECT (COUNT(*) AS ?n) {{ {ALL} }}",
    "distinct product": f"SELECT DISTINCT ?a ?d ?g ?j {{ {ALL} }}",
    "ordered product": f"SELECT * {{ {ALL} }} ORDER BY ?a ?f ?i ?l",
    "plain product": f"SELECT * {{ {ALL} }}",
    "random order": f"SELECT * {{ {ALL} }} ORDER BY RAND()",
    "one endless text": f"SELECT (GROUP_CONCAT(STR(?a)) AS ?x) {{ {ALL} }}",
    "doubled text": f'SELECT (STRLEN(?s40) AS ?n) {{ BIND("aaaaaaaaaaaaaaaa" AS ?s0) {DOUBLED} }}',
    "replaced text": 'SELECT ?x { BIND(REPLACE(REPLACE(REPLACE(REPLACE("'
    + "a" * 900
    + '", "a", "'
    + "a" * 900
    + '"), "a", "'
    + "a" * 900
    + '"), "a", "bbbbbbbb"), "b", "cccccccc") AS ?x) }',
    "grouped product": f"SELECT ?a ?d ?g (COUNT(*) AS ?n) {{ {ALL} }} GROUP BY ?a ?d ?g",
    "constructed product": f"CONSTRUCT {{ ?a ?e ?i . ?d ?h ?l . ?g ?k ?c }} WHERE {{ {ALL} }}",
    "described product": "DESCRIBE ?a ?d { ?a ?b ?c . ?d ?e ?f }",
    "closure of everything": "SELECT (COUNT(*) AS ?n) { ?a (!<x:y>)* ?b . ?b (!<x:y>)* ?c . ?c (!<x:z>)+ ?d }",
    "closure both ways": "SELECT (COUNT(*) AS ?n) { ?a (<x:y>|!<x:y>|^<x:y>|!^<x:y>)* ?b . ?b (<x:y>|!<x:y>|^<x:y>|!^<x:y>)* ?c }",
    "nested closure": "SELECT (COUNT(*) AS ?n) { ?a (((!<x:y>)*)*/((!<x:z>)+)*)+ ?b . ?b (!<x:y>)* ?c }",
    "values": "SELECT (COUNT(*) AS ?n) {" + "".join(f" VALUES ?v{n} {{ {' '.join(map(str, range(60)))} }}" for n in range(9)) + " }",
    "minus": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f MINUS { ?a ?p ?q . ?d ?r ?s FILTER(?q != ?s) } }",
    "not exists": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER NOT EXISTS { ?g ?h ?i . ?i ?j ?k FILTER(?k = ?c && ?h = ?e) } }",
    "optionals": "SELECT (COUNT(*) AS ?n) { " + " ".join(f"OPTIONAL {{ ?a{n} ?b{n} ?c{n} }}" for n in range(6)) + " }",
    "unions": "SELECT (COUNT(*) AS ?n) { " + " ".join(f"{{ ?a{n} ?b{n} ?c{n} }} UNION {{ ?c{n} ?b{n} ?a{n} }}" for n in range(5)) + " }",
    "subqueries": "SELECT (COUNT(*) AS ?n) { " + " ".join(f"{{ SELECT DISTINCT ?a{n} ?c{n} {{ ?a{n} ?b{n} ?c{n} }} }}" for n in range(5)) + " }",
    "digests": f"SELECT (MAX(SHA512(CONCAT(STR(?a), STR(?f), STR(?i)))) AS ?x) {{ {ALL} }}",
    "patterns": f'SELECT (COUNT(*) AS ?n) {{ {ALL} FILTER(REGEX(CONCAT(STR(?a), STR(?f)), "(a|b|ab)*c(.*)*d$")) }}',
    "large pattern": 'SELECT * { ?a ?b ?c FILTER(REGEX(STR(?c), "((((a{1,100}){1,100}){1,100}){1,100})$")) }',
    "graphs": "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?a ?b ?c } GRAPH ?h { ?d ?e ?f } GRAPH ?i { ?g1 ?h1 ?i1 } }",
    "fresh nodes": f"SELECT DISTINCT ?u {{ {ALL} BIND(STRUUID() AS ?u) }}",
}
"""25 queries that no machine can answer within a limit."""

NESTS: dict[str, Callable[[int], str]] = {
    "groups": lambda n: "ASK " + "{" * n + "}" * n,
    "open groups": lambda n: "ASK " + "{" * n,
    "brackets": lambda n: "ASK { FILTER(" + "(" * n + "1" + ")" * n + ") }",
    "open brackets": lambda n: "ASK { FILTER(" + "(" * n,
    "blank nodes": lambda n: "ASK { " + "[ ?p " * n + "1" + "]" * n + " ?q 2 }",
    "lists": lambda n: "ASK { ?s ?p " + "(" * n + "1" + ")" * n + " }",
    "not": lambda n: "ASK { FILTER(" + "!" * n + "?a) }",
    "minus sign": lambda n: "ASK { FILTER(" + "- " * n + "1) }",
    "signs in brackets": lambda n: "ASK { FILTER(" + "-(" * n + "1" + ")" * n + ") }",
    "optional": lambda n: "ASK { " + "OPTIONAL {" * n + "}" * n + " }",
    "not exists": lambda n: "ASK { " + "FILTER NOT EXISTS {" * n + "}" * n + " }",
    "union": lambda n: "ASK { " + "{} UNION " * n + "{} }",
    "minus chain": lambda n: "ASK { " + "MINUS {}" * n + " }",
    "filter chain": lambda n: "ASK { " + "FILTER(1)" * n + " }",
    "subqueries": lambda n: "SELECT * {" * n + "}" * n,
    "if": lambda n: "ASK { FILTER(" + "IF(1,1," * n + "1" + ")" * n + ") }",
    "paths": lambda n: "ASK { ?s " + "(" * n + "<a:b>" + ")*" * n + " ?o }",
    "inverse paths": lambda n: "ASK { ?s " + "^(" * n + "<a:b>" + ")" * n + " ?o }",
    "or": lambda n: "ASK { FILTER(1" + "||1" * n + ") }",
    "triples in triples": lambda n: "ASK { " + "<<( ?s ?p " * n + "1" + " )>>" * n + " ?p ?o }",
}
"""20 shapes of nesting by depth."""
DEPTHS = (90, 101, 1_000, 10_000, 100_000, 1_000_000)

OUT = (
    "http://{host}:{port}/x",
    "http://localhost:{port}/x",
    "HTTP://{host}:{port}",
    "ftp://{host}:{port}/x",
    "file:///etc/passwd",
    "file:/etc/hostname",
    "//{host}:{port}/x",
    "http://[::1]:{port}/",
)
FORMS = (
    "SELECT * {{ SERVICE <{u}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <{u}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ service<{u}>{{?s ?p ?o}} }}",
    "SELECT * FROM <{u}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{u}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "ASK {{ GRAPH <{u}> {{ ?s ?p ?o }} }}",
)
UPDATES = (
    "LOAD <{u}>",
    "LOAD SILENT <{u}> INTO GRAPH <x:g>",
    "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{u}> {{ ?s ?p ?o }} }}",
    "load<{u}>",
    "CLEAR ALL; LOAD <{u}>",
)
TRICKS = (
    "PREFIX s: <{u}> SELECT * {{ SERVICE s: {{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND(<{u}> AS ?u) SERVICE ?u {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?u {{ <{u}> }} SERVICE ?u {{ ?s ?p ?o }} }}",
    "SELECT * {{ {{ SELECT * {{ SERVICE <{u}> {{ ?s ?p ?o }} }} }} }}",
    "SELECT * {{ # }}\n SERVICE <{u}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p '}}' . SERVICE <{u}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICESILENT<{u}>{{ ?s ?p ?o }} }}",
    "PREFIX : <{u}> SELECT * {{ SERVICE:x {{ ?s ?p ?o }} }}",
    "BASE <{u}> SELECT * {{ SERVICE <> {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p 1SERVICE<{u}>{{ ?s ?p ?o }} }}",
    "SELECT * {{ \\u0053ERVICE <{u}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ FILTER(?a<1)SERVICE<{u}>{{ ?s ?p ?o }}FILTER(2>?b) }}",
    "DESCRIBE <{u}>",
    "CONSTRUCT {{ ?s ?p ?o }} FROM <{u}> WHERE {{ ?s ?p ?o }}",
)


def outbound(host: str, port: int) -> list[tuple[str, str]]:
    """60 ways to reach an address or a file: (query or update, text)."""
    addresses = [u.format(host=host, port=port) for u in OUT]
    queries = [("query", form.format(u=u)) for form in FORMS for u in addresses[:5]]
    updates = [("update", form.format(u=u)) for form in UPDATES for u in (addresses[0], addresses[4])]
    tricks = [("query", trick.format(u=addresses[0])) for trick in TRICKS]
    return [*queries, *updates, *tricks, *(("query", FORMS[0].format(u=u)) for u in addresses[5:])]


PIECES = (
    '"',
    "'",
    '"""',
    "'''",
    "\\",
    "\\\\",
    '\\"',
    "{",
    "}",
    "} }",
    "<",
    ">",
    "<http://x>",
    "|",
    "||",
    ";",
    ".",
    "#",
    "# ",
    "\\n",
    "\\u0022",
    "\\u007D",
    "?s",
    "$s",
    "VALUES ?x {",
    "UNION",
    "UNDEF",
    "OPTIONAL {",
    "} UNION { ?s ?p ?o",
    "SERVICE <http://x> {",
    "DROP ALL",
    "; DROP ALL",
    "INSERT DATA {",
    ") || (1=1",
    "^^<x:y>",
    "@en",
    "@en-x",
    "BIND(1 AS ?x)",
    "FILTER(false)",
    "LIMIT 0",
    "%22",
    "&quot;",
    "Ё",
    "ʻ",
    "«»",
    "’",
    "𝄞",
    "é",
    "é",
    "ﬁ",
    "中",
    "🙂",
    "ا",
    "_:b",
    "a:b",
    "()",
    "[]",
    "<<",
    ">>",
    "`",
    "$(x)",
    "${x}",
    "{{x}}",
    "'; --",
    "\\x00",
    "0",
    "NaN",
    "true",
    "/*",
    "*/",
    "#+ bind",
)


def hostile(count: int, seed: int = 4) -> list[str]:
    """Values that would break out of a query were they pasted into it; always the same ones."""
    chance = random.Random(seed)
    values = [*PIECES, *(f'" {piece} "' for piece in PIECES), *(f"{piece}>" for piece in PIECES)]
    while len(values) < count:
        values.append(chance.choice(("", " ", "x")).join(chance.choice(PIECES) for _ in range(chance.randint(2, 8))))
    return values[:count]
