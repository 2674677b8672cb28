"""The build project's resource arguments, from the settings and the names of what a build uses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import codebuild

from . import buildspec
from .api_key import SecretReference
from .aws import sources
from .aws.location import AwsLocation
from .config import BuildspecLocation, Environment, GitSource, IntegrationSettings, S3Source


@dataclass(frozen=True, kw_only=True)
class Uses:
    """The names of what a build uses, some of them known only when another resource is made; None: not used."""

    secret: SecretReference
    connection_arn: pulumi.Input[str] | None = None
    token_secret_arn: pulumi.Input[str] | None = None
    source_bucket: pulumi.Input[str] | None = None
    log_group: pulumi.Input[str] | None = None
    log_bucket: pulumi.Input[str] | None = None


def project_args(
    settings: IntegrationSettings, uses: Uses, location: AwsLocation, *, name: str, role_arn: pulumi.Input[str]
) -> codebuild.ProjectArgs:
    """A Linux build with Docker and the whole history of its source."""
    environment = settings.environment
    return codebuild.ProjectArgs(
        name=name,
        description=settings.description or f"{name}: review of {sources.described(settings.source)}"[:255],
        source=_source(settings, uses, location),
        source_version=settings.source.version,
        artifacts=codebuild.ProjectArtifactsArgs(type="NO_ARTIFACTS"),
        service_role=role_arn,
        environment=_environment(settings, uses, location),
        logs_config=_logs(settings, uses, name),
        cache=_cache(environment),
        vpc_config=_vpc(environment),
        build_timeout=environment.timeout_minutes,
        queued_timeout=environment.queued_timeout_minutes,
        concurrent_build_limit=environment.concurrent_builds,
        auto_retry_limit=environment.auto_retries,
        tags=settings.tags,
    )


def buildspec_path(settings: IntegrationSettings) -> str | None:
    """Path of the buildspec in the repository; None where it is inline."""
    if settings.buildspec.location is BuildspecLocation.INLINE:
        return None
    return settings.buildspec.path or "conviso-buildspec.yml"


def log_prefix(settings: IntegrationSettings, project_name: str) -> str:
    """Prefix of the logs' keys in their bucket."""
    return settings.logs.prefix or project_name


def _source(settings: IntegrationSettings, uses: Uses, location: AwsLocation) -> codebuild.ProjectSourceArgs:
    source = settings.source
    kind = sources.SOURCE_TYPES[source.provider]
    text = buildspec_path(settings) or buildspec.render(settings)
    if isinstance(source, S3Source):
        archive = pulumi.Output.concat(uses.source_bucket or source.bucket, "/", source.key)
        return codebuild.ProjectSourceArgs(type=kind, location=archive, buildspec=text)
    return codebuild.ProjectSourceArgs(
        type=kind,
        location=sources.clone_url(source, location),
        buildspec=text,
        auth=_auth(uses),
        # 0 is the full history, which deploys and diffs need.
        git_clone_depth=0,
        git_submodules_config=codebuild.ProjectSourceGitSubmodulesConfigArgs(fetch_submodules=source.submodules),
        report_build_status=True if isinstance(source, GitSource) else None,
    )


def _auth(uses: Uses) -> codebuild.ProjectSourceAuthArgs | None:
    if uses.connection_arn is not None:
        return codebuild.ProjectSourceAuthArgs(type="CODECONNECTIONS", resource=uses.connection_arn)
    if uses.token_secret_arn is not None:
        return codebuild.ProjectSourceAuthArgs(type="SECRETS_MANAGER", resource=uses.token_secret_arn)
    return None


def _environment(settings: IntegrationSettings, uses: Uses, location: AwsLocation) -> codebuild.ProjectEnvironmentArgs:
    environment = settings.environment
    own_registry = sources.private_ecr_repository(environment.image, location.partition) is not None
    return codebuild.ProjectEnvironmentArgs(
        type="LINUX_CONTAINER",
        compute_type=environment.compute_type.value,
        image=environment.image,
        image_pull_credentials_type="SERVICE_ROLE" if own_registry else "CODEBUILD",
        # Every Conviso command runs Docker containers.
        privileged_mode=True,
        certificate=environment.certificate,
        environment_variables=list(_variables(settings, uses)),
    )


def _variables(
    settings: IntegrationSettings, uses: Uses
) -> Iterator[codebuild.ProjectEnvironmentEnvironmentVariableArgs]:
    plain: Mapping[str, str] = {
        # AWS adds this one by itself; left out, every preview would show a difference.
        "CODEBUILD_CONFIG_AUTO_DISCOVER": "false",
        **buildspec.variables(settings),
        **settings.environment.variables,
    }
    for name, value in sorted(plain.items()):
        yield codebuild.ProjectEnvironmentEnvironmentVariableArgs(name=name, value=value, type="PLAINTEXT")
    yield codebuild.ProjectEnvironmentEnvironmentVariableArgs(
        name="FLOW_API_KEY",
        value=pulumi.Output.concat(uses.secret.arn, ":", uses.secret.key),
        type="SECRETS_MANAGER",
    )


def _logs(settings: IntegrationSettings, uses: Uses, project_name: str) -> codebuild.ProjectLogsConfigArgs:
    cloudwatch, s3 = uses.log_group is not None, uses.log_bucket is not None
    return codebuild.ProjectLogsConfigArgs(
        cloudwatch_logs=codebuild.ProjectLogsConfigCloudwatchLogsArgs(
            status="ENABLED" if cloudwatch else "DISABLED", group_name=uses.log_group
        ),
        s3_logs=codebuild.ProjectLogsConfigS3LogsArgs(
            status="ENABLED" if s3 else "DISABLED",
            location=(
                None
                if uses.log_bucket is None
                else pulumi.Output.concat(uses.log_bucket, "/", log_prefix(settings, project_name))
            ),
            encryption_disabled=False,
        ),
    )


def _cache(environment: Environment) -> codebuild.ProjectCacheArgs:
    if environment.docker_layer_cache:
        return codebuild.ProjectCacheArgs(type="LOCAL", modes=["LOCAL_DOCKER_LAYER_CACHE"])
    return codebuild.ProjectCacheArgs(type="NO_CACHE")


def _vpc(environment: Environment) -> codebuild.ProjectVpcConfigArgs | None:
    vpc = environment.vpc
    if vpc is None:
        return None
    return codebuild.ProjectVpcConfigArgs(
        vpc_id=vpc.id, subnets=list(vpc.subnet_ids), security_group_ids=list(vpc.security_group_ids)
    )
