"""What holds for the policies of every integration: no wildcard that could be a name, and no other partition."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from tests.components.building import ROLE, ROLE_POLICY, build, statements
from tests.config import samples
from tests.config.samples import PROVIDERS, settings
from tests.harness import CHINA, GOVERNMENT, HERE

if TYPE_CHECKING:
    from components.aws.location import AwsLocation
    from tests.harness import Graph

EVERYTHING: dict[str, Any] = {
    "environment": {
        "vpc": samples.VPC,
        "certificate": samples.CERTIFICATE,
        "image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/build:1",
    },
    "logs": {"destination": "both", "bucket": "acme-logs", "bucketKmsKeyArn": samples.OTHER_KEY},
    "secret": {"existingArn": samples.SECRET, "kmsKeyArn": samples.KEY},
}


@cache
def everything(provider: str, location: AwsLocation) -> Graph:
    """Return the graph of an integration with that provider and every choice that grants something."""
    return build(settings(provider, **with_arns_of(EVERYTHING, location)), location=location)


def with_arns_of(sections: dict[str, Any], location: AwsLocation) -> dict[str, Any]:
    """Return the same sections with ARNs of that location."""
    text = json.dumps(sections).replace("arn:aws:", f"arn:{location.partition}:").replace("us-east-1", location.region)
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize("provider", PROVIDERS)
def test_only_actions_without_resource_level_permissions_are_granted_on_every_resource(provider: str) -> None:
    found = statements(everything(provider, HERE))

    unlimited = {action for each in found if "*" in each["Resource"] for action in each["Action"]}
    assert {action for action in unlimited if not action.startswith("ec2:Describe")} == {"ecr:GetAuthorizationToken"}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_no_action_contains_a_wildcard(provider: str) -> None:
    found = statements(everything(provider, HERE))

    assert [action for each in found for action in each["Action"] if "*" in action] == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_statement_has_a_unique_sid(provider: str) -> None:
    document = json.loads(everything(provider, HERE).one(ROLE_POLICY, "shop-role").inputs["policy"])

    names = [each["Sid"] for each in document["Statement"]]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("location", [CHINA, GOVERNMENT], ids=lambda location: location.partition)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_no_policy_names_another_partition(provider: str, location: AwsLocation) -> None:
    """Without this, AWS refuses the policies in China and GovCloud."""
    graph = everything(provider, location)
    policies = [each.inputs["policy"] for each in graph.of(ROLE_POLICY)]
    trusts = [each.inputs["assumeRolePolicy"] for each in graph.of(ROLE)]

    assert "arn:aws:" not in "".join([*policies, *trusts])


@pytest.mark.parametrize("location", [CHINA, GOVERNMENT], ids=lambda location: location.partition)
def test_a_customer_key_may_be_used_only_through_the_partitions_own_endpoint(location: AwsLocation) -> None:
    """Without the partition's DNS suffix, the condition never matches, and no build in China can decrypt."""
    secret = {"existingArn": samples.SECRET, "kmsKeyArn": samples.KEY}
    chosen = settings(**with_arns_of({"secret": secret}, location))
    (decrypt,) = (each for each in statements(build(chosen, location=location)) if each["Action"] == ["kms:Decrypt"])

    endpoint = f"secretsmanager.{location.region}.{location.dns_suffix}"
    assert decrypt["Condition"] == {"StringEquals": {"kms:ViaService": endpoint}}


def test_a_private_image_in_china_is_granted_in_its_own_partition() -> None:
    image = "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/build:1"
    found = statements(build(settings(environment={"image": image}), location=CHINA))

    assert "arn:aws-cn:ecr:cn-north-1:123456789012:repository/build" in [
        resource for each in found for resource in each["Resource"]
    ]
