"""Outputs: the same bytes wherever they are made, whole or not there, inside their folder; and the quick way tells what the slow way tells."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_builder import entries, kept, outputs, store, triples
from graph_builder.faults import Faults

TESTS = Path(__file__).resolve().parent
SMALL = TESTS / "small"
OUTPUTS = ("graph.trig", "graph.ttl", "graph.jsonld", "network.html", "report.json")
BUILD = "import sys; from pathlib import Path; from graph_builder.accords import make; make([Path(sys.argv[1])], Path(sys.argv[2]))"
PLACES = {
    "hash seed 1": {"PYTHONHASHSEED": "1"},
    "hash seed 2": {"PYTHONHASHSEED": "4242"},
    "C locale, no UTF-8 mode": {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "Latin output": {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
    "Pacific/Kiritimati": {"TZ": "Pacific/Kiritimati"},
    "America/Los_Angeles": {"TZ": "America/Los_Angeles"},
}


def statements(quads: ox.Store) -> set[str]:
    return set(map(str, quads))


@pytest.fixture(scope="module")
def plain() -> ox.Store:
    """The small set's graph, read the slow way; `small` may hold measures that a question asked for."""
    return store.build([SMALL])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the small set that a test may change."""
    return Path(shutil.copytree(SMALL, tmp_path / "data"))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "build"


# ---- the same everywhere ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_a_build_gives_the_same_bytes_everywhere(place: str, built: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(TESTS.parent), **PLACES[place]}
    subprocess.run([sys.executable, "-c", BUILD, str(SMALL), str(tmp_path)], check=True, env=environment, cwd=tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in OUTPUTS} == {name: (built / name).read_bytes() for name in OUTPUTS}


@pytest.mark.parametrize("form", outputs.FORMATS)
def test_a_dump_holds_every_statement_once_and_in_order(form: str, plain: ox.Store) -> None:
    dump = outputs.dump(plain, form)
    read = ox.Store()
    read.bulk_load(dump, outputs.FORMATS[form])
    wanted = statements(plain) if form != "ttl" else {str(ox.Quad(*q.triple)) for q in plain if isinstance(q.graph_name, ox.DefaultGraph)}
    assert statements(read) == wanted
    if form == "nq":
        assert len(dump.splitlines()) == len(plain)


def test_the_writers_trig_says_what_the_engine_reads_in_the_json_ld() -> None:
    import json

    found = store.collect([SMALL])
    nodes, faults = store.mapped(found)
    assert not faults
    read = ox.Store()
    read.bulk_load(json.dumps(triples.document(found.terms, nodes)).encode(), ox.RdfFormat.JSON_LD)
    store.vocabulary(read, found.terms)
    store.derive(read, found.terms)
    assert statements(read) == statements(store.fill(found.terms, nodes))


# ---- what is kept is used where it holds, and only there -------------------------------------------------------------


def test_every_way_to_the_graph_leads_to_the_same_graph(data: Path, out: Path, plain: ox.Store) -> None:
    wanted = statements(plain)
    assert statements(outputs.graph([data], out)) == wanted
    assert statements(outputs.graph([data], out)) == wanted
    (data / "places" / "almaty.yaml").write_text((data / "places" / "almaty.yaml").read_text("utf-8") + "# changed\n", "utf-8")
    assert outputs.fresh(out, [data]) is None
    assert statements(outputs.graph([data], out)) == wanted


def test_many_records_are_read_on_every_core_with_the_same_result(data: Path, out: Path, plain: ox.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MANY", 1)
    monkeypatch.setattr(entries, "SHARE", 7)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert statements(outputs.graph([data], out)) == statements(plain)
    assert kept.kept(out).entries()


CHANGES = {
    "a record": ("places/almaty.yaml", "en: Almaty", "en: Alma-Ata"),
    "the same length at the same time": ("places/almaty.yaml", "en: Almaty", "en: Almata"),
    "a stored text and its card": ("articles/nematov-state-visit.yaml", "title:\n", "title:\n"),
    "the publishers": ("publishers.yaml", "kind: news", "kind: reference"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_seen(what: str, data: Path, out: Path) -> None:
    name, old, new = CHANGES[what]
    outputs.graph([data], out)
    path, before = data / name, (data / name).stat()
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert outputs.fresh(out, [data]) is None
    assert statements(outputs.graph([data], out)) == statements(store.build([data]))


def test_a_record_that_is_taken_away_is_gone(data: Path, out: Path) -> None:
    outputs.graph([data], out)
    (data / "agreements" / "2022-kaz-uzb-border-demarcation.yaml").unlink()
    with pytest.raises(Faults) as raised:
        outputs.graph([data], out)
    assert "no record `agreements/2022-kaz-uzb-border-demarcation`" in str(raised.value)


def test_a_changed_quote_is_found_in_records_that_did_not_change(data: Path, out: Path) -> None:
    import hashlib

    outputs.graph([data], out)
    text, card = data / "articles" / "nematov-state-visit.txt", data / "articles" / "nematov-state-visit.yaml"
    old = hashlib.sha256(text.read_bytes()).hexdigest()
    text.write_text(text.read_text("utf-8").replace("союзнических", "дружеских"), "utf-8")
    card.write_text(card.read_text("utf-8").replace(old, hashlib.sha256(text.read_bytes()).hexdigest()), "utf-8")
    with pytest.raises(Faults, match="does not stand in articles/nematov-state-visit"):
        outputs.graph([data], out)


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what a build of the small set keeps."""
    folder = tmp_path_factory.mktemp("earlier")
    outputs.graph([SMALL], folder)
    return folder


@pytest.mark.parametrize("case", sorted(p.name for p in (TESTS / "bad").iterdir() if p.is_dir()))
def test_the_quick_way_refuses_what_the_slow_way_refuses(case: str, earlier: Path, tmp_path: Path) -> None:
    shutil.copy(earlier / kept.FILE, tmp_path / kept.FILE)
    where = [SMALL, TESTS / "bad" / case]
    with pytest.raises(Faults) as slow:
        store.build(where)
    with pytest.raises(Faults) as quick:
        outputs.graph(where, tmp_path)
    assert quick.value.faults == slow.value.faults


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"",
        lambda raw: raw[:-1],
        lambda raw: raw[: len(raw) // 2],
        lambda raw: b"\xff" * len(raw),
        lambda raw: raw[:-4] + b"\0\0\0\1",
        lambda raw: b"}" + raw[1:],
    ],
)
def test_a_damaged_file_is_made_anew(damage: object, data: Path, out: Path, plain: ox.Store) -> None:
    outputs.graph([data], out)
    path = out / kept.FILE
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert statements(outputs.graph([data], out)) == statements(plain)


# ---- whole or not there ----------------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "graph.ttl"
    outputs.write(path, b"old")
    monkeypatch.setattr(os, "fsync", _full)
    with pytest.raises(OSError, match="No space left"):
        outputs.write(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def _full(_: int) -> None:
    raise OSError(28, "No space left on device")


def test_a_full_disk_is_told_in_one_line(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="file-size limits are POSIX")
    shutil.copytree(SMALL, tmp_path / "data")
    command = [sys.executable, "-B", "-m", "graph_builder", "build", "--data", "data"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(TESTS.parent)},
        preexec_fn=lambda: (__import__("signal").signal(25, 1), resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))),
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "untouched" in done.stderr
    assert [p.name for p in (tmp_path / "build").glob("*") if p.name.startswith("graph.trig")] == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="rights do not bind here")
def test_a_folder_without_rights_is_told(data: Path, out: Path) -> None:
    out.mkdir(mode=stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(PermissionError):
        outputs.write(out / "graph.ttl", b"")
    assert len(outputs.graph([data], out))


# ---- nothing leaves its folder ---------------------------------------------------------------------------------------

STEPS = (
    "..",
    "../..",
    "%2e%2e",
    "..%2f",
    "....//",
    "..\\",
    ".",
    "/",
    "//",
    "\\\\host\\share",
    "C:",
    "~",
    "~root",
    "$HOME",
    "%00",
    "\u2025",
    "\uff0e\uff0e",
    "..;",
    "file:",
    "-rf",
)
ENDS = ("etc/passwd", "x", "states/kazakhstan", "../graph.ttl", "nul", "x.yaml", "a b", "É", "x/../../y", "")


def traversals() -> list[str]:
    return [f"{step}/{end}" for step in STEPS for end in ENDS]


def test_two_hundred_forms_of_a_way_out_are_refused() -> None:
    from graph_builder.records import reference_problem

    forms = traversals()
    assert len(forms) == 200
    assert [f for f in forms if not reference_problem(f, ("states", "articles"))] == []
    assert [f for f in forms if not reference_problem(f"states/{f}", ("states",))] == []


@pytest.mark.parametrize("name", [f for f in traversals() if "\0" not in f][::4])
def test_a_card_reads_no_text_outside_its_folder(name: str, data: Path) -> None:
    (data / "x").write_text("outside", "utf-8")
    card = data / "articles" / "nematov-state-visit.yaml"
    card.write_text(card.read_text("utf-8").replace("text: nematov-state-visit.txt", f"text: '{name}'"), "utf-8")
    found = store.collect([data])
    assert any("text" in f.message and f.path.endswith("nematov-state-visit.yaml") for f in found.faults)
    assert not found.articles
