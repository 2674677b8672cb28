"""Every strategy and SAST range under every condition: what arrives, and how the build ends.

Under no condition does a build succeed without having done what its configuration says.
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
    make_history,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.build.world import World


@dataclass(frozen=True)
class Condition:
    """A state of the history, the platform or Docker, and what a build should still do in it."""

    name: str
    commits: int = 2
    annotated: bool = False
    deployed: int = 1
    arrange: Callable[[World], object] = lambda _: None
    succeeds: bool = True
    # A build makes its deploy before it scans, but after it has pulled all images: a broken scanner does not stop it.
    deploys: bool = True
    scans: bool = True
    finds: bool = True


def break_everything(world: World, status: int) -> None:
    world.api.failures[""] = status


CONDITIONS = [
    Condition("clean"),
    Condition("deployed HEAD", deployed=2, deploys=False),
    Condition("annotated tags", annotated=True),
    Condition("one commit", commits=1),
    Condition(
        "client failure",
        arrange=lambda world: setattr(world.api, "answers_nonsense", True),
        succeeds=False,
        deploys=False,
        scans=False,
    ),
    Condition(
        "image pull failure",
        arrange=lambda world: world.docker.unpullable.update(sastbox_v2=500, osv_scanner=500),
        succeeds=False,
        deploys=False,
        scans=False,
    ),
    Condition(
        "scanner killed",
        arrange=lambda world: world.docker.killed.update({"sastbox_v2", "osv_scanner"}),
        succeeds=False,
        finds=False,
    ),
    Condition("API 500", arrange=lambda w: break_everything(w, 500), succeeds=False, deploys=False, scans=False),
    Condition("API 401", arrange=lambda w: break_everything(w, 401), succeeds=False, deploys=False, scans=False),
]
CHOICES = [
    (strategy, sast)
    for strategy in ("tags-by-time", "tags-by-version", "git-tree", "none")
    for sast in ("deploy-range", "repository", "last-commit", "none")
    if (strategy, sast) != ("none", "deploy-range")
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.name)
@pytest.mark.parametrize(("strategy", "sast"), CHOICES)
def test_a_build_does_what_its_configuration_says_or_fails(
    world: World, strategy: str, sast: str, condition: Condition
) -> None:
    history = make_history(
        world, strategy, commits=condition.commits, annotated=condition.annotated, deployed=condition.deployed
    )
    condition.arrange(world)
    build = world.review(configured(review={"strategy": strategy}, scans={"sast": sast}), event=history.event)
    compared = expected_range(sast, history)
    assert build.succeeded == condition.succeeds, build.output
    assert sent_deploys(world) == (expected_deploys(strategy, history) if condition.deploys else [])
    ranges = [container.sast_range for container in world.docker.ran("sastbox_v2")]
    assert ranges == ([compared] if compared and condition.scans else [])
    found = {finding.title for finding in world.api.findings}
    assert found == (expected_findings(compared, history) if condition.scans and condition.finds else set())


def sent_deploys(world: World) -> list[object]:
    """Return the deploys that arrived, without their sizes, which do not depend on the strategy."""
    return [replace(deploy, total_lines=None, diff="") for deploy in world.api.deploys]
