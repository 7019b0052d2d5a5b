"""How clients are let in: a socket without delay, and no patience for one that never finishes its request."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_TIME = 20.0
"""Seconds in which a client sends the head of a request."""


class Patient(H11Protocol):
    """uvicorn's protocol, which by itself waits for the rest of a request for ever."""

    timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come."""
        super().connection_made(transport)
        self._arm()

    def data_received(self, data: bytes) -> None:
        """A client has sent a part."""
        super().data_received(data)
        resting = self.cycle is None or self.cycle.response_complete
        if not (resting and self.conn.their_state is h11.IDLE):
            self._disarm()
        elif self.timer is None:
            self._arm()

    def send_400_response(self, msg: str) -> None:
        """A client's bytes are no HTTP. One whose request is already being answered is told nothing more, and its answer stops."""
        if self.cycle and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            with suppress(h11.LocalProtocolError):  # the answer to a HEAD ends with its head
                super().send_400_response(msg)
        self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """A client has gone."""
        self._disarm()
        super().connection_lost(exc)

    def _arm(self) -> None:
        self.timer = self.loop.call_later(HEAD_TIME, self.transport.close)

    def _disarm(self) -> None:
        if self.timer:
            self.timer.cancel()
        self.timer = None


def listening(host: str, port: int) -> socket.socket:
    """A bound socket; of the protocol TCP by name, or asyncio leaves it to wait 40 ms for an acknowledgement between head and body.

    Raises RuntimeError that says what to do.
    """
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE)[0]
        sock = socket.socket(family, kind, proto)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
    except OSError as error:
        raise RuntimeError(f"cannot listen on {host}:{port} ({error.strerror}); choose another --host or --port") from None
    return sock
