"""What this depends on: `python tests/supply.py lowest|tested|sbom`.

`lowest` writes the lowest versions that pyproject.toml allows, `tested` those installed here, `sbom` the installed ones as CycloneDX JSON.
"""

from __future__ import annotations

import json
import sys
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = tomllib.loads((Path(__file__).resolve().parents[1] / "pyproject.toml").read_text("utf-8"))["project"]


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
    waiting = wanted()
    while waiting:
        requirement = waiting.pop()
        name = requirement.name.lower().replace("_", "-")
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        try:
            found[name] = distribution(requirement.name)
        except PackageNotFoundError:
            sys.exit(f"{requirement.name} is not installed; run this where the package is installed")
        waiting += [Requirement(text) for text in found[name].requires or ()]
    return dict(sorted(found.items()))


def tested() -> str:
    """The versions installed here, as a constraints file."""
    return "".join(f"{name}=={found.version}\n" for name, found in installed().items())


def licence(found: Distribution) -> str:
    """The licence that a distribution names, in one line."""
    said = found.metadata.get("License-Expression") or found.metadata.get("License") or "see the package"
    return str(said).split("\n")[0][:100]


def sbom() -> str:
    """CycloneDX 1.5: name, version, licence and package address of every part."""
    parts = [
        {
            "type": "library", "name": name, "version": found.version, "purl": f"pkg:pypi/{name}@{found.version}",
            "bom-ref": f"pkg:pypi/{name}@{found.version}",
            "licenses": [{"license": {"name": licence(found)}}],
        }
        for name, found in installed().items()
    ]  # fmt: skip
    root = {"type": "application", "name": PROJECT["name"], "version": PROJECT["version"], "bom-ref": "root", "licenses": [{"expression": PROJECT["license"]}]}
    document = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": {"component": root}, "components": parts}
    return json.dumps(document, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write({"lowest": lowest, "tested": tested, "sbom": sbom}[sys.argv[1]]())
