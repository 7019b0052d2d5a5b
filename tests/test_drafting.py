"""One agreement by hand: what is asked, what is refused, and the record that comes of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click
import pytest

from graph_builder import accords, drafting, lookups, neighbours
from graph_builder.faults import Faults

SMALL = Path(__file__).parent / "small"
PAGE = "https://example.org/news/1"
SEEDS = {
    "Address": PAGE,
    "Title in English": "Agreement on Seeds",
    "Title in Russian": "Соглашение о семенах",
    "Parties": "KAZ; Ўзбекистон; Узбекистан",
    "Signed on": "3 мая 2024 г.",
    "Signed at": "Ташкент",
    "Topics": "agriculture",
}


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "mine"))


def person(answers: dict[str, str | list[str]], write: str = "yes") -> Callable[[str, Sequence[str]], str]:
    """A person who answers by the beginning of a question; a list is answered one by one, then nothing more."""
    left: dict[str, Iterator[str]] = {k: iter(v if isinstance(v, list) else [v]) for k, v in answers.items()}

    def answer(question: str, known: Sequence[str]) -> str:
        if question.startswith("Write"):
            return write
        return next((next(answers, "") for begin, answers in left.items() if question.strip().startswith(begin)), "")

    return answer


def test_the_answers_become_a_record_that_passes_every_check(mine: Path) -> None:
    path = drafting.new_agreement(mine, person(SEEDS), lambda _: None)
    assert path == mine / "agreements" / "2024-kaz-uzb-seeds.yaml"
    assert path.read_text(encoding="utf-8").startswith("type: agreement\ntitle:")
    assert accords.check([path])[0] == []


def test_a_missing_title_is_rendered_and_marked_as_ours(mine: Path) -> None:
    path = drafting.new_agreement(mine, person({**SEEDS, "Title in Russian": ""}), lambda _: None)
    assert path is not None
    content = path.read_text(encoding="utf-8")
    assert "Соглашение (Казахстан, Узбекистан): Agreement on Seeds" in content
    assert "descriptive: [ru]" in content


def test_what_cannot_be_read_is_told_and_asked_again(mine: Path) -> None:
    told: list[str] = []
    answers = {
        **SEEDS,
        "Address": ["example.org/1", PAGE],
        "Parties": ["", "Kazakstan; UZB", "KAZ; UZB"],
        "Signed on": ["03/04/2024", "2024-04-03"],
        "Signed at": ["Tashkint", "Tashkent"],
    }
    assert drafting.new_agreement(mine, person(answers), told.append)
    text = "\n".join(told)
    assert "did you mean `https://example.org/1`" in text
    assert "did you mean `Kazakhstan`" in text
    assert "may be 2024-04-03 or 2024-03-04" in text
    assert "did you mean `Tashkent`" in text


def test_an_agreement_that_is_recorded_already_is_told_before_all_is_asked(mine: Path) -> None:
    told: list[str] = []
    answers = {"Address": PAGE, "Title in English": "Treaty on Allied Relations", "Parties": "KAZ; UZB", "Signed on": "22.12.2022", "Is yours another": "no"}
    assert drafting.new_agreement(mine, person(answers), told.append) is None
    assert any("looks like agreements/2022-kaz-uzb-allied-relations" in line for line in told)


def test_saying_no_at_the_end_writes_nothing(mine: Path) -> None:
    before = sorted(mine.rglob("*"))
    assert drafting.new_agreement(mine, person(SEEDS, write="no"), lambda _: None) is None
    assert sorted(mine.rglob("*")) == before


def test_an_interrupt_leaves_nothing_behind(mine: Path) -> None:
    def gone(question: str, known: Sequence[str]) -> str:
        raise click.Abort

    before = sorted(mine.rglob("*"))
    with pytest.raises(click.Abort):
        drafting.new_agreement(mine, gone, lambda _: None)
    assert sorted(mine.rglob("*")) == before


def test_dates_that_cannot_follow_each_other_are_refused(mine: Path) -> None:
    with pytest.raises(Faults, match="lies before signed"):
        drafting.new_agreement(mine, person({**SEEDS, "In force": "1999"}), lambda _: None)


def test_who_signed_for_whom_is_asked(mine: Path) -> None:
    path = drafting.new_agreement(
        mine, person({**SEEDS, "Signed by": "Kassym-Jomart Tokayev", "Kassym-Jomart Tokayev signed for": "Kazakhstan"}), lambda _: None
    )
    assert path is not None
    assert "people/kassym-jomart-tokayev: {for: states/kazakhstan}" in path.read_text(encoding="utf-8")


def test_questions_offer_what_the_records_know(mine: Path) -> None:
    offered: dict[str, Sequence[str]] = {}

    def note(question: str, known: Sequence[str]) -> str:
        offered[question] = known
        return person(SEEDS)(question, known)

    drafting.new_agreement(mine, note, lambda _: None)
    assert any("Kazakhstan" in known for question, known in offered.items() if question.startswith("Parties"))
    assert any("treaty" in known for question, known in offered.items() if question.startswith("Form"))


def test_a_title_tells_the_form_it_begins_with(mine: Path) -> None:
    lookup: lookups.Lookup = neighbours.Neighbours(mine).lookup
    told = {
        "Treaty on Eternal Friendship": "treaty",
        "Соглашение о семенах": "agreement",
        "Memorandum of Understanding on Tourism": "memorandum",
        "Joint Statement of the Presidents": "joint-statement",
    }
    assert {title: lookup.form({"en": title}) for title in told} == told
    assert lookup.form({"en": "Kazakh-Uzbek talks"}) is None


def test_what_would_not_pass_is_kept_as_a_draft_where_work_would_be_lost(mine: Path) -> None:
    beside = neighbours.Neighbours(mine)
    faulty = {"agreements/2024-kaz-uzb-seeds.yaml": f"type: agreement\nparty: [states/kazakhstan]\nsources:\n  {PAGE}:\n  - supports: [type, party]\n"}
    told: list[str] = []
    with pytest.raises(Faults, match="`title` is missing"):
        drafting.save(beside, faulty, person({}), told.append)
    written = drafting.save(beside, faulty, person({}), told.append, mend=True)
    assert written[0].read_text(encoding="utf-8").startswith("review: needed\n")
    assert any("`title` is missing" in line for line in told)
    assert any("not yet reviewed" in str(fault) for fault in accords.check(written)[0])
