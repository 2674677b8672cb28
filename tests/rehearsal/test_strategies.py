"""The table of strategies: the commits that it shows are those that builds deploy."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from components.config import Strategy
from rehearsal import strategies, table
from rehearsal.clone import copied
from rehearsal.repositories import git
from rehearsal.run import Stage
from tests.build.scenario import configured, event

if TYPE_CHECKING:
    from rehearsal.clone import Ref
    from rehearsal.conviso_platform import Deploy
    from tests.build.world import World

DEPLOY_ONLY = {"sast": "none", "sca": False}


def write_history(world: World, chance: random.Random) -> None:
    """Six steps of commits, merges and tags, some of which are no versions or stand on a branch of their own."""
    repository = world.repository
    repository.commit_files({"start.py": "1\n"})
    repository.commit_files({"next.py": "1\n"})
    for number in range(6):
        side = chance.random() < 0.4
        if side:
            repository.branch(f"side-{number}", chance.choice(["HEAD", "HEAD~1"]))
        repository.commit_files({f"file{number}.py": f"{number}\n"})
        name = chance.choice([f"v1.{number}.0", f"v0.{number}.0", f"nightly-{number}", ""])
        if name:
            repository.tag(name, annotated=chance.random() < 0.5)
        if side:
            repository.switch("main")
            if chance.random() < 0.7:
                repository.merge(f"side-{number}")
    repository.tag("v2.0.0")


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("strategy", [each for each in Strategy if each is not Strategy.NONE])
def test_the_table_shows_what_builds_of_a_generated_history_deploy(world: World, strategy: Strategy, seed: int) -> None:
    """Without this test, the table could promise deploys that no build makes."""
    write_history(world, random.Random(seed))
    world.repository.push()
    stage, tip = staged(world)
    outcome = strategies.replay(stage, configured(), strategy, tip)
    world.api.deploys.clear()
    world.api.last_deploy = None
    refs = [step.ref for step in outcome.steps]
    for ref in refs:
        if ref.is_tag:
            git(world.repository.folder, "tag", "--delete", ref.short)
    for number, ref in enumerate(refs):
        if ref.is_tag:
            git(world.repository.folder, "update-ref", ref.name, git(stage.clone.folder, "rev-parse", ref.name))
        source = world.repository.check_out(world.folder / f"build-{number}", ref.commit)
        settings = configured(review={"strategy": strategy}, scans=DEPLOY_ONLY)
        world.review(settings, source, event(strategy, ref.short, ref.commit))
    assert [shown(deploy) for deploy in outcome.deploys] == [shown(deploy) for deploy in world.api.deploys]
    assert outcome.deploys


def staged(world: World) -> tuple[Stage, Ref]:
    clone = copied(world.repository.folder, world.folder / "host" / "copy.git")
    return Stage(clone, world, f"{world.origin.url}/copy.git"), clone.resolve("main", "--ref")


def shown(deploy: Deploy) -> tuple[str, str, str, str]:
    return (deploy.previous_tag, deploy.previous_commit, deploy.current_tag, deploy.current_commit)


def test_the_columns_count_what_is_deployed_twice_and_what_never_is(world: World) -> None:
    """Two releases of lines that parted share a commit; the last commit waits for its tag."""
    repository = world.repository
    repository.commit_files({"base.py": "1\n"})
    repository.tag("v1.0.0")
    repository.commit_files({"shared.py": "1\n"})
    repository.tag("v2.0.0")
    repository.branch("old", "v1.0.0")
    repository.commit_files({"fix.py": "1\n"})
    repository.tag("v1.0.1")
    repository.switch("main")
    repository.commit_files({"waits.py": "1\n"})
    stage, tip = staged(world)
    outcomes = [strategies.replay(stage, configured(), strategy, tip) for strategy in Strategy]
    lines = list(table.lines(stage.clone, outcomes))
    rows = {line.split()[0]: line.split()[1:] for line in lines[:5]}
    assert rows["strategy"][-3:] == ["overlaps", "no", "deploy"]
    assert rows["tags-by-version"] == ["3", "tags", "3", "3", "3", "0", "1"]
    assert rows["git-tree"] == ["3", "pushes", "3", "3", "3", "0", "0"]
    assert rows["none"] == ["3", "pushes", "0", "0", "0", "0", "3"]
