"""How the server speaks with its processes: the template that forks, the worker that answers, a long answer on its way."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from graph_builder import workers
from graph_builder.workers import Job

WHOLE = 2 << 20
"""Bytes of an answer up to which the worker is free at once; a longer one is handed on as the client takes it."""
TRANSFER = 120.0
"""Seconds in which a client takes an answer."""


@dataclass(slots=True)
class Reply:
    """A worker's answer: the whole body, or its parts as the client takes them, with the length in bytes."""

    status: int
    headers: dict[str, str]
    length: int
    body: bytes | Parts


class Parts:
    """A long answer that stays in its worker until the client takes it; `close` ends the worker."""

    def __init__(self, worker: Worker, length: int, close: Callable[[], None]) -> None:
        self.worker, self.length, self.close = worker, length, close

    async def __aiter__(self) -> AsyncIterator[bytes]:
        loop, left = asyncio.get_running_loop(), self.length
        async with asyncio.timeout(TRANSFER):
            while left and (part := await loop.sock_recv(self.worker.sock, min(left, 1 << 18))):
                left -= len(part)
                yield part


class Template:
    """The process that holds one state of the store and forks workers."""

    def __init__(self, sock: socket.socket, pid: int) -> None:
        self.sock, self.pid, self.lock = sock, pid, asyncio.Lock()

    async def fork(self) -> Worker:
        """A new worker; one whose client has gone meanwhile is ended."""
        task = asyncio.get_running_loop().create_task(self._fork())
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(_unwanted)
            raise

    async def _fork(self) -> Worker:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            pid = await self._ask(lambda: socket.send_fds(self.sock, [b"fork...."], [theirs.fileno()]))
        return Worker(ours, pid, self)

    async def reap(self, pid: int) -> int | None:
        """The wait status of an ended worker; None where the template is gone."""
        with contextlib.suppress(OSError):
            return await asyncio.shield(self._ask(lambda: self.sock.send(workers.HEAD.pack(pid, 0))))
        return None

    async def _ask(self, send: Callable[[], object]) -> int:
        """One number for one message. Never to be cancelled in between: the next would take the answer for its own, and a 0 for a worker's number."""
        async with self.lock:
            send()
            answer = await _exactly(self.sock, workers.HEAD.size)
        return workers.sizes(answer)[0]

    def close(self) -> None:
        """Lets the process end."""
        self.sock.close()


@dataclass(eq=False, slots=True)
class Worker:
    """One process that answers one job at a time."""

    sock: socket.socket
    pid: int
    template: Template
    turns: int = 0

    async def ask(self, job: Job, end: Callable[[Worker], None]) -> Reply:
        """The answer to one job; `end` ends a worker whose long answer is taken."""
        await asyncio.get_running_loop().sock_sendall(self.sock, _framed(job))
        head, length = workers.sizes(await _exactly(self.sock, workers.HEAD.size))
        said = json.loads(await _exactly(self.sock, head))
        body = await _exactly(self.sock, length) if length <= WHOLE else Parts(self, length, lambda: end(self))
        return Reply(said["status"], said["headers"], length, body)

    def worked(self) -> float:
        """Seconds of the processor that the process has had; where the system does not tell, of any clock."""
        try:
            return time.clock_gettime((~self.pid << 3) | 2)  # clock_getcpuclockid(3)
        except OSError:
            return time.monotonic()

    def signal(self, number: int) -> None:
        """Sends the process a signal, if it is still there."""
        with contextlib.suppress(ProcessLookupError):
            if self.pid > 0:  # 0 would be this whole group of processes
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Ends the process now."""
        self.signal(signal.SIGKILL)
        self.sock.close()


def _unwanted(task: asyncio.Task[Worker]) -> None:
    if not task.cancelled() and not task.exception():
        worker = task.result()
        worker.kill()
        task.get_loop().create_task(worker.template.reap(worker.pid))


def _framed(job: Job) -> bytes:
    text = json.dumps(job).encode()
    return workers.HEAD.pack(len(text), 0) + text


async def rest(sock: socket.socket) -> str:
    """What a process that could not start has said."""
    found = bytearray()
    while part := await asyncio.get_running_loop().sock_recv(sock, 1 << 16):
        found += part
    return found.decode("utf-8", "replace")


async def _exactly(sock: socket.socket, count: int) -> bytes:
    loop, found = asyncio.get_running_loop(), bytearray()
    while len(found) < count:
        part = await loop.sock_recv(sock, count - len(found))
        if not part:
            raise ConnectionResetError("the worker has ended")
        found += part
    return bytes(found)
