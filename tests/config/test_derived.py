"""Defaults that depend on another section: computed once, on the model, whatever door the settings come through."""

import json
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

import pytest
from pydantic import ValidationError

from components.config import IntegrationSettings, Review, Scans, Strategy, parse_integration
from tests.config import samples

Door = Callable[[Mapping[str, Any]], IntegrationSettings]

DOORS: Mapping[str, Door] = {
    "parse_integration": parse_integration,
    "model_validate": IntegrationSettings.model_validate,
    "model_validate_json": lambda raw: IntegrationSettings.model_validate_json(json.dumps(raw)),
    "constructor": lambda raw: IntegrationSettings(**dict(parse_sections(raw))),
}


def parse_sections(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """The sections as objects, with only what `raw` says: what a program hands to the constructor."""
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


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("sections", "path", "expected"), DERIVED, ids=samples.short)
def test_a_derived_default_is_the_same_through_every_door(
    door: str, sections: dict[str, Any], path: str, expected: object
) -> None:
    """Without this, a program that uses the library gets other settings than the stack file does."""
    settings = DOORS[door](samples.integration(**sections))

    assert attrgetter(path)(settings) == expected


@pytest.mark.parametrize(("source", "push"), [({"version": "refs/tags/v1"}, False), ({"version": "main"}, True)])
def test_only_a_branch_is_pushed_to_by_default(source: dict[str, Any], *, push: bool) -> None:
    assert samples.settings(source=source).triggers.push is push


@pytest.mark.parametrize("provider", ["gitlab", "gitlab-self-managed"])
def test_tags_of_gitlab_start_nothing_by_default(provider: str) -> None:
    """Without this, the stack looks as if tags started builds, and none ever comes."""
    triggers = samples.settings(provider, review={"strategy": "tags-by-time"}, triggers={"push": False}).triggers

    assert (triggers.push, triggers.tags, triggers.releases) == (False, False, False)


@pytest.mark.parametrize("strategy", samples.STRATEGIES)
def test_nothing_starts_the_build_of_a_bucket_by_default(strategy: str) -> None:
    triggers = samples.settings("s3", review={"strategy": strategy}).triggers

    assert (triggers.push, triggers.tags) == (False, False)


def test_complete_settings_stay_as_they_are_when_they_are_validated_again() -> None:
    settings = samples.settings(review={"strategy": "none"})

    assert IntegrationSettings.model_validate(settings.model_dump(by_alias=True)) == settings


def test_a_rule_between_fields_holds_for_the_constructor_too() -> None:
    """Without this, a program could make an integration that the stack file may not ask for."""
    source = samples.settings().source

    with pytest.raises(ValidationError, match=r"review\.tagPrefix: needs a tag strategy"):
        IntegrationSettings(
            project_key="kXyZ12", source=source, review=Review(strategy=Strategy.NONE, tag_prefix="v"), scans=Scans()
        )
