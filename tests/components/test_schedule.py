"""Builds that start by time, or by a new object in S3."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.components.building import EVENT_RULE, EVENT_TARGET, ROLE, ROLE_POLICY, SCHEDULE, build
from tests.config.samples import PROVIDERS, settings, short
from tests.harness import arn

AT_NIGHT = {"schedule": {"expression": "cron(0 3 ? * MON-FRI *)", "timezone": "Europe/Berlin"}}
QUEUE = "arn:aws:sqs:us-east-1:123456789012:failed-starts"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_schedule_starts_the_project_whatever_the_source(provider: str) -> None:
    graph = build(settings(provider, triggers=AT_NIGHT), failed_starts_queue_arn=QUEUE)

    schedule = graph.one(SCHEDULE).inputs
    assert schedule["scheduleExpression"] == "cron(0 3 ? * MON-FRI *)"
    assert schedule["scheduleExpressionTimezone"] == "Europe/Berlin"
    assert schedule["flexibleTimeWindow"] == {"mode": "FLEXIBLE", "maximumWindowInMinutes": 15}
    assert schedule["namePrefix"] == "conviso-dev-shop-schedule-"
    assert schedule["target"] == {
        "arn": arn("Project", "shop-project"),
        "roleArn": arn("Role", "shop-scheduler"),
        "deadLetterConfig": {"arn": QUEUE},
    }


def test_the_exact_time_has_no_window() -> None:
    """Without the mode OFF, AWS refuses a window of 0 minutes."""
    exact = {"schedule": {"expression": "rate(1 day)", "flexibleMinutes": 0}}

    assert build(settings(triggers=exact)).one(SCHEDULE).inputs["flexibleTimeWindow"] == {"mode": "OFF"}


def test_without_a_queue_there_is_no_dead_letter_queue() -> None:
    graph = build(settings(triggers=AT_NIGHT))

    assert "deadLetterConfig" not in graph.one(SCHEDULE).inputs["target"]
    assert "sqs" not in graph.one(ROLE_POLICY, "shop-scheduler").inputs["policy"]


def test_the_schedules_role_starts_this_project_only_and_keeps_failed_starts() -> None:
    graph = build(settings(triggers=AT_NIGHT), failed_starts_queue_arn=QUEUE)

    statements = json.loads(graph.one(ROLE_POLICY, "shop-scheduler").inputs["policy"])["Statement"]
    allowed = [(each["Action"], each["Resource"]) for each in statements if each["Effect"] == "Allow"]
    assert allowed == [
        (["codebuild:StartBuild"], ["arn:aws:codebuild:us-east-1:123456789012:project/conviso-dev-shop"]),
        (["sqs:SendMessage"], [QUEUE]),
    ]


def test_the_schedules_role_trusts_schedules_of_this_account_only() -> None:
    (trust,) = json.loads(build(settings(triggers=AT_NIGHT)).one(ROLE, "shop-scheduler").inputs["assumeRolePolicy"])[
        "Statement"
    ]

    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnEquals": {"aws:SourceArn": ["arn:aws:scheduler:us-east-1:123456789012:schedule-group/default"]},
    }


def test_a_new_object_starts_a_build_by_its_exact_key() -> None:
    """With a prefix instead of the key, `erp/legacy.zip.part` would start a build."""
    graph = build(settings("s3", triggers={"objectCreated": True}), failed_starts_queue_arn=QUEUE)

    assert json.loads(graph.one(EVENT_RULE, "shop-object").inputs["eventPattern"]) == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": ["acme-exports"]}, "object": {"key": ["erp/legacy.zip"]}},
    }
    target = graph.one(EVENT_TARGET, "shop-object").inputs
    assert "inputTransformer" not in target
    assert target["deadLetterConfig"] == {"arn": QUEUE}


@pytest.mark.parametrize(
    ("provider", "choices", "expected"),
    [
        ("s3", {}, ["triggers: is empty"]),
        ("github", {"triggers": {"push": False}}, ["triggers: is empty"]),
        ("github", {}, []),
        ("s3", {"triggers": AT_NIGHT}, []),
        ("s3", {"triggers": {"objectCreated": True}}, ["triggers.objectCreated: starts builds only once the owner"]),
        ("github", {"triggers": AT_NIGHT, "scans": {"sca": False}}, ["triggers.schedule: starts builds that scan"]),
        ("github", {"triggers": AT_NIGHT}, []),
    ],
    ids=short,
)
def test_a_trigger_that_may_disappoint_is_warned_of(
    provider: str, choices: dict[str, Any], expected: list[str]
) -> None:
    """Without the warnings, an integration that nothing starts looks like one that works."""
    messages = [message.removeprefix("shop.") for message in build(settings(provider, **choices)).messages]

    assert [said[: len(start)] for said, start in zip(messages, expected, strict=True)] == expected
