"""`kill -9` at random moments of build, query after a change, view and export: `python tests/stress_kill.py [--times 200] [--seed 1]`.

After each kill every output is whole (old or new), and after the last one a build gives the same bytes as before the first.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyoxigraph as ox

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = (
    ("build",),
    ("query", "agreements", "-f", "csv"),
    ("view", "--no-open", "--out", "build/network.html"),
    ("export", "nq", "--out", "build/all.nq"),
    ("export", "graphml", "--out", "build/all.graphml"),
)
GRAPHS = {"graph.trig": ox.RdfFormat.TRIG, "graph.ttl": ox.RdfFormat.TURTLE, "graph.jsonld": ox.RdfFormat.JSON_LD, "all.nq": ox.RdfFormat.N_QUADS}
ENDS = {"network.html": "</html>", "all.graphml": "</graphml>"}
OUTPUTS = ("graph.trig", "graph.ttl", "graph.jsonld", "network.html", "report.json")


def start(command: tuple[str, ...], folder: Path) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "graph_builder", *command, "--data", "data"]
    return subprocess.Popen(
        words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )


def change(folder: Path, number: int) -> None:
    """Another comment in one record, moved into its place: the next command has something to do."""
    path = folder / "data" / "states" / "kazakhstan.yaml"
    new = path.with_suffix(".new")
    new.write_text(path.read_text("utf-8").partition("# kill")[0] + f"# kill {number}\n", "utf-8")
    new.replace(path)


def half(out: Path) -> list[str]:
    """Names of outputs that are not whole."""
    return [path.name for path in sorted(out.iterdir()) if not path.name.startswith(".") and not _whole(path)]


def _whole(path: Path) -> bool:
    try:
        if path.name in GRAPHS:
            return sum(1 for _ in ox.parse(path=str(path), format=GRAPHS[path.name])) > 100
        if path.suffix == ".json":
            return bool(json.loads(path.read_text("utf-8")))
        return path.read_text("utf-8").rstrip().endswith(ENDS[path.name])
    except (SyntaxError, ValueError, OSError, KeyError):
        return False


def outputs(folder: Path) -> dict[str, bytes]:
    assert start(("build",), folder).wait() == 0, "a build without a kill must succeed"
    return {name: (folder / "build" / name).read_bytes() for name in OUTPUTS}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    dice = random.Random(args.seed)
    with tempfile.TemporaryDirectory(prefix="accords-kill-") as base:
        folder = Path(base)
        shutil.copytree(ROOT / "tests" / "small", folder / "data")
        change(folder, 0)
        before = outputs(folder)
        lengths = {}
        for command in COMMANDS:
            change(folder, -1)
            began = time.perf_counter()
            start(command, folder).wait()
            lengths[command] = time.perf_counter() - began
        killed = finished = broken = 0
        for number in range(1, args.times + 1):
            command = dice.choice(COMMANDS)
            change(folder, number)
            process = start(command, folder)
            time.sleep(dice.uniform(0.05, 1.0) * lengths[command])
            ended = process.poll() is not None
            if not ended:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            killed, finished = killed + (not ended), finished + ended
            if wrong := half(folder / "build"):
                broken += 1
                print(f"after kill {number} of {' '.join(command)}: {', '.join(wrong)}")
        change(folder, 0)
        same = outputs(folder) == before
        left = sum(1 for p in (folder / "build").glob(".*.*"))
    print(f"{killed} kills, {finished} runs that had ended before theirs, {broken} with an unreadable output")
    print(f"a rerun gives the same bytes: {same}; {left} hidden part files left (swept after an hour)")
    sys.exit(bool(broken) or not same)


if __name__ == "__main__":
    main()
