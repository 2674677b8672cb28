"""Who may assume the roles, and what the role that starts builds may do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from components.aws.policies import OVERRIDES
from tests.components.building import ROLE, ROLE_POLICY, build
from tests.config import samples
from tests.config.samples import PROVIDERS, settings
from tests.harness import CHINA, GOVERNMENT, HERE, arn

if TYPE_CHECKING:
    from components.aws.location import AwsLocation

EACH_LOCATION = pytest.mark.parametrize("location", [HERE, CHINA, GOVERNMENT], ids=lambda location: location.partition)
BOTH_EVENTS = {"push": True, "tags": True}


def trust(service: str, location: AwsLocation, *sources: str) -> dict[str, Any]:
    """Return a trust policy that lets the service assume the role for these resources of this account only."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "ThisResourceOnly",
                "Effect": "Allow",
                "Principal": {"Service": service},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": location.account},
                    "ArnEquals": {"aws:SourceArn": list(sources)},
                },
            }
        ],
    }


@EACH_LOCATION
@pytest.mark.parametrize("provider", PROVIDERS)
def test_codebuild_may_assume_the_builds_role_for_this_project_only(provider: str, location: AwsLocation) -> None:
    role = build(settings(provider), location=location).one(ROLE, "shop-role")

    project = f"arn:{location.partition}:codebuild:{location.region}:{location.account}:project/conviso-dev-shop"
    assert json.loads(role.inputs["assumeRolePolicy"]) == trust("codebuild.amazonaws.com", location, project)


def test_eventbridge_may_assume_the_starters_role_for_these_rules_only() -> None:
    """Without the condition, any rule can use the role to start builds."""
    role = build(settings("codecommit", triggers=BOTH_EVENTS)).one(ROLE, "shop-starter")

    rules = [arn("EventRule", "shop-branch"), arn("EventRule", "shop-tag")]
    assert json.loads(role.inputs["assumeRolePolicy"]) == trust("events.amazonaws.com", HERE, *rules)


@EACH_LOCATION
def test_the_starters_role_may_only_start_builds_of_this_project(location: AwsLocation) -> None:
    """Without the condition, whoever changes the EventBridge target can run any command with access to the API key."""
    policy = build(settings("codecommit"), location=location).one(ROLE_POLICY, "shop-starter").inputs["policy"]

    project = f"arn:{location.partition}:codebuild:{location.region}:{location.account}:project/conviso-dev-shop"
    assert json.loads(policy)["Statement"] == [
        {
            "Sid": "StartThisProject",
            "Effect": "Allow",
            "Action": ["codebuild:StartBuild"],
            "Resource": [project],
            "Condition": {"Null": {f"codebuild:{override}": "true" for override in OVERRIDES}},
        }
    ]


@pytest.mark.parametrize("suffix", ["role", "starter"])
def test_each_policy_belongs_to_the_role_with_its_name(suffix: str) -> None:
    graph = build(settings("codecommit"))

    assert graph.one(ROLE_POLICY, f"shop-{suffix}").inputs["role"] == f"shop-{suffix}-1a2b3c4"


@pytest.mark.parametrize("suffix", ["role", "starter"])
def test_every_role_has_the_chosen_path_and_boundary(suffix: str) -> None:
    chosen = {"path": "/appsec/", "permissionsBoundaryArn": samples.BOUNDARY}
    role = build(settings("codecommit", role=chosen)).one(ROLE, f"shop-{suffix}")

    assert (role.inputs["path"], role.inputs["permissionsBoundary"]) == ("/appsec/", samples.BOUNDARY)


@pytest.mark.parametrize("suffix", ["role", "starter"])
def test_a_role_has_no_permissions_boundary_by_default(suffix: str) -> None:
    role = build(settings("codecommit")).one(ROLE, f"shop-{suffix}")

    assert role.inputs.keys() == {"assumeRolePolicy", "description", "namePrefix", "path", "tags"}
