"""The stack's configuration as the Pulumi engine hands it over."""

import json
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi.runtime import is_config_secret
from pulumi.runtime.config import CONFIG

from components.api_key import needs_value
from components.config import ConfigError, Problem, StackSettings, parse_stack


@dataclass(frozen=True)
class StackConfig:
    """The checked settings of a stack, and the key that goes with them."""

    settings: StackSettings
    api_key: pulumi.Output[str] | None
    """A secret; None where the stack does not write the key."""


def read_stack(config: pulumi.Config, stack: str) -> StackConfig:
    """Everything that the stack's configuration says under the project's name.

    Raises ConfigError with every problem there is.
    """
    raw, problems = _raw(config)
    problems += _api_key_problems(config)
    try:
        settings = parse_stack(raw, stack)
    except ConfigError as error:
        raise ConfigError([*problems, *error.problems]) from None
    if needs_value(settings.secret) and not config.get("apiKey"):
        problems.append(Problem("apiKey", "is required; set it with: pulumi config set --secret apiKey"))
    if problems:
        raise ConfigError(problems)
    return StackConfig(settings, config.get_secret("apiKey") if needs_value(settings.secret) else None)


def _raw(config: pulumi.Config) -> tuple[dict[str, Any], list[Problem]]:
    prefix = f"{config.name}:"
    keys = [key.removeprefix(prefix) for key in CONFIG.get() if key.startswith(prefix)]
    problems = [
        Problem(key, "must not hold a secret: only apiKey may be one")
        for key in keys
        if key != "apiKey" and is_config_secret(prefix + key)
    ]
    return {key: _parsed(config.get(key)) for key in keys if key != "apiKey"}, problems


def _parsed(text: str | None) -> Any:
    """Maps and lists arrive as JSON; what is not JSON is the text itself."""
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def _api_key_problems(config: pulumi.Config) -> list[Problem]:
    key = config.get("apiKey")
    if not key:
        return []
    if not is_config_secret(config.full_key("apiKey")):
        return [Problem("apiKey", "must be secret; set it with: pulumi config set --secret apiKey")]
    if any(character.isspace() for character in key):
        return [
            Problem("apiKey", "must not hold spaces or line breaks; set it with: pulumi config set --secret apiKey")
        ]
    return []
