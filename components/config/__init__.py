"""The stack configuration: the one definition of every field, default, range and error. Knows nothing of Pulumi."""

from .access import ExistingSecret, MadeSecret, Role, SecretValue, StackSecret
from .integration import IntegrationSettings
from .problems import ConfigError, Problem
from .project import (
    Buildspec,
    BuildspecLocation,
    ComputeType,
    Environment,
    InlineBuildspec,
    LogDestination,
    Logs,
    RepositoryBuildspec,
    Vpc,
)
from .review import (
    AstClient,
    Client,
    ClientPackage,
    FailOn,
    FlowcliClient,
    Platform,
    Review,
    SastRange,
    Scans,
    Severity,
    Strategy,
)
from .source import Auth, CodeCommitSource, GitSource, Provider, S3Source, Source
from .stack import STACK_KEYS, StackSettings, parse_integration, parse_stack, raw_values
from .triggers import PathFilter, Triggers

__all__ = [
    "STACK_KEYS",
    "AstClient",
    "Auth",
    "Buildspec",
    "BuildspecLocation",
    "Client",
    "ClientPackage",
    "CodeCommitSource",
    "ComputeType",
    "ConfigError",
    "Environment",
    "ExistingSecret",
    "FailOn",
    "FlowcliClient",
    "GitSource",
    "InlineBuildspec",
    "IntegrationSettings",
    "LogDestination",
    "Logs",
    "MadeSecret",
    "PathFilter",
    "Platform",
    "Problem",
    "Provider",
    "RepositoryBuildspec",
    "Review",
    "Role",
    "S3Source",
    "SastRange",
    "Scans",
    "SecretValue",
    "Severity",
    "Source",
    "StackSecret",
    "StackSettings",
    "Strategy",
    "Triggers",
    "Vpc",
    "parse_integration",
    "parse_stack",
    "raw_values",
]
