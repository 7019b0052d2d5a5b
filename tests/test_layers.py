"""The package keeps to its house: lower modules never import upper ones, functions and modules stay short."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from conftest import TESTS

import graph_builder

PACKAGE = Path(graph_builder.__file__).parent
ROOMS = ("utils", "util", "helpers", "helper", "common", "base", "manager", "misc", "tools", "core")
LONGEST_FUNCTION, LONGEST_MODULE = 39, 300
LAYERS: tuple[tuple[str, ...], ...] = (
    ("connections", "extract", "faults", "guard", "layout", "sheets", "terms"),
    ("records", "schemas", "statements", "terminal", "yamls"),
    ("evidence", "kept", "merging", "notations", "questions", "reader"),
    ("answers", "calendars", "digests", "entities", "mappings", "triples"),
    ("checks", "lookups", "network", "shapes", "tables", "workers", "writing"),
    ("comparing", "folders", "forks", "protocol", "remote", "rows", "scenes", "store"),
    ("describe", "entries", "images", "pool", "stats"),
    ("outputs",),
    ("exports", "picture"),
    ("accords",),
    ("articles", "asking", "desks", "neighbours"),
    ("drafting", "importing", "pages"),
    ("reviewing", "serve"),
    ("authoring",),
    ("cli",),
)
"""Modules from the lowest up: each imports only from the lines above its own."""


def modules() -> dict[str, Path]:
    """Name below the package → file, `extract.names` for a part."""
    return {".".join(p.relative_to(PACKAGE).with_suffix("").parts): p for p in sorted(PACKAGE.rglob("*.py")) if "share" not in p.parts}


MODULES = modules()


def imported(path: Path) -> set[str]:
    """Modules of the package that a file imports when it runs; what only the type checker imports is left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    idle = {id(n) for i in ast.walk(tree) if isinstance(i, ast.If) and "TYPE_CHECKING" in ast.unparse(i.test) for n in ast.walk(i)}
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module and id(node) not in idle and node.module.split(".")[0] == "graph_builder":
            inner = node.module.partition(".")[2]
            names = {f"{inner}.{alias.name}".strip(".") for alias in node.names}
            found |= {n if n in MODULES or f"{n}.__init__" in MODULES else inner for n in names} - {""}
        elif isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[2] for alias in node.names if alias.name.startswith("graph_builder.")}
    return found


def part(module: str) -> str:
    """A module, or the room inside the package to which it belongs."""
    return module.partition(".")[0]


def test_every_module_has_its_layer() -> None:
    assert {m for layer in LAYERS for m in layer} == {part(m) for m in MODULES if m not in ("__init__", "__main__")}
    assert sum(map(len, LAYERS)) == len({m for layer in LAYERS for m in layer})


@pytest.mark.parametrize("module", [m for m in MODULES if m not in ("__init__", "__main__")])
def test_no_module_imports_one_above_it(module: str) -> None:
    level = {m: n for n, layer in enumerate(LAYERS) for m in layer}
    above = {other for other in imported(MODULES[module]) if part(other) != part(module) and level[part(other)] >= level[part(module)]}
    assert above == set()


def functions(path: Path) -> list[tuple[str, int]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [(n.name, (n.end_lineno or n.lineno) - n.lineno + 1) for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("module", MODULES)
def test_no_function_and_no_module_is_long(module: str) -> None:
    path = MODULES[module]
    assert [(name, count) for name, count in functions(path) if count > LONGEST_FUNCTION] == []
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("module", MODULES)
def test_a_module_says_first_what_it_answers(module: str) -> None:
    text = ast.get_docstring(ast.parse(MODULES[module].read_text(encoding="utf-8")))
    assert text
    assert len(text.split("\n")[0]) > 20


@pytest.mark.parametrize("folder", [PACKAGE, TESTS])
def test_no_room_that_always_grows(folder: Path) -> None:
    assert [p for p in folder.rglob("*") if p.stem in ROOMS and "share" not in p.parts and "data" not in p.parts] == []


def test_no_path_of_a_machine_and_no_import_of_a_heavy_part_at_the_start() -> None:
    heavy = ("rdflib", "networkx", "oxrdflib", "pyshacl", "pyvis", "pymorphy3", "pandas", "rich", "jinja2", "babel", "pycountry")
    start = {"cli", "faults"}
    for module in start:
        tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
        plain = [alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names]
        parts = [node.module for node in tree.body if isinstance(node, ast.ImportFrom) and node.module]
        assert not {name.split(".")[0] for name in (*plain, *parts)} & {*heavy, "pyoxigraph", "yaml"}
    for path in MODULES.values():
        assert not re.search(r"/home/|/work/|/root/|/Users/", path.read_text(encoding="utf-8")), path
