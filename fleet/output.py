"""What people see: tables, and how far a long command has come."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Item = TypeVar("Item")

_QUIET_SECONDS = 1.0
_WIDTH_OF_A_FILE = 160


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], styles: Mapping[str, str]) -> None:
    """Print the rows on standard output; a cell that is a key of `styles` is shown in that style.

    Columns are as wide as the terminal allows; a word or a command is folded, never cut.
    """
    # Without a terminal rich would assume 80 columns.
    width = None if sys.stdout.isatty() else _WIDTH_OF_A_FILE
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        shown.add_column(column, overflow="fold")
    for row in rows:
        # Text, not markup: brackets in what AWS says are brackets.
        shown.add_row(*(Text(cell, style=styles.get(cell, "")) for cell in row))
    Console(width=width, highlight=False, soft_wrap=False).print(shown)


def followed(items: Iterable[Item], total: int, what: str) -> Iterator[Item]:
    """The items, with a progress bar on standard error once they have taken longer than a second."""
    started, bar = time.monotonic(), Progress(console=Console(stderr=True), transient=True)
    task = bar.add_task(what, total=total)
    with ExitStack() as shown:
        for item in items:
            bar.advance(task)
            if not bar.live.is_started and bar.console.is_terminal and time.monotonic() - started > _QUIET_SECONDS:
                shown.enter_context(bar)
            yield item
