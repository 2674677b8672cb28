"""Fields that accept an output of another stack instead of a value."""

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
    """Without this, a field that decides which resources there are could be unknown when that is decided."""
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


def test_an_output_is_described_by_its_name_and_stack() -> None:
    output = StackOutput(stack="acme/network/prod", output="vpcId")
    assert str(output) == "output vpcId of stack acme/network/prod"


def test_outputs_are_found_both_as_a_whole_list_and_as_its_entries() -> None:
    whole = {"stack": "acme/network/prod", "output": "groups"}
    vpc = {"id": "vpc-0abc1234", "subnetIds": ["subnet-0bbb2222", VPC_ID], "securityGroupIds": whole}
    found = {each.path: each.outputs for each in output_fields(settings(environment={"vpc": vpc}))}

    assert found == {
        "environment.vpc.id": (),
        "environment.vpc.subnetIds": (StackOutput(**VPC_ID),),
        "environment.vpc.securityGroupIds": (StackOutput(**whole),),
    }


def test_an_output_replaces_a_whole_inherited_output() -> None:
    """Without this, the program looks for an output's name in the stack of the inherited one."""
    theirs = {"environment": {"vpc": {"id": VPC_ID, "subnetIds": ["subnet-0aaa1111"]}}}
    own = {"environment": {"vpc": {"id": {"output": "otherVpcId"}}}}

    assert merged(theirs, own) == {
        "environment": {"vpc": {"id": {"output": "otherVpcId"}, "subnetIds": ["subnet-0aaa1111"]}}
    }


def test_tags_named_like_the_keys_of_an_output_are_merged_key_by_key() -> None:
    """Without this, a tag named `stack` or `output` removes the inherited tags."""
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


def test_an_output_in_any_other_field_is_refused_with_the_reason() -> None:
    """Without this, the error says that numbers need quotes, which does not help."""
    message = "must be written here: this field cannot be an output of another stack"
    assert refusals_of(description=VPC_ID) == [("description", message)]


def test_a_mistake_in_an_output_of_the_defaults_is_reported_once() -> None:
    raw = stack(defaults={"logs": {"kmsKeyArn": {"stack": "prod", "output": "key"}}})
    assert [path for path, _ in problems_of(raw)] == ["defaults.logs.kmsKeyArn.stack"]
