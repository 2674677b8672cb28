"""The buildspec of one integration, straight from the configuration: nothing is created for it."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING, Any

from sandbox import stack_file
from sandbox.graph import ConfigurationError
from sandbox.run import importable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def rendered(project_dir: Path, stack: str, name: str) -> str:
    """The text of the integration's buildspec, whether the project holds it or reads it from the repository."""
    try:
        config = stack_file.load(project_dir, stack)
    except stack_file.StackFileError as error:
        raise ConfigurationError(str(error)) from None
    prefix = f"{config.project}:"
    raw = {
        key.removeprefix(prefix): _parsed(value)
        for key, value in config.values.items()
        if key.startswith(prefix) and key != f"{prefix}apiKey"
    }
    with importable(project_dir):
        from components import buildspec  # noqa: PLC0415 - belongs to the project in that folder
        from components.config import ConfigError, parse_stack  # noqa: PLC0415

        try:
            integrations = parse_stack(raw, stack).integrations
        except ConfigError as error:
            raise ConfigurationError(f"The configuration of stack {stack} has problems:\n{error}") from None
        if name not in integrations:
            known = ", ".join(integrations)
            raise ConfigurationError(f"stack {stack} has no integration {name}; it has: {known}")
        return buildspec.render(integrations[name])


def difference(text: str, path: Path) -> Iterator[str]:
    """The lines by which the file differs from the text; none when it is up to date."""
    try:
        held = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigurationError(f"{path} can't be read: {reason}") from None
    yield from difflib.unified_diff(
        held.splitlines(keepends=True), text.splitlines(keepends=True), str(path), "rendered from the configuration"
    )


def _parsed(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
