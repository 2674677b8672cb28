"""The stand-ins for CodeBuild and the services: what they leave behind, and what they do not print."""

from __future__ import annotations

import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from rehearsal.codebuild import CodeBuild, Event
from rehearsal.loopback import Loopback, Quiet

if TYPE_CHECKING:
    import pytest


def test_the_folders_of_a_build_end_with_it(tmp_path: Path) -> None:
    """Without this test, each rehearsal leaves a copy of the user's source among the machine's temporary files."""
    text = 'version: 0.2\nphases: {install: {commands: ["mktemp -d"]}}\n'
    build = CodeBuild(home=tmp_path, path="/usr/bin:/bin").run(text, tmp_path, Event())
    assert build.succeeded, build.output
    assert not Path(build.output.strip()).exists()


def test_a_variable_that_is_not_utf8_reaches_the_next_command(tmp_path: Path) -> None:
    """Without the codec's error handler, a tag with such a name ends the rehearsal with a traceback."""
    text = """version: 0.2\nphases: {install: {commands: ["export NAME=$'\\\\xe9'", 'printf %s "$NAME" | wc -c']}}\n"""
    build = CodeBuild(home=tmp_path, path="/usr/bin:/bin").run(text, tmp_path, Event())
    assert build.output.strip() == "1"


class _Gone(Quiet, BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        raise BrokenPipeError


def test_a_client_that_disconnects_leaves_no_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    """Without this test, a traceback of a stand-in can stand in the middle of a build's log."""
    service = Loopback()
    service.server = server = ThreadingHTTPServer(("127.0.0.1", 0), _Gone)
    with service, socket.create_connection(("127.0.0.1", server.server_port)) as client:
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert client.recv(1) == b""
    assert not capfd.readouterr().err
