"""`environment`, `buildspec` and `logs`: the build project itself."""

import re
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag

from .fields import (
    BucketName,
    CertificateArn,
    KmsKeyArn,
    RepositoryPath,
    Section,
    Text,
    checked,
    choice,
    derived_default,
    matches,
    no_setting,
)
from .stack_outputs import OrOutput


class ComputeType(StrEnum):
    """The machines that run Docker on x86, which excludes Lambda and ARM."""

    SMALL = "BUILD_GENERAL1_SMALL"
    MEDIUM = "BUILD_GENERAL1_MEDIUM"
    LARGE = "BUILD_GENERAL1_LARGE"
    XLARGE = "BUILD_GENERAL1_XLARGE"
    XXLARGE = "BUILD_GENERAL1_2XLARGE"


class BuildspecLocation(StrEnum):
    """Where CodeBuild reads the buildspec. Pull requests can change it only in the repository."""

    INLINE = "inline"
    BUCKET = "bucket"
    REPOSITORY = "repository"


class LogDestination(StrEnum):
    """Where build logs go. Builds without logs are not supported."""

    CLOUDWATCH = "cloudwatch"
    S3 = "s3"
    BOTH = "both"


_ARM = "the Conviso scanners are published for x86 only"
_LAMBDA = "Lambda compute has no Docker, which the Conviso client needs"

RESERVED_NAMES = frozenset({"PATH", "ENV", "BASH_ENV", "SHELLOPTS"})
RESERVED_PREFIXES = ("FLOW_", "CONVISO_", "CODEBUILD_", "AWS_", "DOCKER_", "GIT_", "PIP_", "PYTHON", "LD_")
"""Variables that control the client, the shell, git, pip, Docker or CodeBuild itself."""


def _not_reserved(name: str) -> str | None:
    if name in RESERVED_NAMES or name.startswith(RESERVED_PREFIXES):
        return "would override a variable that controls the build; choose another name"
    return None


def _x86_linux(image: str) -> str | None:
    if re.search(r"^aws/codebuild/.*-lambda-", image):
        return f"must not be a Lambda image: {_LAMBDA}"
    if re.search(r"(?<![A-Za-z0-9])(aarch64|arm64(v8)?|arm32v[5-7]|macos-arm)(?![A-Za-z0-9])", image):
        return f"must not be an ARM image: {_ARM}"
    if re.search(r"^(aws/codebuild|mcr\.microsoft\.com)/windows", image):
        return "must not be a Windows image: the build runs bash and Linux containers"
    return None


# https://pkg.go.dev/github.com/distribution/reference
_IMAGE = (
    r"([A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?/)?[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*"
    r"(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?"
)

VariableName = Annotated[str, matches(r"[A-Za-z_][A-Za-z0-9_]{0,254}", "letters, digits and _"), checked(_not_reserved)]
VariableValue = Annotated[
    str,
    Field(max_length=4096),
    checked(no_setting),
    checked(lambda value: "must not hold a NUL" if "\0" in value else None),
]
VpcId = Annotated[str, matches(r"vpc-[0-9a-f]{8,17}", "a VPC's id such as vpc-0abc1234")]
SubnetId = Annotated[str, matches(r"subnet-[0-9a-f]{8,17}", "a subnet's id such as subnet-0abc1234")]
SecurityGroupId = Annotated[str, matches(r"sg-[0-9a-f]{8,17}", "a security group's id such as sg-0abc1234")]


class Vpc(Section):
    """The network that builds run in. AWS allows 16 subnets and 5 security groups."""

    id: OrOutput[VpcId] = Field(description="VPC that builds run in")
    subnet_ids: OrOutput[Annotated[list[OrOutput[SubnetId]], Field(min_length=1, max_length=16)]] = Field(
        description="Private subnets with a route to the internet"
    )
    security_group_ids: OrOutput[Annotated[list[OrOutput[SecurityGroupId]], Field(min_length=1, max_length=5)]] = Field(
        description="Security groups of the builds"
    )


class Environment(Section):
    """The machine that builds run on, always Linux on x86 in privileged mode."""

    refused: ClassVar = {
        "privilegedMode": "is not an option: it is always true, because every Conviso command runs Docker containers",
        "type": "is not an option: it is always LINUX_CONTAINER on x86, the only one that runs the Conviso scanners",
    }

    compute_type: Annotated[
        ComputeType,
        choice(
            ComputeType,
            {f"BUILD_LAMBDA_{size}GB": _LAMBDA for size in (1, 2, 4, 8, 10)},
        ),
    ] = Field(default=ComputeType.MEDIUM, description="Size of the build machine")
    image: Annotated[
        Text,
        Field(max_length=255),
        matches(_IMAGE, "the name of a Docker image"),
        checked(_x86_linux),
    ] = Field(
        default="aws/codebuild/amazonlinux-x86_64-standard:5.0",
        description="Build image; the role may pull it from a private ECR repository",
    )
    # Ranges: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html
    timeout_minutes: int = Field(default=60, ge=5, le=2160, description="Minutes after which CodeBuild stops a build")
    queued_timeout_minutes: int = Field(
        default=480, ge=5, le=480, description="Minutes that a build may wait in the queue"
    )
    concurrent_builds: int | None = Field(
        default=None, ge=1, le=10_000, description="Builds that may run at once; further ones fail instead of waiting"
    )
    auto_retries: int = Field(default=0, ge=0, le=10, description="Retries of a failed build")
    vpc: Vpc | None = Field(default=None, description="Network of the build")
    certificate: CertificateArn | None = Field(default=None, description="CA bundle in S3 for the host of the source")
    docker_layer_cache: bool = Field(default=False, description="Cache Docker layers on the build host, if possible")
    variables: Annotated[dict[VariableName, VariableValue], Field(max_length=100)] = Field(
        default={}, description="Plaintext environment variables; put nothing secret here"
    )


_NO_PATH = {"path": "needs buildspec.location repository"}


class InlineBuildspec(Section):
    """The buildspec is part of the build project, where no pull request can change it."""

    refused: ClassVar = _NO_PATH

    location: Annotated[Literal[BuildspecLocation.INLINE], choice(BuildspecLocation)] = Field(
        default=BuildspecLocation.INLINE, description="In the build project, out of a pull request's reach"
    )


class BucketBuildspec(Section):
    """The buildspec is an object in a bucket that the stack creates. Projects with the same text share the object."""

    refused: ClassVar = _NO_PATH

    location: Literal[BuildspecLocation.BUCKET] = Field(
        default=BuildspecLocation.BUCKET, description="In a bucket of the stack, where many projects share one text"
    )


class RepositoryBuildspec(Section):
    """CodeBuild reads the buildspec from a file that you commit."""

    location: Literal[BuildspecLocation.REPOSITORY] = Field(
        default=BuildspecLocation.REPOSITORY, description="In a file of the repository"
    )
    path: Annotated[
        RepositoryPath,
        # CodeBuild would also accept inline YAML or the ARN of an object here:
        # https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectSource.html
        matches(r"[A-Za-z0-9._@+/-]+\.ya?ml", "a path of letters, digits and . _ @ + - / that ends in .yml or .yaml"),
    ] = Field(default="conviso-buildspec.yml", description="Path of the file in the repository")


def _location(value: Any) -> str:
    location = value.get("location") if isinstance(value, dict) else getattr(value, "location", None)
    # The first alternative reports a value that is not a location.
    return str(location if location in tuple(BuildspecLocation) else BuildspecLocation.INLINE)


Buildspec = Annotated[
    Annotated[InlineBuildspec, Tag("inline")]
    | Annotated[BucketBuildspec, Tag("bucket")]
    | Annotated[RepositoryBuildspec, Tag("repository")],
    Discriminator(_location),
]


# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
# fmt: off
RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)
# fmt: on
"""The retention periods that CloudWatch Logs offers."""


class Logs(Section):
    """Where build logs go: to CloudWatch, S3 or both."""

    destination: Annotated[LogDestination, choice(LogDestination)] = Field(
        default=LogDestination.CLOUDWATCH, description="Where build logs go"
    )
    retention_days: int = Field(
        default=365, ge=1, le=36_500, description="Days until logs expire; with CloudWatch, a period that it offers"
    )
    kms_key_arn: OrOutput[KmsKeyArn] | None = Field(default=None, description="Customer key of the log group")
    bucket: OrOutput[BucketName] | None = Field(
        default=None, description="Your bucket for S3 logs", json_schema_extra=derived_default("the stack creates one")
    )
    bucket_kms_key_arn: OrOutput[KmsKeyArn] | None = Field(default=None, description="Customer key of your bucket")
    prefix: Annotated[str, matches(r"[A-Za-z0-9][A-Za-z0-9!_.'()/-]{0,127}", "a prefix of S3 keys")] | None = Field(
        default=None, description="Prefix of the logs' keys in S3; the build project's name follows it"
    )

    @property
    def to_cloudwatch(self) -> bool:
        """Whether logs go to CloudWatch."""
        return self.destination is not LogDestination.S3

    @property
    def to_s3(self) -> bool:
        """Whether logs go to S3."""
        return self.destination is not LogDestination.CLOUDWATCH
