"""Builds that a schedule or a new object in S3 starts."""

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
def test_a_schedule_starts_builds_of_any_source(provider: str) -> None:
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


def test_a_schedule_without_flexibility_has_no_time_window() -> None:
    """Without the mode OFF, AWS refuses a window of 0 minutes."""
    exact = {"schedule": {"expression": "rate(1 day)", "flexibleMinutes": 0}}

    assert build(settings(triggers=exact)).one(SCHEDULE).inputs["flexibleTimeWindow"] == {"mode": "OFF"}


def test_a_schedule_has_no_dead_letter_queue_without_notifications() -> None:
    graph = build(settings(triggers=AT_NIGHT))

    assert "deadLetterConfig" not in graph.one(SCHEDULE).inputs["target"]
    assert "sqs" not in graph.one(ROLE_POLICY, "shop-scheduler").inputs["policy"]


def test_the_schedules_role_may_only_start_this_project_and_send_failed_starts_to_the_queue() -> None:
    graph = build(settings(triggers=AT_NIGHT), failed_starts_queue_arn=QUEUE)

    statements = json.loads(graph.one(ROLE_POLICY, "shop-scheduler").inputs["policy"])["Statement"]
    allowed = [(each["Action"], each["Resource"]) for each in statements if each["Effect"] == "Allow"]
    assert allowed == [
        (["codebuild:StartBuild"], ["arn:aws:codebuild:us-east-1:123456789012:project/conviso-dev-shop"]),
        (["sqs:SendMessage"], [QUEUE]),
    ]


def test_the_schedules_role_trusts_schedules_of_this_account_only() -> None:
    """Without the condition, schedules of other accounts may use the role."""
    (trust,) = json.loads(build(settings(triggers=AT_NIGHT)).one(ROLE, "shop-scheduler").inputs["assumeRolePolicy"])[
        "Statement"
    ]

    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnEquals": {"aws:SourceArn": ["arn:aws:scheduler:us-east-1:123456789012:schedule-group/default"]},
    }


def test_only_an_object_with_the_exact_key_starts_a_build() -> None:
    """Without the exact key, an upload of `erp/legacy.zip.part` starts a build."""
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
def test_a_trigger_that_may_not_do_what_you_expect_causes_a_warning(
    provider: str, choices: dict[str, Any], expected: list[str]
) -> None:
    """Without the warnings, an integration that nothing starts looks like one that works."""
    messages = [message.removeprefix("shop.") for message in build(settings(provider, **choices)).messages]

    assert [said[: len(start)] for said, start in zip(messages, expected, strict=True)] == expected
