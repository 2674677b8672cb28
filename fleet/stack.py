"""A deployed stack: its settings and its outputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from components.aws.location import AwsLocation
from components.config import ConfigError, parse_stack, raw_values
from components.config.fields import matches
from components.config.problems import errors_of, explained
from components.config.stack_outputs import SCHEMA_VERSION
from fleet import pulumi_cli, text_files
from fleet.errors import FleetError
from fleet.other_stacks import OtherStacks
from sandbox import stack_file
from sandbox.account import EmulatedAccount
from sandbox.graph import SandboxError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from components.config import StackSettings


_OUTPUTS = ConfigDict(
    alias_generator=to_camel, extra="ignore", frozen=True, hide_input_in_errors=True, populate_by_name=True, strict=True
)
_ProjectArn = Annotated[
    str, matches(r"arn:[a-z-]+:codebuild:[a-z0-9-]+:[0-9]{12}:project/.+", "the ARN of a build project")
]
_ScheduleArn = Annotated[
    str, matches(r"arn:[a-z-]+:scheduler:[a-z0-9-]+:[0-9]{12}:schedule/.+/.+", "the ARN of a schedule")
]


class IntegrationOutputs(BaseModel):
    """An entry of the stack output `integrations`, as README.md describes it."""

    model_config = _OUTPUTS

    project_name: str = Field(min_length=1)
    project_arn: _ProjectArn
    role_arn: str
    secret_arn: str
    log_group_name: str | None = None
    log_bucket: str | None = None
    webhook_url: str | None = None
    trigger_rule_arns: list[str] | None = None
    schedule_arn: _ScheduleArn | None = None
    pull_request_project_name: str | None = None
    console_url: str | None = None


class StackOutputs(BaseModel):
    """The stack outputs that these commands read."""

    model_config = _OUTPUTS

    schema_version: int
    secret_fill_command: str | None = None
    integrations: dict[str, IntegrationOutputs]


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A deployed stack."""

    name: str
    settings: StackSettings
    outputs: StackOutputs
    location: AwsLocation
    other_stacks: OtherStacks
    """Where `{stack, output}` in the settings is resolved."""

    @property
    def restore(self) -> str:
        """The command that reverts changes made by hand."""
        return f"pulumi up --refresh --stack {self.name}"


def load(project_dir: Path, name: str, outputs_file: Path | None) -> Stack:
    """The stack of `Pulumi.<name>.yaml`, with its outputs from the file, or from the Pulumi CLI if there is none.

    Raises FleetError with one line for each problem.
    """
    try:
        file = stack_file.load(project_dir, name)
        settings = parse_stack(raw_values(file.project, file.values), name, project_dir)
    except SandboxError as error:
        raise FleetError(str(error)) from None
    except ConfigError as error:
        raise FleetError(f"The configuration of stack {name} has problems:\n{error}") from None
    raw = pulumi_cli.parsed(text_files.read(outputs_file), name) if outputs_file else _printed(project_dir, name)
    outputs = _outputs(raw, name)
    return Stack(
        name=name,
        settings=settings,
        outputs=outputs,
        location=_location(outputs),
        other_stacks=OtherStacks(project_dir),
    )


def _printed(project_dir: Path, name: str) -> Any:
    try:
        return pulumi_cli.outputs(project_dir, name)
    except pulumi_cli.NoCliError:
        raise FleetError(
            "The Pulumi CLI is not installed. Where it is, run "
            f"`pulumi stack output --json --stack {name} >outputs.json`; then give that file here: --outputs FILE"
        ) from None


def _outputs(raw: Any, name: str) -> StackOutputs:
    if not isinstance(raw, dict) or not raw.get("integrations"):
        raise FleetError(f"Stack {name} has no output `integrations`: run `pulumi up --stack {name}` first")
    if isinstance(version := raw.get("schemaVersion"), int) and version > SCHEMA_VERSION:
        raise FleetError(
            f"The outputs of stack {name} have schemaVersion {version}; this version reads up to {SCHEMA_VERSION}: "
            "use the version of conviso-codebuild that deployed the stack"
        )
    try:
        return StackOutputs.model_validate(raw)
    except ValidationError as error:
        fields = "\n".join(str(explained(each, StackOutputs)) for each in errors_of(error))
        raise FleetError(
            f"The outputs of stack {name} are not those of this version:\n{fields}\n"
            f"`pulumi up --stack {name}` brings them up to date"
        ) from None


def _location(outputs: StackOutputs) -> AwsLocation:
    """The location of the build projects, from the first one's ARN."""
    first = next(iter(outputs.integrations.values()))
    _, partition, _, region, account, _ = first.project_arn.split(":", 5)
    return AwsLocation(partition=partition, dns_suffix=EmulatedAccount(region).domain, region=region, account=account)


def undeployed(stack: Stack) -> Iterator[tuple[str, str]]:
    """Each integration whose stack file and outputs differ, with the difference in words."""
    configured, made = stack.settings.integrations, stack.outputs.integrations
    yield from ((name, "is in the stack file, but was not deployed") for name in configured if name not in made)
    yield from ((name, "was deployed, but is no longer in the stack file") for name in made if name not in configured)
    for name in (each for each in configured if each in made):
        triggers, outputs = configured[name].triggers, made[name]
        parts = {
            "schedule": (triggers.schedule, outputs.schedule_arn),
            "project for pull requests": (triggers.pull_requests, outputs.pull_request_project_name),
        }
        for part, (wanted, there) in parts.items():
            if wanted and not there:
                yield name, f"its {part} is in the stack file, but was not deployed"
            elif there and not wanted:
                yield name, f"its {part} was deployed, but is no longer in the stack file"
