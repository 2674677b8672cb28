"""The arguments of a build project, from the settings and from the names of what its builds use."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import codebuild

from .aws import sources
from .aws.build_inputs import BuildInputs
from .aws.location import AwsLocation
from .config import (
    GITLABS,
    CodeCommitSource,
    Environment,
    GitSource,
    IntegrationSettings,
    RepositoryBuildspec,
    S3Source,
)
from .context import Context

Inputs = BuildInputs[pulumi.Input[str], pulumi.Input[Sequence[pulumi.Input[str]]]]
"""What a build uses, as inputs: other resources may still have to provide the names."""


@dataclass(frozen=True)
class Build:
    """What the builds of a project run."""

    buildspec: pulumi.Input[str]
    """The text, a path in the repository, or the ARN of an object in S3."""
    variables: Mapping[str, str]
    """The plaintext variables that the text reads."""


def project_args(context: Context, inputs: Inputs, build: Build, role_arn: pulumi.Input[str]) -> codebuild.ProjectArgs:
    """Arguments of a project whose Linux builds have Docker and the full history of their source."""
    settings, location, name = context.settings, context.location, context.project_name
    environment = settings.environment
    return codebuild.ProjectArgs(
        name=name,
        description=settings.description or f"{name}: review of {sources.described(settings.source)}"[:255],
        source=_source(settings, inputs, build.buildspec, location),
        source_version=settings.source.version,
        artifacts=codebuild.ProjectArtifactsArgs(type="NO_ARTIFACTS"),
        service_role=role_arn,
        environment=_environment(settings, inputs, build.variables, location),
        logs_config=_logs(inputs),
        # CodeBuild has S3 encrypt logs with this key, whatever the bucket's default is; without it, with AWS's own key:
        # https://docs.aws.amazon.com/codebuild/latest/userguide/security-encryption.html
        encryption_key=inputs.log_bucket_kms_key_arn,
        cache=_cache(environment),
        vpc_config=_vpc(inputs),
        build_timeout=environment.timeout_minutes,
        queued_timeout=environment.queued_timeout_minutes,
        concurrent_build_limit=environment.concurrent_builds,
        auto_retry_limit=environment.auto_retries,
        tags=context.tags,
    )


def buildspec_path(settings: IntegrationSettings) -> str | None:
    """Path of the buildspec in the repository; None if it is inline or in a bucket."""
    return settings.buildspec.path if isinstance(settings.buildspec, RepositoryBuildspec) else None


def _source(
    settings: IntegrationSettings, inputs: Inputs, text: pulumi.Input[str], location: AwsLocation
) -> codebuild.ProjectSourceArgs:
    source = settings.source
    kind = sources.SOURCE_TYPES[source.provider]
    if isinstance(source, S3Source):
        archive = pulumi.Output.format("{}/{}", inputs.source_bucket, source.key)
        return codebuild.ProjectSourceArgs(type=kind, location=archive, buildspec=text)
    return codebuild.ProjectSourceArgs(
        type=kind,
        location=sources.clone_url(source, location),
        buildspec=text,
        auth=_auth(inputs),
        # 0 means the full history, which deploys and diffs need.
        git_clone_depth=0,
        git_submodules_config=_submodules(source),
        report_build_status=source.report_status if isinstance(source, GitSource) else None,
    )


def _submodules(source: GitSource | CodeCommitSource) -> codebuild.ProjectSourceGitSubmodulesConfigArgs | None:
    # The AWS provider does not send this block for GitLab, so every preview would show it as a change:
    # https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/codebuild/project.go
    if source.provider in GITLABS:
        return None
    return codebuild.ProjectSourceGitSubmodulesConfigArgs(fetch_submodules=source.submodules)


def _auth(inputs: Inputs) -> codebuild.ProjectSourceAuthArgs | None:
    if inputs.connection_arn is not None:
        return codebuild.ProjectSourceAuthArgs(type="CODECONNECTIONS", resource=inputs.connection_arn)
    if inputs.token_secret_arn is not None:
        return codebuild.ProjectSourceAuthArgs(type="SECRETS_MANAGER", resource=inputs.token_secret_arn)
    return None


def _environment(
    settings: IntegrationSettings, inputs: Inputs, variables: Mapping[str, str], location: AwsLocation
) -> codebuild.ProjectEnvironmentArgs:
    environment = settings.environment
    own_registry = sources.private_ecr_repository(environment.image, location) is not None
    return codebuild.ProjectEnvironmentArgs(
        type="LINUX_CONTAINER",
        compute_type=environment.compute_type.value,
        image=environment.image,
        image_pull_credentials_type="SERVICE_ROLE" if own_registry else "CODEBUILD",
        # Every Conviso command runs Docker containers, which needs privileged mode.
        privileged_mode=True,
        certificate=environment.certificate,
        environment_variables=list(_variables(settings, inputs, variables)),
    )


def _variables(
    settings: IntegrationSettings, inputs: Inputs, variables: Mapping[str, str]
) -> Iterator[codebuild.ProjectEnvironmentEnvironmentVariableArgs]:
    plain: Mapping[str, str] = {
        # AWS sets this variable itself. If it were missing here, every preview would show a difference.
        "CODEBUILD_CONFIG_AUTO_DISCOVER": "false",
        **variables,
        **settings.environment.variables,
    }
    for name, value in sorted(plain.items()):
        yield codebuild.ProjectEnvironmentEnvironmentVariableArgs(name=name, value=value, type="PLAINTEXT")
    yield codebuild.ProjectEnvironmentEnvironmentVariableArgs(
        name="FLOW_API_KEY",
        value=pulumi.Output.format("{}:{}", inputs.secret_arn, inputs.secret_key),
        type="SECRETS_MANAGER",
    )


def _logs(inputs: Inputs) -> codebuild.ProjectLogsConfigArgs:
    cloudwatch, s3 = inputs.log_group is not None, inputs.log_bucket is not None
    s3_location = pulumi.Output.format("{}/{}", inputs.log_bucket, inputs.log_prefix) if s3 else None
    return codebuild.ProjectLogsConfigArgs(
        cloudwatch_logs=codebuild.ProjectLogsConfigCloudwatchLogsArgs(
            status="ENABLED" if cloudwatch else "DISABLED", group_name=inputs.log_group
        ),
        s3_logs=codebuild.ProjectLogsConfigS3LogsArgs(
            status="ENABLED" if s3 else "DISABLED",
            location=s3_location,
            encryption_disabled=False,
        ),
    )


def _cache(environment: Environment) -> codebuild.ProjectCacheArgs:
    if environment.docker_layer_cache:
        return codebuild.ProjectCacheArgs(type="LOCAL", modes=["LOCAL_DOCKER_LAYER_CACHE"])
    return codebuild.ProjectCacheArgs(type="NO_CACHE")


def _vpc(inputs: Inputs) -> codebuild.ProjectVpcConfigArgs | None:
    if inputs.vpc_id is None or inputs.subnet_ids is None or inputs.security_group_ids is None:
        return None
    return codebuild.ProjectVpcConfigArgs(
        vpc_id=inputs.vpc_id, subnets=inputs.subnet_ids, security_group_ids=inputs.security_group_ids
    )
