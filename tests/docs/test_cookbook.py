"""Every recipe creates a stack that AWS accepts, and there is a recipe for every choice."""

from pathlib import Path
from typing import Any

import pytest

import sandbox
from components.config import (
    ClientPackage,
    IntegrationSettings,
    LogDestination,
    Provider,
    Strategy,
    parse_stack,
    yaml_reader,
)
from docs.generate import ROOT, recipes, title
from docs.schema import PROJECT

RECIPES = recipes()


def config(recipe: Path) -> dict[str, Any]:
    """Return the values of a stack file."""
    values: dict[str, Any] = yaml_reader.read(recipe.read_text())["config"]
    return values


def integrations() -> list[IntegrationSettings]:
    """Return the integrations of all recipes."""
    found: list[IntegrationSettings] = []
    for recipe in RECIPES:
        own = {key.removeprefix(f"{PROJECT}:"): value for key, value in config(recipe).items() if PROJECT in key}
        found += parse_stack(own, "recipe").integrations.values()
    return found


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.name)
def test_a_recipe_creates_a_stack_that_aws_accepts(recipe: Path) -> None:
    """Without this, a team copies a recipe that it cannot deploy."""
    result = sandbox.run(ROOT, "recipe", config(recipe))
    assert result.ok, result.problems


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.name)
def test_a_recipe_is_short_and_begins_with_a_title(recipe: Path) -> None:
    """Without this, the table of recipes lacks an entry, or a recipe grows into a manual."""
    lines = recipe.read_text().splitlines()
    assert lines[0].startswith("# ")
    assert lines[0].endswith(".")
    assert len(lines) <= 40
    assert len(title(recipe)) > 20


def test_there_is_a_recipe_for_every_choice() -> None:
    """Without this, a new provider, strategy or client has no example."""
    made = integrations()
    assert {each.source.provider for each in made} == set(Provider)
    assert {each.review.strategy for each in made} == set(Strategy)
    assert {each.client.package for each in made} == set(ClientPackage)
    assert {each.logs.destination for each in made} == set(LogDestination)
    assert {each.triggers.pull_requests is None for each in made} == {True, False}
