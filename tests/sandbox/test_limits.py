"""Values outside of AWS's limits are problems, although botocore and moto accept most of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pulumi_aws import (
    cloudwatch,
    codebuild,
    kms,
    s3,
    secretsmanager,
)

from tests.sandbox import programs
from tests.sandbox.programs import messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import Make


def test_what_aws_accepts_has_no_problem(make: Make) -> None:
    """Without this, the tests of refused values may fail for another reason than they state."""

    def program() -> None:
        programs.project()
        programs.role()

    assert messages(make, program) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"build_timeout": 99999}, "timeoutInMinutes: must be at most 2160, got 99999"),
        ({"build_timeout": 4}, "timeoutInMinutes: must be at least 5, got 4"),
        ({"queued_timeout": 481}, "queuedTimeoutInMinutes: must be at most 480, got 481"),
        ({"auto_retry_limit": 11}, "autoRetryLimit: must be 0 to 10, got 11"),
        (
            {"source": {"type": "GITHUB", "buildspec": "#" * 25_601}},
            "source.buildspec: must have at most 25600 characters, has 25601",
        ),
        ({"concurrent_build_limit": 0}, "concurrentBuildLimit: must be 1 to 10000, got 0"),
        ({"description": "d" * 256}, "description: must be at most 255 characters, got 256"),
        ({"source": {"type": "SVN"}}, "source.type: must be one of CODECOMMIT, "),
        ({"source": {"location": "https://github.com/a/b.git"}}, "source.type: is required and missing"),
        ({"source": {"type": "GITHUB", "branch": "x"}}, "source.branch: AWS knows no such member"),
        ({"build_timeout": "long"}, "timeoutInMinutes: must be a whole number, got text"),
        ({"badge_enabled": "no"}, "badgeEnabled: must be true or false, got text"),
        ({"concurrent_build_limit": True}, "concurrentBuildLimit: must be a whole number, got true or false"),
        ({"name": "with.dot"}, r"name: must match [A-Za-z0-9][A-Za-z0-9\-_]{1,149}, got with.dot"),
        ({"tags": {"key": "semi;colon"}}, "tags[0].value: must match "),
        ({"cache": {"type": "LOCAL", "modes": ["BIG"]}}, "cache.modes[0]: must be one of "),
    ],
)
def test_a_build_project_that_breaks_awss_model_is_refused(make: Make, changes: dict[str, Any], message: str) -> None:
    """Without this, the project passes here, and `pulumi up` stops in the middle."""
    (found,) = messages(make, lambda: programs.project(**changes))
    assert found.startswith(message)


@pytest.mark.parametrize(
    ("source", "dropped"),
    [
        ({"type": "GITLAB", "gitSubmodulesConfig": {"fetchSubmodules": False}}, "source.gitSubmodulesConfig"),
        (
            {"type": "GITLAB_SELF_MANAGED", "gitSubmodulesConfig": {"fetchSubmodules": True}},
            "source.gitSubmodulesConfig",
        ),
        ({"type": "S3", "location": "b/k.zip", "reportBuildStatus": True}, "source.reportBuildStatus"),
        ({"type": "GITLAB", "buildStatusConfig": {"context": "review"}}, "source.buildStatusConfig"),
        ({"type": "GITHUB", "gitSubmodulesConfig": {"fetchSubmodules": True}, "reportBuildStatus": True}, None),
        ({"type": "CODECOMMIT", "gitSubmodulesConfig": {"fetchSubmodules": False}, "reportBuildStatus": False}, None),
    ],
)
def test_an_argument_that_the_provider_drops_is_a_problem(
    make: Make, source: dict[str, Any], dropped: str | None
) -> None:
    """Without this, a stack passes here, and every preview of a real engine shows a change."""
    found = messages(make, lambda: programs.project(source={"location": "https://git.example/a/b.git", **source}))

    reason = f"the provider drops it where source.type is {source['type']}, so that every preview would show a change"
    assert found == ([f"{dropped}: {reason}"] if dropped else [])


def test_empty_maps_are_not_sent(make: Make) -> None:
    """Without this, the sandbox refuses a resource that the provider creates: the provider omits empty maps."""
    assert messages(make, lambda: cloudwatch.LogGroup("logs", tags={})) == []


@pytest.mark.parametrize("tags", [{"owner": "Sécurité 日本 1"}, {"team": "a b_c.d:e/f=g+h-i@j"}])
def test_tags_may_use_any_alphabet(make: Make, tags: dict[str, str]) -> None:
    """Without this, tags that AWS accepts are refused, because Python's patterns differ from Java's."""
    assert messages(make, lambda: programs.project(tags=tags)) == []


@pytest.mark.parametrize(
    ("program", "message"),
    [
        (
            lambda: cloudwatch.LogGroup("logs", retention_in_days=31),
            "retentionInDays: must be one of 1, 3, 5, 7, 14, 30, 60, ",
        ),
        (lambda: cloudwatch.LogGroup("logs", name="a b"), "logGroupName: must match "),
        (lambda: programs.role(name="r" * 65), "RoleName: must be at most 64 characters, got "),
        (lambda: programs.role(path="no-slash"), "Path: must match "),
        (
            lambda: secretsmanager.Secret("secret", recovery_window_in_days=3),
            "recoveryWindowInDays: must be 0 or 7 to 30, got 3",
        ),
        (
            lambda: secretsmanager.Secret("secret", name="a b"),
            "Name: must be ASCII letters, digits and /_+=.@-",
        ),
        (lambda: kms.Key("key", deletion_window_in_days=6), "deletionWindowInDays: must be 7 to 30, got 6"),
        (
            lambda: kms.Key("key", enable_key_rotation=True, rotation_period_in_days=30),
            "RotationPeriodInDays: must be at least 90, got 30",
        ),
        (lambda: cloudwatch.EventRule("rule", event_pattern="{"), "EventPattern: is not JSON: "),
        (lambda: cloudwatch.EventRule("rule", event_pattern="[]"), "EventPattern: must be a JSON object"),
        (lambda: cloudwatch.EventRule("rule"), "PutRule: Parameter(s) EventPattern or ScheduleExpression must be "),
        (lambda: s3.Bucket("b", bucket="Bad_Name"), "Bucket: a bucket's name has 3 to 63 of a-z, 0-9, "),
        (lambda: s3.Bucket("b", bucket="a..b"), "Bucket: a bucket's name must not have two dots side by side"),
        (lambda: s3.Bucket("b", bucket="192.168.5.4"), "Bucket: a bucket's name must not look like an IP address"),
        (lambda: s3.Bucket("b", bucket="xn--abc"), "Bucket: a bucket's name must not start or end with a word "),
        (
            lambda: s3.BucketVersioning("v", bucket="b", versioning_configuration={"status": "Maybe"}),
            "VersioningConfiguration.Status: must be one of Enabled, Suspended, got Maybe",
        ),
    ],
)
def test_other_resources_that_break_awss_limits_are_refused(
    make: Make, program: Callable[[], object], message: str
) -> None:
    """Without this, the resource passes here, and `pulumi up` stops in the middle."""
    (found,) = messages(make, program)
    assert found.startswith(message)


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([("HEAD_REF", "^refs/heads/main$")], "filterGroups: group 0 must have a filter of type EVENT"),
        ([("EVENT", "PUSH, MERGE")], "filterGroups: group 0 has the unknown event MERGE"),
        (
            [("EVENT", "PUSH"), ("HEAD_REF", "(")],
            "filterGroups: group 0 has a pattern that is no regular expression: ( ",
        ),
        ([("EVENT", "PUSH"), ("BRANCH", "main")], "filterGroups[0][1].type: must be one of EVENT, BASE_REF, "),
    ],
)
def test_a_webhook_that_codebuild_would_refuse_is_refused(
    make: Make, groups: list[tuple[str, str]], message: str
) -> None:
    """Without this, the webhook passes here, because moto has no webhooks."""
    filters = [{"type": type_, "pattern": pattern} for type_, pattern in groups]

    def program() -> None:
        codebuild.Webhook("hook", project_name="api", filter_groups=[{"filters": filters}])  # type: ignore[list-item]

    (found,) = messages(make, program)
    assert found.startswith(message)


@pytest.mark.parametrize(
    ("required", "roles", "message"),
    [
        (
            "NONE",
            ["GITHUB_ADMIN"],
            "pullRequestBuildPolicy.requiresCommentApproval: must be one of DISABLED, ALL_PULL_",
        ),
        (
            "ALL_PULL_REQUESTS",
            ["GITHUB_OWNER"],
            "pullRequestBuildPolicy.approverRoles[0]: must be one of GITHUB_READ, ",
        ),
        ("DISABLED", ["GITHUB_ADMIN"], "pullRequestBuildPolicy: approverRoles must be absent where"),
    ],
)
def test_a_policy_for_pull_requests_that_codebuild_would_refuse_is_refused(
    make: Make, required: str, roles: list[str], message: str
) -> None:
    """Without this, the policy passes here, because moto has no webhooks."""

    def program() -> None:
        policy = codebuild.WebhookPullRequestBuildPolicyArgs(requires_comment_approval=required, approver_roles=roles)
        codebuild.Webhook("hook", project_name="api", pull_request_build_policy=policy)

    (found,) = messages(make, program)
    assert found.startswith(message)
