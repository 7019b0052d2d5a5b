"""What a build leaves on disk: each file written beside its target and moved over it, the same bytes from the same records."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from graph_builder import kept, store
from graph_builder.questions import RDF_TYPE
from graph_builder.terms import Terms, load, share

FORMATS = {
    "trig": ox.RdfFormat.TRIG, "ttl": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD, "nq": ox.RdfFormat.N_QUADS,
}  # fmt: skip


def write(path: Path, content: bytes) -> None:
    """Writes a file beside its target and moves it over: a reader or a kill meets the old file or the new one.

    Raises OSError where the disk is full or the folder may not be written; the old file then stands as it was.
    """
    name = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException as error:
        if name:
            Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename = str(path)
        raise


def dump(quads: ox.Store, form: str, accepted_only: bool = False) -> bytes:
    """The graph in one of FORMATS, sorted, the same bytes from the same statements."""
    return dumps(quads, [form], accepted_only)[form]


def dumps(quads: ox.Store, forms: Sequence[str], accepted_only: bool = False) -> dict[str, bytes]:
    """The graph in several of FORMATS; what is accepted alone in those that know no named graphs. Sorted once for all."""
    accepted = _sorted(quads, ox.DefaultGraph())
    only = {form for form in forms if accepted_only or form == "ttl"}
    named = [] if len(only) == len(forms) else sorted((g for g in quads.named_graphs() if isinstance(g, ox.NamedNode)), key=str)
    rest = [_sorted(quads, graph) for graph in named]
    return {form: _written([accepted] if form in only else [accepted, *rest], form) for form in forms}


def _written(texts: Sequence[bytes], form: str) -> bytes:
    if form == "nq":
        return b"".join(texts)
    ordered = chain.from_iterable(ox.parse(text, format=ox.RdfFormat.N_QUADS, lenient=True) for text in texts)
    return ox.serialize(ordered, format=FORMATS[form], prefixes=prefixes(load()) if form in ("trig", "ttl") else None) or b""


def _sorted(quads: ox.Store, graph: ox.NamedNode | ox.DefaultGraph) -> bytes:
    """The lines of one graph; in N-Triples a newline only ends a line, so that the graph's name can be set before it."""
    text = quads.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b""
    lines = b"".join(sorted(text.splitlines(keepends=True)))
    return lines if isinstance(graph, ox.DefaultGraph) else lines.replace(b" .\n", b" <%s> .\n" % graph.value.encode())


def prefixes(terms: Terms) -> dict[str, str]:
    """The vocabulary's prefixes and one for each folder of names, so that a person can read the file."""
    lists = ("types", "topics", "roles", "statuses", "steps", "stances", "aims", "kinds", "annotations", "passages", "quotes", "positions", "publishers")
    return terms.prefixes() | {name: f"{terms.base}{name}/" for name in (*terms.kinds, *lists)}


def report(quads: ox.Store) -> dict[str, object]:
    """Counts of what the graph holds."""
    terms = load()
    kinds = {k.type: f for f, k in terms.kinds.items()}
    typed = quads.quads_for_pattern(None, RDF_TYPE, None, ox.DefaultGraph())
    counted = Counter(kinds.get(q.object.value, "") for q in typed if isinstance(q.object, ox.NamedNode))
    pages = len({q.subject for q in quads.quads_for_pattern(None, RDF_TYPE, ox.NamedNode(terms.expand("schema:WebPage")), ox.DefaultGraph())})
    quotes = len({q.subject for q in quads.quads_for_pattern(None, RDF_TYPE, ox.NamedNode(terms.expand("oa:Annotation")), None)})
    accepted = sum(1 for _ in quads.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    order = [f for f in terms.kinds if f in counted]
    return {
        **{name: counted[name] for name in order}, "pages": pages, "quotes": quotes, "accepted statements": accepted, "all statements": len(quads),
    }  # fmt: skip


def signature(folders: Sequence[Path]) -> str:
    """What the graph depends on: name, size and times of every data, vocabulary and code file."""
    return _digest([*folders, *_BASE])


_BASE = (share("ontology"), Path(__file__).parent)
_READ = (".yaml", ".txt", ".ttl", ".jsonld", ".rq", ".py", ".yml")


def _digest(folders: Iterable[Path]) -> str:
    lines = sorted(line for folder in folders for line in _stats(folder))
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def _stats(folder: Path | str, levels: int = 3) -> Iterator[str]:
    with os.scandir(folder) as found:
        for entry in found:
            if entry.name.endswith(_READ):
                stat = entry.stat()
                yield f"{entry.path} {stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns}"
            elif levels and entry.is_dir():
                yield from _stats(entry.path, levels - 1)


def fresh(out: Path, folders: Sequence[Path], whole: bool = True) -> ox.Store | None:
    """The graph of an earlier build where nothing has changed since; else None. Not `whole`: what is accepted, without the named graphs."""
    found = kept.kept(out)
    try:
        if found.head.get("signature") != signature(folders):
            return None
        quads = ox.Store()
        if whole:
            quads.bulk_load(found.text, ox.RdfFormat.TRIG, lenient=True)
            store.vocabulary(quads, load())
        else:
            quads.bulk_load(found.accepted, ox.RdfFormat.N_TRIPLES, lenient=True)
        return quads
    except (OSError, ValueError, SyntaxError):
        return None


def graph(folders: Sequence[Path], out: Path, whole: bool = True) -> ox.Store:
    """The graph of these folders: from an earlier build where it is still fresh, else made now from what has changed. Raises Faults.

    Not `whole`: a question that names no graph is content with what is accepted, which loads in half the time.
    """
    found = fresh(out, folders, whole)
    return _made(folders, out) if found is None else found


def _made(folders: Sequence[Path], out: Path) -> ox.Store:
    from graph_builder import entries

    try:
        made_from, base, old = signature(folders), _digest(_BASE), kept.kept(out)
        with store.no_collector(), kept.Keeper(out) as keeper:
            quads = entries.graph(folders, old.entries() if old.head.get("base") == base else {}, keeper)
            if signature(folders) == made_from:
                keeper.finish({"signature": made_from, "base": base})
            return quads
    except (entries.Unfit, OSError, ValueError, TypeError):
        return store.build(folders)
