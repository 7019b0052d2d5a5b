"""A full disk and missing rights at 20 points: `python tests/stress_faults.py`. A clear message, exit 1, and the old output as it was.

The disk is filled with RLIMIT_FSIZE, which stops a file at so many bytes as a full disk does; rights are tried only where they bind (not as root).
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = {
    "build": ("build",), "view": ("view", "--no-open", "--out", "build/network.html"), "nq": ("export", "nq", "--out", "build/all.nq"),
    "graphml": ("export", "graphml", "--out", "build/all.graphml"), "csv": ("export", "csv", "--out", "build/all.csv"),
}  # fmt: skip
LIMITS = (0, 4_000, 60_000, 400_000)
"""Bytes after which the disk is full; the first stops everything, the last only the largest files."""


def full(size: int) -> None:
    """A write past `size` bytes fails with EFBIG instead of a signal, as it fails with ENOSPC on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def run(words: tuple[str, ...], folder: Path, limit: int | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-B", "-m", "graph_builder", *words, "--data", "data"]
    before = None if limit is None else lambda: full(limit)
    return subprocess.run(command, cwd=folder, text=True, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, preexec_fn=before)


def content(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(out.iterdir()) if not p.name.startswith(".")}


def judge(name: str, done: subprocess.CompletedProcess[str], before: dict[str, bytes], after: dict[str, bytes]) -> str:
    """What is wrong with how a command failed; empty where it failed well."""
    if "Traceback" in done.stderr:
        return f"{name}: a traceback: {done.stderr.strip().splitlines()[-1]}"
    if done.returncode not in (0, 1):
        return f"{name}: exit code {done.returncode}: {done.stderr.strip()[-200:]}"
    if done.returncode == 1 and not done.stderr.strip():
        return f"{name}: no message"
    changed = [n for n, old in before.items() if after.get(n, b"") != old]
    return f"{name}: {', '.join(changed)} changed" if done.returncode == 1 and changed and name.startswith(("view", "nq", "graphml", "csv")) else ""


def main() -> None:
    wrong, tried, failed = [], 0, 0
    for name, words in COMMANDS.items():
        for limit in LIMITS:
            with tempfile.TemporaryDirectory(prefix="accords-full-") as base:
                folder = Path(base)
                shutil.copytree(ROOT / "tests" / "small", folder / "data")
                for setup in (("build",), words):
                    assert run(setup, folder).returncode == 0
                before = content(folder / "build")
                (folder / "data" / "places" / "almaty.yaml").open("a").write("# changed\n")
                done = run(words, folder, limit)
                tried, failed = tried + 1, failed + (done.returncode == 1)
                if problem := judge(f"{name} at {limit:,} bytes", done, before, content(folder / "build")):
                    wrong.append(problem)
                elif done.returncode == 1:
                    print(f"{name} at {limit:,} bytes: {done.stderr.strip().splitlines()[-1]}")
    if os.geteuid():
        tried, wrong = tried + 1, wrong + readonly()
    print("\n".join(wrong))
    print(f"{tried} points, {failed} of them failed with a message, {len(wrong)} badly")
    sys.exit(bool(wrong))


def readonly() -> list[str]:
    """An output folder without the right to write."""
    with tempfile.TemporaryDirectory(prefix="accords-rights-") as base:
        folder = Path(base)
        shutil.copytree(ROOT / "tests" / "small", folder / "data")
        (folder / "build").mkdir(mode=0o500)
        done = run(("build",), folder)
        return [] if done.returncode == 1 and "Traceback" not in done.stderr else [f"no right to write: {done.stderr[-200:]}"]


if __name__ == "__main__":
    main()
