"""The same bytes everywhere: `python tests/everywhere.py [PYTHON …]` (default: this one).

For each interpreter the checkout is installed with the tested versions of requirements/tested.txt into a new environment; the small set is built there
under other hash seeds, locales and time zones, the Windows-1252 locale being a real one where `localedef` can make it; every output is compared.
The digest that is printed can be compared with another machine's.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLAIN = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
PLACES = {
    "as it is": {},
    "hash seed 0": {"PYTHONHASHSEED": "0"},
    "hash seed 4242": {"PYTHONHASHSEED": "4242"},
    "C locale": {"LC_ALL": "C", **PLAIN},
    "Windows-1252 streams": {"PYTHONIOENCODING": "cp1252", **PLAIN},
    "Kiritimati, +14": {"TZ": "Pacific/Kiritimati"},
    "Pago Pago, -11": {"TZ": "Pacific/Pago_Pago"},
    "St. John's, -3:30": {"TZ": "America/St_Johns"},
    "no bytecode, optimised": {"PYTHONOPTIMIZE": "2", "PYTHONDONTWRITEBYTECODE": "1"},
}
Outputs = dict[str, str]


def places(base: Path) -> dict[str, dict[str, str]]:
    """The environments, with a real Windows-1252 locale where this system can make one."""
    made = subprocess.run(["localedef", "-f", "CP1252", "-i", "en_US", base / "en_US.CP1252"], capture_output=True) if shutil.which("localedef") else None
    if not made or made.returncode:
        print("no Windows-1252 locale can be made here (localedef with its charmaps); its streams alone are tried", file=sys.stderr)
        return PLACES
    return {**PLACES, "Windows-1252 locale": {"LOCPATH": str(base), "LC_ALL": "en_US.CP1252", **PLAIN}}


def run(*words: str | Path, cwd: Path, **more: str) -> str:
    """What a command prints; the script ends with its error where it fails."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "LC_", "LANG", "TZ"))}
    done = subprocess.run([str(w) for w in words], cwd=cwd, env=kept | more, capture_output=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))}: {done.stderr.decode(errors='replace')[-1500:]}")
    return done.stdout.decode(errors="replace")


def built(python: Path, place: dict[str, str], out: Path) -> Outputs:
    """Name → SHA-256 of every output of a build in one environment."""
    run(python, "-m", "graph_builder", "build", "--data", ROOT / "tests" / "small", "--out", out, cwd=out.parent, **place)
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(out.iterdir()) if not p.name.startswith(".")}


def installed(python: str, wheel: Path, folder: Path) -> Path:
    """The interpreter of a new environment with the package in its tested versions."""
    run(python, "-m", "venv", folder, cwd=ROOT)
    inside = folder / "bin" / "python"
    run(inside, "-m", "pip", "install", "-q", "-c", ROOT / "requirements" / "tested.txt", wheel, cwd=ROOT)
    return inside


def main() -> None:
    pythons = sys.argv[1:] or [sys.executable]
    first: Outputs = {}
    differ = builds = 0
    with tempfile.TemporaryDirectory(prefix="accords-everywhere-") as name:
        base = Path(name)
        run(pythons[0], "-m", "venv", base / "wheel", cwd=ROOT)
        run(base / "wheel" / "bin" / "python", "-m", "pip", "wheel", "-q", "--no-deps", "-w", base, ROOT, cwd=ROOT)
        [wheel] = base.glob("*.whl")
        for n, python in enumerate(pythons):
            inside = installed(python, wheel, base / f"venv{n}")
            for m, (place, environment) in enumerate(places(base).items()):
                found = built(inside, environment, base / f"build{n}-{m}")
                first = first or found
                builds += 1
                if wrong := [f for f in {*first, *found} if first.get(f) != found.get(f)]:
                    differ += 1
                    print(f"{python}, {place}: {', '.join(sorted(wrong))} differ")
            version = run(inside, "-c", "import sys; print(sys.version.split()[0])", cwd=base).strip()
            print(f"Python {version}: {m + 1} builds, {len(found)} outputs, digest {hashlib.sha256(repr(found).encode()).hexdigest()[:16]}", flush=True)
    print(f"{builds} builds, {differ} with other bytes")
    sys.exit(bool(differ))


if __name__ == "__main__":
    main()
