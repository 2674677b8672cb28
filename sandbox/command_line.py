"""How a command ends when somebody stops it, or stops reading its output."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_INTERRUPTED = 130  # as shells report it


def exit_code(main: Callable[[], int]) -> int:
    """Run a command and return its exit code.

    The exit code is 1 if the reader of the output has ended early, as `head` does, and 130 after Ctrl-C.
    """
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more when it exits, which would fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED
    return code
