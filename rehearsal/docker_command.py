"""The `docker` command on a build's PATH."""

from __future__ import annotations

import sys

DOCKER = f"""\
#!{sys.executable} -IS
import _socket, os, sys
connection = _socket.socket(_socket.AF_UNIX)
try:
    connection.connect(os.environ["DOCKER_HOST"].removeprefix("unix://"))
except OSError:
    sys.exit("Cannot connect to the Docker daemon. Is the docker daemon running?")
connection.sendall(f"GET /{{sys.argv[1]}} HTTP/1.0\\r\\n\\r\\n".encode())
answer = b""
while part := connection.recv(65536):
    answer += part
print(answer.partition(b"\\r\\n\\r\\n")[2].decode())
"""
"""As much of Docker's command line as a build needs, because this machine may have none."""
