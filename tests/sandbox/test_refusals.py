"""What AWS would refuse is a problem, although botocore and moto by themselves accept most of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


def test_a_choice_that_only_the_memory_does_not_know_is_no_problem(make: Make) -> None:
    source = {"type": "GITLAB", "location": "https://gitlab.com/acme/api.git"}
    result = make(lambda: programs.project(source=source))
    assert result.problems == []
    assert result.checked_not_emulated == ["codebuild.CreateProject with a value newer than moto (1)"]


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
