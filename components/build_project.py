"""A build project with what it needs: its log group, its role, and the webhook that starts it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch, codebuild, iam

from .aws import policies
from .aws.build_inputs import KnownInputs
from .aws.pull_requests import BuildPolicy
from .aws.triggers import Filter
from .config import GitSource, IntegrationSettings
from .context import Context
from .project_args import Build, Inputs, project_args
from .roles import make_role


@dataclass(frozen=True)
class Webhook:
    """The events that start builds from a git host. Without filter groups, no webhook is made."""

    filter_groups: list[list[Filter]]
    build_policy: BuildPolicy | None = None
    """Who approves builds of pull requests; None for a webhook without their events.

    AWS then sets a policy of its own, which the provider accepts:
    https://github.com/hashicorp/terraform-provider-aws/pull/44201
    """


@dataclass(frozen=True)
class BuildProject:
    """The resources that `make_build_project` makes, as far as others use them."""

    project: codebuild.Project
    role: iam.Role
    webhook_url: pulumi.Output[str | None]


def make_build_project(
    context: Context, inputs: Inputs, build: Build, *, waits_for: Sequence[pulumi.Resource], webhook: Webhook
) -> BuildProject:
    """Make the project, its log group, a role that only its builds may assume, and its webhook.

    The project also waits for `waits_for`: what its first build needs and no input of the project depends on, such as
    the value of the API key and the protection of a log bucket.
    """
    # The build's role may not make a log group itself.
    log_groups = [_make_log_group(context, inputs.log_group)] if inputs.log_group is not None else []
    role, policy = _make_build_role(context, inputs)
    project = codebuild.Project(
        context.logical_name("project"),
        project_args(context, inputs, build, role.arn),
        # CodeBuild uses the role as soon as the project is created, to check its network and its connection.
        opts=context.options(policy, *log_groups, *waits_for),
    )
    return BuildProject(project, role, _make_webhook(context, inputs, webhook, project, policy))


def _make_log_group(context: Context, name: pulumi.Input[str]) -> cloudwatch.LogGroup:
    return cloudwatch.LogGroup(
        context.logical_name("logs"),
        name=name,
        retention_in_days=context.settings.logs.retention_days,
        kms_key_id=context.values.text("logs.kmsKeyArn"),
        tags=context.tags,
        opts=context.options(),
    )


def _make_build_role(context: Context, inputs: Inputs) -> tuple[iam.Role, iam.RolePolicy]:
    settings, location = context.settings, context.location
    # The policy is built from names. The outputs of the project, which waits for this policy, would make a cycle.
    names = pulumi.Output.all(**inputs.by_name())
    return make_role(
        context,
        "role",
        f"CodeBuild project {context.project_name}",
        trust=policies.build_trust(location, context.project_name),
        policy=names.apply(lambda known: policies.build(settings, KnownInputs(**known), location)),
    )


def _make_webhook(
    context: Context, inputs: Inputs, webhook: Webhook, project: codebuild.Project, policy: iam.RolePolicy
) -> pulumi.Output[str | None]:
    if not webhook.filter_groups:
        return pulumi.Output.from_input(None)
    hook = codebuild.Webhook(
        context.logical_name("webhook"),
        project_name=project.name,
        build_type="BUILD",
        filter_groups=[_filter_group(group) for group in webhook.filter_groups],
        pull_request_build_policy=_build_policy(webhook.build_policy),
        opts=pulumi.ResourceOptions(
            parent=context.parent,
            depends_on=[policy],
            # When the project moves to another repository or login, CodeBuild keeps the old webhook, which is dead.
            replacement_trigger=_hook_identity(context.settings, inputs),
            # A project can have only one webhook.
            delete_before_replace=True,
        ),
    )
    return hook.url


def _filter_group(group: list[Filter]) -> codebuild.WebhookFilterGroupArgs:
    return codebuild.WebhookFilterGroupArgs(
        filters=[codebuild.WebhookFilterGroupFilterArgs(type=each.type, pattern=each.pattern) for each in group]
    )


def _build_policy(policy: BuildPolicy | None) -> codebuild.WebhookPullRequestBuildPolicyArgs | None:
    if policy is None:
        return None
    return codebuild.WebhookPullRequestBuildPolicyArgs(
        requires_comment_approval=policy.requires_comment_approval, approver_roles=list(policy.approver_roles)
    )


def _hook_identity(settings: IntegrationSettings, inputs: Inputs) -> list[pulumi.Input[str] | None]:
    """What a webhook belongs to: when any of it changes, the webhook must be replaced."""
    source = settings.source
    repository = source.repository if isinstance(source, GitSource) else None
    return [source.provider.value, repository, _comparable(inputs.connection_arn), _comparable(inputs.token_secret_arn)]


def _comparable(name: pulumi.Input[str] | None) -> pulumi.Input[str] | None:
    """The name itself or, if it is secret, a digest, because for the engine a secret changes with every update."""
    if not isinstance(name, pulumi.Output):
        return name

    async def shown(known: str) -> str:
        return hashlib.sha256(known.encode()).hexdigest() if await name.is_secret() else known

    return pulumi.Output.unsecret(name.apply(shown))
