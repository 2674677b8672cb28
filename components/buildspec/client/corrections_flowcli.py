"""What only conviso-flowcli needs."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any


def apply(_: Any) -> None:
    """Give the tag trackers the pair of versions that the build chose."""
    searchers = import_module("convisoappsec.flow.version_searchers")
    chosen = searchers.VersionSearcherResult
    if not os.environ.get("CONVISO_CURRENT_TAG"):
        return

    def find(_: Any) -> Any:
        names = ("current_tag", "previous_tag", "current_commit", "previous_commit")
        return chosen(**{name: os.environ.get(f"CONVISO_{name.upper()}") or None for name in names})

    for searcher in (searchers.TimeBasedVersionSearcher, searchers.SortedByVersioningStyle):
        searcher.find_current_and_previous_version = find
