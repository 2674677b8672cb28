"""`environment`: the machine, image, network and variables of a build."""

import re
from typing import Annotated, ClassVar

from pydantic import Field

from .choices import ComputeType
from .fields import CertificateArn, Text
from .section import Section, checked, choice, matches

_ARM = "the Conviso scanners are published for x86 only"
_LAMBDA = "Lambda compute has no Docker, which the Conviso client needs"

RESERVED_NAMES = frozenset({"PATH", "ENV", "BASH_ENV", "SHELLOPTS"})
RESERVED_PREFIXES = ("FLOW_", "CONVISO_", "CODEBUILD_", "AWS_", "DOCKER_", "GIT_", "PIP_", "PYTHON", "LD_")
"""Variables that steer the client, the shell, git, pip, Docker or CodeBuild itself."""


def _not_reserved(name: str) -> str | None:
    if name in RESERVED_NAMES or name.startswith(RESERVED_PREFIXES):
        return "shadows a variable that steers the build; choose another name"
    return None


def _x86_linux(image: str) -> str | None:
    if re.search(r"^aws/codebuild/.*-lambda-", image):
        return f"must not be a Lambda image: {_LAMBDA}"
    if re.search(r"(?<![A-Za-z0-9])(aarch64|arm64)(?![A-Za-z0-9])", image):
        return f"must not be an ARM image: {_ARM}"
    if re.search(r"^(aws/codebuild|mcr\.microsoft\.com)/windows", image):
        return "must not be a Windows image: the build runs bash and Linux containers"
    return None


VariableName = Annotated[str, matches(r"[A-Za-z_][A-Za-z0-9_]{0,254}", "letters, digits and _"), checked(_not_reserved)]
VariableValue = Annotated[str, Field(max_length=4096), checked(lambda v: "must not hold a NUL" if "\0" in v else None)]
SubnetId = Annotated[str, matches(r"subnet-[0-9a-f]{8,17}", "a subnet's id such as subnet-0abc1234")]
SecurityGroupId = Annotated[str, matches(r"sg-[0-9a-f]{8,17}", "a security group's id such as sg-0abc1234")]


class Vpc(Section):
    """The network that builds run in; AWS allows 16 subnets and 5 security groups."""

    id: Annotated[str, matches(r"vpc-[0-9a-f]{8,17}", "a VPC's id such as vpc-0abc1234")] = Field(description="VPC")
    subnet_ids: list[SubnetId] = Field(min_length=1, max_length=16, description="Private subnets with a way out")
    security_group_ids: list[SecurityGroupId] = Field(min_length=1, max_length=5, description="Security groups")


class Environment(Section):
    """The machine that builds run on: Linux on x86, always privileged."""

    refused: ClassVar = {
        "privilegedMode": "is no option: it is always true, because every Conviso command runs Docker containers",
        "type": "is no option: it is always LINUX_CONTAINER on x86, the only one that runs the Conviso scanners",
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
        matches(r"(?!.*://)[A-Za-z0-9][A-Za-z0-9._:/@-]*", "the name of a Docker image"),
        checked(_x86_linux),
    ] = Field(
        default="aws/codebuild/amazonlinux-x86_64-standard:5.0",
        description="Build image; a private ECR image gets the pull grants of the role",
    )
    # Ranges: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html
    timeout_minutes: int = Field(default=60, ge=5, le=2160, description="Longest build, minutes")
    queued_timeout_minutes: int = Field(default=480, ge=5, le=480, description="Longest wait in the queue, minutes")
    concurrent_builds: int | None = Field(
        default=None, ge=1, le=10_000, description="Builds at a time; those beyond fail, they do not queue"
    )
    auto_retries: int = Field(default=0, ge=0, le=10, description="Retries of a failed build")
    vpc: Vpc | None = Field(default=None, description="Network of the build")
    certificate: CertificateArn | None = Field(
        default=None, description="S3 object with a CA bundle for the source's host"
    )
    docker_layer_cache: bool = Field(default=False, description="Keep Docker layers on the build host, best effort")
    variables: Annotated[dict[VariableName, VariableValue], Field(max_length=100)] = Field(
        default={}, description="Plaintext variables of the build; nothing secret"
    )
