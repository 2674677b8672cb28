"""What is allowed, but does not do what one may expect of it, is warned of."""

from __future__ import annotations

from typing import Any

import pytest

from components.config import warnings
from tests.config import samples
from tests.config.samples import short


def test_retries_are_safe_and_not_warned_of() -> None:
    """A repeated build scans the last deploy's range again, and judges its gate again."""
    gate = {"failOn": {"severity": "HIGH", "count": 1}}

    assert list(warnings(samples.settings(environment={"autoRetries": 2}, scans=gate))) == []


@pytest.mark.parametrize(
    ("sections", "warned"),
    [
        ({}, False),
        ({"triggers": {"releases": True}}, True),
        ({"triggers": {"tags": "v*"}}, True),
        ({"review": {"strategy": "tags-by-time"}}, True),
        ({"review": {"strategy": "tags-by-time"}, "triggers": {"tags": False}}, False),
    ],
    ids=short,
)
@pytest.mark.parametrize("location", ["inline", "repository"])
def test_tags_that_choose_the_buildspec_are_warned_of(location: str, sections: dict[str, Any], *, warned: bool) -> None:
    """Without this, branch protection seems to guard the buildspec, while a tag on any commit replaces it."""
    found = [each.path for each in warnings(samples.settings(buildspec={"location": location}, **sections))]

    assert [path for path in found if path != "triggers"] == ["buildspec.location"] * (
        warned and location == "repository"
    )
