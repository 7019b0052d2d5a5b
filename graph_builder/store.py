"""The whole graph: records read, checked, mapped, loaded and derived in one pass."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from graph_builder import checks, evidence, merging, reader, triples
from graph_builder.faults import Fault, Faults
from graph_builder.records import Data, Record
from graph_builder.statements import Writer
from graph_builder.terms import Terms, load, share

BATCH = 10_000
"""Nodes in one text that the engine loads."""
TEMPLATES = "templates"
"""Folder of a user's own folder whose files are no records but begin one."""


@dataclass
class Collection:
    """Records of one or more data folders; a later folder's record stands in for an earlier one of the same name."""

    terms: Terms
    records: list[Record] = field(default_factory=list)
    articles: dict[str, evidence.Article] = field(default_factory=dict)
    publishers: dict[str, Data] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    hosts: dict[str, Record] = field(default_factory=dict)


def files(folders: Sequence[Path]) -> dict[str, tuple[Path, Path]]:
    """Name → file and its data folder, for every file that may be a record, sorted by name; `+` marks one that adds."""
    found: dict[str, tuple[Path, Path]] = {}
    for folder in folders:
        for name in sorted(_names(folder)):
            path = folder / name
            found[f"{name}+{folder}" if name in found and adds(path) else name] = (path, folder)
    return found


def _names(folder: Path) -> Iterator[str]:
    """`folder/name.yaml` of every file that may be a record."""
    if not folder.is_dir():
        return
    with os.scandir(folder) as inside:
        for entry in inside:
            if entry.name != TEMPLATES and entry.is_dir():
                yield from (f"{entry.name}/{name}" for name in os.listdir(entry.path) if name.endswith((".yaml", ".yml")))


def adds(path: Path) -> bool:
    """Whether a record says that it only adds to the one of its name."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        return any(line.strip() == "adds: true" for line in lines)


def collect(folders: Sequence[Path]) -> Collection:
    """Reads and checks every record; all faults are in the result."""
    found = Collection(load())
    for folder in folders:
        if not folder.is_dir():
            found.faults.append(Fault(str(folder), 1, 1, "no such folder of records"))
        publishers(folder, found)
    for path, folder in files(folders).values():
        record, faults = reader.read(path, found.terms, shown(path))
        found.faults += faults
        if record:
            place(record, folder, found)
    found.faults += compared(found)
    return found


def compared(found: Collection) -> list[Fault]:
    """The faults that show when all records lie side by side."""
    whole, faults = merging.whole(found.records, found.terms)
    return faults + checks.check([*whole, *found.hosts.values()], found.terms)


def publishers(folder: Path, found: Collection) -> None:
    """Reads a folder's table of publishers."""
    path = folder / "publishers.yaml"
    if path.is_file():
        publishers, faults = reader.read_publishers(path, found.terms, shown(path))
        found.hosts |= publishers
        found.publishers |= {host: record.data for host, record in publishers.items()}
        found.faults += faults


def place(record: Record, folder: Path, found: Collection) -> None:
    """Takes a record in, with the stored text of an article."""
    if record.kind.folder == "articles":
        article, faults = evidence.article(record, folder)
        found.faults += faults
        if article:
            found.articles[article.name] = article
    found.records.append(record)


def shown(path: Path) -> str:
    """A path as a person sees it from here."""
    folder = _shown_folder(path.parent, os.getcwd())
    return str(path) if folder is None else os.path.join(folder, path.name)


@cache
def _shown_folder(folder: Path, here: str) -> str | None:
    try:
        return os.path.normpath(folder.resolve().relative_to(here)).removeprefix(".")
    except ValueError:
        return None


def build(folders: Sequence[Path]) -> ox.Store:
    """The store of these folders' records with vocabulary and derived statements.

    Raises Faults with every fault of every file.
    """
    with no_collector():
        found = collect(folders)
        nodes, faults = mapped(found)
        if found.faults or faults:
            raise Faults(found.faults + faults)
        return fill(found.terms, nodes)


def examine(folders: Sequence[Path]) -> tuple[Collection, list[Fault]]:
    """The records of these folders and the faults of their evidence; loads nothing."""
    with no_collector():
        found = collect(folders)
        return found, mapped(found)[1]


def mapped(found: Collection) -> tuple[list[triples.Node], list[Fault]]:
    """The JSON-LD nodes of a collection and the faults of its evidence."""
    mapper = triples.Mapper(found.terms, found.articles, found.publishers)
    nodes: list[triples.Node] = []
    faults: list[Fault] = []
    for record in found.records:
        new, wrong = mapper.nodes(record)
        nodes += new
        faults += wrong
    return [*nodes, *mapper.publisher_nodes()], faults


def fill(terms: Terms, nodes: Sequence[triples.Node]) -> ox.Store:
    """A store of JSON-LD nodes, the vocabulary and what the rules derive."""
    store = ox.Store()
    writer = Writer(terms)
    for n in range(0, len(nodes), BATCH):
        store.bulk_load(writer.text(nodes[n : n + BATCH]), ox.RdfFormat.TRIG)
    vocabulary(store, terms)
    derive(store, terms)
    return store


def vocabulary(store: ox.Store, terms: Terms) -> None:
    """Adds the ontology and the lists of words to the default graph and to a graph of their own."""
    for name in ("diplomacy", "topics"):
        for graph in (ox.DefaultGraph(), ox.NamedNode(terms.base + name)):
            store.bulk_load(path=str(share("ontology") / f"{name}.ttl"), format=ox.RdfFormat.TURTLE, to_graph=graph)


def derive(store: ox.Store, terms: Terms) -> bytes:
    """Adds what each rule constructs to the default graph and to the rule's own graph; gives what it added as TriG. No rule builds on what another adds."""
    paths = sorted((share("ontology") / "rules").glob("*.rq"))
    lines = [_constructed(store, path) for path in paths]
    added = b"".join(b"%s<%srules/%s> {\n%s}\n" % (text, terms.base.encode(), path.stem.encode(), text) for path, text in zip(paths, lines, strict=True))
    store.bulk_load(added, ox.RdfFormat.TRIG, lenient=True)
    return added


def _constructed(store: ox.Store, path: Path) -> bytes:
    found = store.query(path.read_text("utf-8"))
    return found.serialize(format=ox.RdfFormat.N_TRIPLES) or b"" if isinstance(found, ox.QueryTriples) else b""


@contextmanager
def no_collector() -> Iterator[None]:
    """Pauses the garbage collector, which doubles the time of making many objects."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
