"""What lies beside a new record, and does it fit there? The records that are there, and every check before anything is written."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from graph_builder import checks, comparing, evidence, merging, reader, store, triples, writing
from graph_builder.accords import folders
from graph_builder.faults import Fault
from graph_builder.lookups import Lookup
from graph_builder.notations import lists
from graph_builder.questions import Names
from graph_builder.records import Path_, Record


class Neighbours:
    """The shipped records and those of a user's folder, with their names; faults that they have already do not count here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.found = store.collect(folders([folder] if folder.is_dir() else []))
        self.names = Names(store.fill(self.found.terms, store.mapped(self.found)[0]))
        self.lookup = Lookup(self.names, lists()["words"])
        self.recorded = comparing.Recorded(merging.whole(self.found.records, self.found.terms)[0], self.names)

    def examine(self, files: Mapping[str, str | bytes]) -> tuple[list[tuple[Fault, Path_]], list[str]]:
        """Faults that files (path below the folder → content) would have, each with its path into the record; hosts without a publisher."""
        made, faults = self._read(files)
        hosts = writing.strangers((s for r in made for s in r.sources), self.found.publishers)
        mapper = triples.Mapper(self.found.terms, self.found.articles, self.found.publishers | {h: {} for h in hosts})
        faults += [(f, r) for r in made for f in mapper.nodes(r)[1]]
        new = {r.path: r for r in made}
        whole, clashes = merging.whole([*self.found.records, *made], self.found.terms)
        faults += [(f, new[f.path]) for f in (*clashes, *checks.check(whole, self.found.terms)) if f.path in new]
        return [(fault, _where(fault, record)) for fault, record in faults], hosts

    def _read(self, files: Mapping[str, str | bytes]) -> tuple[list[Record], list[tuple[Fault, Record | None]]]:
        made: list[Record] = []
        faults: list[tuple[Fault, Record | None]] = []
        with tempfile.TemporaryDirectory() as name:
            writing.scatter(Path(name), files)
            for relative in files:
                if not relative.endswith(".yaml") or "/" not in relative:
                    continue
                record, wrong = reader.read(Path(name) / relative, self.found.terms, relative)
                if record and record.kind.folder == "articles":
                    article, more = evidence.article(record, Path(name))
                    self.found.articles |= {article.name: article} if article else {}
                    wrong = [*wrong, *more]
                made += [record] if record else []
                faults += [(fault, record) for fault in wrong]
        return made, faults

    def complete(self, files: Mapping[str, str | bytes], hosts: list[str]) -> dict[str, str | bytes]:
        """The files with the publishers that they need: a host that nobody knows gets the kind unknown."""
        return {**files, **({"publishers.yaml": writing.with_hosts(self.folder, hosts)} if hosts else {})}


def _where(fault: Fault, record: Record | None) -> Path_:
    """The path into the record at which a fault stands."""
    places = {place: path for path, place in (record.places.items() if record else ())}
    return places.get((fault.line, fault.column), ())
