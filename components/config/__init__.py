"""The stack configuration: the one definition of every field, default, range and error. Knows nothing of Pulumi."""

from .choices import (
    BuildspecLocation,
    ClientPackage,
    ComputeType,
    LogDestination,
    Provider,
    SastRange,
    SecretValue,
    Severity,
    Strategy,
)
from .environment import Environment, Vpc
from .examine import parse_integration
from .identity import ExistingSecret, MadeSecret, Role, StackSecret
from .integration import IntegrationSettings
from .logs import Logs
from .problems import ConfigError, Problem
from .review import AstClient, Buildspec, Client, FailOn, FlowcliClient, Platform, Review, Scans
from .rules import warnings
from .source import Auth, CodeCommitSource, GitSource, S3Source, Source
from .stack import STACK_KEYS, StackSettings, parse_stack
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
    "IntegrationSettings",
    "LogDestination",
    "Logs",
    "MadeSecret",
    "PathFilter",
    "Platform",
    "Problem",
    "Provider",
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
    "warnings",
]
