"""Values from other stacks: where they end up, and that secrets stay secret."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from components.aws.deployer import deployer
from components.config import parse_stack
from components.config.integration import PartialIntegration
from components.config.stack_outputs import output_field_paths
from sandbox.graph import Secret
from tests.components.building import (
    EVENT_RULE,
    EVENT_TARGET,
    LOG_GROUP,
    PROJECT,
    ROLE_POLICY,
    SECRET,
)
from tests.components.other_stacks import NETWORK, output, world
from tests.components.program import configured, program
from tests.config import samples
from tests.config.samples import integration, short, stack
from tests.harness import HERE, Graph, run

if TYPE_CHECKING:
    from collections.abc import Mapping


def inputs_by_urn(graph: Graph) -> dict[str, Any]:
    """Return all registered resources without their dependencies, which include a stack reference."""
    return {each.urn: (each.inputs, each.replacement_trigger) for each in graph.resources}


FIELDS: list[tuple[str, Any, dict[str, Any]]] = [
    ("source.auth.connectionArn", samples.CONNECTION, {"source": {"auth": {"connectionArn": "VALUE"}}}),
    ("source.auth.tokenSecretArn", samples.TOKEN, {"source": {"auth": {"tokenSecretArn": "VALUE"}}}),
    (
        "source.auth.kmsKeyArn",
        samples.KEY,
        {"source": {"auth": {"tokenSecretArn": samples.TOKEN, "kmsKeyArn": "VALUE"}}},
    ),
    (
        "source.bucket",
        "acme-exports",
        {"provider": "s3", "source": {"bucket": "VALUE"}, "triggers": {"objectCreated": True}, "description": "x"},
    ),
    ("source.kmsKeyArn", samples.KEY, {"provider": "s3", "source": {"kmsKeyArn": "VALUE"}}),
    ("logs.bucket", "acme-logs", {"logs": {"destination": "s3", "bucket": "VALUE"}}),
    (
        "logs.bucketKmsKeyArn",
        samples.KEY,
        {"logs": {"destination": "s3", "bucket": "acme-logs", "bucketKmsKeyArn": "VALUE"}},
    ),
    (
        "logs.kmsKeyArn",
        samples.KEY,
        {"logs": {"kmsKeyArn": "VALUE"}, "triggers": {"pullRequests": {}}},
    ),
    ("secret.existingArn", samples.SECRET, {"secret": {"existingArn": "VALUE"}}),
    ("secret.kmsKeyArn", samples.KEY, {"secret": {"existingArn": samples.SECRET, "kmsKeyArn": "VALUE"}}),
    (
        "triggers.pullRequests.secret.existingArn",
        samples.SECRET,
        {"triggers": {"pullRequests": {"secret": {"existingArn": "VALUE"}}}},
    ),
    (
        "triggers.pullRequests.secret.kmsKeyArn",
        samples.KEY,
        {"triggers": {"pullRequests": {"secret": {"existingArn": samples.SECRET, "kmsKeyArn": "VALUE"}}}},
    ),
    (
        "environment.vpc.id",
        "vpc-0abc1234",
        {"environment": {"vpc": {**samples.VPC, "id": "VALUE"}}, "triggers": {"pullRequests": {}}},
    ),
    (
        "environment.vpc.subnetIds",
        ["subnet-0aaa1111", "subnet-0bbb2222"],
        {"environment": {"vpc": {**samples.VPC, "subnetIds": "VALUE"}}},
    ),
    (
        "environment.vpc.subnetIds",
        "subnet-0aaa1111",
        {"environment": {"vpc": {**samples.VPC, "subnetIds": ["subnet-0bbb2222", "VALUE"]}}},
    ),
    (
        "environment.vpc.securityGroupIds",
        ["sg-0ccc3333"],
        {"environment": {"vpc": {**samples.VPC, "securityGroupIds": "VALUE"}}},
    ),
]


@pytest.mark.parametrize(("_path", "value", "shop"), FIELDS, ids=short)
def test_an_output_creates_the_same_resources_as_its_value(_path: str, value: Any, shop: Mapping[str, Any]) -> None:
    """Without this, a policy or a project contains something other than the stack file says."""
    plain, named = ({"integrations": {"shop": integration(**with_value(shop, each))}} for each in (value, output()))

    assert inputs_by_urn(run(program, world(named, found=value))) == inputs_by_urn(run(program, configured(plain)))


def test_every_field_of_an_integration_that_another_stack_may_own_is_tried_above() -> None:
    """Without this, a field may take outputs that nothing reads."""
    assert {tuple(path.split(".")) for path, _, _ in FIELDS} == set(output_field_paths(PartialIntegration))


def with_value(tree: Any, value: Any) -> Any:
    if isinstance(tree, dict):
        return {key: with_value(each, value) for key, each in tree.items()}
    if isinstance(tree, list):
        return [with_value(each, value) for each in tree]
    return value if tree == "VALUE" else tree


@pytest.mark.parametrize(
    ("key", "value", "raw"),
    [
        ("secret", samples.SECRET, {"existingArn": "VALUE"}),
        ("secret", samples.KEY, {"existingArn": samples.SECRET, "kmsKeyArn": "VALUE"}),
        ("secret", samples.KEY, {"kmsKeyArn": "VALUE"}),
        ("notifications", "arn:aws:sns:us-east-1:123456789012:appsec", {"topicArn": "VALUE"}),
    ],
    ids=short,
)
def test_the_stacks_own_sections_accept_outputs_too(key: str, value: str, raw: dict[str, Any]) -> None:
    plain, named = (stack(**{key: with_value(raw, each)}) for each in (value, output()))

    assert inputs_by_urn(run(program, world(named, found=value))) == inputs_by_urn(run(program, configured(plain)))


def test_each_stack_is_read_once() -> None:
    """Without this, the engine refuses the second stack reference, which has the URN of the first."""
    shop = integration(
        source={"auth": {"connectionArn": output("connection")}},
        environment={
            "vpc": {"id": output("vpc"), "subnetIds": [output("a"), output("b")], "securityGroupIds": output("c")}
        },
    )
    raw = stack(integrations={"shop": shop, "web": shop}, secret={"kmsKeyArn": output("key", "acme/keys/prod")})
    exported: dict[str, dict[str, Any]] = {
        NETWORK: {
            "connection": samples.CONNECTION,
            "vpc": "vpc-0abc1234",
            "a": "subnet-0aaa1111",
            "b": "subnet-0bbb2222",
            "c": ["sg-0ccc3333"],
        },
        "acme/keys/prod": {"key": samples.KEY},
    }
    graph = run(program, replace(configured(raw), stack_outputs=exported))

    assert sorted(graph.stacks_read) == ["acme/keys/prod", NETWORK]


def test_only_values_from_a_secret_output_are_secret() -> None:
    """Without this, the state contains in plain text what the other stack keeps secret."""
    raw = stack(
        secret={"existingArn": output("secret")}, integrations={"shop": integration(logs={"kmsKeyArn": output("key")})}
    )
    graph = run(program, world(raw, secret=Secret(samples.SECRET), key=samples.KEY))

    assert graph.secret_exports == {"secretArn", "integrations"}
    assert graph.one(LOG_GROUP).secret_inputs == frozenset()
    assert "environment" in graph.one(PROJECT).secret_inputs


def test_objects_in_a_bucket_of_another_stack_start_builds() -> None:
    shop = integration("s3", source={"bucket": output()}, triggers={"objectCreated": True})
    graph = run(program, world(stack(integrations={"shop": shop}), found="acme-exports"))

    assert json.loads(graph.one(EVENT_RULE).inputs["eventPattern"])["detail"]["bucket"] == {"name": ["acme-exports"]}
    assert graph.types()[EVENT_TARGET] == 1


def test_a_kms_key_of_another_stack_encrypts_the_secret() -> None:
    graph = run(program, world(stack(secret={"kmsKeyArn": output()}), found=samples.KEY))

    assert graph.one(SECRET).inputs["kmsKeyId"] == samples.KEY
    assert samples.KEY in graph.one(ROLE_POLICY).inputs["policy"]


def test_the_deployers_policy_allows_a_connection_that_only_another_stack_knows() -> None:
    """Without this, the policy that `docs.permissions` prints does not let the deployer create the project."""
    raw = stack(integrations={"shop": integration(source={"auth": {"connectionArn": output()}})})
    policy = deployer("dev", parse_stack(raw, "dev"), HERE)

    (statement,) = [each for each in policy["Statement"] if each["Sid"] == "UseConnections"]
    assert statement["Resource"] == [
        "arn:aws:codeconnections:us-east-1:123456789012:connection/*",
        "arn:aws:codestar-connections:us-east-1:123456789012:connection/*",
    ]
    assert "codeconnections:UseConnection" in statement["Action"]
