"""`kill -9` at random moments of build, swap, query, view, export, import and serve: `python tests/stress_kill.py [--times 210] [--seed 1] [NAME …]`.

After each kill every file is whole, the old one or the new; no process is left; and the same command run again gives the same bytes as one never killed.
Half of the kills wait until the command has begun to write beside its targets. Only kills that met a running process are counted.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
COMMANDS = {
    "build": ("build",),
    "swap": ("build",),  # over the outputs of the other version, where `build` begins with none
    "query": ("query", "agreements", "-f", "csv"),
    "view": ("view", "--no-open", "--out", "build/network.html"),
    "nq": ("export", "nq", "--out", "build/all.nq"),
    "graphml": ("export", "graphml", "--out", "build/all.graphml"),
    "csv": ("export", "csv", "--out", "build/all.csv"),
    "import": ("import", "table.csv", "--source", "https://uzdaily.uz/table"),
}
TURNS = ("build", "swap", "nq", "import", "serve", "swap", "query", "import", "view", "serve", "build", "graphml", "import", "csv", "serve")
"""Which command is killed, in turn."""
GRAPHS = {"graph.trig": ox.RdfFormat.TRIG, "graph.ttl": ox.RdfFormat.TURTLE, "graph.jsonld": ox.RdfFormat.JSON_LD, "all.nq": ox.RdfFormat.N_QUADS}
NAMES = ("Kazakhstan", "Kazakhstan anew")
"""What the changing record is called in each version."""
ASKED = "/sparql?query=" + quote('SELECT ?n { <https://w3id.org/central-asia-accords/states/kazakhstan> <https://schema.org/name> ?n FILTER(LANG(?n) = "en") }')
LONG = "/sparql?query=" + quote("SELECT * { ?a ?b ?c . ?c ?d ?e } LIMIT 20000")
Files = dict[str, bytes]


def start(words: tuple[str, ...], folder: Path, **more: object) -> subprocess.Popen[str]:
    """A command in a session of its own, so that its processes are known."""
    command = [sys.executable, "-m", "graph_builder", *words, "--data", "data"]
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **more}
    return subprocess.Popen(command, cwd=folder, text=True, start_new_session=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, **streams)  # type: ignore[call-overload,no-any-return]


def change(folder: Path, version: int) -> None:
    """The other version of one record, moved into its place."""
    path = folder / "data" / "states" / "kazakhstan.yaml"
    new = path.with_suffix(".new")
    new.write_text((ROOT / "tests/small/states/kazakhstan.yaml").read_text("utf-8").replace("en: Kazakhstan,", f"en: {NAMES[version]},", 1), "utf-8")
    new.replace(path)


def table(path: Path) -> None:
    """A table of 150 treaties that never were."""
    rows = (f"Agreement on matter {n},Договор о предмете {n},agreement,KAZ; UZB,{1993 + n // 12}-{n % 12 + 1:02}" for n in range(150))
    path.write_text("title en,title ru,type,party,signed\n" + "\n".join(rows) + "\n", "utf-8")


def files(folder: Path) -> Files:
    """Content of every file but the hidden ones, by its path."""
    found = (p for p in sorted(folder.rglob("*")) if p.is_file() and not any(part.startswith(".") for part in p.relative_to(folder).parts))
    return {str(p.relative_to(folder)): p.read_bytes() for p in found}


def session(pid: int) -> list[int]:
    """The living processes of a session."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, _, _, sid = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
            except OSError:
                continue
            if int(sid) == pid and state != "Z":
                found.append(int(entry.name))
    return found


def left(pid: int, patience: float = 3.0) -> list[int]:
    """The processes of a session that are still there after some seconds."""
    end = time.monotonic() + patience
    while (found := session(pid)) and time.monotonic() < end:
        time.sleep(0.02)
    return found


class Place:
    """A folder with records and outputs, and what its files are without any kill."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "build"
        shutil.copytree(ROOT / "tests" / "small", folder / "data")
        table(folder / "table.csv")
        self.records = files(folder / "data")
        self.seconds: dict[str, float] = {}
        self.good = [self._reference(version) for version in (0, 1)]
        self.run("import")
        self.imported = files(folder / "data")
        assert len(self.imported) == len(self.records) + 150
        self.reset()

    def _reference(self, version: int) -> Files:
        change(self.folder, version)
        for name in [n for n in COMMANDS if n != "import"]:
            self.run(name)
        found = files(self.out)
        for name, form in GRAPHS.items():
            assert sum(1 for _ in ox.parse(found[name], format=form)) > 100
        assert NAMES[version].encode() in found["graph.ttl"]
        return found

    def run(self, name: str) -> None:
        """A command without a kill, which must succeed."""
        began = time.perf_counter()
        process = start(COMMANDS[name], self.folder, stderr=subprocess.PIPE)
        said = process.communicate()[1]
        assert process.returncode == 0, f"{name} without a kill: {said[-500:]}"
        self.seconds[name] = time.perf_counter() - began

    def reset(self) -> None:
        """The records as they were before the import, and nothing that was left beside them."""
        for name in files(self.folder / "data").keys() - self.records.keys():
            (self.folder / "data" / name).unlink()
        for stage in (self.folder / "data").glob(".import-*"):
            shutil.rmtree(stage)

    def wrong(self, version: int | None = None) -> list[str]:
        """Names of files that are neither of one version nor of the other (or not of the one that is asked for)."""
        versions = self.good if version is None else [self.good[version]]
        outputs = [name for name, found in files(self.out).items() if found not in [good.get(name) for good in versions]]
        changing = "states/kazakhstan.yaml"
        records = files(self.folder / "data").items()
        return outputs + [name for name, found in records if name != changing and found not in (self.records.get(name), self.imported.get(name))]

    def writing(self, name: str) -> bool:
        """Whether a command has begun to write beside its targets."""
        return any((self.folder / "data").glob(".import-*")) if name == "import" else any(p.name != ".graph" for p in self.out.glob(".*"))


def command(place: Place, name: str, dice: random.Random, version: int) -> list[str] | None:
    """One kill of a command: what was wrong after it; None where the command had ended before."""
    if name == "build":
        shutil.rmtree(place.out, ignore_errors=True)
    for part in place.out.glob(".*.*"):
        part.unlink()
    change(place.folder, version)
    process = start(COMMANDS[name], place.folder)
    if dice.random() < 0.5:
        while process.poll() is None and not place.writing(name):
            time.sleep(0.001)
        time.sleep(dice.choice((0.0, dice.uniform(0, 0.01), dice.uniform(0, 0.1))))
    else:
        time.sleep(dice.uniform(0.02, 1.0) * place.seconds[name])
    running = process.poll() is None
    os.kill(process.pid, signal.SIGKILL) if running else None
    process.wait()
    wrong = place.wrong() + [f"process {pid} is left" for pid in left(process.pid)]
    place.run(name)
    again = {"view": "network.html", "nq": "all.nq", "graphml": "all.graphml", "csv": "all.csv"}.get(name)
    if name in ("build", "swap"):
        wrong += [f"{n} after the rerun" for n in place.wrong(version) if not n.startswith(("all.", "network"))]
    elif again and (place.out / again).read_bytes() != place.good[version][again]:
        wrong.append(f"{again} after the rerun")
    if name == "import":
        differ = {n for n, found in files(place.folder / "data").items() if n != "states/kazakhstan.yaml" and place.imported.get(n) != found}
        wrong += [f"{n} after the rerun" for n in differ | (place.imported.keys() - files(place.folder / "data").keys())]
        place.reset()
    return wrong if running else None


# ---- serve -----------------------------------------------------------------------------------------


@contextmanager
def served(place: Place, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server that answers, and its host and port."""
    process = start(("serve", "--port", "0", *words), place.folder, stderr=subprocess.PIPE)
    try:
        address = process.stderr.readline().partition("http://")[2].partition("/")[0]
        assert address, "the server does not start"
        end = time.monotonic() + 20
        while not asked(address):
            assert process.poll() is None, "the server has ended"
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.02)
        yield process, address
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def asked(address: str, path: str = ASKED, method: str = "GET", body: bytes | None = None) -> bytes | None:
    """The whole body of an answer; None where the connection ended, b"" for a refusal."""
    host, _, port = address.partition(":")
    connection = HTTPConnection(host, int(port), timeout=10)
    try:
        connection.request(method, path, body, {"accept": "text/csv"} | ({"content-type": "application/sparql-update"} if body else {}))
        answer = connection.getresponse()
        found = answer.read()
        return found if answer.status < 300 else b""
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def names(version: int) -> bytes:
    return f"n\r\n{NAMES[version]}\r\n".encode()


def serve(place: Place, dice: random.Random, version: int) -> list[str]:
    """One kill of a server that is answering, and reading its records anew or being updated meanwhile: what was wrong after it."""
    writable = dice.random() < 0.3
    change(place.folder, 1 - version)
    wrong: list[str] = []
    with served(place, *(["--writable"] if writable else [])) as (process, address):
        done = threading.Event()

        def client(path: str) -> None:
            while not done.is_set():
                found = asked(address, path)
                if path == ASKED and found not in (None, names(0), names(1)):
                    wrong.append(f"an answer of no version: {found!r}")

        def updater() -> None:
            while not done.is_set():
                asked(address, "/sparql", "POST", b"INSERT DATA { <x:a> <x:b> 1 }")

        threads = [threading.Thread(target=client, args=(path,)) for path in (ASKED, ASKED, LONG, "/questions/evidence.csv")]
        threads += [threading.Thread(target=updater)] if writable else []
        for thread in threads:
            thread.start()
        change(place.folder, version)
        time.sleep(dice.uniform(0, 0.2))
        if not writable:
            process.send_signal(signal.SIGHUP)
        time.sleep(dice.choice((0, dice.uniform(0, 0.1), dice.uniform(0, 1.5))))
        assert process.poll() is None, "the server ended by itself"
        process.kill()
        process.wait()
        done.set()
        wrong += [f"process {pid} is left" for pid in left(process.pid)]
        for thread in threads:
            thread.join()
    wrong += place.wrong()
    with served(place) as (process, address):
        if asked(address) != names(version):
            wrong.append("a new start answers from another version")
        process.terminate()
        process.wait(10)
        wrong += [f"process {pid} is left after its end" for pid in left(process.pid)]
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join([*COMMANDS, "serve"]))
    parser.add_argument("--times", type=int, default=210)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    dice, turns = random.Random(args.seed), args.names or TURNS
    killed, missed, bad = Counter[str](), 0, 0
    with tempfile.TemporaryDirectory(prefix="accords-kill-") as base:
        place = Place(Path(base))
        while killed.total() < args.times:
            name, version = turns[(killed.total() + missed) % len(turns)], dice.randrange(2)
            wrong = serve(place, dice, version) if name == "serve" else command(place, name, dice, version)
            if wrong:
                bad += 1
                print(f"kill {killed.total() + 1}, {name}: {'; '.join(wrong[:5])}", flush=True)
            if wrong is None:
                missed += 1
            else:
                killed[name] += 1
    shares = ", ".join(f"{name} {count}" for name, count in killed.items())
    print(f"{killed.total()} kills ({shares}), and {missed} that came too late: {bad} with a torn file, a process left or other bytes after a rerun")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
