"""A Pulumi project with a file backend, in which the plugin of these tests replaces `aws`."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pulumi import automation

from tests.engine import plugin
from tests.engine.account import Account

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Cli:
    """A Pulumi CLI, and the folder that it uses in place of `~/.pulumi`."""

    command: automation.PulumiCommand
    home: Path


@dataclass(frozen=True)
class Project:
    """A project's folder, and the environment and account of its commands."""

    cli: Cli
    folder: Path
    environment: Mapping[str, str]
    account: Account

    @classmethod
    def create(cls, cli: Cli, folder: Path) -> Project:
        """This repository's project, with a backend and an account of its own in the folder."""
        account = Account(folder / "account")
        backend = folder / "backend"
        backend.mkdir()
        environment = {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PULUMI_BACKEND_URL": f"file://{backend}",
            "PULUMI_CONFIG_PASSPHRASE": "correct horse battery staple",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PYTHONDONTWRITEBYTECODE": "1",
            plugin.ACCOUNT: str(account.folder),
        }
        project = cls(cli, folder / "project", environment, account)
        project.write_settings(yaml.safe_load((ROOT / "Pulumi.yaml").read_text()))
        (project.folder / "components").symlink_to(ROOT / "components")
        (project.folder / "__main__.py").symlink_to(ROOT / "__main__.py")
        return project

    def beside(self, name: str, program: str, settings: Mapping[str, Any] | None = None) -> Project:
        """Another team's project, with the same backend and account; it has the library under its installed name."""
        project = replace(self, folder=self.folder.parent / name)
        project.write_settings(settings or {"name": name})
        (project.folder / "conviso_codebuild").symlink_to(ROOT / "components")
        (project.folder / "__main__.py").write_text(program)
        return project

    def example(self, name: str) -> Project:
        """The project in this folder of `examples`, with the same backend and account."""
        folder = ROOT / "examples" / name
        return self.beside(
            name, (folder / "__main__.py").read_text(), yaml.safe_load((folder / "Pulumi.yaml").read_text())
        )

    def stack(self, name: str, config: Mapping[str, Any]) -> automation.Stack:
        """Create a stack with this configuration."""
        self.configure(name, config)
        options = automation.LocalWorkspaceOptions(
            pulumi_command=self.cli.command, pulumi_home=str(self.cli.home), env_vars=dict(self.environment)
        )
        return automation.create_stack(name, work_dir=str(self.folder), opts=options)

    def configure(self, stack: str, config: Mapping[str, Any]) -> None:
        """Replace the configuration of a stack."""
        self.write_stack_file(stack, yaml.safe_dump({"config": {"aws:region": "us-east-1", **config}}))

    def write_stack_file(self, stack: str, text: str) -> None:
        """Replace a stack file, except for the salt that the engine wrote into it."""
        path = self.folder / f"Pulumi.{stack}.yaml"
        lines = path.read_text().splitlines(keepends=True) if path.exists() else []
        path.write_text("".join(line for line in lines if line.startswith("encryptionsalt:")) + text)

    def backend_files(self) -> Iterator[str]:
        """Return the text of every file in the backend: states, their history and their backups."""
        return (path.read_text() for path in (self.folder.parent / "backend").rglob("*.json*"))

    def write_settings(self, settings: Mapping[str, Any]) -> None:
        """Create the folder, with a `Pulumi.yaml` of these settings that replaces `aws` with the plugin."""
        self.folder.mkdir()
        # With the Python that runs the tests, instead of a virtual environment that Pulumi would create.
        overridden = {
            "runtime": "python",
            "plugins": {"providers": [{"name": "aws", "path": str(self._create_plugin())}]},
        }
        (self.folder / "Pulumi.yaml").write_text(yaml.safe_dump({**settings, **overridden}))

    def _create_plugin(self) -> Path:
        folder = self.folder / "plugin"
        folder.mkdir()
        command = folder / "pulumi-resource-aws"
        command.write_text(f'#!/bin/sh\ncd "{ROOT}" && exec "{sys.executable}" -m tests.engine.plugin "$@"\n')
        command.chmod(0o755)
        return folder


class Steps:
    """Listens to an operation, and records what it does to each resource."""

    def __init__(self) -> None:
        self.in_order: list[tuple[str, str]] = []
        """Each step, with the logical name of its resource."""

    def __call__(self, event: automation.events.EngineEvent) -> None:
        """Record an event."""
        if event.resource_pre_event:
            metadata = event.resource_pre_event.metadata
            self.in_order.append((metadata.op.value, metadata.urn.rsplit("::", 1)[-1]))

    @property
    def changes(self) -> dict[str, set[str]]:
        """The names of the resources by step, without unchanged resources."""
        changes: dict[str, set[str]] = {}
        for step, name in self.in_order:
            if step not in ("same", "refresh", "read"):
                changes.setdefault(step, set()).add(name)
        return changes
