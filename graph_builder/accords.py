"""What a user does with the graph: build, check, ask, view, export."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from graph_builder import answers, questions, store
from graph_builder.faults import Fault
from graph_builder.terms import load, share

if TYPE_CHECKING:
    import networkx
    import pandas
    import rdflib


def folders(data: Sequence[Path] = ()) -> list[Path]:
    """The data folders to read: the shipped one first, unless one given stands alone (it holds a file `alone`)."""
    own = [Path(d) for d in data]
    alone = any((d / "alone").is_file() for d in own)
    every = own if alone else [share("data"), *own]
    return list({d.resolve(): d for d in every}.values())


def check(paths: Sequence[Path] = (), data: Sequence[Path] = ()) -> tuple[list[Fault], int]:
    """Faults of all records, or of those in `paths` (files or folders), and how many were checked."""
    roots = [*data, *(r for p in paths if (r := root(p)) not in data)]
    found, mapped = store.examine(folders(roots))
    faults = sorted(set(found.faults + mapped))
    wanted = [p.resolve() for p in paths]
    if not wanted:
        return faults, len(found.records)
    inside = {r.path for r in found.records if _within(Path(r.path), wanted)}
    chosen = [f for f in faults if f.path in inside or _within(Path(f.path), wanted)]
    return [*(Fault(str(p), 1, 1, "no such file or folder") for p in paths if not p.exists()), *chosen], len(inside)


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

    def __init__(self, results: answers.Results, names: questions.Names) -> None:
        self.results, self.names = results, names

    def to_bytes(self, form: str, language: str = "en", width: int = 100) -> bytes:
        """The answer in a format of `answers.FORMATS`. Raises answers.Unfit where it has none."""
        if form == "table":
            return answers.table(self.results, self.names, language, width).encode()
        if form == "markdown":
            return answers.markdown(self.results, self.names, language).encode()
        return answers.serialise(self.results, form)

    def to_dataframe(self) -> pandas.DataFrame:
        """The rows as a pandas DataFrame with real types (needs pandas: `pip install 'central-asia-accords[notebook]'`)."""
        return answers.frame(self.results)

    def __iter__(self) -> object:
        return iter(self.results)  # type: ignore[arg-type]


class Accords:
    """The graph, ready to be asked."""

    def __init__(self, quads: ox.Store) -> None:
        self.store = quads

    @cached_property
    def names(self) -> questions.Names:
        """Finds things by name, code or record name."""
        return questions.Names(self.store)

    def query(self, question: str, **parameters: str) -> Answer:
        """The answer to a named question with its parameters, or to SPARQL text.

        Raises questions.Refused for an unknown name or a value that does not fit, SyntaxError for faulty SPARQL.
        """
        known = questions.questions().get(question)
        if known:
            question = known.bound(questions.terms_of(known, parameters, self.names))
        elif " " not in question.strip():
            raise questions.Refused(f"no question `{question}`{questions.nearest(question, questions.questions())}")
        results = self.store.query(question)
        return Answer(results, self.names)

    @cached_property
    def graph(self) -> rdflib.Graph:
        """An rdflib graph over the same store: what is accepted."""
        import oxrdflib
        import rdflib

        return rdflib.Graph(store=oxrdflib.OxigraphStore(store=self.store), identifier=rdflib.graph.DATASET_DEFAULT_GRAPH_ID)
