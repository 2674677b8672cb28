"""Reads the integration to rehearse from its stack's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.config import ConfigError, parse_stack, raw_values, yaml_reader
from rehearsal.errors import RehearsalError
from sandbox import stack_file
from sandbox.graph import SandboxError

if TYPE_CHECKING:
    from pathlib import Path

    from components.config import IntegrationSettings


def read(project_dir: Path, stack: str, name: str | None) -> tuple[str, IntegrationSettings]:
    """Return the name and settings of an integration: the named one, or the first in the stack's file.

    Raises RehearsalError, with a line for each problem, if the file is invalid or has no such integration.
    """
    try:
        config = stack_file.load(project_dir, stack)
        integrations = parse_stack(raw_values(config.project, config.values), stack).integrations
    except SandboxError as error:
        raise RehearsalError(str(error)) from None
    except ConfigError as error:
        raise RehearsalError("\n".join(map(str, error.problems))) from None
    name = name or _first(project_dir / f"Pulumi.{stack}.yaml", f"{config.project}:integrations")
    if name not in integrations:
        raise RehearsalError(f"Pulumi.{stack}.yaml has no integration {name}; it has {', '.join(integrations)}")
    return name, integrations[name]


def _first(file: Path, key: str) -> str:
    """Return the first name in the file, whose order the engine does not keep."""
    section = yaml_reader.read(file.read_text(encoding="utf-8-sig"))["config"]
    return next(str(name) for full, names in section.items() if key.endswith(full) for name in names)
