"""What a build keeps for the next command: the graph as text, and each record's part of it by the record's content.

One file, so that it is whole or not there: the text, the list of entries, what is accepted, a head, and the head's length in four bytes.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from graph_builder.records import Data

FILE = ".graph"
PARTS = ("text", "index", "accepted")
"""What the file holds before its head, in order; the head gives the length of each in bytes."""
Head = dict[str, object]


@dataclass(slots=True)
class Entry:
    """What the graph and the checks between records need of one faultless record."""

    key: str
    """Name of its file, as `store.files` gives it."""
    seal: str
    """Digest of its content and of what its evidence rests on."""
    data: Data
    sources: list[str]
    because: list[str]
    adds: bool
    text: bytes = b""


@dataclass(slots=True)
class Kept:
    """An earlier build's file; each part of it is read when it is asked for."""

    path: Path
    head: Head = field(default_factory=dict)

    @property
    def text(self) -> bytes:
        """The whole graph but the vocabulary, as TriG."""
        return self._part("text")

    @property
    def accepted(self) -> bytes:
        """The default graph, vocabulary and all, as N-Triples."""
        return self._part("accepted")

    def entries(self) -> dict[str, Entry]:
        """The records of that build by their keys."""
        start = end = 0
        found = {}
        text = self.text
        for *values, length in json.loads(self._part("index") or b"[]"):
            start, end = end, end + length
            found[values[0]] = entry = Entry(*values)
            entry.text = text[start:end]
        return found

    def _part(self, name: str) -> bytes:
        lengths = {part: value if isinstance(value := self.head.get(part, 0), int) else 0 for part in PARTS}
        if not lengths[name]:
            return b""
        with self.path.open("rb") as file:
            file.seek(sum(lengths[part] for part in PARTS[: PARTS.index(name)]))
            return file.read(lengths[name])


def kept(out: Path) -> Kept:
    """What an earlier build kept in a folder; empty where there is nothing that can be used."""
    path = out / FILE
    try:
        with path.open("rb") as file:
            file.seek(-4, os.SEEK_END)
            length = int.from_bytes(file.read(4), "big")
            file.seek(-4 - length, os.SEEK_END)
            before, head = file.tell(), json.loads(file.read(length))
        return Kept(path, head) if sum(head[part] for part in PARTS) == before else Kept(path)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Kept(path)


def _sweep(out: Path) -> None:
    """Deletes what killed runs left beside their targets (`.graph.trig.x1y2`), an hour after the last byte."""
    for path in out.glob(".*.*"):
        if path.is_file() and time.time() - path.stat().st_mtime > 3600:
            path.unlink(missing_ok=True)


class Keeper:
    """Writes the file piece by piece beside its target; only `finish` moves it there. A folder that cannot be written is no fault."""

    def __init__(self, out: Path) -> None:
        self.target, self.name = out / FILE, ""
        self.lengths = dict.fromkeys(PARTS, 0)
        self.index: list[bytes] = []
        with suppress(OSError):
            out.mkdir(parents=True, exist_ok=True)
            _sweep(out)
            handle, self.name = tempfile.mkstemp(prefix=f"{FILE}.", dir=out)
            self.file = os.fdopen(handle, "wb", 1 << 20)

    def __enter__(self) -> Keeper:
        return self

    def __exit__(self, *_: object) -> None:
        if self.name:
            self._drop()

    def add(self, text: bytes, entry: Entry | None = None) -> None:
        """Adds a text, and the entry that it belongs to; entries come first, in the order of their texts."""
        if entry:
            values = [entry.key, entry.seal, entry.data, entry.sources, entry.because, entry.adds, len(text)]
            self.index.append(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode())
        self._write("text", text)

    def end(self, quads: ox.Store) -> None:
        """Adds the list of entries, and what is accepted once more by itself."""
        for number, line in enumerate(self.index):
            self._write("index", (b"," if number else b"[") + line)
        self._write("index", b"]" if self.index else b"[]")
        if self.name:
            try:
                start = self.file.tell()
                quads.dump(self.file, format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
                self.lengths["accepted"] = self.file.tell() - start
            except OSError:
                self._drop()

    def finish(self, head: Head) -> None:
        """Puts the file into its place, with a head that says what it was made from."""
        last = json.dumps(head | self.lengths).encode()
        self._write("head", last + len(last).to_bytes(4, "big"))
        if self.name:
            try:
                self.file.close()
                os.replace(self.name, self.target)
                self.name = ""
            except OSError:
                self._drop()

    def _write(self, part: str, text: bytes) -> None:
        self.lengths[part] = self.lengths.get(part, 0) + len(text)
        if self.name:
            try:
                self.file.write(text)
            except OSError:
                self._drop()

    def _drop(self) -> None:
        with suppress(OSError):
            self.file.close()
        Path(self.name).unlink(missing_ok=True)
        self.name = ""

