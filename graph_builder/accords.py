"""What a user does with the graph: build, check, ask, view, export."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from graph_builder import answers, outputs, questions, store, terms
from graph_builder.faults import Fault, Refused
from graph_builder.terms import load, share

if TYPE_CHECKING:
    import networkx
    import pandas
    import rdflib


def folders(data: Sequence[Path] = ()) -> list[Path]:
    """The data folders to read: the shipped one first, then the user's own; one that holds a file `alone` stands alone."""
    from graph_builder import folders as users

    own = users.own([Path(d) for d in data])
    alone = any((d / "alone").is_file() for d in own)
    every = own if alone else [share("data"), *own]
    return list({d.resolve(): d for d in every}.values())


def check(paths: Sequence[Path] = (), data: Sequence[Path] = ()) -> tuple[list[Fault], int]:
    """Faults of all records, or of those in `paths` (files or folders), and how many were checked.

    All records are also held against the SHACL shapes once the record rules say nothing.
    """
    roots = [*data, *(r for p in paths if (r := root(p)) not in data)]
    found, mapped = store.examine(folders(roots))
    faults = sorted(set(found.faults + mapped))
    wanted = [p.resolve() for p in paths]
    if not wanted:
        return faults or _misshapen(found), len(found.records)
    inside = {r.path for r in found.records if _within(Path(r.path), wanted)}
    chosen = [f for f in faults if f.path in inside or _within(Path(f.path), wanted)]
    return [*(Fault(str(p), 1, 1, "no such file or folder") for p in paths if not p.exists()), *chosen], len(inside)


def _misshapen(found: store.Collection) -> list[Fault]:
    """What the shapes say against the graph of records that have no other fault."""
    from graph_builder import shapes

    return shapes.validate(store.fill(found.terms, store.mapped(found)[0]), found.records)


def root(path: Path) -> Path:
    """The data folder in which a record, a folder of records or a data folder lies."""
    path = path.resolve()
    if path.suffix:
        path = path.parent
    return path.parent if path.name in load().kinds else path


def _within(path: Path, folders: Sequence[Path]) -> bool:
    path = path.resolve()
    return any(path == f or f in path.parents for f in folders)


class Answer:
    """The answer to one question."""

    def __init__(self, results: answers.Results, names: questions.Names, columns: Sequence[str] = ()) -> None:
        self.results, self.names, self.columns = results, names, columns

    def to_bytes(self, form: str, language: str = "en", width: int = 100) -> bytes:
        """The answer in a format of `answers.FORMATS`. Raises answers.Unfit where it has none."""
        if form == "table":
            return answers.table(self.results, self.names, language, width, self.columns).encode()
        if form == "markdown":
            return answers.markdown(self.results, self.names, language).encode()
        return answers.serialise(self.results, form)

    def to_dataframe(self) -> pandas.DataFrame:
        """The rows as a pandas DataFrame with real types (needs pandas: `pip install 'central-asia-accords[notebook]'`)."""
        return answers.frame(self.results)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.results)  # type: ignore[arg-type]


class Accords:
    """The graph, ready to be asked."""

    def __init__(self, quads: ox.Store, data: Sequence[Path] = ()) -> None:
        self.store, self.data = quads, data or [share("data")]

    @cached_property
    def names(self) -> questions.Names:
        """Finds things by name, code or record name."""
        return questions.Names(self.store)

    def query(self, question: str, **parameters: str) -> Answer:
        """The answer to a named question with its parameters, or to SPARQL text.

        Raises Refused for an unknown name or a value that does not fit, SyntaxError for faulty SPARQL.
        """
        known = questions.questions().get(question)
        if known:
            question = known.bound(questions.terms_of(known, parameters, self.names))
        elif " " not in question.strip():
            raise Refused(f"no question `{question}`{terms.suggestion(question, questions.questions())}")
        self.measure(question)
        return Answer(self.store.query(question), self.names, known.columns if known else ())

    def measure(self, question: str) -> None:
        """Writes the network's measures into the graph of this run, where a question asks for them."""
        run = ox.NamedNode(load().base + "run/measures")
        if run.value not in question or self.store.contains_named_graph(run):
            return
        from graph_builder import network

        for name, measured in network.measures(network.bonds(self)).items():
            value = ox.Literal(f"{measured['betweenness']:.6f}", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
            self.store.add(ox.Quad(ox.NamedNode(load().base + name), ox.NamedNode(load().expand("dip:betweenness")), value, run))

    @cached_property
    def graph(self) -> rdflib.Graph:
        """An rdflib graph over the same store: what is accepted."""
        import oxrdflib
        import rdflib

        return rdflib.Graph(store=oxrdflib.OxigraphStore(store=self.store), identifier=rdflib.graph.DATASET_DEFAULT_GRAPH_ID)

    def network(self) -> networkx.MultiDiGraph:
        """States, people, agreements, organisations and events as a networkx graph."""
        from graph_builder import network

        return network.network(self)

    def view(self, path: str | Path, language: str = "en", **filters: str) -> Path:
        """Writes the interactive network as one HTML file and gives its path."""
        from graph_builder import picture

        picture.write(self, Path(path), language=language, filters=filters)
        return Path(path)


def build(data: str | Path | Sequence[str | Path] = (), out: str | Path = "build", whole: bool = True) -> Accords:
    """The graph of the shipped records and of your own folders; a fresh earlier build in `out` is used.

    Not `whole`: without the graphs of the sources, for questions about what is accepted.

    Raises Faults with every fault of every record.
    """
    own = [data] if isinstance(data, str | Path) else data
    where = folders([Path(d) for d in own])
    return Accords(outputs.graph(where, Path(out), whole), where)


def make(data: Sequence[Path], out: Path, step: Callable[[str], None] = lambda _: None) -> tuple[Accords, dict[str, object], list[Path]]:
    """Everything that `accords build` leaves in `out`: the graph in three forms, the picture and the counts.

    `step` is told what is done next. Raises Faults before anything is written.
    """
    from graph_builder import picture

    where = folders(data)
    step("reading the records")
    accords = Accords(outputs.graph(where, out), where)
    forms = ("trig", "ttl", "jsonld")
    *graphs, page, report = written = [*(out / f"graph.{form}" for form in forms), out / "network.html", out / "report.json"]
    step("drawing the network and writing the graph")
    drawn = _aside(lambda: picture.write(accords, page))
    for path, content in zip(graphs, outputs.dumps(accords.store, forms).values(), strict=True):
        outputs.write(path, content)
    drawn()
    counts = outputs.report(accords.store)
    outputs.write(report, (json.dumps(counts, indent=2, ensure_ascii=False) + "\n").encode())
    return accords, counts, written


def _aside(task: Callable[[], object]) -> Callable[[], object]:
    """Begins a task in a process of its own where that is safe (Linux, one thread), else not yet; what it gives waits for the end, or does the task."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return task
    import multiprocessing

    def alone() -> None:
        try:
            task()
        except BaseException:
            os._exit(1)  # without a word: the task is done again here, and tells what is wrong

    process = multiprocessing.get_context("fork").Process(target=alone)
    process.start()

    def ended() -> None:
        process.join()
        if process.exitcode:
            task()

    return ended
