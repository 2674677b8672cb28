"""Replays the last pushes and tags of a clone, to show what each review strategy would have deployed.

The build itself chooses the commits: it runs up to its deploy for each push or tag, with the real client, and the
simulated platform remembers the deploys.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from components import buildspec
from components.config import Strategy, parse_integration
from rehearsal import clients, codebuild, events, forks
from rehearsal.clone import NOTHING, Ref
from rehearsal.conviso_platform import Deploy
from rehearsal.repositories import git
from rehearsal.run import NOWHERE

if TYPE_CHECKING:
    from components.config import IntegrationSettings
    from rehearsal.clone import Clone
    from rehearsal.run import Simulation

TAG_STRATEGIES = (Strategy.TAGS_BY_TIME, Strategy.TAGS_BY_VERSION)
LAST = 10
"""The number of pushes, and of tags, that are replayed."""


@dataclass(frozen=True)
class Stretch:
    """A part of a history: the pushed refs, oldest first, and the one before them, if any."""

    kind: str
    pushed: list[Ref]
    before: Ref | None
    tip: Ref

    @classmethod
    def of(cls, kind: str, refs: list[Ref], tip: Ref) -> Stretch:
        """Make a stretch of the last refs, which are given newest first, and of the one before them."""
        last = refs[: LAST + 1]
        before = last.pop() if len(last) > LAST else None
        return cls(kind, last[::-1], before, tip)


@dataclass(frozen=True)
class Step:
    """A push or tag with the deploy that it makes, if any, and the last line of the build's log."""

    ref: Ref
    deploy: Deploy | None
    message: str


@dataclass(frozen=True)
class Outcome:
    """What a strategy would have done, step by step."""

    strategy: Strategy
    stretch: Stretch
    steps: list[Step]

    @property
    def deploys(self) -> list[Deploy]:
        """The deploys, oldest first."""
        return [step.deploy for step in self.steps if step.deploy]


def replay(simulation: Simulation, settings: IntegrationSettings, strategy: Strategy, tip: Ref) -> Outcome:
    """Replay the last pushes of the branch `tip` with a strategy; for a tag strategy, the last tags."""
    if strategy in TAG_STRATEGIES:
        stretch = Stretch.of("tags", _tags(simulation.clone, settings.review.tag_prefix or ""), tip)
    else:
        stretch = Stretch.of("pushes", _pushes(simulation.clone, tip), tip)
    return Outcome(strategy, stretch, _steps(simulation, settings, strategy, stretch))


def _pushes(clone: Clone, tip: Ref) -> list[Ref]:
    """Return the branch's commits, newest first; a clone does not show which of them were pushed together."""
    ids = git(clone.folder, "rev-list", "--first-parent", f"--max-count={LAST + 1}", tip.commit).split()
    return [Ref(f"refs/heads/{tip.short}", commit) for commit in ids]


def _tags(clone: Clone, prefix: str) -> list[Ref]:
    """Return the tags with this prefix that point to a commit, newest first."""
    names = git(clone.folder, "for-each-ref", "--sort=-creatordate", "--format=%(refname)", "refs/tags").split()
    found = (clone.find(name) for name in names if name.startswith(f"refs/tags/{prefix}"))
    return [ref for ref, _ in zip((ref for ref in found if ref), range(LAST + 1), strict=False)]


def _steps(simulation: Simulation, settings: IntegrationSettings, strategy: Strategy, stretch: Stretch) -> list[Step]:
    if strategy is Strategy.NONE:
        return [Step(ref, None, "") for ref in stretch.pushed]
    chosen = _with_strategy(settings, strategy)
    client = clients.environment(chosen.client)
    simulation.environment.equip(client, starter=forks.starter(client))
    simulation.api.last_deploy = _as_deploy(stretch.before) if stretch.before else None
    tags = {ref: git(simulation.clone.folder, "rev-parse", ref.name) for ref in stretch.pushed if ref.is_tag}
    for tag in tags:
        git(simulation.clone.folder, "update-ref", "-d", tag.name)
    steps = []
    for ref in stretch.pushed:
        if ref in tags:
            git(simulation.clone.folder, "update-ref", ref.name, tags[ref])
        # A build fetches its tags by this list of the host's refs.
        git(simulation.clone.folder, "update-server-info")
        steps.append(_step(simulation, chosen, ref))
    return steps


def _step(simulation: Simulation, settings: IntegrationSettings, ref: Ref) -> Step:
    """Run the build of a ref up to its deploy."""
    spec = codebuild.parsed(buildspec.render(settings))
    phases = spec["phases"]
    build = phases["build"]["commands"]
    deploy = next(number for number, command in enumerate(build, 1) if command.endswith(" deploy"))
    before = len(simulation.api.deploys)
    with TemporaryDirectory(prefix="step-", dir=simulation.environment.folder) as folder:
        source = simulation.clone.check_out(Path(folder) / "source", ref.commit, simulation.origin)
        project = simulation.environment.codebuild(buildspec.variables(settings), NOWHERE)
        with project.shell(spec, source, events.event(settings, ref, None)) as shell:
            all(shell.succeeds(command) for command in (*phases["install"]["commands"], *build[:deploy]))
            message = _last_line(shell.output)
    made = simulation.api.deploys[before:]
    return Step(ref, made[0] if made else None, message)


def _with_strategy(settings: IntegrationSettings, strategy: Strategy) -> IntegrationSettings:
    """Return settings that make the deploys of another strategy, which do not depend on the source and the scans."""
    review = {"strategy": strategy, "tagPrefix": settings.review.tag_prefix} if strategy in TAG_STRATEGIES else {}
    return parse_integration(
        {
            "projectKey": settings.project_key or "rehearsal",
            "source": {"provider": "github", "repository": "https://github.com/acme/shop.git", "version": "main"},
            "review": {name: value for name, value in review.items() if value},
            "scans": {"sast": "none", "sca": False},
        }
    )


def _as_deploy(ref: Ref) -> Deploy:
    return Deploy("", ref.commit, NOTHING, ref.short if ref.is_tag else "")


def _last_line(output: str) -> str:
    lines = [line for line in output.splitlines() if line.startswith("conviso: ")]
    return lines[-1].removeprefix("conviso: ").removeprefix("ERROR: ") if lines else ""
