"""Asks the fork server for one command: `python -I -S fork_client.py SOCKET client.py ARGUMENTS`."""

import os
import socket
import sys
from pathlib import Path

KILLED = 137


def main() -> int:
    """The command's exit code, as a shell sees it."""
    path, *arguments = sys.argv[1:]
    variables = [f"{name}={value}" for name, value in os.environ.items()]
    request = "\0".join([str(Path.cwd()), str(len(arguments)), *arguments, *variables])
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, len(request) * 4)
        connection.connect(path)
        socket.send_fds(connection, [request.encode("utf-8", "surrogateescape")], [0, 1, 2])
        code = int(connection.recv(16) or KILLED)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
