"""Which worker answers which request: quick ones in turn, long ones aside and few, each ended at its limit."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from graph_builder import workers
from graph_builder.forks import Reply, Template, Worker, rest
from graph_builder.workers import Job

QUICK = 12
"""Requests answered at the same time while each is quick."""
PATIENCE = 0.1
"""Seconds after which a request counts as long: its worker makes way for the others."""
WORK = 0.05
"""Seconds of the processor that it must have had by then to count as long."""
LONG = 4
"""Long requests at the same time; one more stands still until one of them ends, for as long as HURRY."""
HURRY = 1.0
"""Seconds after which a long request takes only what the others leave of the processor, or is sent away where it has found no place."""
NICE = 10
"""The rank of a long request beside another on the processor until then."""
TURNS = 1000
"""Requests after which a worker is replaced."""


class Busy(Exception):
    """All places for long requests are taken."""


@dataclass
class Pool:
    """The workers of a server; `start` is called in a child and gives what `handle` answers from."""

    start: Callable[[], Any]
    handle: workers.Handle
    memory: int = workers.MEMORY
    idle: list[Worker] = field(default_factory=list)
    long: set[Worker] = field(default_factory=set)
    every: set[Worker] = field(default_factory=set)
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    async def open(self) -> None:
        """Starts the template: forks a process that loads the store. Raises RuntimeError where it cannot."""
        workers.adopt()
        self.template = await self._template()
        self.quick, self.changing = asyncio.Semaphore(QUICK), asyncio.Lock()

    async def _template(self) -> Template:
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            ours.close()
            self._hold(theirs)
        theirs.close()
        ours.setblocking(False)
        said = await asyncio.get_running_loop().sock_recv(ours, 1)
        if said != b"+":
            raise RuntimeError(await rest(ours) or "the graph could not be loaded")
        return Template(ours, pid)

    def _hold(self, sock: socket.socket) -> None:
        import gc

        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            sock = _alone(sock)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            workers.with_parent(signal.SIGKILL)
            context = self.start()
            gc.collect()
            gc.freeze()
            sock.sendall(b"+")
            workers.template(sock, context, self.handle, self.memory)
        except BaseException as error:
            sock.sendall(b"!" + (str(error) or repr(error)).encode("utf-8", "replace"))
        finally:
            os._exit(1)  # whatever happens: past this line it would be a second server

    async def run(self, job: Job, timeout: float) -> Reply:
        """The answer to a job within `timeout` seconds, the wait for a worker counted in.

        Raises TimeLimit, MemoryLimit, Crashed, Busy; the worker is ended when the caller is cancelled.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        try:
            async with asyncio.timeout_at(deadline):
                await self.quick.acquire()
        except TimeoutError:
            raise Busy("all workers are busy; try again") from None
        worker = task = None
        try:
            worker = await self._take()
            task = loop.create_task(worker.ask({**job, "timeout": timeout}, self._end))
            await self._settle(worker, task, deadline)
        except BaseException:
            self._drop(worker, task)
            raise
        finally:
            self.quick.release()
        return await self._answer(worker, task, deadline)

    async def _settle(self, worker: Worker, task: asyncio.Task[Reply], deadline: float) -> None:
        """Waits until a quick answer is there or the request has its place among the long ones, and stands still for it. Raises Busy."""
        loop = asyncio.get_running_loop()
        last, before = min(loop.time() + HURRY, deadline), worker.worked()
        while not task.done() and worker not in self.long:
            await asyncio.wait({task}, timeout=PATIENCE)
            if task.done():
                return
            if worker.worked() - before < WORK and loop.time() < last:
                continue  # it is the machine that is slow
            if self.long:
                _slower(worker)
            if len(self.long) < LONG:
                self.long.add(worker)
                worker.signal(signal.SIGCONT)
            elif loop.time() < last:
                worker.signal(signal.SIGSTOP)
            else:
                raise Busy("other long queries are running; try again in some seconds")

    async def _answer(self, worker: Worker, task: asyncio.Task[Reply], deadline: float) -> Reply:
        loop = asyncio.get_running_loop()
        try:
            await asyncio.wait({task}, timeout=min(HURRY, deadline - loop.time()))
            if not task.done():
                _idle(worker)
                await asyncio.wait({task}, timeout=deadline - loop.time())
            if not task.done():
                raise workers.TimeLimit("the query was ended at its time limit")
            reply = task.result()
        except OSError:
            raise workers.verdict(await self._gone(worker)) from None
        except BaseException:
            self._drop(worker, task)
            raise
        finally:
            self.long.discard(worker)
        if isinstance(reply.body, bytes):
            self._free(worker)
        return reply

    def _drop(self, worker: Worker | None, task: asyncio.Task[Reply] | None) -> None:
        if task and not task.done():
            task.cancel()
        if worker:
            self._end(worker)

    async def _take(self) -> Worker:
        worker = self.idle.pop() if self.idle else await self._fork()
        self.every.add(worker)
        worker.turns += 1
        return worker

    async def _fork(self) -> Worker:
        try:
            return await self.template.fork()
        except OSError:
            await self.reload()
            return await self.template.fork()

    def _free(self, worker: Worker) -> None:
        """Puts a worker back, or ends it after its turns."""
        if worker.turns < TURNS and worker.template is self.template:
            self.every.discard(worker)
            self.idle.append(worker)
        else:
            self._end(worker)
            self.later(self._replace())

    async def _replace(self) -> None:
        """Forks a worker before the next request asks for one."""
        with contextlib.suppress(OSError):
            if not self.idle:
                worker = await self.template.fork()
                self.every.add(worker)
                self._free(worker)

    def _end(self, worker: Worker) -> None:
        if worker in self.every:
            self.every.discard(worker)
            worker.kill()
            self.later(worker.template.reap(worker.pid))

    async def _gone(self, worker: Worker) -> int | None:
        self.every.discard(worker)
        worker.kill()
        return await worker.template.reap(worker.pid)

    def later(self, work: Any) -> None:
        """Does some work beside the requests."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def change(self, job: Job, timeout: float) -> Reply:
        """Runs a job that changes the store in a worker of its own, which then takes the template's place: all or nothing."""
        async with self.changing:
            worker = await self.template.fork()
            try:
                async with asyncio.timeout(timeout):
                    reply = await worker.ask({**job, "timeout": timeout, "change": True}, lambda _: None)
            except TimeoutError:
                await self._gone(worker)
                raise workers.TimeLimit("the update was ended at its time limit; nothing was changed") from None
            except OSError:
                raise workers.verdict(await self._gone(worker)) from None
            if reply.status >= 300:
                await self._gone(worker)
            else:
                self._swap(Template(worker.sock, worker.pid))
            return reply

    async def reload(self) -> None:
        """Loads the store anew and swaps it whole; requests under way end on the old one."""
        async with self.changing:
            self._swap(await self._template())

    def _swap(self, template: Template) -> None:
        old, self.template = self.template, template
        for worker in self.idle:
            worker.kill()
        self.idle.clear()
        self.later(self._retire(old))

    async def _retire(self, template: Template) -> None:
        calm = 0
        while calm < 5:  # a worker just forked is not in `every` yet, and would end with its template
            await asyncio.sleep(0.02)
            calm = 0 if template.lock.locked() or any(w.template is template for w in self.every) else calm + 1
        template.close()
        for _ in range(50):
            await asyncio.sleep(0.05)
            _bury()

    async def close(self) -> None:
        """Ends every process."""
        for worker in [*self.idle, *self.every]:
            worker.kill()
        for task in self.tasks:
            task.cancel()
        self.template.close()
        for _ in range(50):
            if not _bury():
                return
            await asyncio.sleep(0.02)


def _slower(worker: Worker) -> None:
    if worker.turns < TURNS:
        worker.turns = TURNS  # the rank cannot be raised again: this is its last job
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, worker.pid, NICE)


def _idle(worker: Worker) -> None:
    _slower(worker)
    with contextlib.suppress(OSError, AttributeError):  # Linux only; elsewhere the rank must do
        os.sched_setscheduler(worker.pid, os.SCHED_IDLE, os.sched_param(0))


def _alone(sock: socket.socket) -> socket.socket:
    """The socket as descriptor 3, with nothing else open but the standard ones: no connection of the server's lives on in a child."""
    if sock.fileno() != 3:
        os.dup2(sock.fileno(), 3)
        sock.detach()
        sock = socket.socket(fileno=3)
    os.closerange(4, os.sysconf("SC_OPEN_MAX") if os.sysconf("SC_OPEN_MAX") > 0 else 65536)
    return sock


def _bury() -> bool:
    """Waits for children that have ended; whether any is left."""
    with contextlib.suppress(ChildProcessError):
        while True:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                return True
    return False
