"""Defaults that depend on another section are computed on the model, however the settings are created."""

import json
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

import pytest
from pydantic import ValidationError

from components.config import IntegrationSettings, Review, Scans, Strategy, parse_integration
from tests.config import samples

Create = Callable[[Mapping[str, Any]], IntegrationSettings]

WAYS_TO_CREATE: Mapping[str, Create] = {
    "parse_integration": parse_integration,
    "model_validate": IntegrationSettings.model_validate,
    "model_validate_json": lambda raw: IntegrationSettings.model_validate_json(json.dumps(raw)),
    "constructor": lambda raw: IntegrationSettings(**dict(parse_sections(raw))),
}


def parse_sections(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the sections as the objects that a program passes to the constructor, each with only what `raw` sets."""
    fields = IntegrationSettings.model_fields
    keys = IntegrationSettings.known_keys()
    built = IntegrationSettings.model_validate(samples.integration())
    return {
        keys[key]: (
            type(getattr(built, keys[key])).model_validate(value)
            if isinstance(value, Mapping) and key in {"review", "scans", "triggers"}
            else value
        )
        for key, value in raw.items()
        if keys[key] in fields
    }


DERIVED = [
    ({}, "scans.sast", "deploy-range"),
    ({"review": {"strategy": "none"}}, "scans.sast", "repository"),
    ({"review": {"strategy": "none"}, "scans": {"sca": False}}, "scans.sast", "repository"),
    ({"review": {"strategy": "none"}, "scans": {"sast": "last-commit"}}, "scans.sast", "last-commit"),
    ({"review": {"strategy": "none"}, "client": {"package": "conviso-ast"}}, "client.auto_close", True),
    (
        {"review": {"strategy": "none"}, "scans": {"sast": "none"}, "client": {"package": "conviso-ast"}},
        "client.auto_close",
        False,
    ),
    ({}, "triggers.push", True),
    ({}, "triggers.tags", False),
    ({"review": {"strategy": "tags-by-time"}}, "triggers.push", False),
    ({"review": {"strategy": "tags-by-time"}}, "triggers.tags", True),
    ({"review": {"strategy": "tags-by-time"}, "triggers": {"push": True}}, "triggers.push", True),
    ({"review": {"strategy": "tags-by-time"}, "triggers": {"push": True}}, "triggers.tags", True),
    ({"triggers": {"push": False}}, "triggers.push", False),
    ({"buildspec": {"location": "repository"}}, "buildspec.path", "conviso-buildspec.yml"),
]


@pytest.mark.parametrize("way", WAYS_TO_CREATE)
@pytest.mark.parametrize(("sections", "path", "expected"), DERIVED, ids=samples.short)
def test_a_derived_default_is_the_same_however_the_settings_are_created(
    way: str, sections: dict[str, Any], path: str, expected: object
) -> None:
    """Without one home for defaults, a program that uses the library gets other settings than a stack file does."""
    settings = WAYS_TO_CREATE[way](samples.integration(**sections))

    assert attrgetter(path)(settings) == expected


@pytest.mark.parametrize(("source", "push"), [({"version": "refs/tags/v1"}, False), ({"version": "main"}, True)])
def test_pushes_start_builds_by_default_only_if_the_version_is_a_branch(source: dict[str, Any], *, push: bool) -> None:
    """Without this default, an integration of a tag or commit is refused until you disable pushes."""
    assert samples.settings(source=source).triggers.push is push


@pytest.mark.parametrize("provider", ["gitlab", "gitlab-self-managed"])
def test_gitlab_tags_start_no_builds_by_default(provider: str) -> None:
    """Without this default, a stack seems to start builds on tags, for which AWS documents no GitLab event."""
    triggers = samples.settings(provider, review={"strategy": "tags-by-time"}, triggers={"push": False}).triggers

    assert (triggers.push, triggers.tags, triggers.releases) == (False, False, False)


@pytest.mark.parametrize("strategy", samples.STRATEGIES)
def test_nothing_starts_builds_of_an_s3_source_by_default(strategy: str) -> None:
    triggers = samples.settings("s3", review={"strategy": strategy}).triggers

    assert (triggers.push, triggers.tags) == (False, False)


def test_validating_complete_settings_again_changes_nothing() -> None:
    """Without this, settings that a program passes on differ from those that it validated."""
    settings = samples.settings(review={"strategy": "none"})

    assert IntegrationSettings.model_validate(settings.model_dump(by_alias=True)) == settings


def test_the_constructor_enforces_rules_between_fields() -> None:
    """Without rules on the model, a program can create an integration that a stack file cannot."""
    source = samples.settings().source

    with pytest.raises(ValidationError, match=r"review\.tagPrefix: needs a tag strategy"):
        IntegrationSettings(
            project_key="kXyZ12", source=source, review=Review(strategy=Strategy.NONE, tag_prefix="v"), scans=Scans()
        )
