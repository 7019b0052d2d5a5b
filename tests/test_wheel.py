"""The built wheel works in an empty environment outside the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import TESTS

ROOT = TESTS.parent
pytestmark = pytest.mark.slow
HELD = (("data/agreements", ".yaml"), ("data/articles", ".txt"), ("ontology", ".ttl"), ("ontology", ".jsonld"), ("ontology/rules", ".rq"), ("queries", ".rq"))
WAYS = (
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Tashkent", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LC_ALL": "C", "PYTHONUTF8": "0"},
)
"""Environments that must make no difference."""


def call(*words: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs a command with a bare environment; its output is text."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return subprocess.run([str(w) for w in words], cwd=cwd, env=kept | more, capture_output=True, text=True, check=False, timeout=900)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    done = call(sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", folder, ROOT, cwd=folder)
    assert done.returncode == 0, done.stderr
    [path] = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of an empty environment into which the wheel was installed."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=True)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    done = call(scripts / "python", "-m", "pip", "install", wheel, cwd=folder)
    assert done.returncode == 0, done.stderr
    return scripts


def test_the_wheel_holds_code_records_vocabulary_and_questions(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for folder, ending in HELD:
        assert any(n.startswith(f"graph_builder/share/{folder}/") and n.endswith(ending) for n in names), folder
    assert not [n for n in names if "__pycache__" in n or n.startswith(("tests/", "build/"))]
    inside = [p.relative_to(ROOT) for p in (ROOT / "graph_builder").rglob("*") if p.is_file()]
    shipped = {p.name for p in inside if not any(part.startswith((".", "__pycache__")) for part in p.parts)}
    assert shipped <= {Path(n).name for n in names}


def test_build_and_query_work_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    done = call(installed / "accords", "build", cwd=tmp_path)
    assert done.returncode == 0, done.stderr + done.stdout[-2000:]
    assert {"graph.trig", "graph.ttl", "graph.jsonld", "network.html", "report.json"} <= {p.name for p in (tmp_path / "build").iterdir()}
    assert json.loads((tmp_path / "build" / "report.json").read_text("utf-8"))["agreements"] > 2
    asked = call(installed / "accords", "query", "agreements", "-f", "csv", cwd=tmp_path)
    assert asked.returncode == 0
    assert "2022-kaz-uzb-allied-relations" in asked.stdout
    assert call(installed / "python", "-m", "graph_builder", "--version", cwd=tmp_path).returncode == 0


def test_two_builds_under_other_seeds_places_and_times_are_the_same_bytes(installed: Path, tmp_path: Path) -> None:
    for n, way in enumerate(WAYS):
        done = call(installed / "accords", "build", "--out", str(n), cwd=tmp_path, **way)
        assert done.returncode == 0, done.stderr
    for name in ("graph.trig", "graph.ttl", "graph.jsonld", "network.html", "report.json"):
        assert (tmp_path / "0" / name).read_bytes() == (tmp_path / "1" / name).read_bytes(), name
