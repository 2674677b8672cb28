"""Resources that AWS accepts, for tests that change one thing about them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pulumi_aws import codebuild, iam

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import Make

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "codebuild.amazonaws.com"}}
        ],
    }
)
PROJECT_TYPE = "aws:codebuild/project:Project"
BUILDSPEC = """\
version: 0.2
phases:
  install:
    commands:
      - ./prepare
  build:
    commands:
      - |
        # a comment about conviso runs nothing
        conviso deploy create -f env_vars with tag-tracker sort-by time
        cd "$WORK" && conviso sast run \\
          --start-commit "$A"
"""


def messages(make: Make, program: Callable[[], object]) -> list[str]:
    """Return the messages of the problems that the sandbox finds in a program."""
    return [problem.message for problem in make(program).problems]


def policy(action: Any = "logs:PutLogEvents", resource: Any = "*", **more: Any) -> str:
    """Return an identity policy with one statement."""
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def project(logical: str = "api", **changes: Any) -> codebuild.Project:
    """Create a build project that AWS accepts, except for the changes."""
    arguments: dict[str, Any] = {
        "service_role": "arn:aws:iam::123456789012:role/build",
        "artifacts": {"type": "NO_ARTIFACTS"},
        "environment": {
            "type": "LINUX_CONTAINER",
            "computeType": "BUILD_GENERAL1_SMALL",
            "image": "aws/codebuild/amazonlinux-x86_64-standard:5.0",
            "environmentVariables": [{"name": "CODE", "value": "k1"}],
        },
        "source": {"type": "GITHUB", "location": "https://github.com/acme/api.git", "buildspec": BUILDSPEC},
    }
    return codebuild.Project(logical, **{**arguments, **changes})


def role(logical: str = "build", **changes: Any) -> iam.Role:
    """Create a role that AWS accepts, except for the changes."""
    return iam.Role(logical, **{"assume_role_policy": TRUST, **changes})
