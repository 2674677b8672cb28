"""Serves the simulated Conviso platform over HTTP on loopback, for the real clients."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from rehearsal.conviso_platform import Platform
from rehearsal.loopback import Loopback, Quiet

if TYPE_CHECKING:
    from email.message import Message

_FIELD = re.compile(r"{\s*(\w+)")


@dataclass
class ConvisoApi(Loopback, Platform):
    """The simulated platform with an HTTP server; its address is `url`."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"platform": self}))
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


class _Handler(Quiet, BaseHTTPRequestHandler):
    platform: Platform
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        content = self.rfile.read(int(self.headers.get("content-length") or 0))
        parts = _parts(self.headers.get("content-type") or "", content)
        key = self.headers.get("x-api-key") or ""
        if self.path == "/graphql":
            # A request with files has the query in the part `operations`, and the first file in the part `0`.
            asked = json.loads(parts.get("operations", content))
            found = _FIELD.search(asked["query"])
            operation = found.group(1) if found else ""
            status, answer = self.platform.graphql(operation, key, asked["variables"], parts.get("0"))
        else:
            sent: dict[str, Any] = parts or json.loads(content or b"{}")
            status, answer = self.platform.rest(self.command, self.path, key, sent)
        self._send(status, answer)

    do_POST = do_GET  # noqa: N815 - the name that http.server calls

    def _send(self, status: int, answer: object) -> None:
        sent = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)


def _parts(content_type: str, content: bytes) -> dict[str, str]:
    """Return the parts of a form by name; any other content has none."""
    message = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + content)
    if not message.is_multipart():
        return {}
    parts = (part for part in message.walk() if not part.is_multipart())
    return {str(part.get_param("name", header="content-disposition")): _text(part) for part in parts}


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    return content.decode(errors="replace") if isinstance(content, bytes) else ""
