"""One agreement by hand: what a person is asked in the terminal, and the record that comes of it."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph_builder import notations, writing
from graph_builder.faults import Faults
from graph_builder.neighbours import Neighbours
from graph_builder.notations import Unread
from graph_builder.records import Data
from graph_builder.terms import Field, load

Ask = Callable[[str, Sequence[str]], str]
"""Asks a question, with answers that may be completed, and gives the answer; an empty one means that it is not known."""
Tell = Callable[[str], None]
YES = ("y", "yes", "да", "д", "ha", "иә", "ооба")


@dataclass(frozen=True, slots=True)
class Step:
    """One question: the key that its answer fills (`key.part` for a language), and whether an answer is wanted."""

    target: str
    question: str
    wanted: bool = False


STEPS = (
    Step("title.en", "Title in English (leave empty where you have none)"),
    Step("title.ru", "Title in Russian (leave empty where you have none)"),
    Step("type", "Form of instrument (treaty, agreement, memorandum …)", True),
    Step("party", "Parties: states or organisations, by any name or code, parted by ;", True),
    Step("signed", "Signed on (2022, 2022-12, 22 December 2022 …)"),
    Step("place", "Signed at (a city)"),
    Step("subject", "Topics, parted by ;"),
    Step("signature", "Signed by (people who have a record), parted by ;"),
    Step("inForce", "In force since"),
)


def new_agreement(folder: Path, ask: Ask | None = None, tell: Tell = print) -> Path | None:
    """Asks for an agreement and writes its record into `folder`; gives its path, None where the person chose not to.

    Raises Faults where the record would not pass the checks, OSError for a disk that fails; an interrupt (click.Abort) leaves nothing behind.
    """
    tell("Reading the records …")
    beside = Neighbours(folder)
    return _Drafting(beside, ask or terminal(), tell).agreement()


def terminal() -> Ask:
    """Asks on the terminal, with completion where there is one."""
    import click

    if sys.stdin.isatty():
        try:
            return _completing()
        except ImportError:
            pass
    return lambda question, _: str(click.prompt(question, default="", show_default=False))


def _completing() -> Ask:
    import click
    from prompt_toolkit import prompt
    from prompt_toolkit.completion import FuzzyWordCompleter

    def ask(question: str, choices: Sequence[str]) -> str:
        try:
            return prompt(f"{question}: ", completer=FuzzyWordCompleter(list(choices)) if choices else None, complete_while_typing=bool(choices))
        except (EOFError, KeyboardInterrupt):
            raise click.Abort from None

    return ask


class _Drafting:
    """One conversation."""

    def __init__(self, beside: Neighbours, ask: Ask, tell: Tell) -> None:
        self.beside, self.ask, self.tell = beside, ask, tell
        self.kind = load().kinds["agreements"]
        self.data: Data = {}
        self.shown = ""

    def agreement(self) -> Path | None:
        """Asks everything, shows the record and writes it."""
        sources = self._sources()
        for step in STEPS:
            key, _, part = step.target.partition(".")
            if (value := self._answer(step, key, part)) is not None:
                self.data[key] = {**self.data.get(key, {}), **value} if part else value
            if step.target == "party" and not self._goes_on():
                return None
        if not self._goes_on():
            return None
        return self._write(sources)

    def _sources(self) -> list[str]:
        """Addresses of the pages that say it all: no statement stands without one."""
        while True:
            try:
                if found := [
                    a for a in notations.addresses(self.ask("Address of the page that tells of it (https://…; several with blanks between)", ())) if ":" in a
                ]:
                    return found
                self.tell("  a record wants at least one page as its source")
            except Unread as error:
                self.tell(f"  {error}")

    def _answer(self, step: Step, key: str, part: str) -> Any:
        known = self.kind.fields[key]
        while True:
            given = self.ask(step.question, self._choices(known)).strip().rstrip(";").strip()
            if not given and key == "type" and (form := self.beside.lookup.form(self.data.get("title", {}))):
                given = form
            if not given and not step.wanted:
                return None
            try:
                if given:
                    return self._read(known, given, part)
                self.tell(f"  {known.message}")
            except Unread as error:
                self.tell(f"  {error}")

    def _read(self, known: Field, given: str, part: str) -> Any:
        if known.key == "signature":
            return {person: self._for(person) for person in self.beside.lookup.references(given, ("people",))}
        found = self.beside.lookup.value(known, given)
        return {part: found} if part else found

    def _for(self, person: str) -> Data:
        """The party for which a person signed, where it is told."""
        name = self.beside.names.label(self.beside.names.terms.base + person, "en")
        parties = self.data.get("party", [])
        given = self.ask(f"  {name} signed for (leave empty where it is not known)", [self._label(p) for p in parties]).strip()
        return {"for": self.beside.lookup.reference(given, ("states", "organizations"))} if given else {}

    def _choices(self, known: Field) -> list[str]:
        """What a question may be answered with: words of a list, or names of records."""
        if known.words:
            return sorted(known.words)
        folders = ("people",) if known.key == "signature" else known.folders
        base = self.beside.names.terms.base
        return (
            sorted({self.beside.names.label(i, "en") for i in self.beside.names.labels if i.startswith(tuple(f"{base}{f}/" for f in folders))})
            if folders
            else []
        )

    def _label(self, short: str) -> str:
        return self.beside.names.label(self.beside.names.terms.base + short, "en")

    def _goes_on(self) -> bool:
        """Whether the person goes on where the agreement seems to be recorded already."""
        record = self.beside.recorded.match(self.data) if self.data.get("title") or self.data.get("signed") else None
        if record is None or record.name == self.shown:
            return True
        self.shown = record.name
        self.tell(f"  this looks like {record.name}: {self._label(record.name)}, {record.data.get('signed', 'undated')}")
        self.tell("  to add to it, write a record of the same name that begins with `adds: true` (see README.md of your folder)")
        return self.ask("Is yours another agreement? (yes or no)", ("yes", "no")).strip().lower() in YES

    def _write(self, sources: Sequence[str]) -> Path | None:
        data = writing.entitled(self.data, self.beside.names)
        name = writing.name(data, self.beside.names, {*self.beside.recorded.by_name})
        shown = writing.plain(self.kind, data)
        supports = [{"supports": [k for k in shown if self.kind.fields[k].modality != "editorial"]}]
        record = {**shown, "seen": datetime.date.today().isoformat(), "sources": dict.fromkeys(sources, supports)}
        files = {f"{name}.yaml": writing.text(record, writing.hint(self.beside.folder))}
        self.tell(f"\n{name}.yaml\n{files[f'{name}.yaml']}")
        return next(iter(save(self.beside, files, self.ask, self.tell)), None)


def save(beside: Neighbours, files: Mapping[str, str | bytes], ask: Ask, tell: Tell, mend: bool = False) -> list[Path]:
    """Writes files that pass every check, once the person agrees; gives their paths, none where the person does not.

    Where some would not pass, raises Faults; with `mend` they are written as drafts (`review: needed`), which stay out of the graph.
    """
    faults, hosts = beside.examine(files)
    if faults and not mend:
        raise Faults(fault for fault, _ in faults)
    for fault, _ in faults:
        tell(str(fault))
    wrong = {fault.path for fault, _ in faults}
    files = {name: f"review: needed\n{content!s}" if name in wrong else content for name, content in files.items()}
    drafts = f" ({len(wrong)} of them as drafts to be mended)" if wrong else ""
    if ask(f"Write {len(files)} files{drafts}? (yes or no)", ("yes", "no")).strip().lower() not in ("", *YES):
        tell("nothing was written")
        return []
    for host in hosts:
        tell(f"new page host {host}: say who publishes it in publishers.yaml (kind: unknown for now)")
    return writing.write(beside.folder, beside.complete(files, hosts))
