"""What AWS would refuse is a problem, although botocore and moto by themselves accept most of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pulumi import CustomResource, ResourceOptions
from pulumi_aws import (
    cloudwatch,
    codebuild,
    codeconnections,
    get_availability_zones_output,
    iam,
    kms,
    s3,
    secretsmanager,
)

from tests.sandbox import programs

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import Make


def messages(make: Make, program: Callable[[], object]) -> list[str]:
    return [problem.message for problem in make(program).problems]


def test_what_aws_accepts_has_no_problem(make: Make) -> None:
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
def test_a_build_project_outside_of_awss_model_is_refused(make: Make, changes: dict[str, Any], message: str) -> None:
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
def test_what_the_provider_drops_is_a_problem(make: Make, source: dict[str, Any], dropped: str | None) -> None:
    """Without this, a stack passes here and shows a change on every preview of a real engine."""
    found = messages(make, lambda: programs.project(source={"location": "https://git.example/a/b.git", **source}))

    reason = f"the provider drops it where source.type is {source['type']}, so that every preview would show a change"
    assert found == ([f"{dropped}: {reason}"] if dropped else [])


def test_empty_maps_are_not_sent_as_the_provider_does_not_send_them(make: Make) -> None:
    assert messages(make, lambda: cloudwatch.LogGroup("logs", tags={})) == []


@pytest.mark.parametrize("tags", [{"owner": "Sécurité 日本 1"}, {"team": "a b_c.d:e/f=g+h-i@j"}])
def test_tags_of_any_alphabet_pass_although_pythons_patterns_differ_from_javas(
    make: Make, tags: dict[str, str]
) -> None:
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
def test_other_resources_outside_of_awss_limits_are_refused(
    make: Make, program: Callable[[], object], message: str
) -> None:
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
    def program() -> None:
        policy = codebuild.WebhookPullRequestBuildPolicyArgs(requires_comment_approval=required, approver_roles=roles)
        codebuild.Webhook("hook", project_name="api", pull_request_build_policy=policy)

    (found,) = messages(make, program)
    assert found.startswith(message)


def test_webhooks_are_checked_and_reported_as_not_emulated(make: Make) -> None:
    def program() -> None:
        filters: Any = [{"filters": [{"type": "EVENT", "pattern": "PUSH"}]}]
        codebuild.Webhook("hook", project_name="api", filter_groups=filters)

    result = make(program)
    assert (result.problems, result.checked_not_emulated) == ([], ["codebuild.CreateWebhook (1)"])
    (hook,) = result.resources
    assert hook.outputs["payloadUrl"].startswith("https://codebuild.us-east-1.amazonaws.com/webhooks?t=")


def test_a_call_to_a_service_that_moto_lacks_is_checked_and_never_leaves_the_machine(make: Make) -> None:
    """Without this, moto hands the call to the real AWS, and the run waits for a network that it may not have."""
    result = make(lambda: codeconnections.Connection("github", provider_type="GitHub"))

    assert (result.problems, result.checked_not_emulated) == ([], ["codeconnections.CreateConnection (1)"])
    (refused,) = messages(make, lambda: codeconnections.Connection("github", provider_type="SourceForge"))
    assert refused.startswith("ProviderType: must be one of Bitbucket, GitHub, ")


@pytest.mark.parametrize(
    "choice",
    [
        {"source": {"type": "GITLAB", "location": "https://gitlab.com/acme/api.git"}},
        {"name": "1st-api"},
        {"name": "a" * 150},
    ],
    ids=str,
)
def test_a_choice_that_only_the_memory_does_not_know_is_no_problem(make: Make, choice: dict[str, Any]) -> None:
    result = make(lambda: programs.project(**choice))
    assert result.problems == []
    assert result.checked_not_emulated == ["codebuild.CreateProject with a value that moto does not know (1)"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not JSON: "),
        ("[]", "must be a JSON object"),
        (programs.policy(action="logs"), "Statement[0] has the malformed action 'logs'"),
        (programs.policy(resource="logs"), "Statement[0] has a resource that is neither * nor an ARN: 'logs'"),
        (programs.policy(resource=[]), "Statement[0] must have exactly one of Resource and NotResource"),
        (programs.policy(NotAction="s3:*"), "Statement[0] must have exactly one of Action and NotAction"),
        (programs.policy(Principal="*"), "Statement[0] must not have Principal here"),
        (programs.policy(Effect="Maybe"), "Statement[0] must have the Effect Allow or Deny"),
        (programs.policy(Sid="two words"), "Statement[0] has a Sid with other characters than A-Z, a-z and 0-9"),
        (programs.policy(Conditions={}), "Statement[0] has the unknown element Conditions"),
        (programs.policy(Condition=[]), "Statement[0] has a Condition that is no map"),
        ('{"Version": "2012", "Statement": []}', "Version must be 2012-10-17 or 2008-10-17"),
        ('{"Statement": ["x"]}', "Statement[0] must be a map"),
        ('{"Statements": []}', "has the unknown element Statements"),
    ],
)
def test_a_role_policy_that_iam_would_refuse_is_refused(make: Make, text: str, message: str) -> None:
    found = messages(make, lambda: iam.RolePolicy("p", role=programs.role().name, policy=text))
    assert found[0].startswith(f"PolicyDocument: {message}")


def test_a_repeated_sid_is_refused(make: Make) -> None:
    statement = {"Sid": "Same", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement, statement]})
    found = messages(make, lambda: iam.RolePolicy("p", role=programs.role().name, policy=text))
    assert found == ["PolicyDocument: the Sid Same stands in 2 statements"]


def test_a_trust_policy_needs_somebody_to_trust(make: Make) -> None:
    text = json.dumps({"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]})
    assert messages(make, lambda: programs.role(assume_role_policy=text)) == [
        "AssumeRolePolicyDocument: Statement[0] must have exactly one of Principal and NotPrincipal"
    ]


def test_the_inline_policies_of_a_role_share_one_limit(make: Make) -> None:
    resources = [f"arn:aws:s3:::bucket-{number:06}/*" for number in range(180)]

    def program() -> None:
        role = programs.role()
        for name in ("first", "second"):
            iam.RolePolicy(name, role=role.name, policy=programs.policy(resource=resources))

    (found,) = messages(make, program)
    assert found.endswith("have more than 10240 characters together")


def test_one_policy_alone_may_be_too_long(make: Make) -> None:
    resources = [f"arn:aws:s3:::bucket-{number:06}/*" for number in range(400)]
    found = messages(make, lambda: iam.RolePolicy("p", role="r", policy=programs.policy(resource=resources)))
    assert "a role's inline policies have 10240" in found[0]


def test_a_property_that_the_resource_does_not_have_is_refused(make: Make) -> None:
    def program() -> None:
        CustomResource("aws:cloudwatch/logGroup:LogGroup", "logs", {"colour": "red"})

    assert messages(make, program) == ["colour: the resource has no such property"]


def test_a_property_that_only_the_provider_uses_is_mentioned(make: Make) -> None:
    result = make(lambda: s3.Bucket("files", force_destroy=True))
    assert result.problems == []
    assert result.unchecked == ["forceDestroy of aws:s3/bucket:Bucket: no call takes it, the provider uses it later"]


def test_a_type_without_entry_says_where_to_add_one(make: Make) -> None:
    result = make(lambda: CustomResource("aws:batch/jobQueue:JobQueue", "jobs", {}))
    assert [str(problem) for problem in result.problems] == [
        (
            "jobs (aws:batch/jobQueue:JobQueue): the sandbox does not know this type: "
            "add an entry to sandbox/resource_table.py"
        )
    ]


def test_a_name_that_is_taken_in_aws_is_refused(make: Make) -> None:
    def program() -> None:
        cloudwatch.LogGroup("one", name="same")
        cloudwatch.LogGroup("two", name="same")

    (problem,) = make(program).problems
    assert (problem.name, problem.message) == ("two", "CreateLogGroup: The specified log group already exists")


def test_two_resources_of_one_urn_are_refused(make: Make) -> None:
    def program() -> None:
        cloudwatch.LogGroup("logs", name="one")
        cloudwatch.LogGroup("logs", name="two")

    result = make(program)
    assert [problem.message for problem in result.problems] == [
        "a resource of this type, name and parent's type exists: names must differ"
    ]
    assert len(result.resources) == 1


def test_all_problems_come_at_once_also_behind_a_refused_resource(make: Make) -> None:
    def program() -> None:
        role = programs.role(name="r" * 65, path="x")
        project = programs.project(service_role=role.arn, build_timeout=99999, queued_timeout=1)
        codebuild.Webhook("hook", project_name=project.name, build_type="NIGHTLY")
        cloudwatch.LogGroup("logs", retention_in_days=31, opts=ResourceOptions(depends_on=[project]))

    assert {(problem.name, problem.message.split(":")[0]) for problem in make(program).problems} == {
        ("build", "Path"),
        ("build", "RoleName"),
        ("api", "timeoutInMinutes"),
        ("api", "queuedTimeoutInMinutes"),
        ("hook", "buildType"),
        ("logs", "retentionInDays"),
    }


def test_the_further_calls_of_a_refused_resource_are_checked_too(make: Make) -> None:
    found = messages(make, lambda: cloudwatch.LogGroup("logs", name="a b", retention_in_days=31))
    assert [message.split(":")[0] for message in found] == ["logGroupName", "retentionInDays"]


def test_a_data_source_without_answer_is_a_problem(make: Make) -> None:
    (problem,) = make(get_availability_zones_output).problems
    assert str(problem).startswith("the sandbox has no answer for the data source aws:index/getAvailabilityZones")
