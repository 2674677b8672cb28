"""Runs commands of the real client in forks: `python -I -S -X utf8 fork_server.py SOCKET PACKAGES`.

A short command spends most of its time loading the client and its libraries. The server loads them once and forks for
each command. A fork has what a fresh process has: its own arguments, environment, folder, standard streams and log.
Two things differ: the pauses between retries, of up to 16 seconds, are cut short, and a fork exits without freeing its
memory first.
"""

import atexit
import contextlib
import gc
import importlib
import logging
import os
import select
import signal
import socket
import sys
import tempfile
import time
import types
import warnings
from functools import cache
from pathlib import Path
from typing import SupportsIndex

CLIENT = "convisoappsec"
# The client itself, and modules that it loads on demand. Not every client has all of them.
MODULES = (
    f"{CLIENT}.flowcli.entrypoint",
    "asyncio",
    "concurrent.futures.thread",
    "encodings.idna",
    "jmespath",
    "jsonschema",
    "netrc",
    "pipes",
)
_LONGEST_WAIT_SECONDS = 0.05
_LONGEST_REQUEST = 1 << 20


def main() -> None:
    """Serve until the parent process ends."""
    path, packages = sys.argv[1:]
    _load(packages)
    time.sleep = _wait_briefly
    gc.freeze()  # a collection in a fork would touch, and so copy, the pages of all that is loaded
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
        server.bind(path)
        server.listen()
        _serve(server)


def _load(packages: str) -> None:
    """Load the client in a temporary folder, because it opens its log in the current one."""
    sys.path.insert(0, packages)
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for name in MODULES:
            with contextlib.suppress(ImportError), warnings.catch_warnings(action="ignore"):
                importlib.import_module(name)
    sys.path.remove(packages)
    for handler in list(logging.root.handlers):
        logging.root.removeHandler(handler)
        handler.close()


_sleep = time.sleep


def _wait_briefly(seconds: float | SupportsIndex) -> None:
    _sleep(min(float(seconds), _LONGEST_WAIT_SECONDS))


def _serve(server: socket.socket) -> None:
    """Fork for each caller and send it the exit code; kill the command of a caller that disconnects."""
    commands: dict[int, tuple[int, socket.socket]] = {}
    while True:
        callers = [caller for _, caller in commands.values()]
        ready, _, _ = select.select([server, sys.stdin, *commands, *callers], [], [])
        if sys.stdin in ready:
            return
        if server in ready:
            caller, _ = server.accept()
            process = _fork(server, caller)
            commands[os.pidfd_open(process)] = (process, caller)
        for ended, (process, caller) in list(commands.items()):
            if ended in ready:
                _, status = os.waitpid(process, 0)
                with contextlib.suppress(OSError):
                    caller.send(str(os.waitstatus_to_exitcode(status)).encode())
                os.close(ended)
                caller.close()
                del commands[ended]
            elif caller in ready:
                os.kill(process, signal.SIGKILL)


def _fork(server: socket.socket, caller: socket.socket) -> int:
    """Start the command that a caller requests, and return its process id."""
    request, streams, _, _ = socket.recv_fds(caller, _LONGEST_REQUEST, 3)
    folder, count, *rest = request.decode("utf-8", "surrogateescape").split("\0")
    arguments, variables = rest[: int(count)], rest[int(count) :]
    code = _compiled((Path(folder) / arguments[0]).read_bytes())
    process = os.fork()
    if process == 0:
        server.close()
        caller.close()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update({name: value for name, _, value in (entry.partition("=") for entry in variables)})
        _become(code, arguments)
    for stream in streams:
        os.close(stream)
    return process


# Compiling takes as long as the shortest commands.
@cache
def _compiled(script: bytes) -> types.CodeType:
    return compile(script, "client.py", "exec", dont_inherit=True)


def _become(code: types.CodeType, arguments: list[str]) -> None:
    """Do what the interpreter does for `python client.py ...`, including its exit."""
    status = 1

    @atexit.register  # the first function to be registered is the last to be called
    def leave() -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)

    sys.argv = arguments
    if log := sys.modules.get(f"{CLIENT}.logger"):
        importlib.reload(log)
    module = types.ModuleType("__main__")
    module.__file__ = arguments[0]
    sys.modules["__main__"] = module
    try:
        exec(code, vars(module))  # noqa: S102 - as the interpreter does
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        raise
    sys.exit()


if __name__ == "__main__":
    main()
