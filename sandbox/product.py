"""Everything that the sandbox knows of the program in this repository; its other files serve any program for AWS."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from components import buildspec
from components.aws.names import PULL_REQUESTS_SUFFIX
from components.config import ConfigError, parse_stack, raw_values, yaml_reader
from components.config.stack_outputs import output_fields
from sandbox.graph import SandboxError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from sandbox.account import EmulatedAccount
    from sandbox.stack_file import EngineConfig

__all__ = [
    "CLIENT_COMMAND",
    "SECRET_KEYS",
    "add_options",
    "difference",
    "placeholders",
    "prints_buildspec",
    "rendered",
    "run_option",
    "runs_in",
    "yaml_reader",
]
"""`yaml_reader` reads YAML as the engine does. It is in the library, which also needs it."""

SECRET_KEYS = ("apiKey",)
"""Keys of the configuration that people set as secrets. A missing one gets a placeholder."""

PROJECT = "conviso-codebuild"

PLACEHOLDERS = {
    "connectionArn": "arn:{partition}:codeconnections:{region}:{account}:connection/placeholder",
    "tokenSecretArn": "arn:{partition}:secretsmanager:{region}:{account}:secret:placeholder-AbCdEf",
    "existingArn": "arn:{partition}:secretsmanager:{region}:{account}:secret:placeholder-AbCdEf",
    "kmsKeyArn": "arn:{partition}:kms:{region}:{account}:key/placeholder",
    "bucketKmsKeyArn": "arn:{partition}:kms:{region}:{account}:key/placeholder",
    "topicArn": "arn:{partition}:sns:{region}:{account}:placeholder",
    "bucket": "placeholder",
    "id": "vpc-00000000",
    "subnetIds": "subnet-00000000",
    "securityGroupIds": "sg-00000000",
}
"""The placeholder for an output of another stack, by the field that takes it; for a list, that of an entry."""

_PHASES = {"deploy": "deploy", "ast": "scan", "iac": "scan", "sast": "scan", "sca": "scan", "vulnerability": "gate"}
"""The commands of the Conviso client that the report shows, each with the phase of the script that runs it."""

CLIENT_COMMAND = re.compile(rf"(?:^|[\s;&|(\"'/])(conviso\s+(?:{'|'.join(_PHASES)})\s[^;&|)]*)")
"""What the report shows of a build's script."""


def runs_in(command: str, phase: str) -> bool:
    """Whether the script of a build runs this command of the client in that phase."""
    return _PHASES[command.split()[1]] == phase


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that print or check a buildspec instead of creating the stack."""
    only = parser.add_mutually_exclusive_group()
    only.add_argument(
        "--buildspec",
        metavar="NAME",
        help="print the buildspec of one integration, or with -pr that of its pull requests",
    )
    only.add_argument(
        "--check-buildspec",
        nargs=2,
        metavar=("NAME", "PATH"),
        help="fail with a diff when the file is not the buildspec of the integration",
    )


def prints_buildspec(options: argparse.Namespace) -> bool:
    """Return whether one of these options is given."""
    return bool(options.buildspec or options.check_buildspec)


def run_option(options: argparse.Namespace, config: EngineConfig) -> tuple[str, int]:
    """Return what the given option prints, and the exit code.

    Raises SandboxError if the configuration is wrong, the integration does not exist, or the file cannot be read.
    """
    if options.buildspec:
        return rendered(config, options.buildspec), 0
    name, path = options.check_buildspec
    changes = "".join(difference(rendered(config, name), Path(path)))
    return changes, 1 if changes else 0


def placeholders(config: EngineConfig, stack: str, account: EmulatedAccount) -> dict[str, Any]:
    """Return a value in the form of its field for each output of another stack that the configuration names.

    The result is empty for every other program.
    """
    if config.project != PROJECT:
        return {}
    settings = parse_stack(raw_values(config.project, config.values), config.stack)
    parts = [settings.secret, settings.notifications, *settings.integrations.values()]
    found: dict[str, Any] = {}
    for field in [field for part in parts if part is not None for field in output_fields(part)]:
        text = PLACEHOLDERS[field.path.rsplit(".", 1)[-1]].format(**account.texts())
        whole = [text] if field.entry_type else text
        wanted = [each for each in field.outputs if each.stack == stack]
        found |= {each.output: whole if each is field.value else text for each in wanted}
    return found


def rendered(config: EngineConfig, name: str) -> str:
    """Return the text of an integration's buildspec, wherever CodeBuild reads it from, without creating a resource.

    As for the project, `-pr` after the name stands for the builds of pull requests.
    """
    try:
        integrations = parse_stack(raw_values(config.project, config.values), config.stack).integrations
    except ConfigError as error:
        raise SandboxError(f"The configuration of stack {config.stack} has problems:\n{error}") from None
    for integration, settings in integrations.items():
        if name == integration:
            return buildspec.render(settings)
        if settings.triggers.pull_requests and name == f"{integration}{PULL_REQUESTS_SUFFIX}":
            return buildspec.render_pull_request(settings)
    raise SandboxError(f"stack {config.stack} has no integration {name}; it has: {', '.join(integrations)}")


def difference(text: str, path: Path) -> Iterator[str]:
    """Yield the lines in which the committed file differs from the text; none if it is up to date."""
    try:
        committed = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SandboxError(f"{path} can't be read: {reason}") from None
    yield from difflib.unified_diff(
        committed.splitlines(keepends=True),
        text.splitlines(keepends=True),
        str(path),
        "rendered from the configuration",
    )
