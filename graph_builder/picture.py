"""The interactive picture: pyvis' network in a page of our own that needs nothing but itself."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph_builder import digests, network, outputs, scenes
from graph_builder.faults import Refused
from graph_builder.store import no_collector
from graph_builder.terms import load, suggestion

if TYPE_CHECKING:
    from pyvis.network import Network

    from graph_builder.accords import Accords

PAGE = Path(__file__).parent / "page"
SCRIPTS = ("inflate", "fold", "graph", "scenes", "canvas", "card", "reading", "time", "share", "page")
"""The page's own scripts, in the order in which they need each other."""
LANGUAGES = ("en", "ru", "uz", "kk")
TYPES = {"state": ("states", "organizations"), "with": ("states", "organizations"), "person": ("people",), "form": ("types",), "topic": ("topics",)}
"""Filters that name something, and where it is looked up."""
Filters = Mapping[str, str]


def write(accords: Accords, path: Path, language: str = "en", lens: str | None = None, filters: Filters | None = None) -> None:
    """Writes the page beside `path` and moves it there, so that a reader sees the old file or the new one.

    Raises Refused for an unknown language, lens or filter value.
    """
    outputs.write(path, page(accords, language, lens, filters).encode("utf-8"))


@no_collector()
def page(accords: Accords, language: str = "en", lens: str | None = None, filters: Filters | None = None) -> str:
    """The whole page as one HTML text. `lens` is states, agreements or leaders; none: what suits the data's size.

    Raises Refused for an unknown language, lens or filter value.
    """
    found = digests.digest(accords)
    start = state(accords, language, lens, filters)
    first = first_scene(found, start)
    scripts = {name: (PAGE / f"{name}.js").read_text("utf-8") for name in SCRIPTS}
    own = "(() => {\n'use strict';\n" + "\n".join(scripts.values()) + "\n})();\n"
    sheet = (PAGE / "page.css").read_text("utf-8")
    net = drawn(first)
    nodes, edges, _, _, _, options = net.get_network_data()
    head = {"state": start, "nodes": nodes, "edges": edges, "options": json.loads(options), "style": scenes.style(), "words": words(), "base": load().base,
            "region": network.REGION, "tiers": network.TIERS, "version": version(), "agreements": len(found.of("agreements"))}  # fmt: skip
    text: str = _template().render(
        language=language, title=words()[language]["site"], words=words()[language], vis=vis(), own=own, sheet=sheet, head=safe(head),
        body=digests.packed(found, {"places": _places(found)}), policy=policy((vis(), own), sheet),
    )  # fmt: skip
    return text


def state(accords: Accords, language: str, lens: str | None, filters: Filters | None) -> dict[str, str]:
    """The view with which the page opens, as its address holds it. Raises Refused for what is unknown."""
    found = digests.digest(accords)
    lens = lens or scenes.default_lens(found)
    for value, known in ((language, LANGUAGES), (lens, scenes.LENSES)):
        if value not in known:
            raise Refused(f"no `{value}`{suggestion(value, known)}; there is: {', '.join(known)}")
    result = {"lens": lens, "lang": language}
    for key, value in (filters or {}).items():
        if key not in network.FILTERS:
            raise Refused(f"no filter `{key}`{suggestion(key, network.FILTERS)}; there is: {', '.join(network.FILTERS)}")
        if value:
            result[key] = accords.names.short(accords.names.find(value, TYPES[key])) if key in TYPES else value
    if "state" in result and "with" in result:
        result["open"] = "~".join(sorted((result.pop("state"), result.pop("with"))))
    elif "person" in result:
        result["open"] = result.pop("person")
    return result


def first_scene(found: digests.Digest, start: Mapping[str, str]) -> scenes.Scene:
    """The scene of an opening state."""
    chosen = network.selected(found, {k: v for k, v in start.items() if k in network.FILTERS})
    if "open" in start:
        return scenes.opened(found, start["open"].split("~"), start["lang"], chosen)
    return scenes.scene(found, start["lens"], start["lang"], chosen)


def drawn(scene: scenes.Scene) -> Network:
    """The scene as a pyvis network: its lists are filled outright, since `add_edge` looks through all edges each time."""
    from pyvis.network import Network

    net = Network(height="100%", width="100%", cdn_resources="local")
    net.options = json.loads(json.dumps(scenes.style()["options"]))
    kinds, tiers = scenes.style()["kinds"], scenes.style()["tiers"]
    net.nodes = [{"id": n.id, "label": n.label, "shape": kinds[n.kind]["shape"], "color": kinds[n.kind]["color"], "size": n.size, "x": n.x, "y": n.y,
                  "kind": n.kind, "weight": n.weight, "core": n.core, "hollow": n.hollow, "title": n.label} for n in scene.nodes]  # fmt: skip
    net.edges = [{"id": f"{e.one}~{e.other}", "from": e.one, "to": e.other, "width": scenes.width(e.weight), "weight": e.weight, "tier": e.tier,
                  "color": tiers[e.tier]["color"], "dashes": tiers[e.tier]["dashes"]} for e in scene.edges]  # fmt: skip
    net.node_ids = [n.id for n in scene.nodes]
    return net


def _places(found: digests.Digest) -> dict[str, Any]:
    """Places of everything that an overview may draw, so that the page moves nothing."""
    from graph_builder import layout

    anchors = scenes.anchors(found)
    every = found.of("agreements")
    people = layout.people(network.leaders(found, every), anchors)
    groups = layout.bundles(scenes.groups(found, every), anchors)
    return {"parties": anchors, "people": people, "groups": {"~".join(k): v for k, v in groups.items()}}


@cache
def vis() -> str:
    """The script of vis-network 9.1.2 as pyvis packages it."""
    import importlib.util

    spec = importlib.util.find_spec("pyvis")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("pyvis is not installed: `pip install pyvis`")
    path = Path(spec.submodule_search_locations[0]) / "lib" / "vis-9.1.2" / "vis-network.min.js"
    return path.read_text("utf-8").replace("//# sourceMappingURL=vis-network.min.js.map", "") + "\n"


@cache
def words() -> dict[str, dict[str, Any]]:
    """The interface's words by language."""
    table: dict[str, dict[str, Any]] = json.loads((PAGE / "words.json").read_text("utf-8"))
    return table


def version() -> str:
    """The installed version, or nothing in a bare checkout."""
    from importlib import metadata

    try:
        return metadata.version("central-asia-accords")
    except metadata.PackageNotFoundError:
        return ""


def safe(value: Any) -> str:
    """JSON that may stand inside a script element.

    >>> safe("</script>")
    '"\\\\u003c/script>"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def policy(scripts: tuple[str, ...], sheet: str) -> str:
    """The content-security policy: our scripts and style by their hashes, pictures made here, nothing from anywhere."""
    allowed = " ".join(f"'sha256-{digest(script)}'" for script in scripts)
    return f"default-src 'none'; script-src {allowed}; style-src 'sha256-{digest(sheet)}'; img-src data: blob:; base-uri 'none'; form-action 'none'"


def digest(text: str) -> str:
    """SHA-256 of a text as base64, as a policy wants it."""
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.get_template("template.html")


def image(accords: Accords, path: Path, language: str = "en", lens: str | None = None, filters: Filters | None = None) -> None:
    """Writes the view as .svg or .png, without a browser. Raises Refused for another ending or where PNG has no part installed."""
    from graph_builder import images

    found = digests.digest(accords)
    start = state(accords, language, lens, filters)
    outputs.write(path, images.image(first_scene(found, start), path.suffix, words()[language]))
