"""Conviso AppSec reviews from AWS CodeBuild, as Pulumi components."""

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
