"""Where a foreign query runs: in a child process that reads a copy of the store, opens nothing and can be ended."""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import json
import os
import pickle
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

try:
    import resource
except ImportError:  # no such limits on this platform, and no fork either
    resource = None  # type: ignore[assignment]

if TYPE_CHECKING:
    import pyoxigraph as ox

TIMEOUT = 10.0
"""Seconds that a query may run."""
MEMORY = 1 << 30
"""Bytes that a query may take beside the store."""
STACK = 64 << 20
"""Bytes of stack of a worker: deep algebra recurses in the engine."""
HEAD = struct.Struct("!II")
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class TimeLimit(Exception):
    """A query was ended at its time limit."""


class MemoryLimit(RuntimeError):
    """A query was ended at its memory limit."""


class Crashed(RuntimeError):
    """A query ended the engine."""


@dataclass(slots=True)
class Reply:
    """What a worker answers: an HTTP status, headers and the body."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


Job = dict[str, Any]
Handle = Callable[[Any, Job], Reply]
"""Answers one job with what `load` made (the store and all that is read from it)."""


# ---- one query, for the command line ------------------------------------------------------------


def run(store: ox.Store, text: str, form: str, timeout: float | None = TIMEOUT, memory: int = MEMORY) -> bytes:
    """The answer to SPARQL text in a machine's format (`answers.serialise`).

    `timeout` in seconds (None: no limit), `memory` in bytes. Raises TimeLimit, MemoryLimit, Crashed, guard.Refusal, SyntaxError, answers.Unfit.
    """
    from graph_builder import answers, guard

    guard.check(text)
    return call(lambda: answers.serialise(store.query(text), form), timeout, memory)


def call(function: Callable[[], bytes], timeout: float | None = TIMEOUT, memory: int = MEMORY) -> bytes:
    """What a function returns or raises, run in a forked child under limits; run here where the platform cannot fork."""
    if not hasattr(os, "fork"):
        return function()
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        _once(theirs, function, timeout, memory)
    theirs.close()
    try:
        answer = _collect(ours, None if timeout is None else time.monotonic() + timeout)
    finally:
        ours.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL if sys.exc_info()[0] else 0)
        status = os.waitpid(pid, 0)[1]
    if not answer:
        raise verdict(status)
    if answer[:1] == b"!":
        raise pickle.loads(answer[1:])  # noqa: S301 (our own child)
    return answer[1:]


def _once(sock: socket.socket, function: Callable[[], bytes], timeout: float | None, memory: int) -> None:
    code = 0
    try:
        confine(memory)
        if timeout is not None:
            _bound(timeout)
        with closed():
            sock.sendall(b"+" + function())
    except MemoryError:
        code = 137
    except BaseException as error:
        sock.sendall(b"!" + _pickled(error))
    finally:
        os._exit(code)  # whatever happens: past this line it would be a second command


def _pickled(error: BaseException) -> bytes:
    try:
        return pickle.dumps(error)
    except Exception:
        return pickle.dumps(Crashed(str(error)))


def _collect(sock: socket.socket, deadline: float | None) -> bytes:
    parts: list[bytes] = []
    while True:
        ready, _, _ = select.select([sock], [], [], None if deadline is None else max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeLimit("the query was ended at its time limit")
        part = sock.recv(1 << 20)
        if not part:
            return b"".join(parts)
        parts.append(part)


def verdict(status: int | None) -> Exception:
    """What a worker's wait status says of its end (None where it is not known)."""
    if status is not None and (os.WIFEXITED(status) and os.WEXITSTATUS(status) == 137):
        return MemoryLimit("the query was ended at its memory limit")
    signals = {signal.SIGABRT: MemoryLimit("the query was ended at its memory limit"), signal.SIGXCPU: TimeLimit("the query was ended at its time limit")}
    ended = os.WTERMSIG(status) if status is not None and os.WIFSIGNALED(status) else 0
    return signals.get(ended, Crashed("the engine cannot take this query: it is too deep or too long"))  # type: ignore[call-overload, no-any-return]


# ---- limits -------------------------------------------------------------------------------------


def confine(memory: int) -> None:
    """Bounds this process for good: memory, stack, no core file, no word on the terminal; it ends with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with_parent(signal.SIGKILL)
    faulthandler.disable()
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 2)
    os.close(silent)
    _soft(resource.RLIMIT_CORE, 0)
    _soft(resource.RLIMIT_STACK, STACK)
    if size := _size():
        _soft(resource.RLIMIT_AS, size + memory)


def adopt() -> None:
    """Makes this process the parent of what its children leave behind; Linux only."""
    if _libc:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1)


def with_parent(ending: int) -> None:
    """Asks the kernel to send this process a signal when its parent ends (0: none); Linux only."""
    if _libc:
        _libc.prctl(_PR_SET_PDEATHSIG, ending)


def unconfine() -> None:
    """Lifts the bounds again, for a worker that becomes the template."""
    with_parent(0)
    for limit in (resource.RLIMIT_AS, resource.RLIMIT_CPU):
        _soft(limit, resource.RLIM_INFINITY)


@contextlib.contextmanager
def closed() -> Any:
    """While it lasts, no file and no connection can be opened: what the guard missed fails here."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    _soft(resource.RLIMIT_NOFILE, 0)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def _soft(limit: int, value: int) -> None:
    hard = resource.getrlimit(limit)[1]
    if hard != resource.RLIM_INFINITY and (value == resource.RLIM_INFINITY or value > hard):
        value = hard
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(limit, (value, hard))


def _size() -> int:
    """Bytes of address space in use; 0 where the platform does not say."""
    try:
        with open("/proc/self/statm") as numbers:
            return int(numbers.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _bound(timeout: float) -> None:
    """Ends this process some seconds of computing after a query's limit, should nobody be left to do it."""
    _soft(resource.RLIMIT_CPU, int(time.process_time() + timeout) + 3)


# ---- the template and its workers, for the server --------------------------------------------------


def send(sock: socket.socket, head: Job, body: bytes = b"") -> None:
    """One framed message."""
    text = json.dumps(head).encode()
    sock.sendall(b"".join((HEAD.pack(len(text), len(body)), text, body)))


def sizes(head: bytes) -> tuple[int, int]:
    """Lengths of the two parts of a message from its first eight bytes."""
    return HEAD.unpack(head)


def receive(sock: socket.socket) -> Job | None:
    """The next message's head, or None when the other side has hung up."""
    start = _exactly(sock, HEAD.size)
    if len(start) < HEAD.size:
        return None
    head, body = sizes(start)
    return json.loads(_exactly(sock, head + body)[:head])  # type: ignore[no-any-return]


def _exactly(sock: socket.socket, count: int) -> bytes:
    found = bytearray()
    while len(found) < count and (part := sock.recv(count - len(found))):
        found += part
    return bytes(found)


def template(sock: socket.socket, context: Any, handle: Handle, memory: int) -> None:
    """Holds the store and forks a worker for each descriptor that arrives; ends when the server hangs up; never returns."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        message, descriptors, _, _ = socket.recv_fds(sock, HEAD.size, 1)
        if not message:
            os._exit(0)
        if descriptors and (pid := os.fork()) == 0:
            sock.close()
            _work(socket.socket(fileno=descriptors[0]), context, handle, memory)
        if descriptors:
            os.close(descriptors[0])
            sock.sendall(HEAD.pack(pid, 0))
        else:
            sock.sendall(HEAD.pack(_reaped(sizes(message)[0]), 0))


def _reaped(pid: int) -> int:
    try:
        return os.waitpid(pid, 0)[1]
    except ChildProcessError:
        return 0


def _work(sock: socket.socket, context: Any, handle: Handle, memory: int) -> None:
    confine(memory)
    while job := receive(sock):
        _bound(job["timeout"])
        try:
            reply = handle(context, job)
        except MemoryError:
            os._exit(137)
        except Exception:
            import traceback

            reply = Reply(500, {"trace": traceback.format_exc()})
        heir = job.get("change") and reply.status < 300
        if heir:
            unconfine()  # before the server lets the old template end, and this process with it
        try:
            send(sock, {"status": reply.status, "headers": reply.headers}, reply.body)
        except (MemoryError, OSError):
            os._exit(137)
        if heir:
            template(sock, context, handle, memory)
    os._exit(0)
