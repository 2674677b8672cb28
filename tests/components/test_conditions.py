"""What the conditions of a role's policy do: evaluated by reading, because the emulated AWS asks none of them."""

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
    """Of a build with a customer key for its secret, another for its source, and a network."""
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
def test_a_build_uses_keys_folders_and_networks_as_its_choices_say(
    action: str, resource: str, context: dict[str, str], *, allowed: bool
) -> None:
    assert allows(policy("s3"), action, resource, **context) is allowed


def test_a_starter_starts_its_project_with_any_version() -> None:
    assert allows(policies.start_build(HERE, "conviso-dev-shop"), "codebuild:StartBuild", PROJECT)
    other = HERE.arn("codebuild", "project/conviso-dev-shop-2")
    assert not allows(policies.start_build(HERE, "conviso-dev-shop"), "codebuild:StartBuild", other)


@pytest.mark.parametrize("override", OVERRIDES)
def test_a_starter_overrides_nothing_else(override: str) -> None:
    """Without the condition, whoever may start a build may give it another buildspec, and so has the role's powers."""
    asked = {f"codebuild:{override}": "x"}
    assert not allows(policies.start_build(HERE, "conviso-dev-shop"), "codebuild:StartBuild", PROJECT, **asked)


@pytest.mark.parametrize("override", OVERRIDES)
def test_a_person_overrides_nothing_by_any_other_policy(override: str) -> None:
    """Without the denials, a second policy that allows to start builds would allow their overrides, too."""
    other = {"Effect": "Allow", "Action": "codebuild:*", "Resource": "*"}
    denials = policies.deny_overrides({"StringEquals": {"aws:ResourceTag/conviso:stack": "dev"}})
    both = policies.document([other, *denials["Statement"]])
    asked, own = {f"codebuild:{override}": "x"}, {"aws:ResourceTag/conviso:stack": "dev"}
    assert not allows(both, "codebuild:StartBuild", PROJECT, **asked, **own)
    assert not allows(both, "codebuild:StartBuildBatch", PROJECT, **own)
    assert allows(both, "codebuild:StartBuild", PROJECT, **own)
    assert allows(both, "codebuild:StartBuild", HERE.arn("codebuild", "project/theirs"), **asked)


QUEUE = HERE.arn("sqs", "conviso-dev-failed-starts-01")


def test_a_schedule_keeps_failed_starts_in_its_queue_only() -> None:
    document = policies.start_build(HERE, "conviso-dev-shop", QUEUE)
    assert allows(document, "sqs:SendMessage", QUEUE)
    assert not allows(document, "sqs:SendMessage", HERE.arn("sqs", "conviso-dev-failed-starts-02"))
    assert not allows(document, "sqs:ReceiveMessage", QUEUE)
    assert not allows(policies.start_build(HERE, "conviso-dev-shop"), "sqs:SendMessage", QUEUE)


def may(document: policies.Document, service: str, action: str, resource: str, **context: str) -> bool:
    """Whether the policy of a resource lets this service do that over TLS, unless the context says otherwise."""
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
def test_the_topic_takes_what_its_rule_and_its_alarm_publish(
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
def test_the_queue_keeps_what_the_stacks_rules_could_not_start(
    service: str, context: dict[str, str], *, allowed: bool
) -> None:
    """Without the conditions, a rule of any account could fill the queue and raise the alarm."""
    document = notifications.queue_policy(QUEUE, HERE, "conviso-dev-")
    assert may(document, service, "sqs:SendMessage", QUEUE, **context) is allowed
    assert not may(document, service, "sqs:ReceiveMessage", QUEUE, **context)


@pytest.mark.parametrize("service", ["events", "cloudwatch"])
def test_the_topics_key_is_used_by_these_services_for_this_account_only(service: str) -> None:
    document = notifications.topic_key(HERE)
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        assert may(document, service, action, samples.KEY)
        assert not may(document, service, action, samples.KEY, **{"aws:SourceAccount": "999999999999"})
        assert not may(document, "lambda", action, samples.KEY)
    assert not may(document, service, "kms:PutKeyPolicy", samples.KEY)


def trusts(document: policies.Document, **context: str) -> bool:
    return allows(document, "sts:AssumeRole", **context)


def test_a_role_is_assumed_for_its_own_project_of_its_own_account_only() -> None:
    """Without the conditions, a project of anybody could be given the role: the confused deputy."""
    trust = policies.build_trust(HERE, "conviso-dev-shop")
    own: dict[str, Any] = {"aws:SourceAccount": HERE.account, "aws:SourceArn": PROJECT}
    assert trusts(trust, **own)
    assert not trusts(trust, **own | {"aws:SourceAccount": "999999999999"})
    assert not trusts(trust, **own | {"aws:SourceArn": HERE.arn("codebuild", "project/conviso-dev-shop-2")})
    assert not trusts(trust)


def test_a_schedules_role_is_assumed_for_schedules_of_this_account_only() -> None:
    """AWS sets the schedule's group here, so other schedules of the account's default group are trusted, too."""
    own = {"aws:SourceAccount": HERE.account, "aws:SourceArn": HERE.arn("scheduler", "schedule-group/default")}
    trust = policies.schedule_trust(HERE)
    assert trusts(trust, **own)
    assert not trusts(trust, **own | {"aws:SourceAccount": "999999999999"})
    assert not trusts(trust, **own | {"aws:SourceArn": HERE.arn("scheduler", "schedule-group/payments")})
    assert not trusts(trust)
