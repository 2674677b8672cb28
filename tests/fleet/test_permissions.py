"""The least policies of docs/permissions.md: they allow every call of the commands, and no change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from components.config import parse_stack
from fleet import permissions
from fleet.aws import action
from fleet.doctor import Extra, examine
from fleet.status import reviews
from tests.config import samples
from tests.harness import HERE
from tests.iam import allows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fleet.stack import Stack
    from tests.fleet.world import World

_READS = re.compile(r"[a-z0-9-]+:(BatchGet|Describe|Get|List)[A-Za-z]+")


ARNS: Mapping[str, Callable[[Any], list[str]]] = {
    "names": lambda names: [HERE.arn("codebuild", f"project/{name}") for name in names],
    "projectName": lambda name: [HERE.arn("codebuild", f"project/{name}")],
    "ids": lambda ids: [HERE.arn("codebuild", f"project/{each.split(':')[0]}") for each in ids],
    "RoleName": lambda name: [f"arn:aws:iam::{HERE.account}:role/appsec/{name}"],
    "SecretId": lambda arn: [arn],
    "ConnectionArn": lambda arn: [arn],
    "logGroupNamePrefix": lambda name: [HERE.arn("logs", f"log-group:{name}")],
    "Rule": lambda name: [HERE.arn("events", f"rule/{name}")],
    "GroupName": lambda group: [HERE.arn("scheduler", f"schedule/{group}/conviso-prod-erp")],
    "Name": lambda name: [HERE.arn("events", f"rule/{name}")],
    "Bucket": lambda name: [HERE.s3_arn(name)],
}
"""What IAM is asked about, by the parameter that names it; the first that a call has counts.

https://docs.aws.amazon.com/service-authorization/latest/reference/
"""


def resources(asked: Mapping[str, Any]) -> list[str]:
    if "Key" in asked:
        return [HERE.s3_arn(asked["Bucket"], asked["Key"])]
    return next((arns(asked[name]) for name, arns in ARNS.items() if name in asked), ["*"])


def refused(world: World, policy: dict[str, Any]) -> set[str]:
    return {
        f"{action(service, operation)} on {resource}"
        for service, operation, asked in world.asked
        for resource in resources(asked)
        if not allows(policy, action(service, operation), resource)
    }


def test_the_doctors_policy_allows_every_call(deployed: tuple[World, Stack]) -> None:
    """Without this, rows would be `unknown` for a team that took the policy from the documentation."""
    world, stack = deployed
    assert list(examine(stack, world, Extra()))

    assert refused(world, permissions.doctor("prod", stack.settings, HERE)) == set()


def test_the_policy_of_status_allows_every_call(deployed: tuple[World, Stack]) -> None:
    """Without this, the command would fail for a team that took the policy from the documentation."""
    world, stack = deployed
    assert list(reviews(stack, world))

    assert refused(world, permissions.status("prod", stack.settings, HERE)) == set()


def test_the_policies_only_read_and_allow_neither_values_of_secrets_nor_other_stacks(
    deployed: tuple[World, Stack],
) -> None:
    """Without this, the nightly job of a pipeline could do more than look."""
    settings = deployed[1].settings
    policies = [permissions.status("prod", settings, HERE), permissions.doctor("prod", settings, HERE)]
    actions = {each for policy in policies for statement in policy["Statement"] for each in statement["Action"]}

    assert [each for each in actions if not _READS.fullmatch(each)] == []
    assert "secretsmanager:GetSecretValue" not in actions
    assert not allows(policies[1], "codebuild:BatchGetProjects", HERE.arn("codebuild", "project/conviso-dev-shop"))
    assert not allows(policies[1], "secretsmanager:DescribeSecret", HERE.arn("secretsmanager", "secret:other-AbCdEf"))


def test_the_policy_includes_projects_with_other_names_and_every_secret() -> None:
    """Without this, adopted projects would be `unknown` to the doctor."""
    raw = {
        "projectKey": "kXyZ12",
        "projectName": "ShopAPI",
        "secret": {"existingArn": samples.SECRET},
        "source": {**samples.SOURCES["github"], "provider": "github", "auth": {"tokenSecretArn": samples.TOKEN}},
    }
    policy = permissions.doctor("prod", parse_stack({"integrations": {"shop": raw}}, "prod"), HERE)

    assert allows(policy, "codebuild:BatchGetProjects", HERE.arn("codebuild", "project/ShopAPI"))
    assert all(allows(policy, "secretsmanager:DescribeSecret", arn) for arn in (samples.SECRET, samples.TOKEN))
    assert "Connections" not in {statement["Sid"] for statement in policy["Statement"]}


def test_the_policy_allows_all_resources_of_a_kind_that_only_another_stack_can_name() -> None:
    """Without this, the policy would have `{stack, output}` in place of an ARN, which IAM refuses."""
    output = {"stack": "acme/shared/prod", "output": "arn"}
    source = {**samples.SOURCES["github"], "provider": "github", "version": "main"}
    integrations = {
        "shop": {"projectKey": "a", "source": source | {"auth": {"connectionArn": output}}},
        "web": {"projectKey": "b", "source": source | {"auth": {"tokenSecretArn": output}}},
        "erp": {
            "projectKey": "c",
            "source": {**samples.SOURCES["s3"], "provider": "s3", "bucket": output},
            "triggers": {"objectCreated": True},
        },
    }
    raw = {"secret": {"existingArn": output}, "integrations": integrations}
    policy = permissions.doctor("prod", parse_stack(raw, "prod"), HERE)

    assert allows(policy, "codeconnections:GetConnection", samples.CONNECTION)
    assert allows(policy, "secretsmanager:DescribeSecret", samples.TOKEN)
    assert allows(policy, "s3:GetBucketNotification", HERE.s3_arn("any-bucket"))
    assert not allows(policy, "secretsmanager:GetSecretValue", samples.TOKEN)
