"""Warnings about settings that are valid but may not do what you expect."""

from __future__ import annotations

from typing import Any

import pytest

from components.config import warnings
from tests.config import samples
from tests.config.samples import short


def test_retries_cause_no_warning() -> None:
    """Without this, people avoid retries, although a retried build scans the same range and judges the gate again."""
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
def test_tags_that_select_the_buildspec_cause_a_warning(
    location: str, sections: dict[str, Any], *, warned: bool
) -> None:
    """Without the warning, branch protection seems to protect the buildspec, which a tag on any commit replaces."""
    found = [each.path for each in warnings(samples.settings(buildspec={"location": location}, **sections))]

    assert [path for path in found if path != "triggers"] == ["buildspec.location"] * (
        warned and location == "repository"
    )
