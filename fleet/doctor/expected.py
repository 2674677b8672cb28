"""The build projects of an integration as the program renders them, from the settings and the stack's outputs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from components import buildspec
from components.aws import pull_requests, triggers
from components.aws.names import PULL_REQUESTS_SUFFIX, log_group_name, log_prefix
from components.config import BucketBuildspec, ExistingSecret, GitSource, MadeSecret, RepositoryBuildspec, S3Source
from fleet.other_stacks import Inputs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from components.aws.pull_requests import BuildPolicy
    from components.aws.triggers import Filter
    from components.config import IntegrationSettings
    from fleet.aws import Aws
    from fleet.other_stacks import Value
    from fleet.stack import IntegrationOutputs, Stack


@dataclass(frozen=True, kw_only=True)
class Expected:
    """One build project, what it runs, and what starts it."""

    integration: str
    project_name: str
    settings: IntegrationSettings
    """Of this project: those for pull requests differ."""
    outputs: IntegrationOutputs
    """Of the integration."""
    inputs: Inputs
    """As in the settings: some values are known to another stack only."""
    buildspec: str
    """The text, or its path in the repository."""
    filter_groups: list[list[Filter]]
    build_policy: BuildPolicy | None = None
    suffix: str = ""
    """Ending of the logical names of an integration's second project."""

    @property
    def is_second(self) -> bool:
        """Whether this is the project for pull requests."""
        return bool(self.suffix)


def projects(stack: Stack, name: str, there: Mapping[str, Any], aws: Aws) -> Iterator[Expected]:
    """The integration's project and, if pull requests are reviewed, the project for them.

    `there` are the existing projects by name. They tell which object holds a buildspec, since no output does.
    """
    settings, outputs = stack.settings.integrations[name], stack.outputs.integrations[name]
    found = there.get(outputs.project_name)
    first = Expected(
        integration=name,
        project_name=outputs.project_name,
        settings=settings,
        outputs=outputs,
        inputs=replace(_inputs(stack, settings, outputs, aws), buildspec_arn=_buildspec_arn(settings, found)),
        buildspec=settings.buildspec.path
        if isinstance(settings.buildspec, RepositoryBuildspec)
        else buildspec.render(settings),
        filter_groups=triggers.webhook_filter_groups(settings),
    )
    yield first
    if second := _for_pull_requests(first, there):
        yield second


def _for_pull_requests(first: Expected, there: Mapping[str, Any]) -> Expected | None:
    settings, source, name = first.settings, first.settings.source, first.outputs.pull_request_project_name
    wanted = settings.triggers.pull_requests
    if wanted is None or name is None or not isinstance(source, GitSource) or source.branch is None:
        return None
    own = pull_requests.project_settings(settings, wanted)
    inputs = replace(
        first.inputs,
        log_group=log_group_name(name) if settings.logs.to_cloudwatch else None,
        log_prefix=log_prefix(settings.logs.prefix, name) if settings.logs.to_s3 else None,
        buildspec_arn=_buildspec_arn(settings, there.get(name)),
    )
    if own.secret is not None:
        inputs = _reading(inputs, own.secret)
    return replace(
        first,
        project_name=name,
        settings=own,
        inputs=inputs,
        buildspec=buildspec.render_pull_request(settings),
        filter_groups=pull_requests.filter_groups(source.provider, source.branch),
        build_policy=pull_requests.build_policy(source.provider, wanted),
        suffix=PULL_REQUESTS_SUFFIX,
    )


def _inputs(stack: Stack, settings: IntegrationSettings, outputs: IntegrationOutputs, aws: Aws) -> Inputs:
    source = settings.source
    auth = source.auth if isinstance(source, GitSource) else None
    secret = settings.secret or stack.settings.secret
    vpc = settings.environment.vpc
    inputs = Inputs(
        secret_arn=outputs.secret_arn,
        secret_key=secret.key,
        secret_kms_key_arn=_made_key(secret, outputs.secret_arn, aws) if isinstance(secret, MadeSecret) else None,
        connection_arn=auth.connection_arn if auth else None,
        token_secret_arn=auth.token_secret_arn if auth else None,
        token_kms_key_arn=auth.kms_key_arn if auth else None,
        source_bucket=source.bucket if isinstance(source, S3Source) else None,
        source_kms_key_arn=source.kms_key_arn if isinstance(source, S3Source) else None,
        log_group=outputs.log_group_name,
        log_bucket=outputs.log_bucket,
        log_prefix=log_prefix(settings.logs.prefix, outputs.project_name) if settings.logs.to_s3 else None,
        log_bucket_kms_key_arn=settings.logs.bucket_kms_key_arn,
        vpc_id=vpc.id if vpc else None,
        subnet_ids=vpc.subnet_ids if vpc else None,
        security_group_ids=vpc.security_group_ids if vpc else None,
    )
    return _reading(inputs, secret) if isinstance(secret, ExistingSecret) else inputs


def _reading(inputs: Inputs, secret: ExistingSecret) -> Inputs:
    """The inputs with that secret."""
    return replace(inputs, secret_arn=secret.existing_arn, secret_key=secret.key, secret_kms_key_arn=secret.kms_key_arn)


def _buildspec_arn(settings: IntegrationSettings, project: Mapping[str, Any] | None) -> str | None:
    """The object that the project reads its buildspec from, if the settings place it in a bucket."""
    there = str(project["source"].get("buildspec", "")) if project else ""
    return there if isinstance(settings.buildspec, BucketBuildspec) and there.startswith("arn:") else None


def _made_key(secret: MadeSecret, arn: str, aws: Aws) -> Value | None:
    """The customer key of the stack's secret. The outputs do not name a key that the stack created."""
    if not secret.create_key:
        return secret.kms_key_arn
    found = aws.find("ResourceNotFoundException", "secretsmanager", "describe_secret", SecretId=arn)
    return found.get("KmsKeyId") if found else None
