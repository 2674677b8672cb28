"""One test's world: the stand-ins, the repository under review, and builds of it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from components.buildspec import render, variables
from components.config import ClientPackage, IntegrationSettings
from tests.build.codebuild import Build, CodeBuild, Event
from tests.build.conviso_platform import KEY, PROJECT
from tests.build.interpreter import equip
from tests.clients import ast_env, flowcli_env

if TYPE_CHECKING:
    from pathlib import Path

    from tests.build.conviso_api import ConvisoApi
    from tests.build.docker_api import DockerApi
    from tests.build.repositories import Repository

# The engine's command line as far as a build needs it; this machine may have none.
_DOCKER = f"""\
#!{sys.executable} -I
import http.client, os, socket, sys
connection = http.client.HTTPConnection("docker")
connection.sock = socket.socket(socket.AF_UNIX)
try:
    connection.sock.connect(os.environ["DOCKER_HOST"].removeprefix("unix://"))
except OSError:
    sys.exit("Cannot connect to the Docker daemon. Is the docker daemon running?")
connection.request("GET", "/" + sys.argv[1])
print(connection.getresponse().read().decode())
"""


@dataclass
class World:
    """Everything that a build meets, and what a test reads after it."""

    folder: Path
    api: ConvisoApi
    docker: DockerApi
    repository: Repository
    # Variables of the project beside those that every build has; None takes one away.
    variables: dict[str, str | None] = field(default_factory=dict)
    # Folders that come first on the build's PATH.
    tools: list[Path] = field(default_factory=list)
    exports_everything: bool = False
    failing_installations: int = 0
    # Whether commands of the client start in a fork that has their libraries at hand: see fork_server.py.
    forks: bool = True

    def __post_init__(self) -> None:
        self.home = self.folder / "home"
        self.home.mkdir()
        self.command_folder = self.folder / "tools"
        self.command_folder.mkdir()
        self.tools.append(self.command_folder)
        self.command("docker", _DOCKER)
        self.command("sleep", "#!/bin/bash\n")  # pauses between tries are no part of what is tested
        # The build trusts the git host, as it does the hosts of the world.
        trusted = f"[http]\n\tsslCAInfo = {self.repository.origin.certificate}\n"
        (self.home / ".gitconfig").write_text(trusted)

    def command(self, name: str, text: str) -> Path:
        """Put a command on the build's PATH."""
        path = self.command_folder / name
        path.write_text(text)
        path.chmod(0o755)
        return path

    def review(self, settings: IntegrationSettings, source: Path | None = None, event: Event | None = None) -> Build:
        """Run the build that the program renders for an integration, with the client already at hand."""
        environment = ast_env if settings.client.package == ClientPackage.AST else flowcli_env
        self.installations = equip(self.command_folder, environment(), self.failing_installations, forks=self.forks)
        return self.build(render(settings), source, event, variables(settings))

    def build(
        self,
        text: str,
        source: Path | None = None,
        event: Event | None = None,
        project: dict[str, str] | None = None,
    ) -> Build:
        """Run a buildspec on what is checked out: the repository's head, unless a test laid out something else."""
        checked_out = source or self.repository.check_out(self.folder / "source")
        given: dict[str, str | None] = {
            "FLOW_PROJECT_CODE": PROJECT,
            **(project or {}),
            "FLOW_API_KEY": KEY,
            "FLOW_API_URL": self.api.url,
            "CONVISO_API_URL": self.api.url,
            "DOCKER_HOST": self.docker.host,
            **self.variables,
        }
        codebuild = CodeBuild(
            home=self.home,
            path=os.pathsep.join([*map(str, self.tools), "/usr/local/bin", "/usr/bin", "/bin"]),
            variables={name: value for name, value in given.items() if value is not None},
            exports_everything=self.exports_everything,
        )
        return codebuild.run(text, checked_out, event or Event("main", self.repository.head))
