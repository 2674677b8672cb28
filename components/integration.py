"""ConvisoIntegration: everything that one repository needs to be reviewed from CodeBuild."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pulumi

from . import buildspec
from .api_key import SecretReference, existing_secret
from .aws import arns, triggers
from .aws.location import AwsLocation
from .aws.names import log_group_name, log_prefix, project_name
from .build_project import Webhook, make_build_project
from .buildspec_bucket import BuildspecBucket
from .config import (
    GITLABS,
    BucketBuildspec,
    ConfigError,
    GitSource,
    IntegrationSettings,
    Problem,
    S3Source,
    Source,
    name_problems,
    warnings,
)
from .context import Context
from .event_rules import make_event_rules
from .given import given
from .log_bucket import make_log_bucket
from .other_stacks import OtherStacks, values_of
from .project_args import Build, Inputs, buildspec_path
from .provider_location import confirmed
from .pull_requests import make_pull_requests_project
from .schedule import make_schedule


class ConvisoIntegration(pulumi.ComponentResource):
    """A repository that CodeBuild reviews with the Conviso client.

    It makes the build project, its role, its logs, and what starts builds: a webhook for git hosts, EventBridge rules
    for CodeCommit and S3, a schedule. If pull requests are reviewed, they get a build project, role, log group and
    webhook of their own.
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
    schedule_arn: pulumi.Output[str | None]
    """ARN of the schedule that starts builds; None without one."""
    pull_request_project_name: pulumi.Output[str | None]
    """Name of the build project that reviews pull requests; None where they are not reviewed."""
    console_url: pulumi.Output[str | None]
    """The build project's page in the AWS console; None in a partition whose console is not public."""
    buildspec_path: pulumi.Output[str | None]
    """Path of the buildspec in the repository; None where it is inline or in a bucket."""

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
        failed_starts_queue_arn: pulumi.Input[str] | None = None,
        buildspec_bucket: BuildspecBucket | None = None,
        other_stacks: OtherStacks | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make everything under this component.

        Args:
            name: Prefix of every resource: 2 to 40 of a-z, 0-9 and -, starting with a letter.
            settings: How the repository is reviewed; see `parse_integration`.
            stack: Name of the stack, which is part of the build project's name.
            location: Account and region of the component's provider; see `current_location`.
            secret: The secret with the API key, unless the settings name another one.
            connection_arn: ARN of a connection that the same program makes, instead of `source.auth`.
            token_secret_arn: ARN of a token's secret that the same program makes, instead of `source.auth`.
            source_bucket: Name of a bucket that the same program makes, used instead of the required `source.bucket`.
            log_bucket: Name of a bucket that the same program makes, instead of `logs.bucket`.
            failed_starts_queue_arn: ARN of a queue for starts that EventBridge could not make; see `Notifications`.
            buildspec_bucket: The bucket for the buildspec; required with `buildspec.location: bucket`.
            other_stacks: The stacks that the settings may name; required if they name an output.
            opts: Options of the component. Its children get nothing from them but their parent.

        Raises ConfigError if AWS would refuse the names that follow from `name` and `stack`, if the settings contain an
        ARN that cannot be used at that location, or need a `buildspec_bucket` or `other_stacks` that is missing, or if
        their provider does not support the login, or would not use a bucket. Raises RunError as soon as an argument is
        known to be of another form than its field, such as the ARN of a bucket instead of its name.

        """
        buildspecs = buildspec_bucket if isinstance(settings.buildspec, BucketBuildspec) else None
        problems = [
            *name_problems(name, stack, settings, brings_log_bucket=log_bucket is not None),
            *arns.integration_problems(settings, location),
            *_missing_bucket(settings, buildspecs),
            *_misused_login(settings.source, connection_arn, token_secret_arn),
            *_unused_buckets(settings, source_bucket, log_bucket),
        ]
        if problems:
            raise ConfigError(problems)
        values = values_of(settings, location, f"integrations.{name}", other_stacks)
        super().__init__("conviso:index:ConvisoIntegration", name, {}, opts)
        for warning in warnings(settings):
            pulumi.log.warn(f"{name}.{warning}", self)

        context = Context(
            name=name,
            stack=stack,
            project_name=project_name(stack, name, settings.project_name),
            settings=settings,
            values=values,
            location=location,
            parent=self,
        )
        key = existing_secret(settings.secret, values, "secret.") if settings.secret else _given_secret(secret)
        brings_login = connection_arn is not None or token_secret_arn is not None
        bucket, guards = _log_bucket(context, given("log_bucket", log_bucket) or values.text("logs.bucket"))
        waits_for = [*guards, *([key.written_by] if key.written_by else [])]
        text = buildspec.render(settings)
        inputs = Inputs(
            secret_arn=key.arn,
            secret_key=key.key,
            secret_kms_key_arn=key.kms_key_arn,
            connection_arn=given("connection_arn", connection_arn)
            if brings_login
            else values.text("source.auth.connectionArn"),
            token_secret_arn=given("token_secret_arn", token_secret_arn)
            if brings_login
            else values.text("source.auth.tokenSecretArn"),
            token_kms_key_arn=None if brings_login else values.text("source.auth.kmsKeyArn"),
            source_bucket=given("source_bucket", source_bucket) or values.text("source.bucket"),
            source_kms_key_arn=values.text("source.kmsKeyArn"),
            buildspec_arn=buildspecs.arn_of(text) if buildspecs else None,
            log_group=log_group_name(context.project_name) if settings.logs.to_cloudwatch else None,
            log_bucket=bucket,
            log_prefix=log_prefix(settings.logs.prefix, context.project_name) if settings.logs.to_s3 else None,
            log_bucket_kms_key_arn=values.text("logs.bucketKmsKeyArn"),
            vpc_id=values.text("environment.vpc.id"),
            subnet_ids=values.texts("environment.vpc.subnetIds"),
            security_group_ids=values.texts("environment.vpc.securityGroupIds"),
        )
        build = Build(
            buildspec_path(settings) or inputs.buildspec_arn or text,
            buildspec.variables(settings),
        )
        made = make_build_project(
            context, inputs, build, waits_for=waits_for, webhook=Webhook(triggers.webhook_filter_groups(settings))
        )
        self.webhook_url = made.webhook_url
        self.trigger_rule_arns = make_event_rules(context, made.project, inputs.source_bucket, failed_starts_queue_arn)
        self.schedule_arn = make_schedule(context, made.project, failed_starts_queue_arn)
        self.pull_request_project_name = make_pull_requests_project(context, inputs, buildspecs, waits_for=waits_for)

        self.project_name, self.role_arn = made.project.name, made.role.arn
        self.project_arn = confirmed(made.project.arn, "codebuild", location)
        self.log_group_name = pulumi.Output.from_input(inputs.log_group)
        self.log_bucket = pulumi.Output.from_input(inputs.log_bucket)
        self.secret_arn = pulumi.Output.from_input(inputs.secret_arn)
        self.console_url = pulumi.Output.from_input(location.console_url(context.project_name))
        self.buildspec_path = pulumi.Output.from_input(buildspec_path(settings))
        self.register_outputs({output: getattr(self, output) for output in OUTPUTS})


OUTPUTS = tuple(name for name in ConvisoIntegration.__annotations__ if not name.startswith("_"))
"""The component's outputs, by attribute."""


def _log_bucket(
    context: Context, brought: pulumi.Input[str] | None
) -> tuple[pulumi.Input[str] | None, Sequence[pulumi.Resource]]:
    """Name of the bucket for logs, where they go to one, and what a build waits for there."""
    if not context.settings.logs.to_s3:
        return None, []
    return make_log_bucket(context) if brought is None else (brought, [])


def _given_secret(secret: SecretReference) -> SecretReference:
    return replace(
        secret,
        arn=given("secret.arn", secret.arn),
        kms_key_arn=given("secret.kms_key_arn", secret.kms_key_arn),
    )


def _missing_bucket(settings: IntegrationSettings, buildspecs: BuildspecBucket | None) -> Iterator[Problem]:
    if isinstance(settings.buildspec, BucketBuildspec) and buildspecs is None:
        yield Problem(
            "buildspec.location",
            "is bucket: make a BuildspecBucket, and pass it to the component as `buildspec_bucket`",
        )


def _misused_login(
    source: Source, connection_arn: pulumi.Input[str] | None, token_secret_arn: pulumi.Input[str] | None
) -> Iterator[Problem]:
    """The problems of a login that the same program makes; settings with a login of their own are checked earlier."""
    if connection_arn is None and token_secret_arn is None:
        return
    if not isinstance(source, GitSource):
        yield Problem("source.provider", f"is {source.provider}, which takes no connection_arn or token_secret_arn")
    elif connection_arn is not None and token_secret_arn is not None:
        yield Problem("source.auth", "must be either connection_arn or token_secret_arn; got both")
    elif token_secret_arn is not None and source.provider in GITLABS:
        yield Problem("source.auth", f"is not supported for {source.provider} by token_secret_arn; use connection_arn")


def _unused_buckets(
    settings: IntegrationSettings, source_bucket: pulumi.Input[str] | None, log_bucket: pulumi.Input[str] | None
) -> Iterator[Problem]:
    """The problems of buckets that the same program makes and nothing would use."""
    source, logs = settings.source, settings.logs
    if source_bucket is not None and not isinstance(source, S3Source):
        yield Problem("source.provider", f"is {source.provider}, which takes no source_bucket")
    if log_bucket is not None and not logs.to_s3:
        yield Problem("logs.destination", f"is {logs.destination}, which takes no log_bucket; use s3 or both")
