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
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.if name in RESERVED_NAMES or name.startswith(RESERVED_PREFIXES):
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.    return "shadows a variable that steers the build; choose another name"
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.return None


def _x86_linux(image: str) -> str | None:
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.if "lambda" in image:
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.    return f"must not be a Lambda image: {_LAMBDA}"
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.if re.search(r"aarch64|arm64", image):
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.    return f"must not be an ARM image: {_ARM}"
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.if "windows" in image:
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.    return "must not be a Windows image: the build runs bash and Linux containers"
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.return None


VariableName = Annotated[str, matches(r"[A-Za-z_][A-Za-z0-9_]{0,254}", "letters, digits and _"), checked(_not_reserved)]
VariableValue = Annotated[str, Field(max_length=4096), checked(lambda v: "must not hold a NUL" if "\0" in v else None)]
SubnetId = Annotated[str, matches(r"subnet-[0-9a-f]{8,17}", "a subnet's id such as subnet-0abc1234")]
SecurityGroupId = Annotated[str, matches(r"sg-[0-9a-f]{8,17}", "a security group's id such as sg-0abc1234")]


class Vpc(Section):
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes."""The network that builds run in; AWS allows 16 subnets and 5 security groups."""

 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.id: Annotated[str, matches(r"vpc-[0-9a-f]{8,17}", "a VPC's id such as vpc-0abc1234")] = Field(description="VPC")
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.subnet_ids: list[SubnetId] = Field(min_length=1, max_length=16, description="Private subnets with a way out")
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.security_group_ids: list[SecurityGroupId] = Field(min_length=1, max_length=5, description="Security groups")


class Environment(Section):
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes."""The machine that builds run on: Linux on x86, always privileged."""

 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.refused: ClassVar = {
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.    "privilegedMode": "is no option: it is always true, because every Conviso command runs Docker containers",
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.    "type": "is no option: it is always LINUX_CONTAINER on x86, the only one that runs the Conviso scanners",
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.}

 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.compute_type: Annotated[
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.    ComputeType,
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.    choice(
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.        ComputeType,
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.        {f"BUILD_LAMBDA_{size}GB": _LAMBDA for size in (1, 2, 4, 8, 10)},
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.    ),
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.] = Field(default=ComputeType.MEDIUM, description="Size of the build machine")
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.image: Annotated[
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.    Text,
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.    Field(max_length=255),
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.    matches(r"[A-Za-z0-9][A-Za-z0-9._:/@-]*", "the name of a Docker image"),
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.    checked(_x86_linux),
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.] = Field(
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.    default="aws/codebuild/amazonlinux-x86_64-standard:5.0",
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.    description="Build image; a private ECR image gets the pull grants of the role",
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.)
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.# https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.timeout_minutes: int = Field(default=60, ge=5, le=2160, description="Longest build, minutes")
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.queued_timeout_minutes: int = Field(default=480, ge=5, le=480, description="Longest wait in the queue, minutes")
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.concurrent_builds: int | None = Field(
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.    default=None, ge=1, le=10_000, description="Builds at a time; those beyond fail, they do not queue"
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.)
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.auto_retries: int = Field(default=0, ge=0, le=10, description="Retries of a failed build")
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.vpc: Vpc | None = Field(default=None, description="Network of the build")
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.certificate: CertificateArn | None = Field(default=None, description="S3 object with a CA bundle for the source's host")
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.docker_layer_cache: bool = Field(default=False, description="Keep Docker layers on the build host, best effort")
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.variables: Annotated[dict[VariableName, VariableValue], Field(max_length=100)] = Field(
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.    default={}, description="Plaintext variables of the build; nothing secret"
 https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: both ranges, in minutes.)
