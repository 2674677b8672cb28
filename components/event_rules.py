"""EventBridge rules that start a build when somebody pushes to a CodeCommit repository."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi_aws import cloudwatch, codebuild

from .aws import policies, triggers
from .aws.names import RULE_PREFIX_LENGTH, name_prefix
from .context import Context
from .roles import make_role


def make_event_rules(context: Context, project: codebuild.Project) -> pulumi.Output[list[str]]:
    """ARNs of the rules: one for the branch and one for tags, as the triggers ask, with one role that starts builds.

    Empty for sources other than CodeCommit, which have webhooks or no events at all.
    """
    location, project_name = context.location, context.project_name
    patterns = triggers.event_patterns(context.settings, location)
    if not patterns:
        return pulumi.Output.from_input([])
    rules = {kind: _make_rule(context, kind, pattern) for kind, pattern in patterns.items()}
    arns = pulumi.Output.all(*(rule.arn for rule in rules.values()))
    role, policy = make_role(
        context,
        "starter",
        f"EventBridge starts {project_name}",
        trust=arns.apply(lambda known: policies.start_trust(location, known)),
        policy=policies.start_build(location, project_name),
    )
    for kind, rule in rules.items():
        cloudwatch.EventTarget(
            f"{context.name}-{kind}",
            rule=rule.name,
            arn=project.arn,
            role_arn=role.arn,
            input_transformer=cloudwatch.EventTargetInputTransformerArgs(
                input_paths=dict(triggers.EVENT_INPUT_PATHS), input_template=triggers.EVENT_INPUT_TEMPLATE
            ),
            opts=context.options(policy),
        )
    return arns


def _make_rule(context: Context, kind: str, pattern: Mapping[str, Any]) -> cloudwatch.EventRule:
    logical_name = f"{context.name}-{kind}"
    return cloudwatch.EventRule(
        logical_name,
        name_prefix=name_prefix(context.stack, logical_name, RULE_PREFIX_LENGTH),
        description=f"Pushed {kind} starts {context.project_name}",
        event_pattern=json.dumps(pattern),
        tags=context.tags,
        opts=context.options(),
    )
