"""What a real engine or AWS would refuse is a problem, and everything that could not be emulated is listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pulumi import CustomResource, ResourceOptions
from pulumi_aws import (
    cloudwatch,
    codebuild,
    codeconnections,
    get_availability_zones_output,
    s3,
)

from tests.sandbox import programs
from tests.sandbox.programs import messages

if TYPE_CHECKING:
    from tests.sandbox.conftest import Make


def test_webhooks_are_checked_and_reported_as_not_emulated(make: Make) -> None:
    """Without this, people believe that webhooks were created, which moto does not support."""

    def program() -> None:
        filters: Any = [{"filters": [{"type": "EVENT", "pattern": "PUSH"}]}]
        codebuild.Webhook("hook", project_name="api", filter_groups=filters)

    result = make(program)
    assert (result.problems, result.checked_not_emulated) == ([], ["codebuild.CreateWebhook (1)"])
    (hook,) = result.resources
    assert hook.outputs["payloadUrl"].startswith("https://codebuild.us-east-1.amazonaws.com/webhooks?t=")


def test_a_call_to_a_service_that_moto_lacks_is_checked_and_never_leaves_the_machine(make: Make) -> None:
    """Without this, moto passes the call on to the real AWS, and the run waits for a network that it may not have."""
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
def test_a_value_that_aws_knows_and_moto_does_not_is_accepted(make: Make, choice: dict[str, Any]) -> None:
    """Without this, the sandbox refuses every GitLab source."""
    result = make(lambda: programs.project(**choice))
    assert result.problems == []
    assert result.checked_not_emulated == ["codebuild.CreateProject with a value that moto does not know (1)"]


def test_a_property_that_the_resource_does_not_have_is_refused(make: Make) -> None:
    """Without this, a misspelled argument is ignored."""

    def program() -> None:
        CustomResource("aws:cloudwatch/logGroup:LogGroup", "logs", {"colour": "red"})

    assert messages(make, program) == ["colour: the resource has no such property"]


def test_a_property_that_only_the_provider_uses_is_mentioned(make: Make) -> None:
    """Without this, people believe that the property was checked."""
    result = make(lambda: s3.Bucket("files", force_destroy=True))
    assert result.problems == []
    assert result.unchecked == ["forceDestroy of aws:s3/bucket:Bucket: no call takes it, the provider uses it later"]


def test_the_problem_of_an_unknown_type_says_where_to_add_it(make: Make) -> None:
    """Without this, whoever adds a resource does not learn what the sandbox needs."""
    result = make(lambda: CustomResource("aws:batch/jobQueue:JobQueue", "jobs", {}))
    assert [str(problem) for problem in result.problems] == [
        (
            "jobs (aws:batch/jobQueue:JobQueue): the sandbox does not know this type: "
            "add an entry to sandbox/resource_table.py"
        )
    ]


def test_a_name_that_another_resource_has_is_refused(make: Make) -> None:
    """Without this, two resources with one physical name pass here."""

    def program() -> None:
        cloudwatch.LogGroup("one", name="same")
        cloudwatch.LogGroup("two", name="same")

    (problem,) = make(program).problems
    assert (problem.name, problem.message) == ("two", "CreateLogGroup: The specified log group already exists")


def test_two_resources_with_one_urn_are_refused(make: Make) -> None:
    """Without this, a program that a real engine refuses passes here."""

    def program() -> None:
        cloudwatch.LogGroup("logs", name="one")
        cloudwatch.LogGroup("logs", name="two")

    result = make(program)
    assert [problem.message for problem in result.problems] == [
        "a resource of this type, name and parent's type exists: names must differ"
    ]
    assert len(result.resources) == 1


def test_all_problems_are_reported_at_once_even_those_of_dependent_resources(make: Make) -> None:
    """Without this, each run shows only one more problem."""

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


def test_all_calls_of_a_refused_resource_are_checked(make: Make) -> None:
    """Without this, a second problem of a resource appears only once the first is solved."""
    found = messages(make, lambda: cloudwatch.LogGroup("logs", name="a b", retention_in_days=31))
    assert [message.split(":")[0] for message in found] == ["logGroupName", "retentionInDays"]


def test_a_data_source_without_an_answer_is_a_problem(make: Make) -> None:
    """Without this, the program continues with nothing in place of the answer."""
    (problem,) = make(get_availability_zones_output).problems
    assert str(problem).startswith("the sandbox has no answer for the data source aws:index/getAvailabilityZones")
