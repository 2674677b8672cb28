"""A call reaches moto, and nothing else."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from sandbox.cloud import Cloud
from tests.sandbox import programs


def refuse(*_: Any) -> None:
    raise AssertionError("something asked for the network")


@pytest.fixture(name="cloud")
def _cloud(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    with Cloud("eu-west-1") as cloud:
        yield cloud


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("codebuild", "CreateWebhook", {"projectName": "api"}),
        ("codeconnections", "CreateConnection", {"ProviderType": "GitHub", "ConnectionName": "github"}),
        ("ivs-realtime", "ListStages", {}),
    ],
)
def test_a_call_that_moto_lacks_is_counted_and_not_sent(
    cloud: Cloud, service: str, operation: str, parameters: dict[str, Any]
) -> None:
    """Without this, a call with invented credentials goes to the real AWS."""
    assert cloud.call(service, operation, parameters) == ({}, [])
    assert cloud.not_emulated == {f"{service}.{operation}": 1}


def test_a_global_service_answers_for_the_partition_of_the_region() -> None:
    """Without this, a role in AWS China gets an ARN of another partition."""
    role = {"RoleName": "build", "AssumeRolePolicyDocument": programs.TRUST}
    with Cloud("cn-north-1") as cloud:
        answer, problems = cloud.call("iam", "CreateRole", role)

    assert (answer["Role"]["Arn"], problems) == ("arn:aws-cn:iam::123456789012:role/build", [])


def test_a_refusal_of_moto_is_a_problem(cloud: Cloud) -> None:
    """Without this, a stack that creates the same resource twice passes."""
    cloud.call("logs", "CreateLogGroup", {"logGroupName": "same"})

    assert cloud.call("logs", "CreateLogGroup", {"logGroupName": "same"}) == (
        {},
        ["CreateLogGroup: The specified log group already exists"],
    )
