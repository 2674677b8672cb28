"""The test harness: what it records, and what it refuses."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
import pytest
from pulumi_aws import cloudwatch, secretsmanager

from tests.harness import HERE, World, run

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"


class Pair(pulumi.ComponentResource):
    """A component with two children, the second of which waits for the first."""

    def __init__(self, name: str) -> None:
        super().__init__("test:index:Pair", name)
        first = cloudwatch.LogGroup(f"{name}-first", opts=pulumi.ResourceOptions(parent=self))
        second = cloudwatch.LogGroup(
            f"{name}-second",
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[first], replacement_trigger=["a", None], delete_before_replace=True
            ),
        )
        cloudwatch.LogGroup(f"{name}-third", name=second.name, opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({"first_name": first.name, "all": {"nothing": None}})


def test_a_childs_urn_contains_its_parents_type_but_not_the_stacks() -> None:
    """Without this, tests compare URNs that no real engine creates."""
    graph = run(lambda: Pair("p"))

    assert [each.urn for each in graph.resources[:2]] == [
        "urn:pulumi:dev::conviso-codebuild::test:index:Pair::p",
        "urn:pulumi:dev::conviso-codebuild::test:index:Pair$aws:cloudwatch/logGroup:LogGroup::p-first",
    ]


def test_outputs_of_a_component_are_recorded_including_nested_nulls() -> None:
    """Without this, no test notices an output that a component forgot."""
    graph = run(lambda: Pair("p"))

    assert graph.outputs[graph.one("test:index:Pair").urn] == {
        "first_name": "p-first-1a2b3c4",
        "all": {"nothing": None},
    }


def test_dependencies_are_followed_through_other_resources() -> None:
    """Without this, tests of the order of creation miss indirect dependencies."""
    graph = run(lambda: Pair("p"))

    assert {each.name for each in graph.waits_for(graph.one(LOG_GROUP, "p-third"))} == {"p-first", "p-second"}


def test_options_that_control_replacement_are_recorded() -> None:
    """Without this, no test notices a webhook that is not replaced."""
    second = run(lambda: Pair("p")).one(LOG_GROUP, "p-second")

    assert (second.replacement_trigger, second.delete_before_replace) == (["a", None], True)


def test_two_resources_with_one_urn_are_refused() -> None:
    """Without this, tests pass for a program that a real engine refuses."""

    def program() -> None:
        cloudwatch.LogGroup("same")
        cloudwatch.LogGroup("same")

    with pytest.raises(ValueError, match=r"duplicate URN urn:pulumi:dev::.*::same"):
        run(program)


def test_a_secret_input_is_unwrapped_and_listed() -> None:
    """Without this, no test can tell whether an input is secret."""

    def program() -> None:
        secretsmanager.SecretVersion("s", secret_id="id", secret_string=pulumi.Output.secret("password"))

    resource = run(program).resources[0]
    assert resource.inputs == {"secretId": "id", "secretString": "password"}
    assert resource.secret_inputs == {"secretString"}


def test_exports_are_recorded_and_secret_ones_listed() -> None:
    """Without this, no test notices a secret that an output reveals."""

    def program() -> None:
        pulumi.export("plain", {"a": None, "b": [1, 2.5]})
        pulumi.export("hidden", {"nested": pulumi.Output.secret("password")})

    graph = run(program)
    assert graph.exports == {"plain": {"a": None, "b": [1, 2.5]}, "hidden": {"nested": "password"}}
    assert graph.secret_exports == {"hidden"}


def test_an_unexpected_data_source_is_refused() -> None:
    """Without this, a program that asks AWS a new question gets an empty answer in tests."""
    with pytest.raises(Exception, match="unexpected data source aws:index/getArn:getArn"):
        run(lambda: aws.get_arn(arn="arn:aws:s3:::b"))


def test_a_test_may_answer_another_data_source() -> None:
    """Without this, programs that use other data sources cannot be tested."""
    world = World(invokes={"aws:index/getArn:getArn": {"service": "s3"}})

    assert run(lambda: pulumi.export("service", aws.get_arn(arn="x").service), world).exports == {"service": "s3"}


def test_configuration_does_not_leak_into_the_next_run() -> None:
    """Without this, the result of a test depends on the tests before it."""

    def program() -> None:
        pulumi.export("value", pulumi.Config().get("key", "absent"))

    before = run(program, World(config={"conviso-codebuild:key": "x"}))
    after = run(program)
    assert (before.exports, after.exports) == ({"value": "x"}, {"value": "absent"})


def test_values_that_aws_assigns_are_unknown_in_a_preview() -> None:
    """Without this, tests of previews pass for a program that needs values before they exist."""
    seen: list[str | int | None] = []

    def program() -> None:
        group = cloudwatch.LogGroup("g", retention_in_days=7)
        for output in (group.arn, group.retention_in_days):
            output.apply(seen.append)

    run(program, World(preview=True))
    assert seen == [7]


def test_exceptions_of_the_program_propagate() -> None:
    """Without this, a program that fails passes its test."""

    def program() -> None:
        raise pulumi.RunError("no")

    with pytest.raises(pulumi.RunError, match="no"):
        run(program)


def test_log_messages_of_the_program_are_recorded() -> None:
    """Without this, no test sees a warning."""
    assert run(lambda: pulumi.log.warn("careful")).messages == ["careful"]


def test_the_program_runs_in_the_account_of_its_world() -> None:
    """Without this, tests of other accounts and partitions run in the default one."""
    graph = run(lambda: pulumi.export("account", aws.get_caller_identity().account_id))

    assert graph.exports == {"account": HERE.account}
