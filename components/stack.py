"""What the engine knows about a stack: its configuration, and where in AWS its resources are made."""

import re
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi.runtime import is_config_secret
from pulumi.runtime.config import CONFIG

from .api_key import needs_value
from .aws import arns, quotas
from .aws.location import AwsLocation
from .config import ConfigError, Problem, StackSettings, mixed_deploys, parse_stack, raw_values
from .config.redaction import key_shown

_SET_IT = "set it with: pulumi config set --secret apiKey"


@dataclass(frozen=True, kw_only=True)
class StackConfig:
    """The checked settings of a stack, its API key, and where its resources are made."""

    name: str
    settings: StackSettings
    api_key: pulumi.Output[str] | None
    """The API key as a secret output; None if the program does not write it."""
    location: AwsLocation


def checked_stack() -> StackConfig:
    """The stack that the engine runs the program for.

    Raises pulumi.RunError, which ends the program without a stack trace. Its message lists all problems of the
    configuration or, if there are none, all ARNs that cannot be used where the stack is and all limits exceeded.
    """
    config, name = pulumi.Config(), pulumi.get_stack()
    try:
        settings = _read(config, name)
        location = current_location()
        _check_limits(settings, location)
    except ConfigError as error:
        raise pulumi.RunError(f"The configuration of stack {name} has problems:\n{error}") from None
    for warning in (*quotas.exceeded(name, settings), *mixed_deploys(settings.integrations)):
        pulumi.log.warn(str(warning))
    api_key = config.get_secret("apiKey") if needs_value(settings.secret) else None
    return StackConfig(name=name, settings=settings, api_key=api_key, location=location)


def _check_limits(settings: StackSettings, location: AwsLocation) -> None:
    if problems := [*arns.stack_problems(settings, location), *quotas.too_many_webhooks(settings)]:
        raise ConfigError(problems)


def _read(config: pulumi.Config, stack: str) -> StackSettings:
    raw = raw_values(config.name, CONFIG.get())
    problems = [*_secret_problems(config, stack), *_region_problems()]
    problems += _api_key_problems(config, raw.get("secret"))
    try:
        settings = parse_stack(raw, stack)
    except ConfigError as error:
        raise ConfigError([*problems, *error.problems]) from None
    if problems:
        raise ConfigError(problems)
    return settings


def current_location(opts: pulumi.InvokeOptions | None = None) -> AwsLocation:
    """Account, region and partition that the provider works in.

    Raises pulumi.RunError if AWS does not answer, because the region does not exist or there are no credentials.
    """
    try:
        identity, partition, region = (
            aws.get_caller_identity(opts=opts),
            aws.get_partition(opts=opts),
            aws.get_region(opts=opts),
        )
    except Exception as error:  # noqa: BLE001 - the SDK raises plain Exception
        raise pulumi.RunError(f"{error}\nAWS does not answer; check aws:region and your credentials") from None
    return AwsLocation(
        partition=partition.partition,
        dns_suffix=partition.dns_suffix,
        region=region.region,
        account=identity.account_id,
    )


def _region_problems() -> list[Problem]:
    # Only AWS knows which regions exist, but a text that cannot be the name of one is found here.
    region = pulumi.Config("aws").get("region")
    if not region or re.fullmatch(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}", region):
        return []
    return [Problem("aws:region", "must be a region of AWS such as us-east-1")]


def _secret_problems(config: pulumi.Config, stack: str) -> list[Problem]:
    prefix = f"{config.name}:"
    keys = [key.removeprefix(prefix) for key in CONFIG.get() if key.startswith(prefix)]
    return [
        Problem(
            key_shown(key),
            "must not hold a secret: only apiKey may be one; "
            f"look for `secure:` below {config.name}:{key_shown(key)} in Pulumi.{stack}.yaml, and remove that field",
        )
        for key in keys
        if key != "apiKey" and is_config_secret(prefix + key)
    ]


def _api_key_problems(config: pulumi.Config, secret: Any) -> list[Problem]:
    key = config.get("apiKey")
    if not key:
        # The secret's settings are not checked yet, so that a missing key is reported together with their mistakes.
        written_elsewhere = isinstance(secret, dict) and (
            secret.get("existingArn") or secret.get("value") == "external"
        )
        return [] if written_elsewhere else [Problem("apiKey", f"is required; {_SET_IT}")]
    if not is_config_secret(config.full_key("apiKey")):
        return [Problem("apiKey", f"must be secret; {_SET_IT}")]
    # The build accepts the same characters, since the key is sent as a header of HTTP.
    if not re.fullmatch(r"[!-~]+", key):
        return [Problem("apiKey", f"must be ASCII text without spaces and line breaks; {_SET_IT}")]
    return []
