"""What each review strategy would have deployed over the last pushes and tags of a clone.

The choice of commits is the build's own: its deploy phase runs once for each push or tag, with the real client, and
the stand-in of the platform remembers the deploys.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from components import buildspec
from components.config import FlowcliClient, Strategy, parse_integration
from rehearsal import clients, codebuild, events, forks
from rehearsal.clone import NOTHING, Ref
from rehearsal.conviso_platform import Deploy
from rehearsal.errors import RehearsalError
from rehearsal.repositories import git
from rehearsal.run import NOWHERE

if TYPE_CHECKING:
    from components.config import IntegrationSettings
    from rehearsal.clone import Clone
    from rehearsal.codebuild import Shell
    from rehearsal.run import Stage

TAG_STRATEGIES = (Strategy.TAGS_BY_TIME, Strategy.TAGS_BY_VERSION)
LAST = 10
"""How many pushes and how many tags are looked at."""


@dataclass(frozen=True)
class Stretch:
    """A part of a history: what was pushed, oldest first, and what was there before, if anything."""

    kind: str
    pushed: list[Ref]
    before: Ref | None
    tip: Ref

    @classmethod
    def of(cls, kind: str, refs: list[Ref], tip: Ref) -> Stretch:
        """The last of these refs, newest first, with the one before them."""
        last = refs[: LAST + 1]
        before = last.pop() if len(last) > LAST else None
        return cls(kind, last[::-1], before, tip)


@dataclass(frozen=True)
class Step:
    """One push or tag, and the deploy that it would have made; else what the build said."""

    ref: Ref
    deploy: Deploy | None
    said: str


@dataclass(frozen=True)
class Outcome:
    """What a strategy would have done, one step after the other."""

    strategy: Strategy
    stretch: Stretch
    steps: list[Step]

    @property
    def deploys(self) -> list[Deploy]:
        """The deploys, oldest first."""
        return [step.deploy for step in self.steps if step.deploy]


def replay(scene: Stage, settings: IntegrationSettings, strategy: Strategy, tip: Ref) -> Outcome:
    """Run a strategy over the last pushes of the branch `tip`, or over the last tags.

    Raises RehearsalError where the build could not even be prepared.
    """
    if strategy in TAG_STRATEGIES:
        stretch = Stretch.of("tags", _tags(scene.clone, settings.review.tag_prefix or ""), tip)
    else:
        stretch = Stretch.of("pushes", _pushes(scene.clone, tip), tip)
    return Outcome(strategy, stretch, _steps(scene, settings, strategy, stretch))


def _pushes(clone: Clone, tip: Ref) -> list[Ref]:
    """The commits that the branch stood on, newest first: nothing tells which of them came in one push."""
    ids = git(clone.folder, "rev-list", "--first-parent", f"--max-count={LAST + 1}", tip.commit).split()
    return [Ref(f"refs/heads/{tip.short}", commit) for commit in ids]


def _tags(clone: Clone, prefix: str) -> list[Ref]:
    """The tags with this prefix that lead to a commit, newest first."""
    names = git(clone.folder, "for-each-ref", "--sort=-creatordate", "--format=%(refname)", "refs/tags").split()
    found = (clone.find(name) for name in names if name.startswith(f"refs/tags/{prefix}"))
    return [ref for ref, _ in zip((ref for ref in found if ref), range(LAST + 1), strict=False)]


def _steps(scene: Stage, settings: IntegrationSettings, strategy: Strategy, stretch: Stretch) -> list[Step]:
    if strategy is Strategy.NONE or not stretch.pushed:
        return [Step(ref, None, "no deploys") for ref in stretch.pushed]
    chosen = _with_strategy(settings, strategy)
    spec = codebuild.parsed(buildspec.render(chosen))
    client = clients.environment(chosen.client)
    scene.environment.equip(client, starter=forks.starter(client))
    scene.api.last_deploy = _as_deploy(stretch.before) if stretch.before else None
    source = scene.clone.check_out(scene.environment.folder / strategy, stretch.tip.commit, scene.origin)
    project = scene.environment.codebuild(buildspec.variables(chosen), NOWHERE)
    with project.shell(spec, source, events.event(chosen, stretch.pushed[-1], None)) as shell:
        replay = _Replay(scene, shell, spec["phases"], stretch)
        return [replay.step(ref, events.event(chosen, ref, None)) for ref in stretch.pushed]


class _Replay:
    """One build that is prepared once, and makes its deploy for one push or tag after the other."""

    def __init__(self, scene: Stage, shell: Shell, phases: dict[str, dict[str, list[str]]], stretch: Stretch) -> None:
        self._scene, self._shell = scene, shell
        if not all(shell.succeeds(command) for command in phases["install"]["commands"]):
            raise RehearsalError(_last_line(shell.output))
        self._deploy = phases["build"]["commands"][0]
        work = Path(shell.variables["CONVISO_WORK"])
        self._state, self._repository = work / "state", work / "source"
        self._prepared = self._state.read_text()
        for tag in stretch.pushed:
            if tag.is_tag:
                git(self._repository, "update-ref", "-d", tag.name)

    def step(self, ref: Ref, event: codebuild.Event) -> Step:
        """Build a ref as if nothing younger were there yet."""
        if ref.is_tag:
            git(self._repository, "update-ref", ref.name, git(self._scene.clone.folder, "rev-parse", ref.name))
        self._state.write_text(f"{self._prepared}export CONVISO_COMMIT={ref.commit}\n")
        self._shell.variables.update(event.variables)
        before = len(self._scene.api.deploys)
        self._shell.succeeds(self._deploy)
        made = self._scene.api.deploys[before:]
        return Step(ref, made[0] if made else None, _last_line(self._shell.output))


def _with_strategy(settings: IntegrationSettings, strategy: Strategy) -> IntegrationSettings:
    """The deploys of an integration under another strategy: its source and scans make no difference to them."""
    review = {"strategy": strategy, "tagPrefix": settings.review.tag_prefix} if strategy in TAG_STRATEGIES else {}
    return parse_integration(
        {
            "projectKey": settings.project_key or "rehearsal",
            "source": {"provider": "github", "repository": "https://github.com/acme/shop.git", "version": "main"},
            "review": {name: value for name, value in review.items() if value},
            "client": {"package": FlowcliClient().package},
        }
    )


def _as_deploy(ref: Ref) -> Deploy:
    return Deploy("", ref.commit, NOTHING, ref.short if ref.is_tag else "")


def _last_line(output: str) -> str:
    lines = [line for line in output.splitlines() if line.startswith("conviso: ")]
    return lines[-1].removeprefix("conviso: ").removeprefix("ERROR: ") if lines else ""
