"""EventBridge rules that start a build when somebody pushes to a CodeCommit repository."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi_aws import cloudwatch, codebuild, iam

from .aws import policies, triggers
from .aws.location import AwsLocation
from .config import IntegrationSettings


def make_event_rules(
    name: str,
    settings: IntegrationSettings,
    location: AwsLocation,
    project_name: str,
    project: codebuild.Project,
    opts: pulumi.ResourceOptions,
) -> pulumi.Output[list[str]]:
    """ARNs of the rules: one for the branch and one for tags, as the triggers ask, with one role that starts builds.

    Empty for sources other than CodeCommit, which have webhooks or no events at all.
    """
    patterns = triggers.event_patterns(settings, location)
    if not patterns:
        return pulumi.Output.from_input([])
    rules = {
        kind: _make_rule(f"{name}-{kind}", f"Pushed {kind} starts {project_name}", pattern, settings, opts)
        for kind, pattern in patterns.items()
    }
    arns = pulumi.Output.all(*(rule.arn for rule in rules.values()))
    role, policy = _make_start_role(f"{name}-starter", settings, location, project_name, arns, opts)
    for kind, rule in rules.items():
        cloudwatch.EventTarget(
            f"{name}-{kind}",
            rule=rule.name,
            arn=project.arn,
            role_arn=role.arn,
            input_transformer=cloudwatch.EventTargetInputTransformerArgs(
                input_paths=dict(triggers.EVENT_INPUT_PATHS), input_template=triggers.EVENT_INPUT_TEMPLATE
            ),
            opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[policy])),
        )
    return arns


def _make_rule(
    name: str,
    description: str,
    pattern: Mapping[str, Any],
    settings: IntegrationSettings,
    opts: pulumi.ResourceOptions,
) -> cloudwatch.EventRule:
    return cloudwatch.EventRule(
        name, description=description, event_pattern=json.dumps(pattern), tags=settings.tags, opts=opts
    )


def _make_start_role(
    name: str,
    settings: IntegrationSettings,
    location: AwsLocation,
    project_name: str,
    rule_arns: pulumi.Output[list[str]],
    opts: pulumi.ResourceOptions,
) -> tuple[iam.Role, iam.RolePolicy]:
    role = iam.Role(
        name,
        description=f"EventBridge starts {project_name}",
        assume_role_policy=rule_arns.apply(lambda arns: json.dumps(policies.start_trust(location, arns))),
        path=settings.role.path,
        permissions_boundary=settings.role.permissions_boundary_arn,
        tags=settings.tags,
        opts=opts,
    )
    policy = iam.RolePolicy(
        name, role=role.id, policy=json.dumps(policies.start_build(location, project_name)), opts=opts
    )
    return role, policy
