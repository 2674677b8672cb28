"""One test's world: the stand-ins, the repository under review, and builds of it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.build.codebuild import Build, CodeBuild, Event
from tests.build.conviso_platform import KEY, PROJECT

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
    # Variables of the project beside those that every build has.
    variables: dict[str, str] = field(default_factory=dict)
    # Folders that come first on the build's PATH.
    tools: list[Path] = field(default_factory=list)
    exports_everything: bool = False

    def __post_init__(self) -> None:
        self.home = self.folder / "home"
        self.home.mkdir()
        self.command("docker", _DOCKER)

    def command(self, name: str, text: str) -> Path:
        """Put a command on the build's PATH."""
        tools = self.folder / "tools"
        tools.mkdir(exist_ok=True)
        if tools not in self.tools:
            self.tools.append(tools)
        path = tools / name
        path.write_text(text)
        path.chmod(0o755)
        return path

    def build(self, text: str, source: Path | None = None, event: Event | None = None) -> Build:
        """Run a buildspec on what is checked out: the repository's head, unless a test laid out something else."""
        checked_out = source or self.repository.check_out(self.folder / "source")
        codebuild = CodeBuild(
            home=self.home,
            path=os.pathsep.join([*map(str, self.tools), "/usr/local/bin", "/usr/bin", "/bin"]),
            variables={
                "FLOW_API_KEY": KEY,
                "FLOW_PROJECT_CODE": PROJECT,
                "FLOW_API_URL": self.api.url,
                "CONVISO_API_URL": self.api.url,
                "DOCKER_HOST": self.docker.host,
                **self.variables,
            },
            exports_everything=self.exports_everything,
        )
        return codebuild.run(text, checked_out, event or Event("main", self.repository.head))
