"""The statistics count what the records hold."""

from pathlib import Path

from click.testing import CliRunner

from graph_builder import stats
from graph_builder.cli import main

SMALL = Path(__file__).parent / "small"


def test_counts_and_shares_are_those_of_the_small_set() -> None:
    text = stats.stats([SMALL])
    assert "     18 agreements" in text
    assert " 100.0 %      18  a title in English and Russian" in text
    assert max(map(len, text.splitlines())) <= 100


def test_a_pair_is_counted_by_decade_of_signature() -> None:
    lines = stats.stats([SMALL]).splitlines()
    row = next(line for line in lines if line.startswith("KAZ–UZB"))
    assert row.split()[-1] == str(sum(int(cell) for cell in row.split()[1:-1] if not cell.startswith("(") and cell != "–"))


def test_what_is_missing_is_listed(tmp_path: Path) -> None:
    (tmp_path / "missing.yaml").write_text("KAZ–UZB:\n  - a treaty of 1992\n", encoding="utf-8")
    assert "  KAZ–UZB          a treaty of 1992" in stats.stats([tmp_path])


def test_the_command_prints_them() -> None:
    result = CliRunner().invoke(main, ["stats", "--data", str(SMALL)])
    assert result.exit_code == 0, result.output
    assert "Share of agreements with" in result.output
