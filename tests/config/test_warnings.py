"""What is allowed, but does not do what one may expect of it, is warned of."""

from __future__ import annotations

from typing import Any

import pytest

from components.config import warnings
from tests.config import samples
from tests.config.samples import short


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ({}, []),
        ({"environment": {"autoRetries": 2}}, ["skips SAST of the deploy-range"]),
        ({"environment": {"autoRetries": 2}, "scans": {"sast": "repository"}}, []),
        (
            {
                "environment": {"autoRetries": 2},
                "scans": {"sast": "repository", "failOn": {"severity": "HIGH", "count": 1}},
            },
            ["repeats builds that scans.failOn breaks"],
        ),
    ],
    ids=short,
)
def test_retries_that_do_not_do_what_one_may_expect_are_warned_of(sections: dict[str, Any], said: list[str]) -> None:
    found = list(warnings(samples.settings(**sections)))

    assert [each.path for each in found] == ["environment.autoRetries"] * len(said)
    assert all(part in each.message for part, each in zip(said, found, strict=True))


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
    found = list(warnings(samples.settings(buildspec={"location": location}, **sections)))

    assert [each.path for each in found] == ["buildspec.location"] * (warned and location == "repository")
