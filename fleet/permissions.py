"""The least policy of whoever runs `doctor` or `status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.aws.names import stack_prefix
from components.aws.policies import document

if TYPE_CHECKING:
    from components.aws.location import AwsLocation
    from components.aws.policies import Document, Statement


def status(stack: str, location: AwsLocation) -> Document:
    """What `status` asks."""
    return document([_builds(stack, location)])


def doctor(stack: str, location: AwsLocation, *, read_secret: bool = False) -> Document:
    """What `doctor` asks; with `read_secret`, for that option too."""
    # Whatever the path of the roles is.
    every_role = f"arn:{location.partition}:iam::{location.account}:role/*{stack_prefix(stack)}*"
    prefix = stack_prefix(stack)
    secrets = ["secretsmanager:DescribeSecret"] + (["secretsmanager:GetSecretValue"] if read_secret else [])
    return document(
        [
            _builds(stack, location),
            _allow("Projects", ["codebuild:BatchGetProjects"], location.arn("codebuild", f"project/{prefix}*")),
            _allow(
                "Roles",
                ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"],
                every_role,
            ),
            _allow("Secrets", secrets, location.arn("secretsmanager", "secret:*")),
            _allow("LogGroups", ["logs:DescribeLogGroups"], location.arn("logs", "log-group:*")),
            _allow(
                "Rules", ["events:DescribeRule", "events:ListTargetsByRule"], location.arn("events", f"rule/{prefix}*")
            ),
            _allow("Schedules", ["scheduler:GetSchedule"], location.arn("scheduler", f"schedule/default/{prefix}*")),
            _allow("BucketEvents", ["s3:GetBucketNotification"], location.s3_arn("*")),
            _allow(
                "Connections",
                ["codeconnections:GetConnection", "codestar-connections:GetConnection"],
                [location.arn(service, "connection/*") for service in ("codeconnections", "codestar-connections")],
            ),
            # AWS has no narrower resource for these.
            _allow(
                "WholeAccount",
                [
                    "codebuild:ListCuratedEnvironmentImages",
                    "codebuild:ListSourceCredentials",
                    "servicequotas:ListServiceQuotas",
                ],
                "*",
            ),
        ]
    )


def _builds(stack: str, location: AwsLocation) -> Statement:
    return _allow(
        "Builds",
        ["codebuild:BatchGetBuilds", "codebuild:ListBuildsForProject"],
        location.arn("codebuild", f"project/{stack_prefix(stack)}*"),
    )


def _allow(sid: str, actions: list[str], resource: str | list[str]) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource}
