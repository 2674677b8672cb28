"""The page of `status --html`: a single file that loads nothing else."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from fleet.status import SCANS, Review, Scan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_TEMPLATE = Path(__file__).with_name("page.html")

_TONES = {
    **dict.fromkeys(("SUCCEEDED", "created", "repeated", "done", "open"), "good"),
    **dict.fromkeys(("FAILED", "FAULT", "TIMED_OUT", "STOPPED", "NONE", "failed", "closed"), "bad"),
}


def page(stack: str, reviews: Sequence[Review], now: datetime) -> str:
    """The HTML of the page, with all values escaped."""
    fine = sum(review.is_fine for review in reviews)
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        stack=escape(stack),
        made=escape(now.strftime("%Y-%m-%d %H:%M UTC")),
        total=len(reviews),
        fine=fine,
        open=len(reviews) - fine,
        findings=sum(review.findings or 0 for review in reviews),
        rows="\n".join(_row(review, now) for review in reviews),
    )


def _row(review: Review, now: datetime) -> str:
    days = (now - review.started).total_seconds() / 86_400 if review.started else None
    cells = [
        _cell("Integration", review.integration, _link(review.console_url, review.integration)),
        _cell("Repository", review.repository, escape(review.repository)),
        _cell("Last build", review.status, _marked(review.status)),
        _cell("Days ago", "" if days is None else f"{days:.4f}", "" if days is None else f"{days:.1f}", number=True),
        _cell("Deploy", review.deploy, " ".join([_marked(review.deploy), escape(review.deployed)]).strip()),
        *(_scan(name, review.scans[name]) for name in SCANS),
        _cell("Findings", *[_number(review.findings)] * 2, number=True),
        _cell("Gate", review.gate, _marked(review.gate)),
    ]
    return f'<tr data-fine="{"yes" if review.is_fine else "no"}">{"".join(cells)}</tr>'


def _cell(label: str, value: str, content: str, *, number: bool = False) -> str:
    kind = "number" if number else "text" if label in {"Repository", "Deploy"} else "word"
    cell = f'<td class="{kind}" data-label="{escape(label)}" data-value="{escape(value)}">'
    # One box for the content, so that on a narrow screen it stands beside the label.
    return f"{cell}<div>{content}</div></td>"


def _scan(name: str, scan: Scan) -> str:
    found = f" {_number(scan.findings)}" if scan.findings is not None else ""
    return _cell("IaC" if name == "IAC" else name, f"{scan.result}{found}", f"{_marked(scan.result)}{found}")


def _marked(word: str) -> str:
    return f'<span class="{_TONES.get(word, "plain")}">{escape(word)}</span>' if word else ""


def _link(url: str, text: str) -> str:
    # The URL comes from the stack's outputs; other schemes, such as javascript:, do not become links.
    return (
        f'<a href="{escape(url)}" rel="noreferrer">{escape(text)}</a>' if url.startswith("https://") else escape(text)
    )


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
