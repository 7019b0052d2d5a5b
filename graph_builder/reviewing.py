"""An article gone over with a person: each value with its sentence, kept, changed or dropped; then its records."""

from __future__ import annotations

import datetime
import hashlib
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from graph_builder import articles, comparing, folders, writing
from graph_builder.drafting import Ask, Tell, save, terminal
from graph_builder.evidence import occurrences
from graph_builder.neighbours import Neighbours
from graph_builder.notations import Unread
from graph_builder.records import Data, Record, merge
from graph_builder.terms import load

KEYS = {
    "title": "title",
    "type": "type",
    "parties": "party",
    "status": "status",
    "signed": "signed",
    "place": "place",
    "signatories": "signature",
    "topics": "subject",
}
"""Fields of a draft → keys of a record, in the order in which they are gone over."""
CHOICE = "[Enter] keep, c change, d drop, s skip this agreement"
END = re.compile(r"[.!?…]\s|\n")
Entry = dict[str, Any]


class _Skip(Exception):
    """The person leaves the agreement out."""


def review(file: Path, language: str | None, data: Sequence[Path] = (), into: Path | None = None, ask: Ask | None = None, tell: Tell = print) -> list[Path]:
    """Walks a person through the draft of an article and writes what was kept, with the article's text, into a folder of the user's own.

    Gives the paths written. What would not pass a check is written with `review: needed`, so that no work is lost and nothing wrong enters the graph.
    Raises Refused for an article that is no text, Faults without a folder; an interrupt (click.Abort) leaves nothing behind.
    """
    folder = folders.target([into] if into else data)
    text = articles.text(file)
    found = articles.drafted(text, language, folders.own([into] if into else data))
    work = _Review(Neighbours(folder), text, file.stem, found, ask or terminal(), tell)
    return work.review()


class _Review:
    """One article."""

    def __init__(self, beside: Neighbours, text: str, stem: str, draft: Any, ask: Ask, tell: Tell) -> None:
        self.beside, self.text, self.draft, self.ask, self.tell = beside, text, draft, ask, tell
        self.kind = load().kinds["agreements"]
        self.language = str(draft["language"]).replace("uz-cyrl", "uz-Cyrl")
        self.sha = hashlib.sha256(text.encode()).hexdigest()
        self.stored = next((a.name for a in beside.found.articles.values() if a.sha256 == self.sha), None)
        self.name = self.stored or self._free(f"articles/{writing.stem(stem) or 'article'}")
        self.files: dict[str, str | bytes] = {}

    def _free(self, name: str) -> str:
        taken, n, found = {r.name for r in self.beside.found.records}, 2, name
        while found in taken:
            found, n = f"{name}-{n}", n + 1
        return found

    def review(self) -> list[Path]:
        """Every agreement of the draft in turn, then the article's card; writes what was kept."""
        agreements = self.draft["agreements"]
        self.tell(f"{len(agreements)} agreements in the article; {len(self.draft['people'])} people")
        for number, item in enumerate(agreements, 1):
            self.tell(f"\n— {number} of {len(agreements)}: {item['title']}")
            if item["known"]:
                self.tell(f"  already {item['known']}; what you keep is added to it")
            try:
                self._agreement(item)
            except _Skip:
                self.tell("  left out")
        if not self.files:
            self.tell("nothing was kept, nothing is written")
            return []
        if not self.stored:
            self._card()
        return save(self.beside, self.files, self.ask, self.tell, mend=True)

    # ---- one agreement ----------------------------------------------------------------------------

    def _agreement(self, item: Entry) -> None:
        data: Data = {}
        entries: list[Entry] = []
        for field, key in KEYS.items():
            for line in (e for e in item["evidence"] if e["field"] == field and e["value"] != "signed"):
                value, changed = self._value(key, line)
                if value is not None:
                    data[key] = merge(data[key], value) if key in data else value
                    entries.append(self._entry(line, _supported(key, value), changed))
        if not data.get("party") or not data.get("type"):
            self.tell("  an agreement wants a type and at least one party: left out")
            return
        record = self.beside.recorded.by_name.get(item["known"] or "") or self.beside.recorded.match(data)
        if record:
            self._added(record, data, entries)
        else:
            data = writing.entitled(data, self.beside.names)
            name = writing.name(data, self.beside.names, {*self.beside.recorded.by_name, *(f.removesuffix(".yaml") for f in self.files)})
            self._keep(name, {**writing.plain(self.kind, data)}, entries)

    def _value(self, key: str, line: Entry) -> tuple[Any, bool]:
        """The value that the person keeps, None for none, and whether it was changed."""
        given = "; ".join(line["value"]) if isinstance(line["value"], list) else str(line["value"])
        how = "" if line["how"] == "explicit" else "  (inferred)"
        self.tell(f"\n  {key}: {given}{how}\n  {self._sentence(line['start'], line['end'])}")
        changed = False
        while True:
            choice = self.ask(f"  {CHOICE}", ()).strip().lower()
            if choice in ("d", "s"):
                if choice == "s":
                    raise _Skip
                return None, False
            if choice == "c":
                given, changed = self.ask(f"  {key}", self._choices(key)), True
            elif choice:
                continue
            try:
                return self._read(key, given, line), changed
            except Unread as error:
                self.tell(f"  {error}")

    def _read(self, key: str, given: str, line: Entry) -> Any:
        if key == "title":
            return {self.language: " ".join(given.split())}
        if key == "signature":
            return {self._person(given, line): {}}
        return self.beside.lookup.value(self.kind.fields[key], given)

    def _choices(self, key: str) -> list[str]:
        known = self.kind.fields[key]
        wanted = tuple(f"{self.beside.names.terms.base}{f}/" for f in (("people",) if key == "signature" else known.folders))
        return sorted(known.words) or sorted(self.beside.names.label(i, "en") for i in self.beside.names.labels if wanted and i.startswith(wanted))

    def _person(self, given: str, line: Entry) -> str:
        """The record of a signatory; where there is none yet, one is made of what the article says."""
        try:
            return self.beside.lookup.reference(given, ("people",))
        except Unread as error:
            if "did you mean" in str(error):
                raise
        person = next((p for p in self.draft["people"] if given in (p["normalized"], p["name"])), None)
        name = f"people/{writing.stem(given)}"
        russian = self.ask(f"  {given} has no record yet; the name in Russian", ()).strip() or given
        record: Data = {"name": {"en": given, "ru": russian}}
        if person and person["role"] and person["affiliation"]:
            record["tenure"] = [{"role": person["role"], "of": self.beside.lookup.reference(person["affiliation"], ("states", "organizations"))}]
        entry = self._quote((person or line)["start"], (person or line)["end"])
        self._write(name, record, [{**entry, "supports": list(record)}])
        return name

    # ---- evidence ---------------------------------------------------------------------------------

    def _sentence(self, start: int, end: int) -> str:
        """The sentence around a passage, the passage in colour."""
        import click

        before = max((m.end() for m in END.finditer(self.text, 0, start)), default=0)
        after = END.search(self.text, end)
        stop = after.start() + 1 if after else len(self.text)
        marked = click.style(self.text[start:end], fg="green", bold=True) if sys.stdout.isatty() else f"»{self.text[start:end]}«"
        return " ".join(f"{self.text[before:start]}{marked}{self.text[end:stop]}".split())

    def _entry(self, line: Entry, path: str, changed: bool) -> Entry:
        inferred = {"inferred": "true"} if changed or line["how"] != "explicit" else {}
        return {**self._quote(line["start"], line["end"]), "supports": [path], **inferred}

    def _quote(self, start: int, end: int) -> Entry:
        """The words of a passage, grown to whole words, and which occurrence of them is meant where there are several."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        while start and self.text[start - 1].isalnum() and self.text[start].isalnum():
            start -= 1
        while end < len(self.text) and self.text[end - 1].isalnum() and self.text[end].isalnum():
            end += 1
        quote = self.text[start:end]
        places = occurrences(self.text, quote)
        return {"quote": quote, **({"nth": str(places.index(start) + 1)} if len(places) > 1 else {})}

    # ---- records ----------------------------------------------------------------------------------

    def _added(self, record: Record, data: Data, entries: list[Entry]) -> None:
        """What the article adds to a record that is there; a value that differs becomes what the article says otherwise."""
        _, differs = comparing.differences(record, data)
        because = {}
        for key, (theirs, mine) in differs.items():
            self.tell(f"  {key}: {record.name} has {theirs}, the article {mine}")
            reason = self.ask("  why does the record's value stay? (empty: leave the article's out)", ()).strip()
            moved = [e for e in entries if e.get("supports", [""])[0].partition(".")[0] == key]
            entries[:] = [e for e in entries if e not in moved]
            if reason and moved:
                because[key] = reason
                entries.append({**{k: v for k, v in moved[0].items() if k != "supports"}, "says": writing.plain(self.kind, {key: data[key]})})
        other = {k: [v] for k, v in data.get("title", {}).items() if record.data.get("title", {}).get(k, v) != v}
        kept = {k: v for k, v in data.items() if k not in differs and k != "title"}
        same = {k: v for k, v in data.get("title", {}).items() if k not in other}
        for entry in entries:
            entry["supports"] = ["altLabel" if k == "title" and other else k for k in entry.get("supports", ())] or entry.pop("supports", [])
        if other:
            kept["altLabel"] = other
        if same:
            kept["title"] = same
        self._keep(record.name, {"adds": "true", **writing.plain(self.kind, kept)}, [{k: v for k, v in e.items() if v != []} for e in entries], because)

    def _keep(self, name: str, record: Data, entries: list[Entry], because: Data | None = None) -> None:
        together: dict[str, Entry] = {}
        for entry in entries:
            first = together.setdefault(repr({k: v for k, v in entry.items() if k != "supports"}), entry)
            if first is not entry:
                first["supports"] = list(dict.fromkeys([*first["supports"], *entry["supports"]]))
        self._write(name, record, list(together.values()), because)
        self.tell(f"\n{name}.yaml\n{self.files[f'{name}.yaml']!s}")

    def _write(self, name: str, record: Data, entries: list[Entry], because: Data | None = None) -> None:
        whole = {**record, "seen": datetime.date.today().isoformat(), "sources": {self.name: entries}}
        self.files[f"{name}.yaml"] = writing.text(
            {**whole, **({"because": because} if because else {})}, writing.hint(self.beside.folder, name.partition("/")[0])
        )

    def _card(self) -> None:
        """The article's card and its text beside it."""
        first = next(line.strip() for line in self.text.splitlines() if line.strip())
        quote = first if len(first) <= 200 else first[:200].rsplit(" ", 1)[0]
        start = self.text.index(quote)
        heads = {"en": "Article", "ru": "Статья"}
        told = " ".join(quote.split())
        title = {self.language: told, **{k: f"{head}: {told}" for k, head in heads.items() if k != self.language}}
        record = {"title": title, "descriptive": [k for k in heads if k != self.language], "language": self.language,
                  "text": f"{self.name.partition('/')[2]}.txt", "sha256": self.sha}  # fmt: skip
        entries = [{**self._quote(start, start + len(quote)), "supports": ["title"]}]
        self._write(self.name, record, entries)
        self.files[f"{self.name}.txt"] = self.text.encode()


def _supported(key: str, value: Any) -> str:
    """What the words of one value support: that value of a list alone.

    >>> _supported("subject", ["energy"]), _supported("party", ["states/a", "states/b"])
    ('subject.energy', 'party')
    """
    single = key in ("subject", "signature") and len(value) == 1
    return f"{key}.{next(iter(value))}" if single else key
