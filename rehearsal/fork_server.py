"""Starts the real client without loading its libraries anew: `python -I -S -X utf8 fork_server.py SOCKET PACKAGES`.

Loading them is most of what a short command of the client does. The server loads the libraries of other makers once
(never the client itself, which opens a log in the current folder when it is imported) and forks for each command.
Such a process has what a fresh one would have: its own arguments, environment, folder and standard streams. Only its
waits between two tries, of up to 16 seconds, are cut short.
"""

import contextlib
import gc
import importlib
import os
import runpy
import select
import signal
import socket
import sys
import time
import warnings
from typing import SupportsIndex

LIBRARIES = (
    "asyncio",
    "click",
    "click_log",
    "concurrent.futures.thread",
    "docker",
    "encodings.idna",
    "git",
    "giturlparse",
    "jmespath",
    "jsonschema",
    "netrc",
    "pipes",
    "pkg_resources",
    "requests",
    "semantic_version",
    "transitions.extensions",
    "yaml",
)
_LONGEST_WAIT_SECONDS = 0.05
_LONGEST_REQUEST = 1 << 20


def main() -> None:
    """Serve until the process that started this one is gone."""
    path, packages = sys.argv[1:]
    sys.path.insert(0, packages)
    for library in LIBRARIES:
        with contextlib.suppress(ImportError), warnings.catch_warnings(action="ignore"):
            importlib.import_module(library)  # the clients do not have all of them in common
    sys.path.remove(packages)
    time.sleep = _wait_briefly
    gc.freeze()  # a collection in a fork would touch, and so copy, the pages of all that is loaded
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
        server.bind(path)
        server.listen()
        while True:
            ready, _, _ = select.select([server, sys.stdin], [], [])
            if sys.stdin in ready:
                return
            connection, _ = server.accept()
            if os.fork() == 0:
                server.close()
                _supervise(connection)
            connection.close()


_sleep = time.sleep


def _wait_briefly(seconds: float | SupportsIndex) -> None:
    _sleep(min(float(seconds), _LONGEST_WAIT_SECONDS))


def _supervise(connection: socket.socket) -> None:
    """Run one command in a process of its own, and answer with its exit code; end it when the caller is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    request, streams, _, _ = socket.recv_fds(connection, _LONGEST_REQUEST, 3)
    process = os.fork()
    if process == 0:
        connection.close()
        _become(request.decode("utf-8", "surrogateescape").split("\0"), streams)
        return
    ended = os.pidfd_open(process)
    ready, _, _ = select.select([connection.fileno(), ended], [], [])
    if ended not in ready:
        os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    with contextlib.suppress(OSError):
        connection.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _become(request: list[str], streams: list[int]) -> None:
    """Do what the interpreter does for `python client.py ...`, up to its exit."""
    folder, count, *rest = request
    arguments, variables = rest[: int(count)], rest[int(count) :]
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update({name: value for name, _, value in (entry.partition("=") for entry in variables)})
    sys.argv = arguments
    runpy.run_path(arguments[0], run_name="__main__")
    sys.exit()


if __name__ == "__main__":
    main()
