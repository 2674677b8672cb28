"""ConvisoIntegration: everything that one repository needs to be reviewed from CodeBuild."""

import pulumi
from pulumi_aws import cloudwatch, codebuild, iam

from .api_key import SecretReference, existing_secret
from .aws import policies, triggers
from .aws.build_inputs import BuildInputs
from .aws.location import AwsLocation
from .aws.names import log_group_name, log_prefix, project_name
from .config import Auth, GitSource, IntegrationSettings, S3Source
from .context import Context
from .event_rules import make_event_rules
from .log_bucket import make_log_bucket
from .project import Inputs, buildspec_path, project_args
from .roles import make_role


class ConvisoIntegration(pulumi.ComponentResource):
    """A repository that CodeBuild reviews with the Conviso client.

    Makes the build project, its role, its logs, and what starts it: a webhook for git hosts, EventBridge rules for
    CodeCommit.
    """

    project_name: pulumi.Output[str]
    """Name of the build project."""
    project_arn: pulumi.Output[str]
    """ARN of the build project."""
    role_arn: pulumi.Output[str]
    """ARN of the role that builds run as."""
    log_group_name: pulumi.Output[str | None]
    """Name of the log group; None where logs go to S3 only."""
    log_bucket: pulumi.Output[str | None]
    """Name of the bucket for logs; None where they go to CloudWatch only."""
    secret_arn: pulumi.Output[str]
    """ARN of the secret that holds the API key."""
    webhook_url: pulumi.Output[str | None]
    """Address of the webhook on the git host; None without a webhook."""
    trigger_rule_arns: pulumi.Output[list[str]]
    """ARNs of the EventBridge rules that start builds."""
    console_url: pulumi.Output[str]
    """The build project's page in the AWS console."""
    buildspec_path: pulumi.Output[str | None]
    """Path of the buildspec in the repository; None where it is inline."""

    def __init__(  # noqa: PLR0913 - each keyword is a name that another resource may make
        self,
        name: str,
        settings: IntegrationSettings,
        *,
        stack: str,
        location: AwsLocation,
        secret: SecretReference,
        connection_arn: pulumi.Input[str] | None = None,
        token_secret_arn: pulumi.Input[str] | None = None,
        source_bucket: pulumi.Input[str] | None = None,
        log_bucket: pulumi.Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make everything under this component.

        Args:
            name: Prefix of every resource, at most 40 characters.
            settings: What the configuration says; see `parse_integration`.
            stack: Part of the build project's name.
            location: Account and region of the resources.
            secret: The API key, where the settings name no secret of their own.
            connection_arn: Of a connection made by the same program, instead of `source.auth`.
            token_secret_arn: Of a token's secret made by the same program, instead of `source.auth`.
            source_bucket: Name of a bucket made by the same program, instead of `source.bucket`.
            log_bucket: Name of a bucket made by the same program, instead of `logs.bucket`.
            opts: Of the component; children take only their parent from it.

        """
        super().__init__("conviso:index:ConvisoIntegration", name, {}, opts)
        context = Context(
            name=name,
            stack=stack,
            project_name=project_name(stack, name),
            settings=settings,
            location=location,
            parent=self,
        )
        auth = _login(settings, connection_arn, token_secret_arn)
        source = settings.source if isinstance(settings.source, S3Source) else None
        key = existing_secret(settings.secret) if settings.secret else secret
        to_s3 = settings.logs.to_s3
        inputs = Inputs(
            secret_arn=key.arn,
            secret_key=key.key,
            secret_kms_key_arn=key.kms_key_arn,
            connection_arn=auth.connection_arn if auth else connection_arn,
            token_secret_arn=auth.token_secret_arn if auth else token_secret_arn,
            token_kms_key_arn=auth.kms_key_arn if auth else None,
            source_bucket=(source_bucket or source.bucket) if source else None,
            source_kms_key_arn=source.kms_key_arn if source else None,
            log_group=_make_log_group(context) if settings.logs.to_cloudwatch else None,
            log_bucket=(log_bucket or settings.logs.bucket or make_log_bucket(context)) if to_s3 else None,
            log_prefix=log_prefix(settings.logs.prefix, context.project_name) if to_s3 else None,
        )
        role, policy = _make_build_role(context, inputs)
        # CodeBuild tries the role while it makes the project (the network, the connection), and a build reads the key.
        waits_for = [policy, *([key.written_by] if key.written_by else [])]
        project = codebuild.Project(
            f"{name}-project", project_args(context, inputs, role.arn), opts=context.options(*waits_for)
        )
        self.webhook_url = _make_webhook(context, inputs, project, policy)
        self.trigger_rule_arns = make_event_rules(context, project)

        self.project_name, self.project_arn, self.role_arn = project.name, project.arn, role.arn
        self.log_group_name = pulumi.Output.from_input(inputs.log_group)
        self.log_bucket = pulumi.Output.from_input(inputs.log_bucket)
        self.secret_arn = pulumi.Output.from_input(inputs.secret_arn)
        self.console_url = pulumi.Output.from_input(location.console_url(context.project_name))
        self.buildspec_path = pulumi.Output.from_input(buildspec_path(settings))
        self.register_outputs({output: getattr(self, output) for output in OUTPUTS})


OUTPUTS = tuple(name for name in ConvisoIntegration.__annotations__ if not name.startswith("_"))
"""The component's outputs, by attribute."""


def _login(
    settings: IntegrationSettings,
    connection_arn: pulumi.Input[str] | None,
    token_secret_arn: pulumi.Input[str] | None,
) -> Auth | None:
    """The login of the settings; None where they have none, or where the program brings its own."""
    if not isinstance(settings.source, GitSource) or connection_arn is not None or token_secret_arn is not None:
        return None
    return settings.source.auth


def _make_log_group(context: Context) -> pulumi.Output[str]:
    logs = context.settings.logs
    group = cloudwatch.LogGroup(
        f"{context.name}-logs",
        name=log_group_name(context.project_name),
        retention_in_days=logs.retention_days,
        kms_key_id=logs.kms_key_arn,
        tags=context.tags,
        opts=context.options(),
    )
    return group.name


def _make_build_role(context: Context, inputs: Inputs) -> tuple[iam.Role, iam.RolePolicy]:
    settings, location = context.settings, context.location
    # From names, never from the project's outputs: those would make a cycle.
    names = pulumi.Output.all(**inputs.by_name())
    return make_role(
        context,
        "role",
        f"CodeBuild project {context.project_name}",
        trust=policies.build_trust(location, context.project_name),
        policy=names.apply(lambda known: policies.build(settings, BuildInputs[str](**known), location)),
    )


def _make_webhook(
    context: Context, inputs: Inputs, project: codebuild.Project, policy: iam.RolePolicy
) -> pulumi.Output[str | None]:
    groups = triggers.webhook_filter_groups(context.settings)
    if not groups:
        return pulumi.Output.from_input(None)
    hook = codebuild.Webhook(
        f"{context.name}-webhook",
        project_name=project.name,
        build_type="BUILD",
        filter_groups=[_filter_group(group) for group in groups],
        opts=pulumi.ResourceOptions(
            parent=context.parent,
            depends_on=[policy],
            # CodeBuild keeps a dead webhook when the project moves to another repository or login.
            replacement_trigger=_hook_identity(context.settings, inputs),
            # A project has one webhook at most.
            delete_before_replace=True,
        ),
    )
    return hook.url


def _filter_group(group: list[triggers.Filter]) -> codebuild.WebhookFilterGroupArgs:
    return codebuild.WebhookFilterGroupArgs(
        filters=[
            codebuild.WebhookFilterGroupFilterArgs(
                type=each.type, pattern=each.pattern, exclude_matched_pattern=each.exclude
            )
            for each in group
        ]
    )


def _hook_identity(settings: IntegrationSettings, inputs: Inputs) -> list[pulumi.Input[str] | None]:
    """What a webhook belongs to: when one of these changes, the old webhook is of no use."""
    source = settings.source
    repository = source.repository if isinstance(source, GitSource) else None
    return [source.provider.value, repository, inputs.connection_arn, inputs.token_secret_arn]
