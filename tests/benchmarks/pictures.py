"""Our page, a plain pyvis page and a sigma.js page of the same graph in one run: size, time to open, frames while panning.

`python tests/benchmarks/pictures.py [AGREEMENTS]…` (default: the shipped data, 1,000 and 10,000); sigma.js comes from npm where there is npm.
"""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent.parent)]

from browser import Window, window  # noqa: E402
from generate import generate  # noqa: E402

from graph_builder import accords, picture, store  # noqa: E402

ROUNDS = 3
PATIENCE = 45
"""Seconds after which a page counts as never opened."""
PARTS = ("agreements", "states", "organizations", "people", "events")
OURS = "document.body && document.body.dataset.ready && performance.getEntriesByName('accords-ready')[0].startTime"
READY = {"ours": OURS, "plain pyvis": "window.drawn", "sigma.js": "window.drawn"}


def whole(count: int, place: Path) -> accords.Accords:
    folders = [generate(place / f"data-{count}", count)] if count else accords.folders()
    found = store.collect(folders)
    return accords.Accords(store.fill(found.terms, store.mapped(found)[0]))


def plain(graph: accords.Accords, path: Path) -> None:
    """What pyvis makes of the same nodes and edges by itself, with our fixed places left out and its script inlined."""
    from pyvis.network import Network

    net = Network(cdn_resources="in_line", height="900px")
    every = graph.network()
    net.nodes = [{"id": n, "label": d["label"], "title": d["label"], "shape": "dot"} for n, d in every.nodes(data=True) if d["kind"] in PARTS]
    known = {n["id"] for n in net.nodes}
    net.node_ids = list(known)
    net.edges = [{"from": a, "to": b} for a, b in every.edges() if a in known and b in known]
    page = net.generate_html().replace("network = new vis.Network(", "network = window.network = new vis.Network(")
    told = "<script>network.once('afterDrawing', () => { window.drawn = performance.now(); });</script></body>"
    path.write_text(page.replace("</body>", told), encoding="utf-8")


def sigma(graph: accords.Accords, path: Path, modules: Path) -> None:
    every = graph.network()
    nodes = [[n, d["label"], d["kind"]] for n, d in every.nodes(data=True) if d["kind"] in PARTS]
    number = {n[0]: i for i, n in enumerate(nodes)}
    edges = [[number[a], number[b]] for a, b in every.edges() if a in number and b in number]
    scripts = [(modules / name).read_text("utf-8") for name in ("graphology/dist/graphology.umd.min.js", "sigma/build/sigma.min.js")]
    data = picture.safe([nodes, edges])
    script = f"""const [nodes, edges] = {data}; const g = new graphology.MultiGraph();
      nodes.forEach(([id, label], i) => g.addNode(i, {{ label, size: 3, x: Math.cos(i * 2.4) * Math.sqrt(i), y: Math.sin(i * 2.4) * Math.sqrt(i) }}));
      edges.forEach(([a, b]) => g.addEdge(a, b)); window.sigma = new Sigma(g, document.getElementById('box'));
      requestAnimationFrame(() => requestAnimationFrame(() => {{ window.drawn = performance.now(); }}));"""
    body = "".join(f"<script>{s}</script>" for s in (*scripts, script))
    path.write_text(f'<!doctype html><meta charset="utf-8"><body><div id="box" style="height:880px"></div>{body}', encoding="utf-8")


def modules(place: Path) -> Path | None:
    npm = shutil.which("npm")
    if not npm:
        return None
    words = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(place), "sigma@2", "graphology@0.25"]
    return place / "node_modules" if subprocess.run(words, capture_output=True, check=False).returncode == 0 else None


def measured(chrome: Window, path: Path, ready: str) -> tuple[float, float]:
    """Milliseconds to open, and frames a second while the picture is dragged."""
    chrome.driver.get("about:blank")
    chrome.driver.get(path.as_uri())
    opened = chrome.wait(f"return {ready}", PATIENCE)
    time.sleep(1.5)
    return opened, frames(chrome)


def row(chrome: Window, path: Path, ready: str) -> dict[str, object]:
    size = {"MB": round(path.stat().st_size / 1e6, 2)}
    try:
        runs = [measured(chrome, path, ready) for _ in range(ROUNDS)]
    except Exception as error:
        return {**size, "open_ms": f"not drawn within {PATIENCE} s", "fps": 0, "error": type(error).__name__}
    return {**size, "open_ms": round(median(r[0] for r in runs)), "fps": round(median(r[1] for r in runs), 1)}


def frames(chrome: Window, seconds: float = 2.5) -> float:
    def mouse(kind: str, x: float, y: float) -> None:
        chrome.driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1})

    chrome.driver.execute_script("window.told = []; const tick = t => { told.push(t); requestAnimationFrame(tick); }; requestAnimationFrame(tick);")
    mouse("mousePressed", 60, 620)
    end, n = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        n += 1
        mouse("mouseMoved", 200 + 120 * math.sin(n / 9), 560 + 60 * math.cos(n / 11))
    mouse("mouseReleased", 60, 620)
    told = chrome.ask("told")
    return 1000 * (len(told) - 1) / (told[-1] - told[0])


def main(counts: list[int]) -> None:
    with TemporaryDirectory() as name:
        place = Path(name)
        found = modules(place)
        for count in counts:
            graph = whole(count, place)
            pages = {"ours": place / "ours.html", "plain pyvis": place / "pyvis.html", "sigma.js": place / "sigma.html"}
            picture.write(graph, pages["ours"])
            plain(graph, pages["plain pyvis"])
            if found:
                sigma(graph, pages["sigma.js"], found)
            for kind, path in pages.items():
                if not path.is_file():
                    print(f"{kind}: npm could not fetch it here")
                    continue
                with window() as chrome:
                    chrome.driver.set_page_load_timeout(PATIENCE)
                    chrome.driver.set_script_timeout(PATIENCE)
                    print(json.dumps({"agreements": count or "shipped", "page": kind, **row(chrome, path, READY[kind])}), flush=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [0, 1000, 10000])
