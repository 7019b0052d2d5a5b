"""Every command that the documents show runs, on the small set; where a block is marked, its output is the one shown."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import SMALL, TESTS

from graph_builder.cli import main
from graph_builder.questions import questions

ROOT = TESTS.parent
PAGES = ("README.md", "CONTRIBUTING.md", *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "docs").glob("*.md")))
BLOCK = re.compile(r"^(?:<!-- (?P<mark>exact|shown) -->\n+)?```(?P<kind>\w*)\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)
"""A fenced block; before it may stand `<!-- exact -->` (its output is compared) or `<!-- shown -->` (it is not run)."""
RECORDS = ("build", "check", "query", "view", "export", "stats")
"""Commands that read records; they get the small set unless the line names a folder itself."""
IDLE = ("serve", "push", "review")
"""Commands that wait, or want another server: only their options are tried, by --help."""


def blocks(page: str) -> Iterator[tuple[str, str]]:
    """Mark and text of every fenced block of a page."""
    path = ROOT / page
    for found in BLOCK.finditer(path.read_text(encoding="utf-8") if path.is_file() else ""):
        yield found["mark"] or "", found["body"]


def commands(body: str) -> Iterator[tuple[list[str], str]]:
    """Words after `$ accords`, and the output shown below."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        line, _, output = part.partition("\n")
        words = shlex.split(line, comments=True)
        if words[:1] == ["accords"] and not {"|", ">", "&&", ";"} & {*words}:
            yield words[1:], output


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_page_runs_one_after_the_other(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("data", "tests", "queries", "docs"):
        (tmp_path / name).symlink_to(ROOT / name)
    for mark, body in blocks(page):
        for words, output in commands(body) if mark != "shown" else ():
            result = CliRunner().invoke(main, [*words, *more(words)], catch_exceptions=False)
            assert result.exit_code == 0, f"accords {shlex.join(words)}\n{result.output}"
            if mark == "exact":
                assert result.stdout.strip() == output.strip()


def more(words: list[str]) -> list[str]:
    """What is added to a command of a page, so that it waits for nothing and reads the small set."""
    if words[0] in IDLE:
        return ["--help"]
    named = any(word.endswith(".yaml") or word.startswith("data") for word in words[1:])
    return ["--data", str(SMALL)] if words[0] in RECORDS and not named else []


def test_the_documents_name_every_command() -> None:
    path = ROOT / "README.md"
    if not path.is_file():
        pytest.skip("README.md is not written yet")
    text = path.read_text(encoding="utf-8")
    assert [name for name in main.commands if f"accords {name}" not in text] == []


def test_every_question_is_listed_with_its_parameters() -> None:
    result = CliRunner().invoke(main, ["queries"], catch_exceptions=False)
    for name, question in questions().items():
        assert re.search(rf"^{name} ", result.stdout, re.MULTILINE)
        assert all(f"--{parameter} " in result.stdout for parameter in question.parameters)


@pytest.mark.parametrize("name", main.commands)
def test_every_command_explains_itself(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"], catch_exceptions=False)
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) > 3
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_links_of_the_documents_lead_somewhere() -> None:
    for page in PAGES:
        path = ROOT / page
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8") if path.is_file() else ""):
            assert "://" in target or target.startswith("mailto:") or (path.parent / target).exists(), f"{page}: {target}"
