"""Broken copies of good records are caught at their line, and the reader's rules and the shapes catch the same mistakes."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest
import yaml
from conftest import SMALL
from mutations import broken, mistaken

from graph_builder import checks, evidence, merging, reader, shapes, store, terms, triples
from graph_builder.faults import Fault
from graph_builder.records import Data, Record

GOLD = (
    "agreements/2022-kaz-uzb-allied-relations", "agreements/1998-kaz-uzb-eternal-friendship", "articles/nematov-state-visit", "people/kassym-jomart-tokayev",
    "states/kazakhstan", "organizations/icwc", "places/kazakhstan-uzbekistan-border", "events/2022-tokayev-state-visit-uzbekistan",
)  # fmt: skip
COUNT = 500
"""Broken copies of each good record."""
SEED = 20221222
TERMS = terms.load()


@pytest.fixture(scope="module")
def found() -> store.Collection:
    return store.examine([SMALL])[0]


def faults(path: Path, found: store.Collection) -> list[Fault]:
    """Every fault that a build would tell of one file beside the rest of the small set."""
    record, told = reader.read(path, TERMS, "x.yaml")
    if record is None:
        return told
    article, more = evidence.article(record, SMALL) if record.kind.folder == "articles" else (None, [])
    articles = found.articles | ({article.name: article} if article else {})
    whole, clashes = merging.whole([*(r for r in found.records if r.name != record.name), record], TERMS)
    mapper = triples.Mapper(TERMS, articles, found.publishers)
    return [*told, *more, *clashes, *checks.check(whole, TERMS), *mapper.nodes(record)[1]]


@pytest.mark.parametrize("name", GOLD)
def test_broken_text_is_caught_at_its_place(name: str, found: store.Collection, tmp_path: Path) -> None:
    """At least 99 % of 500 are caught with line and column, none with a traceback, none takes a second."""
    path = tmp_path / f"{name}.yaml"
    path.parent.mkdir()
    text = (SMALL / f"{name}.yaml").read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    assert faults(path, found) == []
    random, missed, slowest = Random(SEED), Counter[str](), 0.0
    for _ in range(COUNT):
        what, content = broken(text, random)
        path.write_bytes(content)
        before = time.process_time()
        told = faults(path, found)
        slowest = max(slowest, time.process_time() - before)
        assert all(f.line >= 1 and f.column >= 1 for f in told)
        missed[what] += not told
    print(f"{COUNT} broken copies of {name}: {sum(missed.values())} not caught, the slowest took {slowest:.3f} s")
    assert sum(missed.values()) <= COUNT * 0.01, +missed
    assert slowest < 1


def written(data: Data, folder: str) -> str:
    """A record's values as YAML, supported by one page."""
    plain = {key: listed(value) if key == "tenure" else value for key, value in data.items()}
    source = {"https://uzdaily.uz/x": [{"supports": [*plain]}]} if plain else {}
    return yaml.dump({**plain, "sources": source}, allow_unicode=True, sort_keys=False, default_style=None)


def listed(tenures: Data) -> list[Data]:
    return list(tenures.values())


def judged(found: store.Collection, mutants: dict[str, tuple[Record, Data]]) -> dict[str, set[str]]:
    """What SHACL says of each mutant: all stand in one graph, each under its own name."""
    nodes, _ = store.mapped(found)
    mapper = triples.Mapper(TERMS, found.articles, found.publishers)
    mutated = [mapper.node(record.kind, name, data) for name, (record, data) in mutants.items()]
    told: dict[str, set[str]] = {}
    for focus, path, _, message in shapes.violations(shapes.graph(store.fill(TERMS, [*nodes, *mutated]))):
        stem = focus.removeprefix(TERMS.base).partition("/")[2].partition(".")[0]
        told.setdefault(stem, set()).add(f"{path}: {message}")
    return told


READER_ONLY = (
    "no source supports", "lies before", "was minister", "was president", "consented on", "is no party", "looks like", "the office is called",
    "supports: the record has no", "stands here twice", "the same entry", "an empty list", "empty; leave", "at least one is wanted", "supports nothing",
    "text: no file", "its text was changed", "is the name of",
)  # fmt: skip
"""What the reader says beyond the shapes: sources, order of dates, offices on the day, names that another record has."""


@pytest.mark.parametrize("count", [COUNT // 10, pytest.param(COUNT, marks=pytest.mark.slow)])
def test_reader_and_shapes_agree_on_mistakes(count: int, found: store.Collection, tmp_path: Path) -> None:
    """On every mistake that a shape can express, both speak or both are silent."""
    random = Random(count)
    by_name = {record.name: record for record in found.records}
    mutants: dict[str, tuple[Record, Data]] = {}
    read: dict[str, tuple[str, list[Fault]]] = {}
    for name in GOLD:
        record = by_name[name]
        for n in range(count):
            stem = f"mutant-{record.kind.folder}-{n}-{record.stem[-6:].strip(chr(45))}"
            what, data = mistaken(TERMS, record.kind, record.data, random)
            mutants[f"{record.kind.folder}/{stem}"] = (record, data)
            path = tmp_path / record.kind.folder / f"{stem}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(written(data, record.kind.folder), encoding="utf-8")
            read[stem] = (what, [f for f in faults(path, found) if not any(word in f.message for word in READER_ONLY)])
    told = judged(found, mutants)
    odd = {stem: (what, [f.message[:90] for f in said], told.get(stem)) for stem, (what, said) in read.items() if bool(said) != bool(told.get(stem))}
    mine, theirs = sum(bool(said) for _, said in read.values()), sum(stem in told for stem in read)
    print(f"{len(read):,} mutants: {mine:,} at fault for the reader, {theirs:,} for the shapes, {len(odd)} for only one")
    assert odd == {}
    assert mine > len(read) / 4
