"""ConvisoIntegration: everything that one repository needs to be reviewed from CodeBuild."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi_aws import cloudwatch, codebuild, iam

from .api_key import SecretReference, existing_secret
from .aws import policies, triggers
from .aws.location import AwsLocation, log_group_name, project_name
from .config import Auth, CodeCommitSource, GitSource, IntegrationSettings, S3Source, warnings
from .log_bucket import make_log_bucket
from .project import Uses, buildspec_path, log_prefix, project_args


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
        self._name, self._settings, self._location = name, settings, location
        self._physical_name = project_name(stack, name)
        self._child = pulumi.ResourceOptions(parent=self)
        for warning in warnings(settings):
            pulumi.log.warn(f"{name}.{warning}", self)

        login_is_made = connection_arn is not None or token_secret_arn is not None
        auth = Auth() if login_is_made else _configured_login(settings)
        log_group = self._make_log_group() if settings.logs.to_cloudwatch else None
        uses = Uses(
            secret=existing_secret(settings.secret) if settings.secret else secret,
            connection_arn=connection_arn or auth.connection_arn,
            token_secret_arn=token_secret_arn or auth.token_secret_arn,
            source_bucket=source_bucket or (settings.source.bucket if isinstance(settings.source, S3Source) else None),
            log_group=log_group,
            log_bucket=(log_bucket or settings.logs.bucket or self._make_log_bucket()) if settings.logs.to_s3 else None,
        )
        role, policy = self._make_role(uses, auth)
        project = self._make_project(uses, role, policy)
        self.webhook_url = self._make_webhook(project, policy, uses)
        self.trigger_rule_arns = self._make_rules(project)
        self._publish(uses, role, project)

    def _make_log_group(self) -> pulumi.Output[str]:
        logs = self._settings.logs
        group = cloudwatch.LogGroup(
            f"{self._name}-logs",
            name=log_group_name(self._physical_name),
            retention_in_days=logs.days,
            kms_key_id=logs.kms_key_arn,
            tags=self._settings.tags,
            opts=self._child,
        )
        return group.name

    def _make_log_bucket(self) -> pulumi.Output[str]:
        return make_log_bucket(self._name, self._settings, self._child)

    def _make_role(self, uses: Uses, auth: Auth) -> tuple[iam.Role, iam.RolePolicy]:
        settings, source = self._settings, self._settings.source
        role = iam.Role(
            f"{self._name}-role",
            description=f"CodeBuild project {self._physical_name}",
            assume_role_policy=json.dumps(policies.build_trust(self._location, self._physical_name)),
            path=settings.role.path,
            permissions_boundary=settings.role.permissions_boundary_arn,
            tags=settings.tags,
            opts=self._child,
        )
        # Names, not the project's outputs: those would make a cycle.
        names = pulumi.Output.all(
            project_name=self._physical_name,
            secret_arn=uses.secret.arn,
            secret_kms_key_arn=uses.secret.kms_key_arn,
            connection_arn=uses.connection_arn,
            token_secret_arn=uses.token_secret_arn,
            token_kms_key_arn=auth.kms_key_arn,
            source_bucket=uses.source_bucket,
            source_kms_key_arn=source.kms_key_arn if isinstance(source, S3Source) else None,
            log_bucket=uses.log_bucket,
            log_prefix=log_prefix(settings, self._physical_name),
        )
        policy = iam.RolePolicy(
            f"{self._name}-role",
            role=role.id,
            policy=names.apply(
                lambda known: json.dumps(policies.build(settings, policies.Reach(**known), self._location))
            ),
            opts=self._child,
        )
        return role, policy

    def _make_project(self, uses: Uses, role: iam.Role, policy: iam.RolePolicy) -> codebuild.Project:
        args = project_args(self._settings, uses, self._location, name=self._physical_name, role_arn=role.arn)
        # CodeBuild tries the role while it makes the project (the network, the connection), and a build wants the key.
        written_by = [uses.secret.written_by] if uses.secret.written_by else []
        opts = pulumi.ResourceOptions(parent=self, depends_on=[policy, *written_by])
        return codebuild.Project(f"{self._name}-project", args, opts=opts)

    def _make_webhook(
        self, project: codebuild.Project, policy: iam.RolePolicy, uses: Uses
    ) -> pulumi.Output[str | None]:
        groups = triggers.webhook_filter_groups(self._settings)
        if not groups:
            return pulumi.Output.from_input(None)
        hook = codebuild.Webhook(
            f"{self._name}-webhook",
            project_name=project.name,
            build_type="BUILD",
            filter_groups=[_filter_group(group) for group in groups],
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[policy],
                # CodeBuild keeps a dead hook when the project moves to another repository or login.
                replacement_trigger=_where_the_hook_is(self._settings, uses),
                # A project has one webhook at most.
                delete_before_replace=True,
            ),
        )
        return hook.url

    def _make_rules(self, project: codebuild.Project) -> pulumi.Output[list[str]]:
        source = self._settings.source
        if not isinstance(source, CodeCommitSource):
            return pulumi.Output.from_input([])
        repository = self._location.arn("codecommit", source.repository)
        patterns = triggers.event_patterns(self._settings, repository)
        if not patterns:
            return pulumi.Output.from_input([])
        rules = {kind: self._make_rule(kind, pattern) for kind, pattern in patterns.items()}
        arns = pulumi.Output.all(*(rule.arn for rule in rules.values()))
        starter, policy = self._make_starter(arns)
        for kind, rule in rules.items():
            self._make_target(kind, rule, project, starter, policy)
        return arns

    def _make_rule(self, kind: str, pattern: Mapping[str, Any]) -> cloudwatch.EventRule:
        return cloudwatch.EventRule(
            f"{self._name}-{kind}",
            description=f"Pushed {kind} starts {self._physical_name}",
            event_pattern=json.dumps(pattern),
            tags=self._settings.tags,
            opts=self._child,
        )

    def _make_starter(self, rule_arns: pulumi.Output[list[str]]) -> tuple[iam.Role, iam.RolePolicy]:
        role = iam.Role(
            f"{self._name}-starter",
            description=f"EventBridge starts {self._physical_name}",
            assume_role_policy=rule_arns.apply(lambda arns: json.dumps(policies.start_trust(self._location, arns))),
            path=self._settings.role.path,
            permissions_boundary=self._settings.role.permissions_boundary_arn,
            tags=self._settings.tags,
            opts=self._child,
        )
        policy = iam.RolePolicy(
            f"{self._name}-starter",
            role=role.id,
            policy=json.dumps(policies.start_build(self._location, self._physical_name)),
            opts=self._child,
        )
        return role, policy

    def _make_target(
        self,
        kind: str,
        rule: cloudwatch.EventRule,
        project: codebuild.Project,
        starter: iam.Role,
        policy: iam.RolePolicy,
    ) -> None:
        cloudwatch.EventTarget(
            f"{self._name}-{kind}",
            rule=rule.name,
            arn=project.arn,
            role_arn=starter.arn,
            input_transformer=cloudwatch.EventTargetInputTransformerArgs(
                input_paths=dict(triggers.EVENT_INPUT_PATHS), input_template=triggers.EVENT_INPUT_TEMPLATE
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )

    def _publish(self, uses: Uses, role: iam.Role, project: codebuild.Project) -> None:
        self.project_name, self.project_arn, self.role_arn = project.name, project.arn, role.arn
        self.log_group_name = pulumi.Output.from_input(uses.log_group)
        self.log_bucket = pulumi.Output.from_input(uses.log_bucket)
        self.secret_arn = pulumi.Output.from_input(uses.secret.arn)
        self.console_url = pulumi.Output.from_input(self._location.console_url(self._physical_name))
        self.buildspec_path = pulumi.Output.from_input(buildspec_path(self._settings))
        self.register_outputs({name: getattr(self, name) for name in OUTPUTS})


OUTPUTS = tuple(name for name in ConvisoIntegration.__annotations__ if not name.startswith("_"))
"""The component's outputs, by attribute."""


def _configured_login(settings: IntegrationSettings) -> Auth:
    """The login of the settings; an empty one where they name none."""
    return (settings.source.auth if isinstance(settings.source, GitSource) else None) or Auth()


def _filter_group(group: list[triggers.Filter]) -> codebuild.WebhookFilterGroupArgs:
    return codebuild.WebhookFilterGroupArgs(
        filters=[
            codebuild.WebhookFilterGroupFilterArgs(
                type=each.type, pattern=each.pattern, exclude_matched_pattern=each.exclude
            )
            for each in group
        ]
    )


def _where_the_hook_is(settings: IntegrationSettings, uses: Uses) -> list[pulumi.Input[str] | None]:
    source = settings.source
    location = source.repository if isinstance(source, GitSource) else None
    return [source.provider.value, location, uses.connection_arn, uses.token_secret_arn]
