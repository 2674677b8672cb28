"""Policies for those who deploy a stack, preview it or start its builds.

They are bounded by names and tags. Every name begins with `conviso-<stack>-`, but so do the names of a stack
`<stack>-eu`. The tag `conviso:stack` tells the two apart, for those actions whose service supports conditions on tags:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..config import IntegrationSettings, StackSettings
from . import untagged_rights
from .location import AwsLocation
from .names import STACK_TAG, log_group_name
from .policies import Document, Statement, allow, deny_overrides, document, nothing_overridden
from .stack_rights import (
    Rights,
    boundaries,
    has_schedules,
    projects_named,
    rights,
    role_arns,
    starts_by_rules,
)


def deployer(stack: str, settings: StackSettings, location: AwsLocation) -> Document:
    """A policy for whoever deploys this stack, and no other stack, in this account and region.

    Unless the configuration chooses many names of build projects, it fits into a role's inline policies, which may
    have 10,240 characters together. With every feature in use, it exceeds the 6,144 of a managed policy:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    integrations = list(settings.integrations.values())
    return document(
        [
            *_tagged(stack, rights(stack, settings, location), _DEPLOYING),
            *_bounded_roles(stack, integrations, location),
            _pass_roles(stack, integrations, location),
            *untagged_rights.to_deploy(stack, settings, location),
        ]
    )


def previewer(stack: str, settings: StackSettings, location: AwsLocation) -> Document:
    """A policy for whoever previews this stack, or compares it with AWS, without changing anything."""
    return document(
        [
            *_tagged(stack, rights(stack, settings, location), _READING),
            *untagged_rights.to_preview(stack, settings, location),
        ]
    )


def starter(stack: str, settings: StackSettings, location: AwsLocation) -> Document:
    """A policy for people who start builds of this stack by hand, without overriding anything, and read the logs."""
    own = _own(stack)
    names = projects_named(stack, settings)
    projects = [location.arn("codebuild", f"project/{name}") for name in names]
    logs = [location.arn("logs", f"log-group:{log_group_name(name)}") for name in names]
    builds = ["BatchGetBuilds", "ListBuildsForProject", "StopBuild"]
    return document(
        [
            allow("StartBuilds", ["codebuild:StartBuild"], projects, own | nothing_overridden()),
            allow("SeeAndStopBuilds", [f"codebuild:{action}" for action in builds], projects, own),
            allow("ReadLogs", ["logs:FilterLogEvents", "logs:GetLogEvents"], logs, own),
        ]
    )


def overrides_denied(stack: str, _settings: StackSettings, _location: AwsLocation) -> Document:
    """A policy for people whom other policies allow to start builds: it denies overrides in builds of this stack."""
    return deny_overrides(_own(stack))


def _own(stack: str) -> dict[str, Any]:
    return {"StringEquals": {f"aws:ResourceTag/{STACK_TAG}": stack}}


_READING = {"see": ("see",), "read": ("read",)}
_DEPLOYING = {"see": ("see",), "make": ("make",), "tag": ("tag",), "keep": ("read", "keep")}
"""For each statement of a policy, named by its condition: the fields of `Rights` whose actions it allows."""


def _tagged(stack: str, owned: Sequence[Rights], wanted: Mapping[str, Sequence[str]]) -> Iterator[Statement]:
    """One statement for each condition, for all services together: no action applies to another service's ARNs."""
    own, requested = {f"aws:ResourceTag/{STACK_TAG}": stack}, {f"aws:RequestTag/{STACK_TAG}": stack}
    conditions: Mapping[str, Any] = {
        "see": {"StringEqualsIfExists": own},
        "make": {"StringEquals": requested},
        "tag": {"StringEqualsIfExists": {**own, **requested}},
        "read": {"StringEquals": own},
        "keep": {"StringEquals": own},
    }
    for name, kinds in wanted.items():
        actions = {action: each.on for each in owned for kind in kinds for action in getattr(each, kind)}
        if actions:
            resources = {arn for on in actions.values() for arn in on}
            yield allow(f"{name.capitalize()}WhatTheStackOwns", actions, resources, conditions[name])


def _bounded_roles(
    stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation
) -> Iterator[Statement]:
    """Deny to make or change a role of the stack without its permissions boundary, whatever other policies allow."""
    if arns := boundaries(integrations):
        yield {
            "Sid": "BoundRoles",
            "Effect": "Deny",
            "Action": ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
            "Resource": role_arns(stack, integrations, location),
            "Condition": {"ArnNotEquals": {"iam:PermissionsBoundary": arns}},
        }


def _pass_roles(stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation) -> Statement:
    # Tags do not apply here: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    # Even so, a role of another stack is of little use: its trust policy names that stack's project or rules. Only the
    # trust policy of a schedule's role cannot name the schedule, and all that this role can do is start its project.
    services = {
        "codebuild": True,
        "events": starts_by_rules(integrations),
        "scheduler": has_schedules(integrations),
    }
    given = [f"{service}.amazonaws.com" for service, needed in services.items() if needed]
    to_services = {"StringEquals": {"iam:PassedToService": given}}
    return allow("PassRoles", ["iam:PassRole"], role_arns(stack, integrations, location), to_services)
