"""What the conditions of the policies allow; `tests/iam.py` evaluates them, since the emulated AWS ignores them."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from components.aws import notifications, policies
from components.aws.policies import OVERRIDES
from tests.components.building import build, statements
from tests.config import samples
from tests.config.samples import settings
from tests.harness import HERE
from tests.iam import allows

PROJECT = HERE.arn("codebuild", "project/conviso-dev-shop")
SUBNET = HERE.arn("ec2", "subnet/subnet-0aaa1111")
INTERFACE = HERE.arn("ec2", "network-interface/eni-1")


def endpoint(service: str) -> dict[str, str]:
    return {"kms:ViaService": HERE.endpoint(service)}


@cache
def policy(provider: str) -> policies.Document:
    """Return the role's policy for a build in a VPC, with one KMS key for its secret and another for its source."""
    source = {"key": "erp/", "kmsKeyArn": samples.OTHER_KEY} if provider == "s3" else None
    secret = {"existingArn": samples.SECRET, "kmsKeyArn": samples.KEY}
    chosen = settings(provider, source=source, secret=secret, environment={"vpc": samples.VPC})
    return policies.document(statements(build(chosen)))


@pytest.mark.parametrize(
    ("action", "resource", "context", "allowed"),
    [
        ("kms:Decrypt", samples.KEY, endpoint("secretsmanager"), True),
        ("kms:Decrypt", samples.KEY, endpoint("s3"), False),
        ("kms:Decrypt", samples.KEY, {}, False),
        ("kms:Decrypt", samples.OTHER_KEY, endpoint("s3"), True),
        ("kms:Decrypt", samples.OTHER_KEY, endpoint("secretsmanager"), False),
        ("kms:Encrypt", samples.KEY, endpoint("secretsmanager"), False),
        ("s3:ListBucket", "arn:aws:s3:::acme-exports", {"s3:prefix": "erp/src/"}, True),
        ("s3:ListBucket", "arn:aws:s3:::acme-exports", {"s3:prefix": "payroll/"}, False),
        ("s3:ListBucket", "arn:aws:s3:::acme-exports", {}, False),
        ("ec2:CreateNetworkInterface", SUBNET, {}, True),
        ("ec2:CreateNetworkInterface", HERE.arn("ec2", "subnet/subnet-0fff9999"), {}, False),
        ("ec2:DeleteNetworkInterface", INTERFACE, {"ec2:Subnet": SUBNET}, True),
        ("ec2:DeleteNetworkInterface", INTERFACE, {"ec2:Subnet": HERE.arn("ec2", "subnet/subnet-0fff9999")}, False),
        ("ec2:DeleteNetworkInterface", INTERFACE, {}, False),
        (
            "ec2:CreateNetworkInterfacePermission",
            INTERFACE,
            {"ec2:Subnet": SUBNET, "ec2:AuthorizedService": "codebuild.amazonaws.com"},
            True,
        ),
        (
            "ec2:CreateNetworkInterfacePermission",
            INTERFACE,
            {"ec2:Subnet": SUBNET, "ec2:AuthorizedService": "lambda.amazonaws.com"},
            False,
        ),
    ],
    ids=lambda value: str(value)[-50:],
)
def test_a_build_may_use_only_the_kms_keys_folders_and_networks_of_its_settings(
    action: str, resource: str, context: dict[str, str], *, allowed: bool
) -> None:
    """Without the conditions, a build may decrypt other data, list other folders, and delete other interfaces."""
    assert allows(policy("s3"), action, resource, **context) is allowed


def test_a_starters_role_may_start_its_own_project_only() -> None:
    assert allows(policies.start_build(HERE, "conviso-dev-shop"), "codebuild:StartBuild", PROJECT)
    other = HERE.arn("codebuild", "project/conviso-dev-shop-2")
    assert not allows(policies.start_build(HERE, "conviso-dev-shop"), "codebuild:StartBuild", other)


@pytest.mark.parametrize("override", OVERRIDES)
def test_a_starters_role_may_override_only_the_source_version(override: str) -> None:
    """Without the condition, whoever may start a build can replace its buildspec and use the powers of its role."""
    asked = {f"codebuild:{override}": "x"}
    assert not allows(policies.start_build(HERE, "conviso-dev-shop"), "codebuild:StartBuild", PROJECT, **asked)


@pytest.mark.parametrize("override", OVERRIDES)
def test_the_denials_hold_beside_a_policy_that_allows_everything(override: str) -> None:
    """Without the denials, another policy that allows starting builds also allows overriding their settings."""
    other = {"Effect": "Allow", "Action": "codebuild:*", "Resource": "*"}
    denials = policies.deny_overrides({"StringEquals": {"aws:ResourceTag/conviso:stack": "dev"}})
    both = policies.document([other, *denials["Statement"]])
    asked, own = {f"codebuild:{override}": "x"}, {"aws:ResourceTag/conviso:stack": "dev"}
    assert not allows(both, "codebuild:StartBuild", PROJECT, **asked, **own)
    assert not allows(both, "codebuild:StartBuildBatch", PROJECT, **own)
    assert allows(both, "codebuild:StartBuild", PROJECT, **own)
    assert allows(both, "codebuild:StartBuild", HERE.arn("codebuild", "project/theirs"), **asked)


QUEUE = HERE.arn("sqs", "conviso-dev-failed-starts-01")


def test_a_schedules_role_may_send_failed_starts_to_its_own_queue_only() -> None:
    document = policies.start_build(HERE, "conviso-dev-shop", QUEUE)
    assert allows(document, "sqs:SendMessage", QUEUE)
    assert not allows(document, "sqs:SendMessage", HERE.arn("sqs", "conviso-dev-failed-starts-02"))
    assert not allows(document, "sqs:ReceiveMessage", QUEUE)
    assert not allows(policies.start_build(HERE, "conviso-dev-shop"), "sqs:SendMessage", QUEUE)


def may(document: policies.Document, service: str, action: str, resource: str, **context: str) -> bool:
    """Return whether a resource's policy allows the service this action, over TLS unless the context says otherwise."""
    principals = ("*", {"Service": f"{service}.amazonaws.com"})
    concerned = [each for each in document["Statement"] if each["Principal"] in principals]
    context = {"aws:SourceAccount": HERE.account, "aws:SecureTransport": "true"} | context
    return allows(policies.document(concerned), action, resource, **context)


TOPIC, RULE = HERE.arn("sns", "conviso-dev-reviews-01"), HERE.arn("events", "rule/conviso-dev-builds-01")
ALARM = HERE.arn("cloudwatch", "alarm:conviso-dev-failed-starts-alarm")


@pytest.mark.parametrize(
    ("service", "context", "allowed"),
    [
        ("events", {"aws:SourceArn": RULE}, True),
        ("cloudwatch", {"aws:SourceArn": ALARM}, True),
        ("events", {"aws:SourceArn": ALARM}, False),
        ("events", {"aws:SourceArn": f"{RULE}2"}, False),
        ("events", {}, False),
        ("events", {"aws:SourceArn": RULE, "aws:SourceAccount": "999999999999"}, False),
        ("events", {"aws:SourceArn": RULE, "aws:SecureTransport": "false"}, False),
        ("lambda", {"aws:SourceArn": RULE}, False),
    ],
)
def test_only_the_stacks_rule_and_alarm_may_publish_to_the_topic(
    service: str, context: dict[str, str], *, allowed: bool
) -> None:
    """Without the conditions, a rule of any account could send people messages in the stack's name."""
    document = notifications.topic_policy(TOPIC, HERE, {"events": [RULE], "cloudwatch": [ALARM]})
    assert may(document, service, "sns:Publish", TOPIC, **context) is allowed
    assert not may(document, service, "sns:SetTopicAttributes", TOPIC, **context)


@pytest.mark.parametrize(
    ("service", "context", "allowed"),
    [
        ("events", {"aws:SourceArn": RULE}, True),
        ("events", {"aws:SourceArn": HERE.arn("events", "rule/payments")}, False),
        ("events", {"aws:SourceArn": RULE, "aws:SourceAccount": "999999999999"}, False),
        ("events", {"aws:SourceArn": RULE, "aws:SecureTransport": "false"}, False),
        ("sns", {"aws:SourceArn": RULE}, False),
    ],
)
def test_only_the_stacks_rules_may_send_to_the_queue(service: str, context: dict[str, str], *, allowed: bool) -> None:
    """Without the conditions, a rule in any account can fill the queue and raise the alarm."""
    document = notifications.queue_policy(QUEUE, HERE, "conviso-dev-")
    assert may(document, service, "sqs:SendMessage", QUEUE, **context) is allowed
    assert not may(document, service, "sqs:ReceiveMessage", QUEUE, **context)


@pytest.mark.parametrize("service", ["events", "cloudwatch"])
def test_only_these_services_may_use_the_topics_key_for_this_account(service: str) -> None:
    """Without the conditions, the services may use the KMS key on behalf of any account."""
    document = notifications.topic_key(HERE)
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        assert may(document, service, action, samples.KEY)
        assert not may(document, service, action, samples.KEY, **{"aws:SourceAccount": "999999999999"})
        assert not may(document, "lambda", action, samples.KEY)
    assert not may(document, service, "kms:PutKeyPolicy", samples.KEY)


def trusts(document: policies.Document, **context: str) -> bool:
    return allows(document, "sts:AssumeRole", **context)


def test_codebuild_may_assume_a_role_only_for_its_own_project() -> None:
    """Without the conditions, CodeBuild is a confused deputy: any project may use the role."""
    trust = policies.build_trust(HERE, "conviso-dev-shop")
    own: dict[str, Any] = {"aws:SourceAccount": HERE.account, "aws:SourceArn": PROJECT}
    assert trusts(trust, **own)
    assert not trusts(trust, **own | {"aws:SourceAccount": "999999999999"})
    assert not trusts(trust, **own | {"aws:SourceArn": HERE.arn("codebuild", "project/conviso-dev-shop-2")})
    assert not trusts(trust)


def test_scheduler_may_assume_a_role_only_for_this_accounts_default_group() -> None:
    """Without the conditions, any account's schedules may use the role; AWS names the group here, not the schedule."""
    own = {"aws:SourceAccount": HERE.account, "aws:SourceArn": HERE.arn("scheduler", "schedule-group/default")}
    trust = policies.schedule_trust(HERE)
    assert trusts(trust, **own)
    assert not trusts(trust, **own | {"aws:SourceAccount": "999999999999"})
    assert not trusts(trust, **own | {"aws:SourceArn": HERE.arn("scheduler", "schedule-group/payments")})
    assert not trusts(trust)
