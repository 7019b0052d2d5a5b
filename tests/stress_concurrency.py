"""Readers beside a builder: `python tests/stress_concurrency.py [--readers 8] [--questions 10000] [--rebuilds 50]`.

Each reader asks the graph in a build folder, opening it anew every hundredth question, while records change and the folder
is built again and again. Every answer must belong to one version: two records that always change together never differ.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from multiprocessing.synchronize import Event
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
PAIR = ("states/kazakhstan", "states/uzbekistan")
QUESTION = """PREFIX schema: <https://schema.org/> SELECT ?one ?other {
  <https://w3id.org/central-asia-accords/states/kazakhstan> schema:name ?one FILTER(LANG(?one) = "en")
  <https://w3id.org/central-asia-accords/states/uzbekistan> schema:name ?other FILTER(LANG(?other) = "en") }"""
NEW = 100
"""Questions to one opened graph."""


def write(folder: Path, version: int) -> None:
    for name in PAIR:
        path = folder / "data" / f"{name}.yaml"
        lines = [
            f"name: {{en: Version {version}, {line.partition(', ')[2]}" if line.startswith("name:") else line for line in path.read_text("utf-8").split("\n")
        ]
        new = path.with_suffix(".new")
        new.write_text("\n".join(lines), "utf-8")
        new.replace(path)


def ask(folder: Path, count: int, results: multiprocessing.Queue[tuple[int, int, int, int]]) -> None:
    """Asks the last finished build, as another program does that reads its files."""
    import pyoxigraph as ox

    from graph_builder import kept

    errors = torn = 0
    versions = set()
    store = ox.Store()
    for number in range(count):
        try:
            if number % NEW == 0:
                found = kept.kept(folder / "build") if number // NEW % 2 else None
                store = ox.Store()
                if found:
                    store.bulk_load(found.text, ox.RdfFormat.TRIG)
                else:
                    store.bulk_load(path=str(folder / "build" / "graph.trig"), format=ox.RdfFormat.TRIG)
            rows = {(row["one"].value, row["other"].value) for row in store.query(QUESTION)}
            torn += len(rows) != 1 or any(one != other for one, other in rows)
            versions |= rows
        except Exception as error:
            print(f"reader {os.getpid()}: {type(error).__name__}: {error}", file=sys.stderr)
            errors += 1
    results.put((count, errors, torn, len(versions)))


def rebuild(folder: Path, count: int, done: Event, built: multiprocessing.Queue[int]) -> None:
    from graph_builder import accords, outputs

    number = 0
    while number < count or not done.is_set():
        number += 1
        write(folder, number)
        found = accords.build([folder / "data"], folder / "build")
        for form in ("trig", "ttl"):
            outputs.write(folder / "build" / f"graph.{form}", outputs.dump(found.store, form))
        if number >= count:
            time.sleep(0.2)
    built.put(number)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--rebuilds", type=int, default=50)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="accords-many-") as base:
        folder = Path(base)
        shutil.copytree(ROOT / "tests" / "small", folder / "data")
        from graph_builder import accords

        write(folder, 0)
        accords.make([folder / "data"], folder / "build")
        spawn = multiprocessing.get_context("spawn")
        results, built, done = spawn.Queue(), spawn.Queue(), spawn.Event()
        readers = [spawn.Process(target=ask, args=(folder, args.questions, results)) for _ in range(args.readers)]
        builder = spawn.Process(target=rebuild, args=(folder, args.rebuilds, done, built))
        for process in (builder, *readers):
            process.start()
        found = [results.get() for _ in readers]
        done.set()
        rebuilds = built.get()
        for process in (builder, *readers):
            process.join()
    asked, errors, torn, _ = (sum(column) for column in zip(*found, strict=True))
    print(f"{asked:,} questions by {args.readers} readers over {rebuilds} rebuilds: {errors} errors, {torn} answers from two versions")
    print(f"up to {max(f[3] for f in found)} versions seen by one reader")
    sys.exit(bool(errors or torn))


if __name__ == "__main__":
    main()
