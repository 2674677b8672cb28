"""The published policy of the deployer allows what a deployment calls, and no more than named actions."""

import json
import re
from typing import Any

import pytest

import sandbox
from docs.generate import COOKBOOK, ROOT
from sandbox import yaml_reader
from sandbox.cloud import Cloud

# Together they make every kind of resource that there is.
RECIPES = ("codecommit", "external-secret", "github-connection", "logs-to-s3")

# IAM spells these calls of S3 differently: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
SPELLED = {
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}


def policy() -> dict[str, Any]:
    text = (ROOT / "docs/permissions.md").read_text()
    first: dict[str, Any] = json.loads(re.findall(r"```json\n(.*?)```", text, flags=re.DOTALL)[0])
    return first


def as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_the_policy_allows_every_call_of_a_deployment(monkeypatch: pytest.MonkeyPatch) -> None:
    called = set()
    call = Cloud.call

    def recorded(self: Cloud, service: str, operation: str, parameters: dict[str, Any]) -> Any:
        called.add(f"{service}:{operation}")
        return call(self, service, operation, parameters)

    monkeypatch.setattr(Cloud, "call", recorded)
    for name in RECIPES:
        recipe = yaml_reader.read((COOKBOOK / f"Pulumi.{name}.yaml").read_text())
        sandbox.run(ROOT, "permissions", recipe["config"])
    allowed = {action for statement in policy()["Statement"] for action in as_list(statement["Action"])}
    assert len(called) > 10
    assert {SPELLED.get(each, each) for each in called} <= allowed


def test_the_policy_names_every_action() -> None:
    for statement in policy()["Statement"]:
        assert not [action for action in as_list(statement["Action"]) if "*" in action]
        assert as_list(statement["Resource"]) != ["*"] or statement["Sid"] == "MakeKey"


def test_roles_are_handed_to_two_services_only() -> None:
    (passing,) = [each for each in policy()["Statement"] if each["Action"] == "iam:PassRole"]
    services = passing["Condition"]["StringEquals"]["iam:PassedToService"]
    assert services == ["codebuild.amazonaws.com", "events.amazonaws.com"]
