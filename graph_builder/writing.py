"""How a record is written: its YAML, its name, the titles that it lacks, all files of one step or none."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from graph_builder.notations import fold, lists
from graph_builder.questions import Names
from graph_builder.records import Data
from graph_builder.terms import Kind, load
from graph_builder.triples import host
from graph_builder.yamls import FORBIDDEN

HINT = "# yaml-language-server: $schema=../schemas/{folder}.json\n"
"""First line of a record in a user's folder: editors complete and check it by this schema."""
STAGE = ".import-"
"""Beginning of the folder in which files wait until all of them are there."""
STALE = 3600
"""Seconds after which such a folder was surely left behind by a process that was ended."""
try:
    from yaml.cyaml import CEmitter as Emitter  # type: ignore[attr-defined]

    COMPOSED: tuple[type, ...] = (Emitter,)
except ImportError:  # PyYAML built without libyaml
    from yaml.emitter import Emitter  # type: ignore[assignment]
    from yaml.serializer import Serializer

    COMPOSED = (Emitter, Serializer)


class _Dumper(*COMPOSED, yaml.representer.SafeRepresenter, yaml.resolver.BaseResolver):  # type: ignore[misc]
    """Writes plain text as it is (2022-12-22, NO): the reader takes every value as text."""

    def __init__(self, stream: Any) -> None:
        self.depth = 0
        Emitter.__init__(self, stream, width=1_000_000, allow_unicode=True)
        if len(COMPOSED) > 1:
            Serializer.__init__(self)
        yaml.representer.SafeRepresenter.__init__(self, sort_keys=False)
        yaml.resolver.BaseResolver.__init__(self)

    def ignore_aliases(self, data: Any) -> bool:
        """Never an anchor: records have none."""
        return True

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        """A short mapping of plain values on one line, any other over several."""
        short = all(isinstance(v, str) for v in mapping.values()) and sum(len(k) + len(v) + 4 for k, v in mapping.items()) < 90
        self.depth += 1
        node: yaml.MappingNode = super().represent_mapping(tag, mapping)
        self.depth -= 1
        node.flow_style = short and self.depth > 0
        return node

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:
        """A list of plain values on one line, any other over several."""
        node: yaml.SequenceNode = super().represent_sequence(tag, sequence, flow_style=all(isinstance(v, str) for v in sequence))
        return node


def text(record: Mapping[str, Any], folder: str = "") -> str:
    """A record as YAML; with the editor's hint line where its folder is given.

    >>> print(text({"type": "treaty", "signed": "2022-12-22", "party": ["states/a", "states/b"]}), end="")
    type: treaty
    signed: 2022-12-22
    party: [states/a, states/b]
    """
    import io

    out = io.StringIO()
    dumper = _Dumper(out)
    try:
        dumper.open()
        dumper.represent(dict(record))
        dumper.close()
    finally:
        dumper.dispose()
    content = out.getvalue()
    if FORBIDDEN.search(content) or not unicodedata.is_normalized("NFC", content):
        content = _escaped(record)
    return (HINT.format(folder=folder) if folder else "") + content


def hint(folder: Path, kind: str = "agreements") -> str:
    """The kind of record that a new record's hint line names; nothing where the user's folder has no schemas."""
    return kind if (folder / "schemas").is_dir() else ""


def _escaped(record: Mapping[str, Any]) -> str:
    """The same with every character beyond ASCII written as an escape: for quotes of texts that hold invisible characters."""
    return str(yaml.dump(dict(record), Dumper=yaml.SafeDumper, allow_unicode=False, sort_keys=False, width=1_000_000))


def plain(kind: Kind, data: Data) -> Data:
    """Values of a record as they are written: a lone value of a key that takes one stands without a list; type first."""
    shown = {k: v[0] if isinstance(v, list) and kind.fields[k].single and len(v) == 1 else v for k, v in data.items()}
    order = ["type", *kind.fields]
    return {k: shown[k] for k in sorted(shown, key=order.index)}


# ---- names and titles ------------------------------------------------------------------------------


def name(data: Data, names: Names, taken: Collection[str]) -> str:
    """A name for an agreement that no record has: year, parties, words of its title.

    The same values give the same name, `-2` and so on where it is taken.
    """
    codes = sorted(_code(p, names) for p in data.get("party", ()))
    told = data.get("title", {})
    labels = [label for p in data.get("party", ()) for label in names.labels.get(names.terms.base + p, {}).values()]
    named, plain_words = {w[:5] for label in labels for w in fold(label).split() if len(w) > 3}, frozenset(lists()["plain"])
    every = fold(told.get("en") or next(iter(told.values()), "")).split()
    words = [stem(w) for w in every if w not in plain_words and w[:5] not in named and not w.isdigit()]
    parts = [data["signed"][:4] if "signed" in data else "undated", *(codes if len(codes) <= 3 else ["multi"]), *(words[:4] or data.get("type", ()))]
    first = found = f"agreements/{stem('-'.join(parts))}"
    n = 2
    while found in taken:
        found, n = f"{first}-{n}", n + 1
    return found


def stem(text: str) -> str:
    """A text as the last part of a record's name.

    >>> stem("Касым-Жомарт Токаев")
    'kasym-zhomart-tokaev'
    """
    return re.sub(r"[^a-z0-9]+", "-", fold(latin(text))).strip("-")[:80].strip("-")


def _code(party: str, names: Names) -> str:
    """The three letters of a state, else the record's own name."""
    from pyoxigraph import DefaultGraph, NamedNode

    hits = names.store.quads_for_pattern(NamedNode(names.terms.base + party), NamedNode(names.terms.expand("code")), None, DefaultGraph())
    return next((str(q.object.value).lower() for q in hits if hasattr(q.object, "value")), party.rpartition("/")[2])


def latin(title: str) -> str:
    """Cyrillic letters in Latin ones, for file names only.

    >>> latin("Договор о границе")
    'dogovor o granitse'
    """
    letters = lists()["letters"]
    return "".join(letters.get(c, c) for c in title.lower())


def entitled(data: Data, names: Names) -> Data:
    """The record's data with a rendering of each title that it lacks in English or Russian, marked `descriptive`."""
    title = dict(data.get("title", {}))
    missing = [language for language in load().kinds["agreements"].fields["title"].languages if language not in title]
    if not missing:
        return data
    told = next((title[k] for k in ("en", "ru", *title) if k in title), data.get("signed", ""))
    for language in missing:
        form = names.label(f"{names.terms.base}types/{data['type'][0]}", language)
        head = f"{form[:1].upper()}{form[1:]} ({_parties(data.get('party', ()), names, language)})"
        title[language] = f"{head}: {told}" if told else head
    return {**data, "title": title, "descriptive": sorted({*data.get("descriptive", ()), *missing})}


def _parties(parties: Sequence[str], names: Names, language: str) -> str:
    shown = [names.label(names.terms.base + p, language) for p in parties]
    more = {"en": "and {} more", "ru": "и ещё {}"}
    return ", ".join(shown if len(shown) <= 6 else [*shown[:5], more[language].format(len(shown) - 5)])


# ---- publishers ------------------------------------------------------------------------------------


def strangers(pages: Iterable[str], publishers: Collection[str]) -> list[str]:
    """Hosts of pages that no publisher is known for, not even by the host above."""
    found = set()
    for page in pages:
        if ":" in page:
            at = above = host(page)
            while above and above not in publishers:
                above = above.partition(".")[2]
            found |= set() if above else {at}
    return sorted(found)


def with_hosts(folder: Path, hosts: Sequence[str]) -> str:
    """The folder's publishers.yaml with lines for new hosts: their kind is unknown until a person says it."""
    path = folder / "publishers.yaml"
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    lines = "".join(f"{h}: {{kind: unknown, name: {{en: {h}, ru: {h}}}}}\n" for h in hosts)
    return before + ("" if before.endswith("\n") or not before else "\n") + lines


# ---- files -----------------------------------------------------------------------------------------


def write(folder: Path, files: Mapping[str, str | bytes]) -> list[Path]:
    """Writes files (path below the folder → content) all together: where one fails, none stays. Gives their paths.

    Everything is first written beside its target, then moved over it. Raises OSError where the disk is full or a folder may not be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{STAGE}*"):
        if time.time() - left.stat().st_mtime > STALE:
            shutil.rmtree(left, ignore_errors=True)
    stage = Path(tempfile.mkdtemp(prefix=STAGE, dir=folder))
    moved: list[tuple[Path, Path | None]] = []
    try:
        scatter(stage / "new", files)
        for relative in files:
            moved.append(_move(stage, folder, relative))
    except BaseException:
        for target, old in reversed(moved):
            _back(target, old)
        raise
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return [folder / relative for relative in files]


def scatter(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Writes files into a folder of no one else."""
    for parent in {(folder / relative).parent for relative in files}:
        parent.mkdir(parents=True, exist_ok=True)
    for relative, content in files.items():
        (folder / relative).write_bytes(content.encode() if isinstance(content, str) else content)


def _move(stage: Path, folder: Path, relative: str) -> tuple[Path, Path | None]:
    target, old = folder / relative, None
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        old = stage / "old" / relative
        old.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(target, old)
    os.replace(stage / "new" / relative, target)
    return target, old


def _back(target: Path, old: Path | None) -> None:
    if old:
        os.replace(old, target)
    else:
        target.unlink(missing_ok=True)
