"""A git host on loopback, over plain HTTP: the client reads an asset's name only from a host's address."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType


@dataclass
class Origin:
    """Serves the bare repositories of a folder; private ones ask for a login that nobody has."""

    folder: Path
    private: bool = False
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        handler = type("Handler", (_Handler,), {"origin": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)

    @property
    def url(self) -> str:
        """The host's address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(SimpleHTTPRequestHandler):
    origin: Origin

    def __init__(self, *given: Any) -> None:
        super().__init__(*given, directory=str(self.origin.folder))

    def do_GET(self) -> None:
        self.origin.requests.append(self.path)
        if not self.origin.private:
            super().do_GET()
            return
        self.send_response(401)
        self.send_header("www-authenticate", 'Basic realm="private"')
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep the tests' output quiet: what was asked for is in the stand-in."""
