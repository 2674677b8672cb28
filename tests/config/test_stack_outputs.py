"""Fields that take an output of another stack in place of a value."""

from __future__ import annotations

from typing import Any

import pytest

from components.config import NotificationSettings, StackOutput, StackSecret
from components.config.integration import PartialIntegration
from components.config.merge import merged
from components.config.stack_outputs import output_field_paths, output_fields
from tests.config import samples
from tests.config.samples import problems_of, refusals_of, settings, stack

VPC_ID = {"stack": "acme/network/prod", "output": "vpcId"}


def test_these_fields_may_be_owned_by_another_stack_and_no_other() -> None:
    """Without it, a field that decides which resources there are could be unknown when that is decided."""
    found = [*output_field_paths(PartialIntegration)]
    found += [("secret of the stack", *path) for path in output_field_paths(StackSecret)]
    found += [("notifications", *path) for path in output_field_paths(NotificationSettings)]

    assert {".".join(path) for path in found} == {
        "environment.vpc.id",
        "environment.vpc.securityGroupIds",
        "environment.vpc.subnetIds",
        "logs.bucket",
        "logs.bucketKmsKeyArn",
        "logs.kmsKeyArn",
        "notifications.topicArn",
        "secret of the stack.existingArn",
        "secret of the stack.kmsKeyArn",
        "secret.existingArn",
        "secret.kmsKeyArn",
        "source.auth.connectionArn",
        "source.auth.kmsKeyArn",
        "source.auth.tokenSecretArn",
        "source.bucket",
        "source.kmsKeyArn",
        "triggers.pullRequests.secret.existingArn",
        "triggers.pullRequests.secret.kmsKeyArn",
    }


def test_an_output_says_in_words_where_it_is() -> None:
    output = StackOutput(stack="acme/network/prod", output="vpcId")
    assert str(output) == "output vpcId of stack acme/network/prod"


def test_the_outputs_of_a_list_are_found_whether_it_is_one_or_holds_some() -> None:
    whole = {"stack": "acme/network/prod", "output": "groups"}
    vpc = {"id": "vpc-0abc1234", "subnetIds": ["subnet-0bbb2222", VPC_ID], "securityGroupIds": whole}
    found = {each.path: each.outputs for each in output_fields(settings(environment={"vpc": vpc}))}

    assert found == {
        "environment.vpc.id": (),
        "environment.vpc.subnetIds": (StackOutput(**VPC_ID),),
        "environment.vpc.securityGroupIds": (StackOutput(**whole),),
    }


def test_an_output_replaces_an_inherited_output_whole() -> None:
    """Without it, the name of one output would be looked up in the stack of another."""
    theirs = {"environment": {"vpc": {"id": VPC_ID, "subnetIds": ["subnet-0aaa1111"]}}}
    own = {"environment": {"vpc": {"id": {"output": "otherVpcId"}}}}

    assert merged(theirs, own) == {
        "environment": {"vpc": {"id": {"output": "otherVpcId"}, "subnetIds": ["subnet-0aaa1111"]}}
    }


def test_tags_that_happen_to_have_the_same_names_merge_key_by_key() -> None:
    """Without it, a tag named `stack` or `output` would remove the inherited tags."""
    theirs, own = {"tags": {"stack": "a", "output": "b"}}, {"tags": {"output": "c"}}
    assert merged(theirs, own) == {"tags": {"stack": "a", "output": "c"}}


@pytest.mark.parametrize(
    ("value", "path", "message"),
    [
        ({"stack": "prod", "output": "vpcId"}, "stack", "must be a stack's full name such as acme/network/prod"),
        ({"stack": "acme/network/prod"}, "output", "is required"),
        ({**VPC_ID, "outputs": "x"}, "outputs", "is not known here; did you mean output?; known: output, stack"),
        ({**VPC_ID, "output": ""}, "output", "must not be empty"),
    ],
)
def test_a_mistake_in_an_output_is_one_problem(value: Any, path: str, message: str) -> None:
    ((found, said),) = refusals_of(environment={"vpc": {**samples.VPC, "id": value}})
    assert found == f"environment.vpc.id.{path}"
    assert said.startswith(message)


def test_a_field_that_cannot_be_an_output_says_so() -> None:
    """Without it, the error speaks of numbers in quotes."""
    message = "must be written here: this field cannot be an output of another stack"
    assert refusals_of(description=VPC_ID) == [("description", message)]


def test_a_mistake_in_an_output_of_the_defaults_is_told_once() -> None:
    raw = stack(defaults={"logs": {"kmsKeyArn": {"stack": "prod", "output": "key"}}})
    assert [path for path, _ in problems_of(raw)] == ["defaults.logs.kmsKeyArn.stack"]
