"""Every strategy and range of SAST, in good weather and bad: what arrives, and how the build ends.

In no weather does a build succeed without having done what its configuration says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from tests.build.scenario import (
    configured,
    expected_deploys,
    expected_findings,
    expected_range,
    tell,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.build.world import World


@dataclass(frozen=True)
class Weather:
    """What a build meets, and what it should still do."""

    name: str
    commits: int = 2
    annotated: bool = False
    deployed: int = 1
    brew: Callable[[World], object] = lambda _: None
    succeeds: bool = True
    # Deploys are made before anything is scanned, but once all images are there: a broken scanner does not stop them.
    deploys: bool = True
    scans: bool = True
    finds: bool = True


def break_everything(world: World, status: int) -> None:
    world.api.failures[""] = status


WEATHERS = [
    Weather("clean"),
    Weather("deployed HEAD", deployed=2, deploys=False),
    Weather("annotated tags", annotated=True),
    Weather("one commit", commits=1),
    Weather(
        "client failure",
        brew=lambda world: setattr(world.api, "answers_nonsense", True),
        succeeds=False,
        deploys=False,
        scans=False,
    ),
    Weather(
        "image pull failure",
        brew=lambda world: world.docker.unpullable.update(sastbox_v2=500, osv_scanner=500),
        succeeds=False,
        deploys=False,
        scans=False,
    ),
    Weather(
        "scanner killed",
        brew=lambda world: world.docker.killed.update({"sastbox_v2", "osv_scanner"}),
        succeeds=False,
        finds=False,
    ),
    Weather("API 500", brew=lambda w: break_everything(w, 500), succeeds=False, deploys=False, scans=False),
    Weather("API 401", brew=lambda w: break_everything(w, 401), succeeds=False, deploys=False, scans=False),
]
CHOICES = [
    (strategy, sast)
    for strategy in ("tags-by-time", "tags-by-version", "git-tree", "none")
    for sast in ("deploy-range", "repository", "last-commit", "none")
    if (strategy, sast) != ("none", "deploy-range")
]


@pytest.mark.parametrize("weather", WEATHERS, ids=lambda weather: weather.name)
@pytest.mark.parametrize(("strategy", "sast"), CHOICES)
def test_a_build_does_what_its_configuration_says_or_fails(
    world: World, strategy: str, sast: str, weather: Weather
) -> None:
    story = tell(world, strategy, commits=weather.commits, annotated=weather.annotated, deployed=weather.deployed)
    weather.brew(world)
    build = world.review(configured(review={"strategy": strategy}, scans={"sast": sast}), event=story.event)
    compared = expected_range(sast, story)
    assert build.succeeded == weather.succeeds, build.output
    assert sent_deploys(world) == (expected_deploys(strategy, story) if weather.deploys else [])
    ranges = [container.sast_range for container in world.docker.ran("sastbox_v2")]
    assert ranges == ([compared] if compared and weather.scans else [])
    found = {finding.title for finding in world.api.findings}
    assert found == (expected_findings(compared, story) if weather.scans and weather.finds else set())


def sent_deploys(world: World) -> list[object]:
    """The deploys that arrived, without the sizes that no strategy decides."""
    return [replace(deploy, total_lines=None, diff="") for deploy in world.api.deploys]
