"""Ours beside its peers, in interleaved rounds on this machine: a table `name ours peer ratio`, medians; `--help` tells the options."""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.benchmarks.generate import generate

ROOT = Path(__file__).resolve().parents[2]
ROWS = (
    ("YAML to store, cold / L", "cold", "limit"), ("one record changed / L", "change", "limit"), ("nothing changed / L", "fresh", "limit"),
    ("one change / cold", "change", "cold"),
    ("sorted N-Quads / L", "dump nq", "limit"), ("sorted TriG / L", "dump trig", "limit"), ("cold / rdflib add + write", "cold", "rdflib"),
    ("cold / morph-kgc, accepted only", "cold", "morph"),
    ("record rules / pySHACL", "check", "pyshacl"), ("page / plain pyvis", "page", "pyvis"),
)  # fmt: skip
Result = dict[str, Any]


def run(task: str, folder: Path, python: str = sys.executable) -> Result:
    """What one task found, in a process of its own."""
    done = subprocess.run(
        [python, "-m", "tests.benchmarks.tasks", task, str(folder)], capture_output=True, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    if done.returncode:
        sys.exit(f"{task}: {done.stderr.strip()[-2000:]}")
    found: Result = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def rounds(tasks: Iterable[str], folder: Path, count: int, morph: str | None) -> dict[str, Result]:
    """Median seconds and peak memory of each task; every round runs each task once."""
    found: dict[str, list[Result]] = {}
    for number in range(count):
        for task in tasks:
            print(f"round {number + 1} of {count}: {task}", file=sys.stderr)
            found.setdefault(task, []).append(run(task, folder, morph or sys.executable if task == "morph" else sys.executable))
    return {task: _median(results) for task, results in found.items()}


def _median(results: list[Result]) -> Result:
    merged: Result = {key: statistics.median(r[key] for r in results) for key in results[0] if key != "each"}
    if "each" in results[0]:
        merged["each"] = {name: statistics.median(r["each"][name] for r in results) for name in results[0]["each"]}
    return merged


def table(folder: Path) -> None:
    """The agreements as the CSV that morph-kgc maps."""
    import yaml

    with (folder / "agreements.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["agreement", "type", "en", "ru", "kk", "uz", "one", "other", "signed", "place", "inForce", "subject"])
        for path in sorted((folder / "agreements").glob("*.yaml")):
            r = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
            out.writerow(
                [path.stem, r["type"], *(r["title"][k] for k in ("en", "ru", "kk", "uz")), *r["party"], r["signed"], r["place"], r["inForce"], r["subject"][0]]
            )


def line(name: str, ours: float, peer: float, unit: str = "s", cpu: float | None = None) -> None:
    print(f"{name:38} {ours:10.3f} {peer:10.3f} {unit:3} {ours / peer:8.2f}", f"{cpu:8.2f}" if cpu else "")


def compare(folder: Path, args: argparse.Namespace) -> None:
    """The table for one size."""
    run("cold", folder)
    table(folder)
    tasks = ["limit", "bare", "cold", "change", "fresh", "dump nq", "dump trig", "rdflib", "check", "page", "pyvis", "extract"]
    tasks += [*(["morph"] if args.morph else []), *([] if args.quick else ["pyshacl"])]
    found = rounds(tasks, folder, args.rounds, args.morph)
    print(f"\n{args.count:,} agreements, {found['limit']['quads']:,.0f} quads, medians of {args.rounds} interleaved rounds\n")
    print(f"{'name':38} {'ours':>10} {'peer':>10}     {'ratio':>8} {'in CPU':>8}")
    for name, ours, peer in ROWS:
        if ours in found and peer in found:
            line(name, found[ours]["seconds"], found[peer]["seconds"], cpu=found[ours]["cpu"] / found[peer]["cpu"])
    for task in ("cold", "change"):
        line(f"peak memory, {task} / bare engine", found[task]["peak"] / 1024, found["bare"]["peak"] / 1024, "MiB")
    print(f"{'extract':38} {found['extract']['megabytes'] / found['extract']['seconds']:10.3f} MB/s")
    start(folder, args.rounds, found["limit"]["seconds"])
    questions(folder, args)


def start(folder: Path, count: int, load: float) -> None:
    """The command's start beside a bare interpreter's, and a whole question beside that and the load."""
    command = [sys.executable, "-m", "graph_builder"]
    ask = [*command, "query", "agreements", "-f", "csv", "--data", str(folder), "--out", str(folder / "build")]
    cases = {"bare": [sys.executable, "-c", "pass"], "help": [*command, "--help"], "ask": ask}
    times: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(count + 1):
        for name, words in cases.items():
            before = time.perf_counter()
            subprocess.run(words, stdout=subprocess.DEVNULL, check=True, cwd=ROOT)
            times[name].append(time.perf_counter() - before)
    middle = {name: statistics.median(values[1:]) for name, values in times.items()}
    line("accords --help / bare interpreter", middle["help"], middle["bare"])
    line("accords query agreements / 5 bare + L", middle["ask"], 5 * middle["bare"] + load)


def questions(folder: Path, args: argparse.Namespace) -> None:
    """Each named question beside the bare engine and rdflib."""
    found = rounds(["ask ours", "ask bare"], folder, args.rounds, None)
    slow = {} if args.quick else run("ask rdflib", folder)["each"]
    ours, bare = found["ask ours"]["each"], found["ask bare"]["each"]
    print(f"\n{'question':38} {'ours':>10} {'bare':>10}     {'ratio':>8}   rdflib / ours")
    for name, seconds in ours.items():
        more = f"{slow[name] / seconds:10.0f}" + (" (cut off)" if slow[name] > 29 else "") if name in slow else "      fails" if slow else ""
        print(f"{name:38} {seconds:10.4f} {bare[name]:10.4f} s   {seconds / bare[name]:8.2f} {more}")
    mean = statistics.geometric_mean
    print(f"{'geometric mean':38} {'':25} {mean(ours[n] / bare[n] for n in ours):8.2f}", f"{mean(slow[n] / ours[n] for n in slow):10.0f}" if slow else "")


def growth(sizes: list[int], count: int, base: Path) -> None:
    """How time and memory grow with the number of agreements, and the exponent between neighbours."""
    print(f"\n{'agreements':>10} {'quads':>12} {'L':>8} {'cold':>8} {'/ L':>6} {'change':>8} {'/ L':>6}", end=" ")
    print(f"{'exponent':>9} {'peak / bare':>12}   cold and change / L in CPU seconds")
    last: tuple[int, float] | None = None
    for size in sizes:
        folder = generate(base / f"n{size}", size)
        first = run("cold", folder)
        large = size >= 100_000
        found = rounds(["limit", "bare", "change", *([] if large else ["cold"])], folder, 1 if large else count, None)
        found.setdefault("cold", first)
        load, cold, change = (found[t]["seconds"] for t in ("limit", "cold", "change"))
        exponent = f"{math.log(cold / last[1]) / math.log(size / last[0]):9.2f}" if last else f"{'':9}"
        peak = found["cold"]["peak"] / found["bare"]["peak"]
        print(f"{size:>10,} {found['limit']['quads']:>12,.0f} {load:>8.2f} {cold:>8.2f} {cold / load:>6.2f} {change:>8.2f} {change / load:>6.2f}", end=" ")
        print(f"{exponent} {peak:>12.2f}", end="   ")
        print(*(f"{found[t]['cpu'] / found['limit']['cpu']:.2f}" for t in ("cold", "change")), flush=True)
        last = size, cold


def asked(sizes: list[int], base: Path) -> None:
    """How the named questions' times grow with the number of agreements."""
    print(f"\n{'question':20}" + "".join(f"{size:>12,}" for size in sizes) + f"{'growth':>10}")
    found = []
    for size in sizes:
        folder = base / f"n{size}"
        if not folder.exists():
            generate(folder, size)
            run("cold", folder)
        found.append(run("ask ours", folder)["each"])
    for name in found[0]:
        print(f"{name:20}" + "".join(f"{each[name]:>10.3f} s" for each in found) + f"{found[-1][name] / found[-2][name]:>10.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--count", type=int, default=1600, help="agreements in the table [1600]")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="leave out what takes minutes: pySHACL and rdflib's answers")
    parser.add_argument("--morph", metavar="PYTHON", help="an interpreter with morph-kgc (it pins old versions, so that it wants an environment of its own)")
    parser.add_argument("--questions", action="store_true", help="only the named questions beside the bare engine and rdflib")
    parser.add_argument("--growth", metavar="N,N", help="only the growth over these sizes, for example 1000,10000,100000")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="accords-bench-") as base:
        if args.growth:
            sizes = [int(n) for n in args.growth.split(",")]
            growth(sizes, args.rounds, Path(base))
            asked(sizes[-2:], Path(base))
        elif args.questions:
            folder = generate(Path(base) / "data", args.count)
            run("cold", folder)
            questions(folder, args)
        else:
            compare(generate(Path(base) / "data", args.count), args)


if __name__ == "__main__":
    main()
