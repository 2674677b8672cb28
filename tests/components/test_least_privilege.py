"""What holds for the policies of every integration: no pattern where a name would do, and no foreign partition."""

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
    """An integration of that provider with every choice that grants something."""
    return build(settings(provider, **there(EVERYTHING, location)), location=location)


def there(sections: dict[str, Any], location: AwsLocation) -> dict[str, Any]:
    """The same choices, with ARNs of that location."""
    text = json.dumps(sections).replace("arn:aws:", f"arn:{location.partition}:").replace("us-east-1", location.region)
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize("provider", PROVIDERS)
def test_only_what_has_no_narrower_form_is_granted_on_every_resource(provider: str) -> None:
    found = statements(everything(provider, HERE))

    unlimited = {action for each in found if "*" in each["Resource"] for action in each["Action"]}
    assert {action for action in unlimited if not action.startswith("ec2:Describe")} == {"ecr:GetAuthorizationToken"}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_no_action_is_a_pattern(provider: str) -> None:
    found = statements(everything(provider, HERE))

    assert [action for each in found for action in each["Action"] if "*" in action] == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_statement_has_a_name_of_its_own(provider: str) -> None:
    document = json.loads(everything(provider, HERE).one(ROLE_POLICY, "shop-role").inputs["policy"])

    names = [each["Sid"] for each in document["Statement"]]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("location", [CHINA, GOVERNMENT], ids=lambda location: location.partition)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_no_policy_names_another_partition(provider: str, location: AwsLocation) -> None:
    graph = everything(provider, location)
    policies = [each.inputs["policy"] for each in graph.of(ROLE_POLICY)]
    trusts = [each.inputs["assumeRolePolicy"] for each in graph.of(ROLE)]

    assert "arn:aws:" not in "".join([*policies, *trusts])


@pytest.mark.parametrize("location", [CHINA, GOVERNMENT], ids=lambda location: location.partition)
def test_a_customer_key_is_used_through_the_partitions_own_endpoint(location: AwsLocation) -> None:
    secret = {"existingArn": samples.SECRET, "kmsKeyArn": samples.KEY}
    chosen = settings(**there({"secret": secret}, location))
    (decrypt,) = (each for each in statements(build(chosen, location=location)) if each["Action"] == ["kms:Decrypt"])

    endpoint = f"secretsmanager.{location.region}.{location.dns_suffix}"
    assert decrypt["Condition"] == {"StringEquals": {"kms:ViaService": endpoint}}


def test_a_private_image_in_china_is_pulled_from_its_own_partition() -> None:
    image = "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/build:1"
    found = statements(build(settings(environment={"image": image}), location=CHINA))

    assert "arn:aws-cn:ecr:cn-north-1:123456789012:repository/build" in [
        resource for each in found for resource in each["Resource"]
    ]
