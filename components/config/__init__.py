"""The stack's configuration: the definition of every field, with its default, its range and its errors."""

from .access import ExistingSecret, MadeSecret, Role, SecretValue, StackSecret
from .entries import mixed_deploys, project_names
from .integration import IntegrationSettings, parse_integration, warnings
from .problems import ConfigError, Problem
from .project import (
    BucketBuildspec,
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
from .raw import NAMESPACE, STACK_KEYS, raw_values
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
from .source import GITLABS, Auth, CodeCommitSource, GitSource, Provider, S3Source, Source
from .stack import BuildState, NotificationSettings, StackSettings, parse_stack
from .stack_outputs import StackOutput
from .triggers import APPROVER_ROLES, Approval, ApproverRole, PathFilter, PullRequests, Schedule, Triggers

__all__ = [
    "APPROVER_ROLES",
    "GITLABS",
    "NAMESPACE",
    "STACK_KEYS",
    "Approval",
    "ApproverRole",
    "AstClient",
    "Auth",
    "BucketBuildspec",
    "BuildState",
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
    "NotificationSettings",
    "PathFilter",
    "Platform",
    "Problem",
    "Provider",
    "PullRequests",
    "RepositoryBuildspec",
    "Review",
    "Role",
    "S3Source",
    "SastRange",
    "Scans",
    "Schedule",
    "SecretValue",
    "Severity",
    "Source",
    "StackOutput",
    "StackSecret",
    "StackSettings",
    "Strategy",
    "Triggers",
    "Vpc",
    "mixed_deploys",
    "parse_integration",
    "parse_stack",
    "project_names",
    "raw_values",
    "warnings",
]
