"""Where a node stands: the five states as on a map, their partners around by compass, everything else beside those."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx

Point = tuple[float, float]
RINGS = ((480.0, 370.0), (600.0, 470.0), (720.0, 570.0))
"""Half axes, in units of the picture, of the ellipses on which partners stand: the busiest on the inner one."""
ROOM = (24, 40)
"""Partners on the first ring and on the second; the rest stand on the third."""
GOLDEN = math.pi * (3 - math.sqrt(5))


@cache
def hints() -> dict[str, Any]:
    """The table of map positions beside the page."""
    table: dict[str, Any] = json.loads((Path(__file__).parent / "page" / "map.json").read_text("utf-8"))
    return table


def parties(graph: networkx.Graph, seed: int = 1) -> dict[str, Point]:
    """Positions of states and organisations: the region fixed, the rest by their bearing from it, busiest nearest."""
    fixed: dict[str, Point] = {n: (float(x), float(y)) for n, (x, y) in hints()["region"].items()}
    around = sorted((n for n in graph if n not in fixed), key=lambda n: (-graph.degree(n, weight="weight"), n))
    chance = random.Random(seed)  # noqa: S311 (a layout, no secret)
    result = {n: p for n, p in fixed.items() if n in graph}
    start = 0
    for (wide, high), room in zip(RINGS, (*ROOM, len(around)), strict=True):
        ring = {n: bearing(n, chance) for n in around[start : start + room]}
        start += room
        for name, angle in spread(ring, wide, high).items():
            result[name] = (round(wide * math.cos(angle), 1), round(high * math.sin(angle), 1))
    return result


def bearing(name: str, chance: random.Random) -> float:
    """Direction of a party from the region's middle, in radians, clockwise from east; a seeded one where no map says."""
    place = hints()["degrees"].get(name)
    if place is None:
        return chance.uniform(0.25 * math.pi, 0.75 * math.pi)
    longitude, latitude = hints()["centre"]
    return math.atan2((latitude - place[1]) * 1.4, place[0] - longitude)


def spread(angles: Mapping[str, float], wide: float, high: float, apart: float = 150.0) -> dict[str, float]:
    """Angles on an ellipse pushed apart until neighbours stand `apart` units from each other, as far as there is room.

    >>> sorted(spread({"a": 0.0, "b": 0.0}, 100, 100, 10).values())[0] < 0
    True
    """
    order = sorted(angles, key=lambda n: (angles[n], n))
    now = [angles[n] + 1e-6 * i for i, n in enumerate(order)]
    apart = min(apart, 0.86 * math.pi * (wide + high) / max(len(order), 1))
    for _ in range(1500 if len(order) > 1 else 0):
        moved = False
        for i in range(len(order)):
            j = (i + 1) % len(order)
            gap = now[j] - now[i] + (2 * math.pi if j == 0 else 0)
            middle = (now[i] + now[j]) / 2 + (math.pi if j == 0 else 0)
            least = apart / math.hypot(wide * math.sin(middle), high * math.cos(middle))
            if gap < least - 1e-4:
                push = (least - gap) / 2
                now[i], now[j], moved = now[i] - push, now[j] + push, True
        if not moved:
            break
    return dict(zip(order, now, strict=True))


def around(centre: Point, count: int, step: float = 26.0) -> list[Point]:
    """Points of a sunflower round a centre, evenly dense."""
    points = [(step * math.sqrt(i + 0.6), i * GOLDEN) for i in range(count)]
    return [(round(centre[0] + r * math.cos(a), 1), round(centre[1] + r * math.sin(a), 1)) for r, a in points]


def bundles(groups: Iterable[Sequence[str]], anchors: Mapping[str, Point]) -> dict[tuple[str, ...], Point]:
    """A place for each set of parties: between its two, or at the middle of all; then pushed off each other."""
    places: dict[tuple[str, ...], Point] = {}
    for group in sorted(tuple(sorted(g)) for g in groups):
        known = [anchors[p] for p in group if p in anchors] or [(0.0, 0.0)]
        x, y = (sum(p[i] for p in known) / len(known) for i in (0, 1))
        places[group] = (x, y)
    return relaxed(places, fixed=[(x, y, 62.0 if n in hints()["region"] else 34.0) for n, (x, y) in anchors.items()])


def relaxed(
    places: Mapping[tuple[str, ...], Point], fixed: Iterable[tuple[float, float, float]], apart: float = 30.0, rounds: int = 80
) -> dict[tuple[str, ...], Point]:
    """Points pushed off each other until they stand `apart`, and off fixed ones by their own distance; the same on every run."""
    still = list(fixed)
    now = {k: (x + 0.01 * n, y + 0.007 * n) for n, (k, (x, y)) in enumerate(places.items())}
    cell = max([apart, *(r for *_, r in still)])
    for _ in range(rounds):
        grid: dict[tuple[int, int], list[tuple[float, float, float]]] = {}
        for point in (*((x, y, apart) for x, y in now.values()), *still):
            grid.setdefault((int(point[0] // cell), int(point[1] // cell)), []).append(point)
        shifts = {k: _push(p, grid, cell) for k, p in now.items()}
        now = {k: (now[k][0] + dx, now[k][1] + dy) for k, (dx, dy) in shifts.items()}
        if all(abs(dx) + abs(dy) < 0.05 for dx, dy in shifts.values()):
            break
    return {k: (round(x, 1), round(y, 1)) for k, (x, y) in now.items()}


def _push(point: Point, grid: Mapping[tuple[int, int], list[tuple[float, float, float]]], cell: float) -> Point:
    column, row = int(point[0] // cell), int(point[1] // cell)
    dx = dy = 0.0
    for x, y, apart in (p for c in (-1, 0, 1) for r in (-1, 0, 1) for p in grid.get((column + c, row + r), ())):
        away = math.hypot(point[0] - x, point[1] - y)
        if 0 < away < apart:
            share = (apart - away) / away * 0.45
            dx, dy = dx + (point[0] - x) * share, dy + (point[1] - y) * share
    return dx, dy


def people(graph: networkx.Graph, anchors: Mapping[str, Point]) -> dict[str, Point]:
    """Positions of people: round the party for which they signed most, the busiest in its middle."""
    by_state: dict[str, list[str]] = {}
    for person in sorted(graph, key=lambda n: (-graph.nodes[n]["signed"], n)):
        by_state.setdefault(graph.nodes[person]["state"], []).append(person)
    result: dict[str, Point] = {}
    for state, crowd in sorted(by_state.items()):
        x, y = anchors.get(state, (0.0, 400.0))
        result |= dict(zip(crowd, around((x * 1.3, y * 1.35), len(crowd), 46.0), strict=True))
    return result
