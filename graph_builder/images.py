"""A view as a picture without a browser: SVG by own hand, PNG from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from graph_builder import scenes
from graph_builder.faults import Refused

INK, PAPER, SOFT = "#1c1b19", "#fbfaf6", "#57534c"
FONT = "Noto Sans, DejaVu Sans, Segoe UI, Arial, sans-serif"
CORNERS: dict[str, list[tuple[float, float]]] = {
    "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)], "diamond": [(0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0)],
    "triangle": [(0, -1.1), (1, 0.7), (-1, 0.7)], "triangleDown": [(0, 1.1), (1, -0.7), (-1, -0.7)],
    "hexagon": [(0.5, -0.87), (1, 0), (0.5, 0.87), (-0.5, 0.87), (-1, 0), (-0.5, -0.87)],
}  # fmt: skip
"""Corners of a shape of size 1; what is not here is a circle."""
LEGEND = 1260
"""Width that the legend wants."""
Box = tuple[float, float, float, float]


def image(scene: scenes.Scene, ending: str, words: Mapping[str, Any]) -> bytes:
    """The scene as `.svg` or `.png`. Raises Refused for another ending, or where no part that writes PNG is installed."""
    if ending not in (".svg", ".png"):
        raise Refused(f"a picture ends with .svg or .png, not `{ending}`")
    text = svg(scene, words)
    return text.encode("utf-8") if ending == ".svg" else png(text)


def png(text: str) -> bytes:
    """An SVG text as PNG, twice its size. Raises Refused where the part is missing."""
    try:
        import resvg_py
    except ImportError:
        raise Refused("PNG wants one part more: `pip install 'central-asia-accords[image]'`; .svg needs none") from None
    return bytes(resvg_py.svg_to_bytes(svg_string=text, zoom=2))


def svg(scene: scenes.Scene, words: Mapping[str, Any]) -> str:
    """The scene as SVG with its legend; every text escaped."""
    x0, y0, x1, y1 = extent(scene)
    caption = f"{words['site']} · {words['agreementsN'].replace('{n}', str(len(scene.agreements)))}"
    parts = [*_edges(scene), *_marks(scene), *_nodes(scene), *_labels(scene), *_legend(scene, words, x0 + 24, y1 + 16, caption)]
    size = f'viewBox="{x0:.0f} {y0:.0f} {x1 - x0:.0f} {y1 - y0 + 70:.0f}" width="{x1 - x0:.0f}" height="{y1 - y0 + 70:.0f}"'
    ground = f'<rect x="{x0:.0f}" y="{y0:.0f}" width="100%" height="100%" fill="{PAPER}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONT}"><title>{clean(caption)}</title>{ground}{"".join(parts)}</svg>\n'


def clean(text: str) -> str:
    """Text for XML: escaped, without the characters that XML cannot hold.

    >>> clean('<a>\\x00')
    '&lt;a&gt;'
    """
    return escape("".join(c for c in text if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff")))


def extent(scene: scenes.Scene) -> Box:
    """Left, top, right and bottom of a scene with room for its labels."""
    nodes = scene.nodes or [scenes.Node("", "states", "", 0, 0, 10, 0)]
    left, right = min(n.x - n.size for n in nodes) - 90, max(n.x + n.size for n in nodes) + 90
    spare = max(0.0, LEGEND - (right - left)) / 2
    return left - spare, min(n.y - n.size for n in nodes) - 60, right + spare, max(n.y + n.size for n in nodes) + 50


def _edges(scene: scenes.Scene) -> Iterator[str]:
    at = {n.id: n for n in scene.nodes}
    for edge in scene.edges:
        one, other, tier = at[edge.one], at[edge.other], scenes.style()["tiers"][edge.tier]
        fan = scene.lens in ("agreements", "opened")
        dash = f' stroke-dasharray="{tier["dashes"][0]} {tier["dashes"][1]}"' if tier["dashes"] else ""
        look = f'stroke="{tier["color"]}" stroke-width="{min(scenes.width(edge.weight), 1.2 if fan else 99):.2f}" stroke-opacity="{0.3 if fan else 0.55}"{dash}'
        yield f'<line x1="{one.x:.1f}" y1="{one.y:.1f}" x2="{other.x:.1f}" y2="{other.y:.1f}" {look}/>'


def _marks(scene: scenes.Scene) -> Iterator[str]:
    for text, x, y in scene.marks:
        yield f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" font-weight="600" fill="{SOFT}" text-anchor="middle">{clean(text)}</text>'


def _nodes(scene: scenes.Scene) -> Iterator[str]:
    for node in scene.nodes:
        kind = scenes.style()["kinds"][node.kind]
        yield shape(kind["shape"], node.x, node.y, node.size, kind["color"], node.hollow)


def shape(name: str, x: float, y: float, size: float, color: str, hollow: bool = False) -> str:
    """One shape of the legend at a place; hollow where what it stands for is not known to be in force."""
    look = f'fill="{PAPER if hollow else color}" stroke="{color if hollow else PAPER}" stroke-width="{2 if hollow else 1.5}"'
    if name not in CORNERS:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" {look}/>'
    points = " ".join(f"{x + a * size:.1f},{y + b * size:.1f}" for a, b in CORNERS[name])
    return f'<polygon points="{points}" {look}/>'


def _labels(scene: scenes.Scene) -> Iterator[str]:
    """Labels by importance; one that would cover another is left out."""
    taken: list[Box] = []
    crowded = scene.lens == "agreements" and len(scene.agreements) > 40
    for node in sorted(scene.nodes, key=lambda n: (not n.core, -n.weight, n.id)):
        bundle = node.id.startswith("=")
        if not node.label or (node.kind == "agreements" and crowded and not bundle):
            continue
        points = 10 if bundle else 16 if node.core else 12
        half = len(node.label) * points * 0.3
        for y in [node.y + points * 0.36] if bundle else [node.y + node.size + points + 2, node.y - node.size - 5]:
            box = (node.x - half, y - points, node.x + half, y + 3)
            if not any(box[0] < t[2] and box[2] > t[0] and box[1] < t[3] and box[3] > t[1] for t in taken):
                taken.append(box)
                yield _label(node, y, points, bundle)
                break


def _label(node: scenes.Node, y: float, points: int, bundle: bool) -> str:
    halo = "" if bundle else f' stroke="{PAPER}" stroke-width="3" paint-order="stroke"'
    look = f'font-size="{points}" font-weight="{700 if node.core else 500}" fill="{INK}"{halo} text-anchor="middle"'
    return f'<text x="{node.x:.1f}" y="{y:.1f}" {look}>{clean(node.label)}</text>'


def _legend(scene: scenes.Scene, words: Mapping[str, Any], x: float, y: float, caption: str) -> Iterator[str]:
    yield f'<text x="{x:.0f}" y="{y:.0f}" font-size="17" font-weight="700" fill="{INK}">{clean(caption)}</text>'
    at = x + 6
    for kind in dict.fromkeys([n.kind for n in scene.nodes]):
        look, name = scenes.style()["kinds"][kind], str(words[f"kind_{kind}"])
        yield shape(look["shape"], at, y + 24, 6.0, look["color"])
        yield f'<text x="{at + 12:.0f}" y="{y + 28:.0f}" font-size="12" fill="{SOFT}">{clean(name)}</text>'
        at += 30 + 7.5 * len(name)
    if any(n.hollow for n in scene.nodes):
        for hollow, name in ((False, str(words["in-force"])), (True, f"{words['unknown']} / {words['ended']}")):
            yield shape("diamond", at, y + 24, 6.0, scenes.style()["kinds"]["agreements"]["color"], hollow)
            yield f'<text x="{at + 12:.0f}" y="{y + 28:.0f}" font-size="12" fill="{SOFT}">{clean(name)}</text>'
            at += 30 + 7.5 * len(name)
    for tier in sorted({e.tier for e in scene.edges}):
        name = str(words[f"tier_{tier}"])
        yield f'<line x1="{at:.0f}" y1="{y + 24:.0f}" x2="{at + 22:.0f}" y2="{y + 24:.0f}" stroke="{scenes.style()["tiers"][tier]["color"]}" stroke-width="4"/>'
        yield f'<text x="{at + 28:.0f}" y="{y + 28:.0f}" font-size="12" fill="{SOFT}">{clean(name)}</text>'
        at += 46 + 7.5 * len(name)
