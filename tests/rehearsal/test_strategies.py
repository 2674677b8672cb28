"""The table of strategies, which shows the commits that builds deploy."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from components.config import Strategy
from rehearsal import strategies, table
from rehearsal.clone import NOTHING, Ref, copied
from rehearsal.conviso_platform import Deploy
from rehearsal.repositories import git
from rehearsal.run import Simulation
from tests.build.scenario import configured, event

if TYPE_CHECKING:
    from tests.build.world import World

DEPLOY_ONLY = {"sast": "none", "sca": False}


def write_history(world: World, chance: random.Random) -> None:
    """Write six steps of commits, merges and tags, some of which are no versions or stay on a side branch."""
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
    # Made after the release that it precedes as a version.
    repository.tag("v1.9.0", annotated=True, at="HEAD~1")


@pytest.mark.parametrize("strategy", [each for each in Strategy if each is not Strategy.NONE])
def test_the_table_shows_what_builds_of_a_generated_history_deploy(world: World, strategy: Strategy) -> None:
    """Without this test, the table can promise deploys that no build makes."""
    write_history(world, random.Random(1))
    world.repository.push()
    simulation, tip = simulation_of(world)
    outcome = strategies.replay(simulation, configured(), strategy, tip)
    world.api.deploys.clear()
    world.api.last_deploy = None
    refs = [step.ref for step in outcome.steps]
    for ref in refs:
        if ref.is_tag:
            git(world.repository.folder, "tag", "--delete", ref.short)
    for number, ref in enumerate(refs):
        if ref.is_tag:
            git(world.repository.folder, "update-ref", ref.name, git(simulation.clone.folder, "rev-parse", ref.name))
        source = world.repository.check_out(world.folder / f"build-{number}", ref.commit)
        settings = configured(review={"strategy": strategy}, scans=DEPLOY_ONLY)
        world.review(settings, source, event(strategy, ref.short, ref.commit))
    assert [shown(deploy) for deploy in outcome.deploys] == [shown(deploy) for deploy in world.api.deploys]
    assert outcome.deploys


def simulation_of(world: World) -> tuple[Simulation, Ref]:
    clone = copied(world.repository.folder, world.folder / "host" / "copy.git")
    return Simulation(clone, world, f"{world.origin.url}/copy.git"), clone.resolve("main", "--ref")


def shown(deploy: Deploy) -> tuple[str, str, str, str]:
    return (deploy.previous_tag, deploy.previous_commit, deploy.current_tag, deploy.current_commit)


def test_the_columns_count_commits_that_are_deployed_twice_or_never(world: World) -> None:
    """Without this test, the table can hide deploys that overlap and commits that no deploy holds."""
    repository = world.repository
    first, second, third = (repository.commit_files({f"{name}.py": "1\n"}) for name in ("a", "b", "c"))
    simulation, tip = simulation_of(world)
    deploys = [Deploy("", first, NOTHING), Deploy("", second, NOTHING)]
    steps = [strategies.Step(Ref("", deploy.current_commit), deploy, "") for deploy in deploys]
    stretch = strategies.Stretch("pushes", [step.ref for step in steps], None, tip)
    outcome = strategies.Outcome(Strategy.GIT_TREE, stretch, steps)
    assert third == tip.commit
    head, row, *_ = table.lines(simulation.clone, [outcome])
    assert head.split()[-6:] == ["deploys", "commits", "files", "overlaps", "no", "deploy"]
    assert row.split() == ["git-tree", "2", "pushes", "2", "2", "2", "1", "1"]


def test_a_stretch_holds_the_last_pushes_and_the_one_before_them() -> None:
    refs = [Ref("", str(number)) for number in range(strategies.LAST + 5)]
    stretch = strategies.Stretch.of("pushes", refs, refs[0])
    assert stretch.pushed == refs[: strategies.LAST][::-1]
    assert stretch.before == refs[strategies.LAST]
    assert strategies.Stretch.of("pushes", refs[:3], refs[0]).before is None
