"""The base classes of the simulated services, which are servers on loopback."""

from __future__ import annotations

from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from threading import Thread
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from socketserver import BaseServer

POLL = 0.02
"""Seconds between two checks of a server that waits."""


class Loopback:
    """A context manager that runs a server in a thread of its own."""

    server: BaseServer

    def __enter__(self) -> Self:
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": POLL}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


class Quiet(BaseHTTPRequestHandler):
    """A request handler without a log, because the simulated service records its requests."""

    def handle(self) -> None:
        """Serve a connection until its end, which the client may bring about at any time."""
        with suppress(ConnectionError):
            super().handle()

    def log_message(self, *_: object) -> None:
        """Print nothing."""
