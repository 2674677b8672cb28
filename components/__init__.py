"""Conviso AppSec reviews from AWS CodeBuild, as Pulumi components.

The names below are imported when they are first used: the configuration, the buildspec and the policies are plain
Python, and whoever needs only those does not load Pulumi.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from components.api_key import ApiKey, SecretReference, existing_secret
    from components.config import ConfigError, IntegrationSettings, parse_integration, parse_stack
    from components.integration import ConvisoIntegration
    from components.lookup import current_place
    from components.place import Place

__all__ = [
    "ApiKey",
    "ConfigError",
    "ConvisoIntegration",
    "IntegrationSettings",
    "Place",
    "SecretReference",
    "current_place",
    "existing_secret",
    "parse_integration",
    "parse_stack",
]

_HOMES = {
    "ApiKey": "api_key",
    "ConfigError": "config",
    "ConvisoIntegration": "integration",
    "IntegrationSettings": "config",
    "Place": "place",
    "SecretReference": "api_key",
    "current_place": "lookup",
    "existing_secret": "api_key",
    "parse_integration": "config",
    "parse_stack": "config",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
