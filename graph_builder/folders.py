"""Where a user's own records lie: beside the shipped ones, never touched by an upgrade."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from graph_builder import writing
from graph_builder.faults import Fault, Faults
from graph_builder.schemas import folder_names, schemas
from graph_builder.terms import load, share

MARKER = "accords-data"
"""File that marks a folder of a user's own records."""
VARIABLE = "ACCORDS_DATA"
"""Environment variable that names folders of a user's own records, parted as in PATH."""
STARTER = Path(__file__).parent / "starter"


def own(data: Sequence[Path] = ()) -> list[Path]:
    """The user's folders: those given, else those of ACCORDS_DATA, else the current folder or the nearest above with the marker."""
    if data:
        return list(data)
    if said := os.environ.get(VARIABLE):
        return [Path(part) for part in said.split(os.pathsep) if part]
    here = Path.cwd()
    return [marked] if (marked := next((f for f in (here, *here.parents) if (f / MARKER).is_file()), None)) else []


def target(data: Sequence[Path] = ()) -> Path:
    """The folder that new records go into: the last of the user's own. Raises Faults where there is none."""
    found = own(data)
    if not found:
        raise Faults(
            [
                Fault(
                    ".", 1, 1, f"no folder of your own records here; make one with `accords init DIR` and go into it, or name one with --data DIR or {VARIABLE}"
                )
            ]
        )
    if any(_same(found[-1], shipped) for shipped in (share("data"), share("data").parent)):
        raise Faults(
            [Fault(str(found[-1]), 1, 1, "these are the shipped records, which an upgrade replaces; make a folder of your own with `accords init DIR`")]
        )
    return found[-1]


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def init(folder: Path) -> list[Path]:
    """Makes a folder of the user's own records and gives the paths written: a template, publishers, an explanation, schemas for editors.

    In a folder that is there already only what is missing is made, and the schemas are made anew. Raises Faults where the place is taken.
    """
    if folder.exists() and not folder.is_dir():
        raise Faults([Fault(str(folder), 1, 1, "a file of this name is there; choose another name")])
    if share("data").resolve() in (folder.resolve(), *folder.resolve().parents):
        raise Faults([Fault(str(folder), 1, 1, "the shipped records lie here, which an upgrade replaces; choose a folder of your own")])
    files: dict[str, str | bytes] = {str(p.relative_to(STARTER)): p.read_bytes() for p in sorted(STARTER.rglob("*")) if p.is_file()}
    missing = {name: content for name, content in files.items() if not (folder / name).exists()}
    made = {f"schemas/{name}": content for name, content in schemas(folder_names([share("data"), folder])).items()}
    written = writing.write(folder, {**missing, **made})
    for kind in load().kinds.values():
        if (share("data") / kind.folder).is_dir():
            (folder / kind.folder).mkdir(exist_ok=True)
    return written
