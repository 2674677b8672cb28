"""The environment of one test: the stand-ins, the repository under review, and builds of it."""

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
    """A build environment with a repository; tests prepare it before a build and inspect it afterwards."""

    repository: Repository
    # Variables of the project beside those that every build has; None removes one.
    variables: dict[str, str | None] = field(default_factory=dict)
    exports_everything: bool = False
    failing_installations: int = 0
    # Whether the client's commands start in a fork that has its libraries loaded: see fork_server.py.
    forks: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        self.command("sleep", "#!/bin/bash\n")  # tests do not wait between retries

    def review(self, settings: IntegrationSettings, source: Path | None = None, event: Event | None = None) -> Build:
        """Run the build of an integration as rendered, with the client already installed."""
        self.use_client(settings)
        return self.build(render(settings), source, event, variables(settings))

    def use_client(self, settings: IntegrationSettings) -> None:
        """Prepare the client of an integration, so that its installation takes no time."""
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
        """Run a buildspec on a source folder: a checkout of the repository's head, unless a test gives another."""
        checked_out = source or self.repository.check_out(self.folder / "source")
        codebuild = self.codebuild({"FLOW_PROJECT_CODE": PROJECT, **(project or {})}, self.variables)
        codebuild = replace(codebuild, exports_everything=self.exports_everything)
        return codebuild.run(text, checked_out, event or Event("main", self.repository.head))
