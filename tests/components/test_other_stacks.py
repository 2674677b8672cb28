"""Values from other stacks: where they end up, how they are checked, and that secrets stay secret."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from components.aws.deployer import deployer
from components.config import ConfigError, parse_stack
from components.config.integration import PartialIntegration
from components.config.stack_outputs import output_field_paths
from components.integration import ConvisoIntegration
from sandbox.graph import Secret
from tests.components.building import (
    EVENT_RULE,
    EVENT_TARGET,
    LOG_GROUP,
    PROJECT,
    ROLE_POLICY,
    SECRET,
    STACK_SECRET,
)
from tests.components.program import configured, program
from tests.config import samples
from tests.config.samples import integration, settings, short, stack
from tests.harness import HERE, Graph, World, refused, run

if TYPE_CHECKING:
    from collections.abc import Mapping

NETWORK = "acme/network/prod"
SUMMARY = ["outputs of other stacks do not fit the configuration; the errors above name them"]
NOT_TEXT = "must be text: put a number, true or false in quotes"
NO_CONNECTION = "must be an ARN such as arn:aws:codeconnections:us-east-1:123456789012:connection/..."
SECRET_DOES_NOT_FIT = "does not fit this field; it is secret, so the reason is not shown"
FIELD_AND_OUTPUT = "integrations.shop.source.auth.connectionArn: output found of stack acme/network/prod"


def output(name: str = "found", stack: str = NETWORK) -> dict[str, str]:
    return {"stack": stack, "output": name}


def world(raw: dict[str, Any], **exported: Any) -> World:
    """Return the program's world, in which one other stack exports these values."""
    return replace(configured(raw), stack_outputs={NETWORK: exported})


def with_connection(**exported: Any) -> World:
    shop = integration(source={"auth": {"connectionArn": output()}})
    return world(stack(integrations={"shop": shop}), **exported)


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


@pytest.mark.parametrize(
    ("exported", "message"),
    [
        ({}, "does not exist; that stack exports nothing"),
        ({"vpcId": "vpc-1", "find": "x"}, "does not exist; did you mean find?; that stack exports find, vpcId"),
        ({"found": True}, f"{NOT_TEXT}; got true"),
        (
            {"found": {"arn": samples.CONNECTION}},
            "must be text: put a number, true or false in quotes",
        ),
        (
            {"found": "the-connection"},
            "must be an ARN such as arn:aws:codeconnections:us-east-1:123456789012:connection/...",
        ),
        (
            {"found": samples.CONNECTION.replace("arn:aws:", "arn:aws-cn:")},
            "must be in partition aws, where the stack is; got aws-cn",
        ),
        ({"found": Secret("hunter2hunter2")}, SECRET_DOES_NOT_FIT),
        ({"found": Secret(samples.CONNECTION.replace("arn:aws:", "arn:aws-cn:"))}, SECRET_DOES_NOT_FIT),
    ],
    ids=short,
)
def test_an_unsuitable_output_is_reported_with_its_field_and_stack(exported: dict[str, Any], message: str) -> None:
    """Without this check, the program ends in a stack trace, or AWS refuses the value halfway."""
    lines, graph = refused(program, with_connection(**exported))

    assert lines == SUMMARY
    assert [each for each in graph.messages if "found of stack" in each] == [f"{FIELD_AND_OUTPUT} {message}"]
    assert graph.types()[PROJECT] == 0


@pytest.mark.parametrize(
    ("vpc", "exported", "field", "message"),
    [
        ({"subnetIds": output()}, "subnet-0aaa1111", "subnetIds", "must be a list"),
        ({"subnetIds": output()}, [], "subnetIds", "must have at least 1; it has 0"),
        (
            {"subnetIds": output()},
            ["subnet-0aaa1111", "sg-0ccc3333"],
            "subnetIds",
            "has an entry [1] that must be a subnet's id such as subnet-0abc1234",
        ),
        (
            {"subnetIds": output()},
            [{"stack": "a/b/c", "output": "d"}],
            "subnetIds",
            "must hold the values themselves, not outputs of further stacks",
        ),
        ({"subnetIds": ["subnet-0bbb2222", output()]}, ["subnet-0aaa1111"], "subnetIds[1]", NOT_TEXT),
    ],
    ids=short,
)
def test_an_unsuitable_output_for_a_vpc_is_reported(
    vpc: dict[str, Any], exported: Any, field: str, message: str
) -> None:
    shop = integration(environment={"vpc": {**samples.VPC, **vpc}})

    _, graph = refused(program, world(stack(integrations={"shop": shop}), found=exported))
    where = f"integrations.shop.environment.vpc.{field}"
    assert f"{where}: output found of stack acme/network/prod {message}" in graph.messages


def test_all_unsuitable_outputs_are_reported_at_once() -> None:
    """Without this, every mistake takes another preview to find."""
    shop = integration(source={"auth": {"connectionArn": output("connection")}}, logs={"kmsKeyArn": output("key")})
    raw = stack(integrations={"shop": shop, "web": shop}, secret={"kmsKeyArn": output("key")})

    _, graph = refused(program, world(raw, other=1))
    assert sorted(each.split(": ")[0] for each in graph.messages if "does not exist" in each) == [
        "integrations.shop.logs.kmsKeyArn",
        "integrations.shop.source.auth.connectionArn",
        "integrations.web.logs.kmsKeyArn",
        "integrations.web.source.auth.connectionArn",
        "secret.kmsKeyArn",
    ]


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


def test_a_component_needs_other_stacks_to_resolve_an_output() -> None:
    """Without a shared reader, two components each reference the stack under the same URN."""
    shop = settings(source={"auth": {"connectionArn": output()}})

    def made() -> None:
        ConvisoIntegration("shop", shop, stack="dev", location=HERE, secret=STACK_SECRET)

    with pytest.raises(ConfigError, match=r"connectionArn: is output found .*: pass `other_stacks` to the component"):
        run(made)


def test_a_preview_reports_a_missing_output() -> None:
    """Without this, a missing output is found only by `pulumi up`."""
    lines, _ = refused(program, replace(with_connection(), preview=True))

    assert lines == SUMMARY


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
