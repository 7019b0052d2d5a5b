"""Each folder in `bad/` holds one broken record; its first line is the one fault that it must give."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from conftest import SMALL, TESTS, Run

from graph_builder import kept, outputs

CASES = sorted(p.name for p in (TESTS / "bad").iterdir())
HEAD = re.compile(rb"# (\d+):(\d+): ([^\n]*)\n")
MADE = {
    "too-large": (b"# " + b"x" * 300_000, "1:1: 300,002 bytes: a record has at most 262,144"),
    "no-byte": (b"", "1:1: the file is empty"),
    "utf-16": ("type: treaty\n".encode("utf-16"), "1:1: not UTF-8; save the file as UTF-8"),
    "zero-byte": (b"type: trea\x00ty\n", "1:11: invisible or control character U+0000; delete it"),
    "byte-order-mark": (b"\xef\xbb\xbftype: treaty\n", "1:1: invisible or control character U+FEFF; delete it"),
    "carriage-returns": (b"type: [a,\r\n  b\r\nparty: [\r\n", "3:6: not YAML: while parsing a flow sequence, did not find expected ',' or ']'"),
    "billion-laughs": (b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "1:4: an anchor (&name) and its alias (*name) are not allowed; write the value out"),
    "merge-key": (b"a: &a {b: c}\nd:\n  <<: *a\n", "1:4: an anchor (&name) and its alias (*name) are not allowed; write the value out"),
    "bracket-bomb": (b"a: " + b"[" * 100_000, "1:23: nested deeper than 20 levels"),
    "dash-bomb": (b"a:\n  " + b"- " * 50_000, "2:41: nested deeper than 20 levels"),
    "question-bomb": (b"? " * 50_000, "1:41: nested deeper than 20 levels"),
    "step-bomb": (b"".join(b" " * n + b"a:\n" for n in range(500)), "21:21: nested deeper than 20 levels"),
}
"""Broken files that are too large or too odd to be kept as files: content and fault."""


def expected(case: str) -> tuple[Path, str]:
    """The broken record of a case, as it is shown, and the fault in its first line; `…` at the end stands for more words."""
    [(path, head)] = [(p, h) for p in sorted((TESTS / "bad" / case).rglob("*.y*ml")) if (h := HEAD.match(p.read_bytes()))]
    return path, f"{path}:{int(head[1])}:{int(head[2])}: {head[3].decode()}"


def fits(line: str, wanted: str) -> bool:
    return line.startswith(wanted[:-1]) if wanted.endswith("; it has: …") or wanted.endswith("have: …") else line == wanted


@pytest.mark.parametrize("case", CASES)
def test_a_broken_record_gives_its_one_fault(case: str, run: Run) -> None:
    _, wanted = expected(case)
    before = time.process_time()
    result = run("check", TESTS / "bad" / case, "--data", SMALL)
    assert time.process_time() - before < 1
    [line] = result.stdout.splitlines()
    assert fits(line, wanted), f"{line}\nis not\n{wanted}"
    assert result.exit_code == 1


def test_at_least_45_kinds_of_fault_are_held() -> None:
    assert len({expected(case)[1].partition(": ")[2] for case in CASES}) >= 45


@pytest.mark.parametrize("case", CASES)
def test_a_broken_record_leaves_an_earlier_build_as_it_was(case: str, run: Run, built: Path, tmp_path: Path) -> None:
    for name in ("graph.trig", "report.json", kept.FILE):
        outputs.write(tmp_path / "build" / name, (built / name).read_bytes())
    before = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in (tmp_path / "build").iterdir()}
    result = run("build", "--data", SMALL, "--data", TESTS / "bad" / case)
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 1
    assert result.stderr.endswith("nothing was written\n")
    assert before == {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in (tmp_path / "build").iterdir()}


@pytest.mark.parametrize("case", MADE)
def test_a_hostile_file_gives_its_fault_within_a_second(case: str, run: Run, tmp_path: Path) -> None:
    content, wanted = MADE[case]
    path = tmp_path / "mine" / "agreements" / "1999-kaz-uzb-weights.yaml"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    before = time.process_time()
    result = run("check", "mine", "--data", SMALL)
    assert time.process_time() - before < 1
    assert result.stdout.splitlines()[0] == f"mine/agreements/{path.name}:{wanted}"
    assert result.exit_code == 1


def test_all_faults_of_all_files_come_at_once(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine" / "agreements"
    folder.mkdir(parents=True)
    named = [case for case in CASES if expected(case)[0].name == "1999-kaz-uzb-weights.yaml" and expected(case)[0].parent.name == folder.name]
    for case in named:
        (folder / f"{case}.yaml").write_bytes(expected(case)[0].read_bytes())
    lines = run("build", "--data", SMALL, "--data", "mine").stdout.splitlines()
    assert {Path(line.partition(":")[0]).stem for line in lines} == {*named}
    assert lines == sorted(lines, key=lambda line: (line.split(":")[0], *map(int, line.split(":")[1:3]), line))


def test_a_path_that_is_not_there_is_told(run: Run) -> None:
    result = run("check", "mine", "--data", SMALL)
    assert result.exit_code == 1
    assert "mine:1:1: no such file or folder" in result.stdout


def test_a_good_record_beside_the_small_set_has_no_fault(run: Run) -> None:
    assert run("check", SMALL).exit_code == 0
    assert run("check", "--data", SMALL).exit_code == 0
