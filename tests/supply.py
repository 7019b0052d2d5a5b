"""What this depends on: `python tests/supply.py lowest|tested|locked|sbom|audit|trial`.

`lowest` prints the lowest versions that pyproject.toml allows, `tested` those installed here, `locked` the tested ones with the digests of their files
(asks the package index through `uv`), `sbom` writes dist/sbom.cdx.json for a release from a new environment with exactly the locked files (CycloneDX),
`audit` asks for known weaknesses of the locked versions, `trial` installs the lowest versions into a new environment and runs the tests there.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCKED = ROOT / "requirements" / "locked.txt"
TOOLS = {"locked": "uv", "sbom": "cyclonedx-bom>=5", "audit": "pip-audit>=2.7"}
"""What a step needs beside the package itself; installed into an environment of its own."""


def wanted() -> list[Requirement]:
    """What the package itself asks for."""
    return [Requirement(text) for text in PROJECT["dependencies"]]


def lowest() -> str:
    """Each direct dependency at its lowest allowed version."""
    pins = ((r.name, next(s.version for s in r.specifier if s.operator == ">=")) for r in wanted())
    return "".join(f"{name}=={version}\n" for name, version in sorted(pins))


def installed() -> dict[str, Distribution]:
    """Every distribution that the package needs, directly or not, as it is installed here."""
    found: dict[str, Distribution] = {}
    waiting, seen = [r for r in wanted() if _holds(r)], set[str]()
    while waiting:
        requirement = waiting.pop()
        name = requirement.name.lower().replace("_", "-")
        if (wish := f"{name}{sorted(requirement.extras)}") in seen:
            continue
        seen.add(wish)
        try:
            found[name] = distribution(requirement.name)
        except PackageNotFoundError:
            sys.exit(f"{requirement.name} is not installed; run this where the package is installed")
        waiting += [r for r in map(Requirement, found[name].requires or ()) if _holds(r, requirement.extras)]
    return dict(sorted(found.items()))


def _holds(requirement: Requirement, extras: Iterable[str] = ()) -> bool:
    """Whether a requirement is one here, of a distribution that was asked for with some extras."""
    return not requirement.marker or any(requirement.marker.evaluate({"extra": extra}) for extra in ["", *extras])


def tested() -> str:
    """The versions installed here, as a constraints file."""
    return "".join(f"{name}=={found.version}\n" for name, found in installed().items())


# ---- with an environment of its own -------------------------------------------------------------


def run(*words: str | Path, **more: str) -> None:
    """Runs a command in the checkout; ends with its exit code where it fails."""
    code = subprocess.run([str(w) for w in words], cwd=ROOT, env=os.environ | more, check=False).returncode
    if code:
        sys.exit(code)


def environment(folder: Path, *wanted: str | Path) -> Path:
    """The scripts of a new environment with what is wanted."""
    run(sys.executable, "-m", "venv", folder)
    run(folder / "bin" / "pip", "install", "-q", *wanted)
    return folder / "bin"


def locked(base: Path) -> None:
    """Prints the tested versions, each with the SHA-256 of every file of it in the index."""
    scripts = environment(base / "tools", TOOLS["locked"])
    run(scripts / "uv", "pip", "compile", "-q", "--no-deps", "--no-annotate", "--no-header", "--generate-hashes", "requirements/tested.txt")


def sbom(base: Path) -> None:
    """Writes the parts list of a release: what an installation of the locked files really holds, with licences."""
    scripts = environment(base / "tools", TOOLS["sbom"])
    inside = environment(base / "release", "--require-hashes", "--no-deps", "-r", LOCKED)
    run(inside / "pip", "install", "-q", "--no-deps", ROOT)
    run(inside / "pip", "check")
    run(inside / "pip", "uninstall", "-q", "-y", "pip", "setuptools")
    (ROOT / "dist").mkdir(exist_ok=True)
    words = ("environment", "--output-reproducible", "--pyproject", "pyproject.toml", "-o", "dist/sbom.cdx.json", inside / "python")
    run(scripts / "cyclonedx-py", *words)
    print("dist/sbom.cdx.json written")


def audit(base: Path) -> None:
    """Asks for known weaknesses; a version that could not be asked for is a failure too."""
    scripts = environment(base / "tools", TOOLS["audit"])
    run(scripts / "pip-audit", "--strict", "--require-hashes", "--disable-pip", "-r", LOCKED)


def trial(base: Path) -> None:
    """Runs the commands with the lowest allowed versions, and all tests with what they themselves need beside these."""
    scripts = environment(base / "lowest", "-r", ROOT / "requirements" / "lowest.txt", ROOT)
    for words in (("build", "--out", base / "build"), ("check",), ("query", "agreements", "--out", base / "build", "-f", "csv"), ("stats",)):
        run(scripts / "accords", *words)
    run(scripts / "pip", "install", "-q", f"{ROOT}[test]")
    run(scripts / "pip", "list", "--format", "freeze")
    run(scripts / "python", "-m", "pytest", *sys.argv[2:])


def main() -> None:
    """Prints a list, or works in a temporary folder."""
    words = {"lowest": lowest, "tested": tested}
    if sys.argv[1] in words:
        sys.stdout.write(words[sys.argv[1]]())
        return
    with tempfile.TemporaryDirectory(prefix="accords-supply-") as base:
        {"locked": locked, "sbom": sbom, "audit": audit, "trial": trial}[sys.argv[1]](Path(base))


if __name__ == "__main__":
    main()
