"""The graph over HTTP: `/sparql` for machines, pages for people; every answer is made by a worker that can be ended."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from graph_builder import desks, forks, pages, pool, protocol, workers
from graph_builder.faults import Refused
from graph_builder.protocol import Problem
from graph_builder.workers import Job

SECURITY = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "x-frame-options": "DENY", "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "geolocation=(), camera=(), microphone=()",
}  # fmt: skip
"""Headers of every answer."""
FAILURES = {
    workers.TimeLimit: (503, "Time limit"), workers.MemoryLimit: (503, "Memory limit"), workers.Crashed: (400, "Query too complex"), pool.Busy: (503, "Busy"),
}  # fmt: skip
CONNECTIONS = 1024
BODY_TIME = 30.0
"""Seconds in which a client sends a request's body."""
HEADER = 1 << 20
"""Bytes of a request's head that are read: a query of the full length, percent-encoded, and more, to be refused in words."""


class Answer(Response):
    """A worker's reply on its way to the client; the worker is let go whatever happens."""

    def __init__(self, reply: forks.Reply | workers.Reply) -> None:
        body = reply.body if isinstance(reply.body, bytes) else b""
        super().__init__(body, reply.status, reply.headers)
        self.parts = reply.body if isinstance(reply.body, forks.Parts) else None
        if self.parts:
            self.headers["content-length"] = str(self.parts.length)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the reply."""
        if not self.parts:
            return await super().__call__(scope, receive, send)
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            if scope["method"] != "HEAD":
                async for part in self.parts:
                    await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            self.parts.close()
        return None


class Server:
    """The routes and what they need: the pool, the time limit in seconds, what may be written and which hosts are believed."""

    def __init__(self, workers_: pool.Pool, timeout: float, writable: bool, private: bool, static: dict[str, tuple[str, bytes]]) -> None:
        self.pool, self.timeout, self.writable, self.private, self.static = workers_, timeout, writable, private, static

    def app(self) -> Starlette:
        """The ASGI application."""
        methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
        routes = [
            Route("/sparql", self.guarded(self.sparql), methods=methods),
            Route("/sparql/", self.guarded(self.sparql), methods=methods),
            Route("/site/{name}", self.guarded(self.file), methods=methods),
            Route("/{path:path}", self.guarded(self.page), methods=methods),
        ]
        return Starlette(routes=routes, lifespan=self.lifespan)

    @contextlib.asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Reloads on SIGHUP while the server runs; ends every process after."""
        if hasattr(signal, "SIGHUP"):
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, lambda: self.pool.later(self._reload()))
        try:
            yield
        finally:
            await self.pool.close()

    async def _reload(self) -> None:
        try:
            await self.pool.reload()
        except RuntimeError as error:
            print(f"the graph stays as it was: {error}", file=sys.stderr)

    def guarded(self, handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """A handler whose refusals become problem documents and whose answers carry the security headers."""

        async def handle(request: Request) -> Response:
            try:
                self._host(request)
                response = await handler(request)
            except Problem as problem:
                response = Answer(problem.reply())
                if allow := problem.more.get("allow"):
                    response.headers["allow"] = allow
            except ClientDisconnect:
                response = Response(status_code=499)
            for name, value in SECURITY.items():
                response.headers.setdefault(name, value)
            if not self.private:
                response.headers["access-control-allow-origin"] = "*"
            return response

        return handle

    def _host(self, request: Request) -> None:
        """A private server answers only to its own names, so that no page elsewhere can reach it under another."""
        try:
            host = (request.url.hostname or "").strip("[]")
        except ValueError:
            raise Problem(400, "No such host", "the header `Host` names no host") from None
        if self.private and not loopback(host):
            raise Problem(421, "Misdirected", "this private endpoint answers to localhost only")

    async def sparql(self, request: Request) -> Response:
        """The SPARQL endpoint; for a browser without a query, or with one to be shown, the page."""
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"allow": "GET, HEAD, POST, OPTIONS", "access-control-allow-headers": "content-type, accept"})
        if request.method not in ("GET", "HEAD", "POST"):
            raise Problem(405, "No such method", "use GET or POST", allow="GET, HEAD, POST")
        accept = request.headers.get("accept", "")
        if request.method != "POST" and protocol.negotiate(accept, [*protocol.ROWS, *protocol.GRAPHS, "text/html"]) == "text/html":
            return await self.page(request)
        method = "GET" if request.method == "HEAD" else request.method
        job = protocol.read(method, request.scope["query_string"], request.headers.get("content-type", ""), await _body(request), self.writable)
        job |= {"accept": accept, "base": str(request.base_url) + "sparql", "writable": self.writable}
        if job["kind"] == "update":
            return await self._update(request, job)
        return await self._run(request, job)

    async def _update(self, request: Request, job: Job) -> Response:
        origin = request.headers.get("origin")
        if origin and origin != str(request.base_url).rstrip("/"):
            raise Problem(403, "Foreign page", "updates are taken from this server's own pages and from programs, not from other sites")
        with _failures():
            return _answered(await self.pool.change(job, self.timeout))

    async def page(self, request: Request) -> Response:
        """A page for people, or the same thing as data."""
        if request.method not in ("GET", "HEAD"):
            raise Problem(405, "No such method", "use GET", allow="GET, HEAD")
        fields = protocol.pairs(request.scope["query_string"], "the address")
        return await self._run(request, {
            "kind": "page", "path": request.scope["path"], "fields": fields, "accept": request.headers.get("accept", ""),
            "languages": request.headers.get("accept-language", ""), "root": str(request.base_url),
        })  # fmt: skip

    async def file(self, request: Request) -> Response:
        """A script or style of the pages."""
        found = self.static.get(request.path_params["name"])
        if not found:
            raise Problem(404, "Not found", "no such file")
        return Response(found[1], headers={"content-type": found[0], "cache-control": "max-age=300"})

    async def _run(self, request: Request, job: Job) -> Response:
        """A worker's answer; a client that goes away ends the worker."""
        with _failures():
            task = asyncio.ensure_future(self.pool.run(job, self.timeout))
            gone = asyncio.ensure_future(_gone(request))
            try:
                await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
                if not task.done():
                    raise ClientDisconnect
                reply = task.result()
            finally:
                gone.cancel()
                if not task.done():
                    task.cancel()
        return _answered(reply)


def _answered(reply: forks.Reply) -> Answer:
    if "trace" in reply.headers:
        print(reply.headers["trace"], file=sys.stderr)
        raise Problem(500, "Our own fault", "this request met an error in the server; it was logged")
    return Answer(reply)


@contextlib.contextmanager
def _failures() -> Any:
    """A worker's end as a problem document."""
    try:
        yield
    except tuple(FAILURES) as error:
        status, title = FAILURES[type(error)]
        raise Problem(status, title, str(error)) from None


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _body(request: Request) -> bytes:
    """The body of a request; of one far too large nothing is kept."""
    body, size, most = bytearray(), 0, 4 * 64 * 1024
    try:
        async with asyncio.timeout(BODY_TIME):
            async for part in request.stream():
                size += len(part)
                if size <= most:
                    body += part
                if size > protocol.BODY:
                    break
    except TimeoutError:
        raise Problem(408, "Too slow", f"a request is sent within {BODY_TIME:g} seconds") from None
    if size > most:
        raise Problem(413, "Too large", "a query has at most 64 KiB")
    return bytes(body)


def loopback(host: str) -> bool:
    """Whether a host name or address is this machine itself.

    >>> loopback("127.0.0.1"), loopback("localhost"), loopback("10.0.0.1")
    (True, True, False)
    """
    try:
        return host.lower() == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def application(load: Callable[[], Any], timeout: float, writable: bool, host: str) -> Server:
    """A server over what `load` gives (an Accords), with its worker pool not yet open. Raises Refused for a public writable one."""
    if writable and not loopback(host):
        raise Refused(f"--writable is for a private store: {host} can be reached by others; use --host 127.0.0.1")
    workers_ = pool.Pool(lambda: desks.Desk(load(), writable), pages.handle)
    return Server(workers_, timeout, writable, loopback(host), pages.static())


def run(data: Sequence[Path], out: Path, host: str, port: int, writable: bool, timeout: float) -> None:
    """Serves the graph of the data folders until it is interrupted. Raises Refused or RuntimeError with what to do."""
    import os

    import uvicorn

    from graph_builder import accords, connections

    if not hasattr(os, "fork"):
        raise RuntimeError("`accords serve` needs a system that can fork: Linux, macOS or WSL")
    server = application(lambda: accords.build(data, out), timeout, writable, host)
    config = uvicorn.Config(
        server.app(), host=host, port=port, http=connections.Patient, ws="none", log_level="warning", access_log=False, server_header=False, date_header=True,
        h11_max_incomplete_event_size=HEADER, limit_concurrency=CONNECTIONS, timeout_graceful_shutdown=2, timeout_keep_alive=30,
    )  # fmt: skip
    sock = connections.listening(host, port)
    print(
        f"http://{f'[{host}]' if ':' in host else host}:{sock.getsockname()[1]}/ shows the graph, /sparql answers queries; Ctrl-C ends it",
        file=sys.stderr,
        flush=True,
    )
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(server, uvicorn.Server(config), sock))


async def _serve(server: Server, http: Any, sock: Any) -> None:
    await server.pool.open()
    try:
        await http.serve(sockets=[sock])
    finally:
        await server.pool.close()
