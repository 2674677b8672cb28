"""What a build hands on: exported variables that say what was deployed and scanned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.build.scenario import configured, tell

if TYPE_CHECKING:
    from tests.build.world import World


def test_the_exported_variables_tell_the_deploy_and_its_range(world: World) -> None:
    story = tell(world, "tags-by-version")
    build = world.review(configured(review={"strategy": "tags-by-version"}), event=story.event)
    assert build.succeeded, build.output
    told = set(build.exported.values())
    assert {story.head, story.before, "v1.0.1", "v1.0.0"} <= told, build.exported


def test_a_build_without_a_deploy_exports_no_range_of_one(world: World) -> None:
    story = tell(world, "git-tree", deployed=2)
    build = world.review(configured(), event=story.event)
    assert build.succeeded, build.output
    assert story.before not in build.exported.values()
