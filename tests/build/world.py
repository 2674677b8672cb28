"""One test's world: the stand-ins, the repository under review, and builds of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from components.buildspec import render, variables
from rehearsal.clients import environment
from rehearsal.codebuild import Build, Event
from rehearsal.conviso_platform import PROJECT
from rehearsal.environment import Environment
from rehearsal.forks import starter

if TYPE_CHECKING:
    from pathlib import Path

    from components.config import IntegrationSettings
    from rehearsal.repositories import Repository


@dataclass
class World(Environment):
    """Everything that a build meets, and what a test reads after it."""

    repository: Repository
    # Variables of the project beside those that every build has; None takes one away.
    variables: dict[str, str | None] = field(default_factory=dict)
    exports_everything: bool = False
    failing_installations: int = 0
    # Whether commands of the client start in a fork that has their libraries at hand: see fork_server.py.
    forks: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        self.command("sleep", "#!/bin/bash\n")  # pauses between tries are no part of what is tested

    def review(self, settings: IntegrationSettings, source: Path | None = None, event: Event | None = None) -> Build:
        """Run the build that the program renders for an integration, with the client already at hand."""
        self.use_client(settings)
        return self.build(render(settings), source, event, variables(settings))

    def use_client(self, settings: IntegrationSettings) -> None:
        """Have the client of an integration at hand, as if it had been installed."""
        client = environment(settings.client)
        starts = starter(client) if self.forks else None
        self.installations = self.equip(client, failing=self.failing_installations, starter=starts)

    def build(
        self,
        text: str,
        source: Path | None = None,
        event: Event | None = None,
        project: dict[str, str] | None = None,
    ) -> Build:
        """Run a buildspec on what is checked out: the repository's head, unless a test laid out something else."""
        checked_out = source or self.repository.check_out(self.folder / "source")
        codebuild = self.codebuild({"FLOW_PROJECT_CODE": PROJECT, **(project or {})}, self.variables)
        codebuild = replace(codebuild, exports_everything=self.exports_everything)
        return codebuild.run(text, checked_out, event or Event("main", self.repository.head))
