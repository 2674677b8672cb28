"""The `docker` on a build's PATH."""

from __future__ import annotations

import sys

DOCKER = f"""\
#!{sys.executable} -I
import http.client, os, socket, sys
connection = http.client.HTTPConnection("docker")
connection.sock = socket.socket(socket.AF_UNIX)
try:
    connection.sock.connect(os.environ["DOCKER_HOST"].removeprefix("unix://"))
except OSError:
    sys.exit("Cannot connect to the Docker daemon. Is the docker daemon running?")
connection.request("GET", "/" + sys.argv[1])
print(connection.getresponse().read().decode())
"""
"""The engine's command line as far as a build needs it; this machine may have none."""
