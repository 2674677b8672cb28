"""Starts the real client without loading its libraries anew: `python -I -S -X utf8 fork_server.py SOCKET PACKAGES`.

Loading them is most of what a short command of the client does. The server loads the libraries of other makers once
(never the client itself, which opens a log in the current folder when it is imported) and forks for each command.
Such a process has what a fresh one would have: its own arguments, environment, folder and standard streams.
"""

import contextlib
import importlib
import os
import runpy
import select
import signal
import socket
import sys
import time

LIBRARIES = ("click", "docker", "git", "jsonschema", "requests", "semantic_version", "transitions", "yaml")
_LONGEST_REQUEST = 1 << 20


def main() -> None:
    """Serve until the process that started this one is gone."""
    path, packages = sys.argv[1:]
    sys.path.insert(0, packages)
    for library in LIBRARIES:
        with contextlib.suppress(ImportError):  # the clients do not have all of them in common
            importlib.import_module(library)
    sys.path.remove(packages)
    time.sleep = lambda _: None  # pauses between tries are no part of what is tested
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
