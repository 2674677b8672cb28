"""Serves the simulated Docker engine over HTTP on a unix socket, for docker-py in the real clients."""

from __future__ import annotations

import base64
import json
import struct
import tempfile
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from select import select
from shutil import rmtree
from socketserver import ThreadingMixIn, UnixStreamServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from rehearsal import scanners
from rehearsal.docker_engine import Container, DockerEngine
from rehearsal.loopback import POLL, Loopback, Quiet

_ANSWERS: dict[str, object] = {
    "_ping": b"OK",
    "version": {"ApiVersion": "1.43", "MinAPIVersion": "1.12", "Version": "24.0.9"},
    "info": {"ServerVersion": "24.0.9", "ID": "stand-in", "OperatingSystem": "stand-in"},
    "auth": {"Status": "Login Succeeded", "IdentityToken": ""},
    "distribution": {"Descriptor": {"size": 1}},
}


@dataclass
class DockerApi(Loopback, DockerEngine):
    """The simulated engine with an HTTP server on a unix socket."""

    def __post_init__(self) -> None:
        super().__post_init__()
        # A folder of its own, as the path of a unix socket is limited to 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="docker-"))
        self.socket = self.folder / "docker.sock"
        self.server = _Server(str(self.socket), type("Handler", (_Handler,), {"engine": self}))

    @property
    def host(self) -> str:
        """The engine's address in the format of DOCKER_HOST."""
        return f"unix://{self.socket}"

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        rmtree(self.folder)

    def stop(self) -> None:
        """Become unreachable, like an engine that is not started; renaming the socket back starts it."""
        self.socket.rename(self.asleep)

    @property
    def asleep(self) -> Path:
        """The path of the socket while the engine is stopped."""
        return self.socket.with_suffix(".asleep")


class _Server(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64


class _Handler(Quiet, BaseHTTPRequestHandler):
    engine: DockerApi
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        parts = [part for part in url.path.split("/") if part and not part.startswith("v1.")]
        body = self._body()
        match parts:
            case ["events"]:
                self._events(query)
            case ["images", "create"]:
                self._send(*self.engine.pull(query["fromImage"], query.get("tag", "latest")))
            case ["images", *name, "json"]:
                known = "/".join(name) in self.engine.images
                self._send(200 if known else 404, {"Id": "sha256:1", "message": "No such image"})
            case ["containers", "json"]:
                self._send(200, [_listed(c) for c in self.engine.containers if _wanted(c, query)])
            case ["containers", "create"]:
                self._send(*self.engine.create(query.get("name", ""), json.loads(body)))
            case ["containers", reference, *action]:
                self._container(self.engine.find(reference), f"{self.command} {'/'.join(action)}", query, body)
            case _:
                answer = _ANSWERS.get(parts[0])
                self._send(200 if answer else 404, answer or {"message": f"page not found: {self.path}"})

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET  # noqa: N815 - the names that http.server calls

    def _container(self, container: Container | None, action: str, query: dict[str, str], body: bytes) -> None:
        if container is None:
            self._send(404, {"message": "No such container"})
            return
        scan = container.scan
        match action:
            case "DELETE ":
                self.engine.remove(container)
                self._send(204, b"")
            case "POST start":
                self.engine.start(container)
                self._send(204, b"")
            case "POST wait":
                self._send(200, {"StatusCode": scan.exit_code if scan else 0})
            case "PUT archive":
                container.uploads.append((query["path"], body))
                self._send(200, b"")
            case "GET archive":
                self._archive(container, query["path"])
            case "GET logs":
                self._logs(container, query)
            case "GET json":
                config = {"Tty": container.tty, "Image": container.image, "Cmd": container.command}
                answer = {"Id": container.id, "Name": f"/{container.name}", "State": container.state}
                self._send(200, {**answer, "Config": config, "HostConfig": {"LogConfig": {"Type": "json-file"}}})

    def _logs(self, container: Container, query: dict[str, str]) -> None:
        wants_output = query.get("stdout") in {"1", "true", "True"}
        printed = container.scan.printed if container.scan and wants_output else b""
        framed = printed if container.tty or not printed else struct.pack(">BxxxL", 1, len(printed)) + printed
        self._send(200, framed)

    def _archive(self, container: Container, path: str) -> None:
        files = container.scan.files if container.scan else {}
        inside = {name: content for name, content in files.items() if name == path or name.startswith(f"{path}/")}
        if not inside:
            self._send(404, {"message": f"Could not find the file {path}"})
            return
        name, content = next(iter(inside.items()))
        stat = json.dumps({"name": Path(path).name, "size": len(content), "mode": 0o644, "mtime": "", "linkTarget": ""})
        member = name[len(path) - len(Path(path).name) :]
        header = {"X-Docker-Container-Path-Stat": base64.b64encode(stat.encode()).decode()}
        self._send(200, scanners.archive(member, content), header)

    def _events(self, query: dict[str, str]) -> None:
        """Send the events so far and, unless the request sets `until`, all later ones until the client disconnects."""
        since = float(query.get("since", time.time()))
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("connection", "close")
        self.end_headers()
        sent = 0
        while True:
            with self.engine.changed:
                events = self.engine.events[sent:]
                if not events and "until" not in query:
                    self.engine.changed.wait(POLL)
            sent += len(events)
            for event in events:
                if event["timeNano"] / 1e9 >= since and _selected(event, query):
                    self.wfile.write(json.dumps(event).encode() + b"\n")
            self.wfile.flush()
            gone = select([self.connection], [], [], 0)[0]
            if "until" in query or gone or not self.engine.folder.exists():
                self.close_connection = True
                return

    def _body(self) -> bytes:
        if self.headers.get("transfer-encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("content-length") or 0))
        content = b""
        while size := int(self.rfile.readline(), 16):
            content += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return content

    def _send(self, status: int, content: object, headers: dict[str, str] | None = None) -> None:
        sent = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(sent)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(sent)


def _filters(query: dict[str, str]) -> dict[str, list[str]]:
    given = json.loads(query.get("filters") or "{}")
    return {name: list(values) for name, values in given.items()}


def _selected(event: dict[str, Any], query: dict[str, str]) -> bool:
    filters = _filters(query)
    action, attributes = event["Action"], event["Actor"]["Attributes"]
    return action in filters.get("event", [action]) and any(
        attributes["image"].startswith(image) for image in filters.get("image", [attributes["image"]])
    )


def _wanted(container: Container, query: dict[str, str]) -> bool:
    if container.removed:
        return False
    status = str(container.state["Status"])
    everything = query.get("all", "0") in {"1", "true", "True"} or "status" in _filters(query)
    return everything and status in _filters(query).get("status", [status])


def _listed(container: Container) -> dict[str, object]:
    status = container.state["Status"]
    return {"Id": container.id, "Names": [f"/{container.name}"], "Image": container.image, "State": status}
