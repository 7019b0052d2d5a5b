"""What one view shows: nodes and edges with places, sizes and shapes, before anything is drawn."""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph_builder import layout, network
from graph_builder.digests import Digest

if TYPE_CHECKING:
    import networkx

LENSES = ("states", "agreements", "leaders")
SINGLE = 140
"""Up to so many agreements stand as nodes of their own; above, those between the same parties stand as one."""
MOST = 280
"""Nodes of one view at most; the smallest bundles give way and the page says so."""
CROWD = 200
"""People shown at most in one view."""


@dataclass(slots=True)
class Node:
    """A node as drawn; `weight` is what its size tells (agreements); `hollow` an agreement not known to be in force."""

    id: str
    kind: str
    label: str
    x: float
    y: float
    size: float
    weight: int
    core: bool = False
    hollow: bool = False


@dataclass(slots=True)
class Edge:
    """An edge as drawn; `weight` agreements make its width, `tier` its colour."""

    one: str
    other: str
    weight: int
    tier: str = "cooperation"


@dataclass(slots=True)
class Scene:
    """One view with its agreements."""

    lens: str
    agreements: list[str]
    marks: list[tuple[str, float, float]] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)


@cache
def style() -> dict[str, Any]:
    """Shapes, colours and options beside the page."""
    table: dict[str, Any] = json.loads((Path(__file__).parent / "page" / "style.json").read_text("utf-8"))
    return table


def size(weight: int, core: bool = False) -> float:
    """Radius of a node that stands for some agreements.

    >>> size(100) > size(1)
    True
    """
    return round((9.0 if core else 5.0) + math.sqrt(weight), 1)


def width(weight: int) -> float:
    """Width of an edge that stands for some agreements.

    >>> width(1) < width(50)
    True
    """
    return round(0.6 + 0.85 * math.sqrt(weight), 2)


def default_lens(found: Digest) -> str:
    """The lens that a data set of this size opens with."""
    return "agreements" if len(found.of("agreements")) <= SINGLE else "states"


def anchors(found: Digest) -> dict[str, layout.Point]:
    """Places of all parties; they stay where they are whatever is filtered."""
    return layout.parties(network.pairs(found, found.of("agreements")))


def scene(found: Digest, lens: str, language: str, agreements: list[str]) -> Scene:
    """The view of a lens on some agreements."""
    makers = {"states": _states, "agreements": _agreements, "leaders": _leaders}
    result = Scene(lens, agreements)
    makers[lens](found, language, result, anchors(found))
    return result


def _states(found: Digest, language: str, result: Scene, places: dict[str, layout.Point]) -> None:
    graph = network.pairs(found, result.agreements)
    counts = _counts(found, result.agreements)
    result.nodes = [_node(found, name, language, places[name], counts[name]) for name in sorted(graph)]
    region = set(network.REGION) & set(graph) or set(graph)
    result.edges = [Edge(a, b, d["weight"], d["tier"]) for a, b, d in sorted(graph.edges(data=True), key=_by_weight) if {a, b} & region]


def _by_weight(edge: tuple[str, str, dict[str, Any]]) -> tuple[int, str, str]:
    return edge[2]["weight"], edge[0], edge[1]


def _counts(found: Digest, agreements: Iterable[str]) -> Counter[str]:
    return Counter(p for name in agreements for p in found.records[name].get("party", ()))


def _node(found: Digest, name: str, language: str, place: layout.Point, weight: int) -> Node:
    core = name in network.REGION
    return Node(name, name.partition("/")[0], found.label(name, language), *place, size(weight, core), weight, core)


def groups(found: Digest, agreements: Iterable[str]) -> dict[tuple[str, ...], list[str]]:
    """Agreements by their set of parties."""
    result: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in agreements:
        result[tuple(sorted(found.records[name].get("party", ())))].append(name)
    return dict(result)


def _agreements(found: Digest, language: str, result: Scene, places: dict[str, layout.Point]) -> None:
    counts = _counts(found, result.agreements)
    result.nodes = [_node(found, name, language, places[name], counts[name]) for name in sorted(counts)]
    every = layout.bundles(groups(found, found.of("agreements")), places)
    bundles = sorted(groups(found, result.agreements).items(), key=lambda pair: (-len(pair[1]), "~".join(pair[0])))
    room = len(bundles) if len(result.agreements) <= SINGLE else max(0, MOST - len(result.nodes))
    for parties, names in sorted(bundles[:room]):
        if len(names) == 1 or len(result.agreements) <= SINGLE:
            drawn = zip(names, layout.around(every[parties], len(names), 15.0) if len(names) > 1 else [every[parties]], strict=True)
            nodes = [Node(name, "agreements", found.label(name, language), *place, 6.0, 1, hollow=_open(found, name)) for name, place in drawn]
        else:
            nodes = [Node("=" + "~".join(parties), "agreements", str(len(names)), *every[parties], round(5 + 1.4 * math.sqrt(len(names)), 1), len(names))]
        result.nodes += nodes
        result.edges += [Edge(node.id, party, node.weight) for node in nodes for party in parties]


def _open(found: Digest, name: str) -> bool:
    return network.status(found, name, "") != "in-force"


def _leaders(found: Digest, language: str, result: Scene, places: dict[str, layout.Point]) -> None:
    graph: networkx.Graph = network.leaders(found, result.agreements)
    busiest = sorted(graph, key=lambda n: (-graph.nodes[n]["signed"], n))[:CROWD]
    every = layout.people(network.leaders(found, found.of("agreements")), places)
    for name in sorted(busiest):
        count = graph.nodes[name]["signed"]
        result.nodes.append(Node(name, "people", found.label(name, language), *every[name], round(7 + 1.6 * math.sqrt(count), 1), count, count >= 10))
    shown = set(busiest)
    edges = sorted(graph.edges(data=True), key=_by_weight)
    result.edges = [Edge(a, b, d["weight"]) for a, b, d in edges if a in shown and b in shown]


def opened(found: Digest, ends: list[str], language: str, agreements: list[str]) -> Scene:
    """The picture of two parties, or of one person: their agreements year by year on one line, themselves above and below."""

    def bound(name: str) -> bool:
        return all(end in (*found.records[name].get("party", ()), *network.signatories(found, name)) for end in ends)

    result = Scene("opened", sorted((n for n in agreements if bound(n)), key=lambda n: (found.one(n, "signed") or "9", n)))
    years: dict[str, list[str]] = defaultdict(list)
    for name in result.agreements:
        years[found.one(name, "signed")[:4] or "—"].append(name)
    tall = max(4, math.ceil(math.sqrt(len(result.agreements) / 1.8)))
    across = 0.0
    for year, names in sorted(years.items()):
        columns = math.ceil(len(names) / tall)
        result.marks.append((year, across + (columns - 1) * 17, 34.0))
        for n, name in enumerate(names):
            result.nodes.append(Node(name, "agreements", "", across + n // tall * 34, -(n % tall) * 40.0, 9.0, 1, hollow=_open(found, name)))
        across += columns * 34 + 18
    _ends(found, result, ends, language, across / 2 - 26, tall * 40.0)
    return result


def _ends(found: Digest, result: Scene, ends: list[str], language: str, middle: float, high: float) -> None:
    for end, y in zip(ends, (-high - 110, 170.0), strict=False):
        result.nodes.append(Node(end, end.partition("/")[0], found.label(end, language), middle, y, 20.0, len(result.agreements), True))
        alone = {n for n in result.agreements if len(found.records[n].get("party", ())) == 2}
        result.edges += [Edge(name, end, 1, network.TIERS[network.tier(found, name) if name in alone else 0]) for name in result.agreements]
