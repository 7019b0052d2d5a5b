"""What a user does with the graph: build, check, ask, view, export."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from graph_builder import store
from graph_builder.faults import Fault
from graph_builder.terms import share


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
    return path.parent if path.name in store.load().kinds else path


def _within(path: Path, folders: Sequence[Path]) -> bool:
    path = path.resolve()
    return any(path == f or f in path.parents for f in folders)
