"""A full disk and missing rights at 25 points: `python tests/stress_faults.py`. A clear message, exit 1, and the old output as it was.

The disk is filled with RLIMIT_FSIZE, which stops a file at so many bytes as a full disk does; root gives up its right over all files for the others.
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
OWN = {"build": "graph.jsonld", "view": "network.html", "nq": "all.nq", "graphml": "all.graphml", "csv": "all.csv"}
"""The largest file that each writes."""
SHARES = (0.0, 0.1, 0.5, 0.9)
"""Part of that file after which the disk is full."""
UNPRIVILEGED = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-dac_override,-dac_read_search")


def full(size: int) -> None:
    """A write past `size` bytes fails with EFBIG instead of a signal, as it fails with ENOSPC on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def run(words: tuple[str, ...], folder: Path, limit: int | None = None, *before: str) -> subprocess.CompletedProcess[str]:
    command = [*before, sys.executable, "-B", "-m", "graph_builder", *words, "--data", "data"]
    limited = None if limit is None else lambda: full(limit)
    return subprocess.run(command, cwd=folder, text=True, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, preexec_fn=limited)


def content(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(out.iterdir()) if not p.name.startswith(".")}


def judge(done: subprocess.CompletedProcess[str], before: dict[str, bytes], after: dict[str, bytes]) -> str:
    """What is wrong with how a command failed; empty where it failed well."""
    if "Traceback" in done.stderr:
        return f"a traceback: {done.stderr.strip().splitlines()[-1]}"
    if done.returncode != 1:
        return f"exit code {done.returncode}: {done.stderr.strip()[-200:]}"
    if not done.stderr.strip():
        return "no message"
    changed = [n for n in {*before, *after} if after.get(n) != before.get(n)]
    return f"{', '.join(changed)} changed" if changed else ""


def point(name: str, share: float | None) -> tuple[str, str]:
    """One failure of a command, at a share of its file or (None) for want of rights: what it said, and what was wrong with it."""
    with tempfile.TemporaryDirectory(prefix="accords-full-") as base:
        folder = Path(base)
        shutil.copytree(ROOT / "tests" / "small", folder / "data")
        for setup in (("build",), COMMANDS[name]):
            assert run(setup, folder).returncode == 0
        before = content(folder / "build")
        (folder / "data" / "places" / "almaty.yaml").open("a").write("# changed\n")
        if share is None:
            (folder / "build").chmod(0o500)
            done = run(COMMANDS[name], folder, None, *(UNPRIVILEGED if os.geteuid() == 0 else ()))
            (folder / "build").chmod(0o700)
        else:
            done = run(COMMANDS[name], folder, int(share * len(before[OWN[name]])))
        return (done.stderr.strip().splitlines() or [""])[-1], judge(done, before, content(folder / "build"))


def main() -> None:
    points = [(name, share) for name in COMMANDS for share in (*SHARES, None)]
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        points = [(name, share) for name, share in points if share is not None]
        print("root without setpriv: missing rights are not tried")
    bad = 0
    for name, share in points:
        said, wrong = point(name, share)
        bad += bool(wrong)
        where = "without rights" if share is None else f"full after {share:.0%}"
        print(f"{name}, {where}: {f'WRONG: {wrong}' if wrong else said}", flush=True)
    print(f"{len(points)} points, {bad} badly")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
