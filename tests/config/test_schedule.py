"""`triggers.schedule` and `notifications`: values that AWS accepts, and values that it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from components.config import ConfigError, parse_stack
from tests.config.samples import integration, refusals_of, settings, stack

VALID_EXPRESSIONS = [
    "rate(1 minute)",
    "rate(12 hours)",
    "rate(7 days)",
    "at(2026-12-31T23:59:59)",
    "cron(0 3 ? * MON-FRI *)",
    "cron(0/15 8-18 ? * 2-6 2026-2030)",
    "cron(30 2 1,15 JAN,JUL ? *)",
    "cron(0 10 L * ? *)",
    "cron(0 10 3W * ? *)",
    "cron(0 10 ? * 6L *)",
    "cron(0 10 ? * 2#1 *)",
    "cron(0 10 ? * MON#1 *)",
    "cron(0 10 ? * FRIL *)",
]
INVALID_EXPRESSIONS = [
    "rate(1 hours)",
    "rate(2 hour)",
    "rate(0 days)",
    "rate(1 week)",
    "at(2026-13-01T00:00:00)",
    "at(2026-02-30T00:00:00)",
    "at(2026-12-31T24:00:00)",
    "at(2026-12-31)",
    "cron(0 3 * * *)",
    "cron(0 3 * * * *)",
    "cron(0 3 ? * ? *)",
    "cron(60 3 ? * MON *)",
    "cron(0 24 ? * MON *)",
    "cron(0 3 32 * ? *)",
    "cron(0 3 ? 13 MON *)",
    "cron(0 3 ? * MOO *)",
    "cron(0 3 ? * MON 1969)",
    "cron(0,,5 3 ? * MON *)",
    "cron(0 10 ? * MON#6 *)",
    "cron(0\u00a03 * * ? *)",
    "cron(0 3 ? * \u017fUN *)",
    "every night",
    "0 3 * * *",
]


@pytest.mark.parametrize("expression", VALID_EXPRESSIONS)
def test_an_expression_that_aws_accepts_is_accepted(expression: str) -> None:
    schedule = settings(triggers={"schedule": {"expression": expression}}).triggers.schedule

    assert schedule is not None
    assert (schedule.expression, schedule.timezone, schedule.flexible_minutes) == (expression, "UTC", 15)


@pytest.mark.parametrize("expression", INVALID_EXPRESSIONS)
def test_an_expression_that_aws_refuses_is_one_problem(expression: str) -> None:
    """Without this check, the preview succeeds and `pulumi up` fails halfway."""
    ((path, message),) = refusals_of(triggers={"schedule": {"expression": expression}})

    assert (path, message.split(" ")[0]) == ("triggers.schedule.expression", "must")


@pytest.mark.parametrize(
    ("provider", "triggers", "path", "message"),
    [
        ("github", {"schedule": {}}, "triggers.schedule.expression", "is required"),
        (
            "github",
            {"schedule": {"expression": "rate(1 day)", "timezone": "Mars/Olympus"}},
            "triggers.schedule.timezone",
            "must be a name of the time zone database",
        ),
        (
            "github",
            {"schedule": {"expression": "rate(1 day)", "timezone": "Factory"}},
            "triggers.schedule.timezone",
            "must be a name of the time zone database",
        ),
        (
            "github",
            {"schedule": {"expression": "rate(1 day)", "flexibleMinutes": 1441}},
            "triggers.schedule.flexibleMinutes",
            "must be at most 1440",
        ),
        ("github", {"objectCreated": True}, "triggers.objectCreated", "is for s3 only; source.provider is github"),
    ],
)
def test_an_impossible_trigger_is_one_problem(provider: str, triggers: dict[str, Any], path: str, message: str) -> None:
    ((found, said),) = refusals_of(provider, triggers=triggers)

    assert (found, said[: len(message)]) == (path, message)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({"key": "erp/"}, "needs a .zip object as source.key"),
        ({"version": "3sL4kqtJlcpXroDTDmJ"}, "would build source.version again whatever object is created"),
    ],
)
def test_an_object_that_would_start_the_wrong_build_is_one_problem(source: dict[str, str], message: str) -> None:
    ((path, said),) = refusals_of("s3", source=source, triggers={"objectCreated": True})

    assert (path, said[: len(message)]) == ("triggers.objectCreated", message)


@pytest.mark.parametrize(
    ("notifications", "path", "message"),
    [
        ({"states": ["failed"]}, "notifications", "must have either emails or topicArn; got neither"),
        (
            {"emails": ["a@b.example"], "topicArn": "arn:aws:sns:us-east-1:123456789012:appsec"},
            "notifications",
            "must have either emails or topicArn; got both",
        ),
        ({"emails": []}, "notifications.emails", "must have at least 1; it has 0"),
        ({"emails": ["nobody"]}, "notifications.emails[0]", "must be an e-mail address"),
        ({"emails": ["a@b.example", "a@b.example"]}, "notifications.emails", "must not name anything twice"),
        ({"topicArn": "arn:aws:sns:us-east-1:123456789012:a.fifo"}, "notifications.topicArn", "must be an ARN"),
        ({"emails": ["a@b.example"], "states": ["fail"]}, "notifications.states[0]", "must be one of failed, stopped"),
    ],
)
def test_invalid_notifications_are_one_problem(notifications: dict[str, Any], path: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_stack(stack(notifications=notifications, integrations={"shop": integration()}), "dev")

    (problem,) = caught.value.problems
    assert (problem.path, problem.message[: len(message)]) == (path, message)
