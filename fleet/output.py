"""Tables and progress bars for people."""

from __future__ import annotations

import re
import sys
import time
from contextlib import ExitStack
from io import StringIO
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Item = TypeVar("Item")

_QUIET_SECONDS = 1.0
_WIDEST_CELL = 60
_NO_LIMIT = 10_000
_PADDING = re.compile(r" +(?=(\x1b\[0m)?$)")


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], styles: Mapping[str, str]) -> None:
    """Print the rows on standard output. A cell that is a key of `styles` has that style.

    The last column never wraps, so that a command in it can be copied.
    """
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns[:-1]:
        shown.add_column(column, overflow="fold", max_width=_WIDEST_CELL)
    shown.add_column(columns[-1], no_wrap=True)
    for row in rows:
        # Text, not markup: brackets in messages of AWS are no styles.
        shown.add_row(*(Text(_printable(cell), style=styles.get(cell, "")) for cell in row))
    text = StringIO()
    Console(file=text, width=_NO_LIMIT, highlight=False, force_terminal=sys.stdout.isatty()).print(shown)
    # rich pads each line to the longest one, before the end of its style, too. A terminal would wrap the spaces.
    sys.stdout.writelines(f"{_PADDING.sub('', line)}\n" for line in text.getvalue().splitlines())


def _printable(cell: str) -> str:
    """The cell as one line without control characters, since builds and hosts choose their messages."""
    return " ".join("".join(each if each.isprintable() else " " for each in cell).split())


def followed(items: Iterable[Item], total: int, what: str) -> Iterator[Item]:
    """The items, with a progress bar on standard error after the first second."""
    started, bar = time.monotonic(), Progress(console=Console(stderr=True), transient=True)
    task = bar.add_task(what, total=total)
    with ExitStack() as shown:
        for item in items:
            bar.advance(task)
            if not bar.live.is_started and bar.console.is_terminal and time.monotonic() - started > _QUIET_SECONDS:
                shown.enter_context(bar)
            yield item
