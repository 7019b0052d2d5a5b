"""A real server on a free port of this machine, in a process of its own, for the tests that ask over HTTP."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

HERE = Path(__file__).resolve().parent
SMALL = HERE / "small"
START = """import sys; from pathlib import Path; from graph_builder import serve
serve.run([Path(sys.argv[1])], Path(sys.argv[2]), '127.0.0.1', 0, sys.argv[3] == 'w', float(sys.argv[4]))"""


@dataclass(frozen=True)
class Heard:
    """An answer: status, headers in lower case, body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass(frozen=True)
class Endpoint:
    """A running server."""

    root: str
    process: subprocess.Popen[str]

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, timeout: float = 30, **headers: str) -> Heard:
        """One request; a header's `_` stands for `-`."""
        connection = HTTPConnection(urlsplit(self.root).netloc, timeout=timeout)
        try:
            connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            return Heard(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def query(self, text: str, timeout: float = 30, **headers: str) -> Heard:
        """One query, posted directly."""
        return self.ask("/sparql", "POST", text.encode(), timeout, content_type="application/sparql-query", **headers)

    def get(self, text: str, **fields: str) -> Heard:
        """One query in the address."""
        return self.ask("/sparql?" + urlencode({"query": text, **fields}))

    def update(self, text: str, query: str = "") -> Heard:
        """One update, posted directly."""
        return self.ask("/sparql" + query, "POST", text.encode(), content_type="application/sparql-update")

    def states(self) -> dict[int, str]:
        """The server's process and all that descend from it, with the letter that `ps` gives each for its state (R runs, T is stopped)."""
        found: dict[int, tuple[str, int]] = {}
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it has ended since
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                found[int(entry.name)] = state, int(parent)
        family = [self.process.pid]
        for pid in family:
            family += [child for child, (state, parent) in found.items() if parent == pid and state != "Z"]
        return {pid: found[pid][0] for pid in family if pid in found}

    def processes(self) -> list[int]:
        """The server's process and all that descend from it."""
        return list(self.states())


@contextmanager
def serving(out: Path, data: Path = SMALL, writable: bool = False, timeout: float = 10.0) -> Iterator[Endpoint]:
    """A server for as long as the block lasts."""
    arguments = [sys.executable, "-c", START, str(data), str(out), "w" if writable else "r", str(timeout)]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    process = subprocess.Popen(arguments, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=environment)
    try:
        said = process.stderr.readline() if process.stderr else ""
        found = re.match(r"(http://[^/]+)/", said)
        if not found:
            raise RuntimeError(said + (process.stderr.read() if process.stderr else ""))
        yield _ready(Endpoint(found[1], process))
    finally:
        process.terminate()
        process.wait(15)
        if process.stderr:
            process.stderr.close()


def _ready(endpoint: Endpoint) -> Endpoint:
    import time

    for _ in range(600):
        try:
            if endpoint.ask("/sparql?query=ASK%7B%7D").status == 200:
                return endpoint
        except OSError:
            if endpoint.process.poll() is not None:
                raise RuntimeError(endpoint.process.stderr.read() if endpoint.process.stderr else "the server has ended") from None
        time.sleep(0.1)
    raise RuntimeError("the server does not answer")
