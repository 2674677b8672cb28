"""The table that compares the strategies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rehearsal.clone import NOTHING
from rehearsal.report import described

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rehearsal.clone import Clone
    from rehearsal.strategies import Outcome

_HEAD = ("strategy", "looked at", "deploys", "commits", "files", "overlaps", "no deploy")

EXPLAINED = (
    "commits, files: in any of the deploys. overlaps: commits in more than one deploy. no deploy: commits of the",
    "same stretch, up to the newest of the branch, that none holds. Each commit of the branch counts as a push:",
    "a clone does not show which were pushed together. Tags are those that the clone still has, by their date.",
)


def lines(clone: Clone, outcomes: list[Outcome]) -> Iterator[str]:
    """Yield the lines of the table, the meaning of its columns, and the deploys of each strategy."""
    rows = [_HEAD, *(_row(clone, outcome) for outcome in outcomes)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    for row in rows:
        texts = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
        numbers = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
        yield "  ".join([*texts, *numbers]).rstrip()
    yield ""
    yield from EXPLAINED
    for outcome in outcomes:
        if any(step.message for step in outcome.steps):
            yield ""
            yield f"{outcome.strategy}"
            yield from (f"  {described(clone, each.deploy) if each.deploy else each.message}" for each in outcome.steps)


def _row(clone: Clone, outcome: Outcome) -> tuple[str, ...]:
    stretch = outcome.stretch
    deploys = [(clone.commits(d.previous_commit, d.current_commit), d) for d in outcome.deploys]
    deployed: set[str] = set().union(*(commits for commits, _ in deploys))
    files: set[str] = set().union(*(clone.files(d.previous_commit, d.current_commit) for _, d in deploys))
    since = stretch.before.commit if stretch.before else NOTHING
    everything: set[str] = set().union(*(clone.commits(since, ref.commit) for ref in (*stretch.pushed, stretch.tip)))
    twice = sum(len(commits) for commits, _ in deploys) - len(deployed)
    counts = (len(deploys), len(deployed), len(files), twice, len(everything - deployed))
    return (str(outcome.strategy), f"{len(stretch.pushed)} {stretch.kind}", *map(str, counts))
