"""The quick way to the graph: only changed records are read again, on every core; any fault sends back to the slow way, which tells all."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox

from graph_builder import checks, reader, store
from graph_builder.kept import Entry, Keeper
from graph_builder.records import Record
from graph_builder.statements import Writer
from graph_builder.terms import Terms, load
from graph_builder.triples import Mapper

MANY = 400
"""Records to read from which on other processes pay for their start."""
SHARE = 100
"""Records that a process reads before it answers."""
WINDOW = 100 * SHARE
"""Records whose entries may wait in memory for the engine."""
PIECE = 4 * 1024 * 1024
"""Bytes of text that the engine loads at a time."""
PUBLISHERS = "publishers.yaml"
Job = tuple[str, str]


class Unfit(Exception):
    """Something here has a fault: the slow way finds it and says where."""


def graph(folders: Sequence[Path], old: dict[str, Entry], keeper: Keeper) -> ox.Store:
    """The graph of these folders, with the entries of an earlier build where they still hold. Raises Unfit where anything is at fault."""
    with ThreadPoolExecutor(1) as thread:
        files = store.files(folders)
        found = _frame(folders, files.values(), old, keeper)
        mapper = Mapper(found.terms, found.articles, found.publishers)
        loading = _Loading(thread)
        joined = {key.partition("+")[0] for key in files if "+" in key}
        for entry, known in _entries(files, old, mapper):
            keeper.add(entry.text, entry)
            loading.add(entry.text, known)
            found.records.append(_record(entry, files[entry.key][0], found, entry.key in joined))
            entry.text = b""
        ended = loading.end(Writer(found.terms).text(mapper.publisher_nodes()).encode(), keeper, found.terms)
        if store.compared(found):
            raise Unfit
        try:
            return ended.result()
        except SyntaxError:
            raise Unfit from None


def _frame(folders: Sequence[Path], files: Iterable[tuple[Path, Path]], old: dict[str, Entry], keeper: Keeper) -> store.Collection:
    """The publishers and stored texts on which every record's evidence rests."""
    found = store.Collection(load())
    for number, folder in enumerate(folders):
        _publishers(folder / PUBLISHERS, f"{number}/{PUBLISHERS}", found, old, keeper)
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


def _publishers(path: Path, key: str, found: store.Collection, old: dict[str, Entry], keeper: Keeper) -> None:
    """A folder's table of publishers, as kept where it has not changed."""
    if not path.is_file():
        return
    content = _digest(path.read_bytes())
    if key in old and old[key].seal == content:
        data = old[key].data
    else:
        records, faults = reader.read_publishers(path, found.terms)
        found.faults += faults
        data = {host: record.data for host, record in records.items()}
    found.hosts |= {host: Record(str(path), f"publishers/{host}", found.terms.kinds["publishers"], values) for host, values in data.items()}
    found.publishers |= data
    keeper.add(b"", Entry(key, content, data, [], [], False))


def _record(entry: Entry, path: Path, found: store.Collection, whole: bool) -> Record:
    """As much of a record as the checks between records look at; all of one that adds to another, or is added to."""
    if entry.adds or whole:
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
        self.size, self.known = 0, False
        self.jobs: list[Future[None]] = []

    def add(self, text: bytes, known: bool = False) -> None:
        """Adds a text; one `known` to be good is not looked at as strictly again, which takes a third less."""
        if self.size >= PIECE or known != self.known:
            self.flush()
        self.known = known
        self.pieces.append(text)
        self.size += len(text)

    def flush(self) -> None:
        """Hands what waits to the engine."""
        text, lenient = b"".join(self.pieces), self.known
        self.pieces, self.size = [], 0
        if text:
            self.jobs.append(self.thread.submit(self.quads.bulk_load, text, ox.RdfFormat.TRIG, lenient=lenient))
        if len(self.jobs) > 2:
            self.jobs[-3].result()

    def end(self, text: bytes, keeper: Keeper, terms: Terms) -> Future[ox.Store]:
        """Loads the last text, derives, and lets all be kept: while the engine works, the checks between records can run."""
        self.add(text)
        self.flush()
        return self.thread.submit(self._ended, text, keeper, terms)

    def _ended(self, text: bytes, keeper: Keeper, terms: Terms) -> ox.Store:
        for job in self.jobs:
            job.result()
        store.vocabulary(self.quads, terms)
        keeper.add(text + store.derive(self.quads, terms))
        keeper.end(self.quads)
        return self.quads


# ---- entries: kept ones and new ones ---------------------------------------------------------------------------------


def _entries(files: dict[str, tuple[Path, Path]], old: dict[str, Entry], mapper: Mapper) -> Iterator[tuple[Entry, bool]]:
    """An entry for each file, those first that hold from an earlier build (True). Raises Unfit at the first fault."""
    jobs = []
    for key, (path, _) in files.items():
        if key in old and old[key].seal == seal(path.read_bytes(), old[key].sources, mapper):
            yield old[key], True
        else:
            jobs.append((key, str(path)))
    for entry in read_all(jobs, mapper):
        if entry is None:
            raise Unfit
        yield entry, False


def seal(content: bytes, sources: Iterable[str], mapper: Mapper) -> str:
    """Digest of a record's content, of the stored texts that it quotes and of who publishes its pages."""
    basis = [mapper.articles[s].sha256 if s in mapper.articles else mapper.publisher(s) or "" for s in sources]
    return _digest(content + "\0".join(basis).encode())


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


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
    data, text = checks.basis(mapper.terms, record.kind, record.data), writer.text(nodes).encode()
    return Entry(key, seal(content, record.sources, mapper), data, list(record.sources), list(record.because), record.adds, text)


def read_all(jobs: Sequence[Job], mapper: Mapper) -> Iterator[Entry | None]:
    """The entries of records in order; read on every core where there are many.

    Only Linux forks safely, and only a process of one thread; elsewhere this process reads them all.
    """
    readers = _Readers(mapper)
    cores = min(os.cpu_count() or 1, 8)
    if len(jobs) < MANY or cores == 1 or sys.platform != "linux" or threading.active_count() > 1:
        yield from readers(jobs)
        return
    import multiprocessing

    global _forked
    _forked = readers
    with multiprocessing.get_context("fork").Pool(cores) as pool:
        for first in range(0, len(jobs), WINDOW):
            part = jobs[first : first + WINDOW]
            for found in pool.imap(_read_forked, [part[n : n + SHARE] for n in range(0, len(part), SHARE)]):
                yield from found


class _Readers:
    """Reads shares of records with one mapper and writer."""

    def __init__(self, mapper: Mapper) -> None:
        self.mapper, self.writer = mapper, Writer(mapper.terms)

    def __call__(self, jobs: Sequence[Job]) -> list[Entry | None]:
        return [read(job, self.mapper, self.writer) for job in jobs]


_forked: _Readers
"""What the forked processes read with: they inherit it."""


def _read_forked(jobs: Sequence[Job]) -> list[Entry | None]:
    return _forked(jobs)
