"""An article gone over by a person becomes records whose every value has its exact words."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import pytest

from graph_builder import accords, reviewing
from graph_builder.faults import Faults, Refused

SMALL = Path(__file__).parent / "small"
TEXT = """Казахстан и Узбекистан договорились о семенах

ТАШКЕНТ, 14 мая 2024 года. Сегодня в Ташкенте Президент Казахстана Касым-Жомарт Токаев и Президент Узбекистана Шавкат Мирзиёев подписали
Соглашение между Республикой Казахстан и Республикой Узбекистан о сотрудничестве в области сельского хозяйства.
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "mine"))


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "Seed talks.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def person(*choices: str, write: str = "yes", reason: str = "The record follows the official text.") -> Callable[[str, Sequence[str]], str]:
    """A person who gives these choices first, then keeps everything."""
    left = list(choices)

    def answer(question: str, known: Sequence[str]) -> str:
        if question.startswith("Write"):
            return write
        if "why does" in question:
            return reason
        return left.pop(0) if left else ""

    return answer


def agreements(paths: Sequence[Path]) -> list[Path]:
    return [p for p in paths if p.parent.name == "agreements"]


def test_what_a_person_keeps_becomes_records_that_pass_every_check(mine: Path, article: Path) -> None:
    told: list[str] = []
    written = reviewing.review(article, None, [], mine, person(), told.append)
    assert agreements(written)
    assert (mine / "articles" / "seed-talks.txt").read_bytes() == TEXT.encode()
    assert accords.check(written)[0] == []
    record = agreements(written)[-1].read_text(encoding="utf-8")
    assert "review" not in record
    assert "articles/seed-talks:" in record
    assert any("»" in line or "\x1b[" in line for line in told)


def test_skipping_everything_writes_nothing(mine: Path, article: Path) -> None:
    before = sorted(mine.rglob("*"))
    assert reviewing.review(article, None, [], mine, lambda question, _: "s", lambda _: None) == []
    assert sorted(mine.rglob("*")) == before


def test_refusing_to_write_at_the_end_writes_nothing(mine: Path, article: Path) -> None:
    before = sorted(mine.rglob("*"))
    assert reviewing.review(article, None, [], mine, person(write="no"), lambda _: None) == []
    assert sorted(mine.rglob("*")) == before


def test_an_interrupt_leaves_nothing_behind(mine: Path, article: Path) -> None:
    def gone(question: str, known: Sequence[str]) -> str:
        raise click.Abort

    before = sorted(mine.rglob("*"))
    with pytest.raises(click.Abort):
        reviewing.review(article, None, [], mine, gone, lambda _: None)
    assert sorted(mine.rglob("*")) == before


def test_a_changed_value_is_marked_as_inferred_and_a_dropped_one_is_left_out(mine: Path, article: Path) -> None:
    def editor(question: str, known: Sequence[str]) -> str:
        last = shown[-1].strip() if shown else ""
        if question.strip().startswith("[Enter]"):
            return "c" if last.startswith("title") else "d" if last.startswith("subject") else ""
        return "Соглашение о семенах" if question.strip() == "title" else "yes"

    shown: list[str] = []
    written = reviewing.review(article, None, [], mine, editor, shown.append)
    record = agreements(written)[-1].read_text(encoding="utf-8")
    assert "ru: Соглашение о семенах" in record
    assert "inferred: true" in record
    assert "subject" not in record


def test_a_stored_article_adds_to_the_records_that_are_there(mine: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    seed = SMALL / "articles" / "nematov-state-visit.txt"
    written = reviewing.review(seed, None, [], own, person(), lambda _: None)
    assert [p.parent.name for p in written] == ["agreements", "agreements"]
    assert all("adds: true" in p.read_text(encoding="utf-8") for p in written)
    assert accords.check(written, [own])[0] == []


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00", b"caf\xe9"])
def test_what_is_no_text_is_refused(mine: Path, tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes(raw)
    with pytest.raises(Refused, match="UTF-8"):
        reviewing.review(path, None, [], mine, person(), lambda _: None)


def test_without_a_folder_of_ones_own_the_person_is_told_how_to_make_one(article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ACCORDS_DATA", raising=False)
    with pytest.raises(Faults, match="accords init DIR"):
        reviewing.review(article, None, [], None, person(), lambda _: None)


def test_an_empty_article_gives_nothing(mine: Path, tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text("\n", encoding="utf-8")
    assert reviewing.review(path, None, [], mine, person(), lambda _: None) == []
