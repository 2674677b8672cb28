"""The environment of a build on this machine: a home folder, tools, and variables that lead to the stand-ins."""

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
    """A build environment in a folder of its own, with the stand-ins for the services that a build uses."""

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
        # The build trusts this git host alone: git would take longer to read the machine's certificates than to fetch.
        trusted = f"[http]\n\tsslCAInfo = {self.origin.certificate}\n\tsslCAPath = {self.home}\n"
        (self.home / ".gitconfig").write_text(trusted)

    def command(self, name: str, text: str) -> Path:
        """Put a command on the build's PATH."""
        path = self.command_folder / name
        path.write_text(text)
        path.chmod(0o755)
        return path

    def equip(self, client: Path, *, failing: int = 0, starter: str | None = None) -> Path:
        """Give the build an interpreter that has the client installed: see `interpreter.equip`."""
        return equip(self.command_folder, client, failing=failing, starter=starter)

    def codebuild(self, project: Mapping[str, str], start: Mapping[str, str | None]) -> CodeBuild:
        """Return CodeBuild with a project's variables; those in `start` take precedence, and None removes one."""
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
