"""What the stand-ins that are servers have in common."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from socketserver import BaseServer

POLL = 0.02
"""Seconds after which whoever waits looks again."""


class Loopback:
    """Serves in a thread of its own while it is entered."""

    server: BaseServer

    def __enter__(self) -> Self:
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": POLL}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


class Quiet:
    """A handler that prints nothing: what arrived is in the stand-in."""

    def log_message(self, *_: object) -> None:
        """Print nothing."""
