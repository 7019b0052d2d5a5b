"""The small frozen graph, the whole shipped one, and the command line, for every test."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, settings

from graph_builder import accords, store
from graph_builder.cli import main

TESTS = Path(__file__).resolve().parent
SMALL = TESTS / "small"
SHARED = TESTS.parent.parent / "shared"
"""Material of the task that is not part of the distribution; tests that want it skip without it."""

settings.register_profile("house", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
Run = Callable[..., Result]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew", action="store_true", help="write the expected answers anew instead of comparing with them")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes minutes or installs packages; runs where CI=true or with -m slow")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("CI") == "true" or "slow" in config.getoption("-m", default=""):
        return
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="slow: set CI=true or say -m slow"))


@pytest.fixture(scope="session")
def small() -> accords.Accords:
    return accords.Accords(store.build([SMALL]))


@pytest.fixture(scope="session")
def shipped() -> tuple[store.Collection, list[store.Fault]]:
    """The shipped records as they were read, and every fault of theirs."""
    found, mapped = store.examine(accords.folders())
    return found, sorted(set(found.faults + mapped))


@pytest.fixture(scope="session")
def whole(shipped: tuple[store.Collection, list[store.Fault]]) -> accords.Accords:
    found, _ = shipped
    return accords.Accords(store.fill(found.terms, store.mapped(found)[0]))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished build of the small set, to be read only."""
    folder = tmp_path_factory.mktemp("built") / "build"
    accords.make([SMALL], folder)
    return folder


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("check", …)` in an empty folder; an exception that the command does not catch fails the test."""
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    return lambda *words, **more: runner.invoke(main, [str(word) for word in words], catch_exceptions=False, **more)


@pytest.fixture
def ask(run: Run, built: Path) -> Run:
    """`ask("agreements", "-f", "csv")` of the small set's finished build."""
    return lambda *words, **more: run("query", *words, "--data", SMALL, "--out", built, **more)
