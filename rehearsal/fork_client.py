"""Runs one command through the fork server: `python -I -S fork_client.py SOCKET client.py ARGUMENTS`."""

# Without `socket` and `pathlib`, whose import takes longer than everything else here.
import _socket
import os
import sys

_KILLED = 137


def main() -> int:
    """Run the command, and return its exit code as a shell reports it."""
    path, *arguments = sys.argv[1:]
    variables = [f"{name}={value}" for name, value in os.environ.items()]
    request = "\0".join([os.getcwd(), str(len(arguments)), *arguments, *variables])  # noqa: PTH109
    sent = request.encode("utf-8", "surrogateescape")
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
    connection.setsockopt(_socket.SOL_SOCKET, _socket.SO_SNDBUF, len(sent) * 4)
    connection.connect(path)
    streams = b"".join(stream.to_bytes(4, sys.byteorder) for stream in (0, 1, 2))
    connection.sendmsg([sent], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)])
    code = int(connection.recv(16) or _KILLED)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
