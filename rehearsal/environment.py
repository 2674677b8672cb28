"""What a build meets on this machine: a home, its tools, and variables that lead to the stand-ins."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rehearsal.codebuild import CodeBuild
from rehearsal.conviso_platform import KEY
from rehearsal.docker_command import DOCKER
from rehearsal.interpreter import equip

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rehearsal.conviso_api import ConvisoApi
    from rehearsal.docker_api import DockerApi
    from rehearsal.origin import Origin


@dataclass
class Environment:
    """A build environment in a folder of its own, beside the stand-ins that its builds talk to."""

    folder: Path
    api: ConvisoApi
    docker: DockerApi
    origin: Origin

    # Folders that come first on the build's PATH.
    tools: list[Path] = field(default_factory=list, kw_only=True)

    def __post_init__(self) -> None:
        self.home = self.folder / "home"
        self.home.mkdir()
        self.command_folder = self.folder / "tools"
        self.command_folder.mkdir()
        self.tools.append(self.command_folder)
        self.command("docker", DOCKER)
        # The build trusts the git host, as it does the hosts of the world. It does not read the certificates of this
        # machine, which would take longer than to fetch.
        trusted = f"[http]\n\tsslCAInfo = {self.origin.certificate}\n\tsslCAPath = {self.home}\n"
        (self.home / ".gitconfig").write_text(trusted)

    def command(self, name: str, text: str) -> Path:
        """Put a command on the build's PATH."""
        path = self.command_folder / name
        path.write_text(text)
        path.chmod(0o755)
        return path

    def equip(self, client: Path, *, failing: int = 0, starter: str | None = None) -> Path:
        """Put the client within reach of the build: see `interpreter.equip`."""
        return equip(self.command_folder, client, failing=failing, starter=starter)

    def codebuild(self, project: Mapping[str, str], start: Mapping[str, str | None]) -> CodeBuild:
        """CodeBuild with the variables of a project and those that come first; None takes one away."""
        given: dict[str, str | None] = {
            **project,
            "FLOW_API_KEY": KEY,
            "FLOW_API_URL": self.api.url,
            "CONVISO_API_URL": self.api.url,
            "DOCKER_HOST": self.docker.host,
            **start,
        }
        return CodeBuild(
            home=self.home,
            path=os.pathsep.join([*map(str, self.tools), "/usr/local/bin", "/usr/bin", "/bin"]),
            variables={name: value for name, value in given.items() if value is not None},
        )
