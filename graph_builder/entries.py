"""The quick way to the graph: only changed records are read again, on every core; any fault sends back to the slow way, which tells all."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph_builder import reader, store
from graph_builder.evidence import Article
from graph_builder.kept import Entry, Keeper
from graph_builder.records import Record
from graph_builder.statements import Writer
from graph_builder.terms import load
from graph_builder.triples import Mapper

MANY = 6000
"""Records to read from which on other processes pay for their start (at 2,700 they did not)."""
SHARE = 200
"""Records that a process reads before it answers."""
WINDOW = 50 * SHARE
"""Records whose entries may wait in memory for the engine."""
PIECE = 4 * 1024 * 1024
"""Bytes of text that the engine loads at a time."""
Job = tuple[str, str]


class Unfit(Exception):
    """Something here has a fault: the slow way finds it and says where."""


def graph(folders: Sequence[Path], old: dict[str, Entry], keeper: Keeper) -> ox.Store:
    """The graph of these folders, with the entries of an earlier build where they still hold. Raises Unfit where anything is at fault."""
    with store.no_collector(), ThreadPoolExecutor(1) as thread:
        files = store.files(folders)
        found = _frame(folders, files.values())
        mapper = Mapper(found.terms, found.articles, found.publishers)
        loading = _Loading(thread)
        for entry, path in _entries(files, old, mapper):
            keeper.add(entry.text, entry)
            loading.add(entry.text)
            found.records.append(_record(entry, path, found))
            entry.text = b""
        last = Writer(found.terms).text(mapper.publisher_nodes()).encode()
        loading.add(last, more=False)
        if store.compared(found):
            raise Unfit
        quads = loading.done()
        store.vocabulary(quads, found.terms)
        derived = ox.serialize(store.derive(quads, found.terms), format=ox.RdfFormat.TRIG) or b""
        keeper.add(last + derived)
        return quads


def _frame(folders: Sequence[Path], files: Iterable[tuple[Path, Path]]) -> store.Collection:
    """The publishers and stored texts on which every record's evidence rests."""
    found = store.Collection(load())
    for folder in folders:
        store.publishers(folder, found)
    for path, folder in files:
        if path.parent.name == "articles":
            record, faults = reader.read(path, found.terms)
            if record is None or faults:
                raise Unfit
            store.place(record, folder, found)
    if found.faults or not all(folder.is_dir() for folder in folders):
        raise Unfit
    found.records.clear()
    return found


def _record(entry: Entry, path: Path, found: store.Collection) -> Record:
    """As much of a record as the checks between records look at; all of one that adds to another."""
    if entry.adds:
        record, _ = reader.read(path, found.terms)
        if record is None:
            raise Unfit
        return record
    kind = found.terms.kinds[path.parent.name]
    return Record(str(path), f"{path.parent.name}/{path.stem}", kind, entry.data, {s: [] for s in entry.sources}, {k: {} for k in entry.because})


class _Loading:
    """Loads texts into a store in a thread of its own, for the engine needs no interpreter."""

    def __init__(self, thread: ThreadPoolExecutor) -> None:
        self.thread, self.quads = thread, ox.Store()
        self.pieces: list[bytes] = []
        self.size = 0
        self.jobs: list[Future[None]] = []

    def add(self, text: bytes, more: bool = True) -> None:
        self.pieces.append(text)
        self.size += len(text)
        if self.size < PIECE and more:
            return
        self.jobs.append(self.thread.submit(self.quads.bulk_load, b"".join(self.pieces), ox.RdfFormat.TRIG))
        self.pieces, self.size = [], 0
        if len(self.jobs) > 2:
            self.jobs[-3].result()

    def done(self) -> ox.Store:
        try:
            for job in self.jobs:
                job.result()
        except SyntaxError:
            raise Unfit from None
        return self.quads


# ---- entries: kept ones and new ones ---------------------------------------------------------------------------------


def _entries(files: dict[str, tuple[Path, Path]], old: dict[str, Entry], mapper: Mapper) -> Iterator[tuple[Entry, Path]]:
    """An entry for each file, in order. Raises Unfit at the first fault."""
    good = {k: old[k] for k, (path, _) in files.items() if k in old and old[k].seal == seal(path.read_bytes(), old[k].sources, mapper)}
    new = read_all([(key, str(path)) for key, (path, _) in files.items() if key not in good], mapper)
    for key, (path, _) in files.items():
        entry = good[key] if key in good else next(new)
        if entry is None:
            raise Unfit
        yield entry, path


def seal(content: bytes, sources: Iterable[str], mapper: Mapper) -> str:
    """Digest of a record's content, of the stored texts that it quotes and of who publishes its pages."""
    basis = [mapper.articles[s].sha256 if s in mapper.articles else mapper.publisher(s) or "" for s in sources]
    return hashlib.blake2b(content + "\0".join(basis).encode(), digest_size=16).hexdigest()


def read(job: Job, mapper: Mapper, writer: Writer) -> Entry | None:
    """The entry of one record; None where the record has a fault."""
    key, path = job[0], Path(job[1])
    content = path.read_bytes()
    record, faults = reader.read(path, mapper.terms)
    if record is None or faults:
        return None
    nodes, faults = mapper.nodes(record)
    if faults:
        return None
    return Entry(key, seal(content, record.sources, mapper), record.data, list(record.sources), list(record.because), record.adds, writer.text(nodes).encode())


def read_all(jobs: Sequence[Job], mapper: Mapper) -> Iterator[Entry | None]:
    """The entries of records in order; read on every core where there are many."""
    cores = min(os.cpu_count() or 1, 8)
    if len(jobs) < MANY or cores == 1:
        writer = Writer(mapper.terms)
        yield from (read(job, mapper, writer) for job in jobs)
        return
    with ThreadPoolExecutor(cores) as threads:
        helpers = Helpers(mapper)
        try:
            for first in range(0, len(jobs), WINDOW):
                part = jobs[first : first + WINDOW]
                for found in threads.map(helpers.ask, [part[n : n + SHARE] for n in range(0, len(part), SHARE)]):
                    yield from found
        finally:
            helpers.end()


class Helpers:
    """One process a thread that reads records: `python -m graph_builder.entries`, spoken to in lines of JSON."""

    def __init__(self, mapper: Mapper) -> None:
        self.setup = json.dumps([[astuple(a) for a in mapper.articles.values()], mapper.publishers]).encode() + b"\n"
        self.own = threading.local()
        self.processes: list[subprocess.Popen[bytes]] = []

    def ask(self, jobs: Sequence[Job]) -> list[Entry | None]:
        """The entries of some records. Raises Unfit where the process is gone."""
        try:
            process = self._process()
            if not process.stdin or not process.stdout:
                raise Unfit
            process.stdin.write(json.dumps(jobs).encode() + b"\n")
            process.stdin.flush()
            return [values and _entry(values) for values in json.loads(process.stdout.readline())]
        except (OSError, ValueError):
            raise Unfit from None

    def _process(self) -> subprocess.Popen[bytes]:
        if not hasattr(self.own, "process"):
            path = os.pathsep.join([str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
            command = [sys.executable, "-P", "-m", "graph_builder.entries"]
            self.own.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path})
            self.processes.append(self.own.process)
            self.own.process.stdin.write(self.setup)
        process: subprocess.Popen[bytes] = self.own.process
        return process

    def end(self) -> None:
        """Ends every process."""
        for process in self.processes:
            process.kill()
            process.communicate()


def _entry(values: list[Any]) -> Entry:
    *values, text = values
    entry = Entry(*values)
    entry.text = text.encode()
    return entry


def main() -> None:
    """Answers each line of jobs on standard input with a line of entries."""
    articles, publishers = json.loads(sys.stdin.buffer.readline() or b"[[], {}]")
    mapper = Mapper(load(), {a[0]: Article(*a) for a in articles}, publishers)
    writer = Writer(mapper.terms)
    with store.no_collector():
        for line in sys.stdin.buffer:
            entries = [read((key, path), mapper, writer) for key, path in json.loads(line)]
            answer = [e and [e.key, e.seal, e.data, e.sources, e.because, e.adds, e.text.decode()] for e in entries]
            sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
