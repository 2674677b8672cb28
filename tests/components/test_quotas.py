"""Exceeded quotas are reported before anything is created: adjustable ones as warnings, fixed ones as errors."""

from __future__ import annotations

from typing import Any

import pytest

from components.aws import quotas
from components.config import parse_stack
from tests import harness
from tests.components.program import configured, program
from tests.config.samples import integration


def found(count: int, provider: str, **sections: Any) -> list[str]:
    """Return the warnings about a stack with that many identical integrations."""
    integrations = {f"shop-{number}": integration(provider, **sections) for number in range(count)}
    return list(quotas.exceeded("dev", parse_stack({"integrations": integrations}, "dev")))


@pytest.mark.parametrize(
    ("count", "provider", "sections", "beginnings"),
    [
        (1_000, "github", {}, []),
        (1_001, "github", {}, ["the stack needs 1001 roles in an account, and AWS allows 1000"]),
        (501, "github", {"triggers": {"pullRequests": {}}}, ["the stack needs 1002 roles"]),
        (501, "github", {"triggers": {"schedule": {"expression": "rate(1 day)"}}}, ["the stack needs 1002 roles"]),
        (300, "codecommit", {"triggers": {"push": True}}, []),
        (151, "codecommit", {"triggers": {"push": True, "tags": True}}, ["the stack needs 302 rules on an event bus"]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_exceeded_quota_is_reported_with_both_numbers(
    count: int, provider: str, sections: dict[str, Any], beginnings: list[str]
) -> None:
    """Without this, a deployment that takes hours stops in the middle with LimitExceeded."""
    said = found(count, provider, **sections)

    assert [each[: len(beginning)] for each, beginning in zip(said, beginnings, strict=True)] == beginnings


def test_the_program_warns_and_continues(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without this, a stack is refused although its account's quota, which the program cannot see, was raised."""
    monkeypatch.setattr(quotas, "ROLES", quotas.Quota("roles in an account", 0, "Service Quotas, IAM"))
    graph = harness.run(program, configured({"integrations": {"shop": integration()}}))

    assert any("the stack needs 1 roles in an account" in each for each in graph.messages)
    assert graph.of("aws:iam/role:Role")


@pytest.mark.parametrize(("count", "refused"), [(20, False), (21, True)])
def test_more_webhooks_than_github_accepts_are_an_error(count: int, *, refused: bool) -> None:
    """Without this, the 21st webhook fails after everything else exists; GitHub does not raise the limit."""
    settings = parse_stack({"integrations": {f"shop-{number}": integration() for number in range(count)}}, "dev")

    assert bool(list(quotas.too_many_webhooks(settings))) is refused


def test_githubs_webhooks_are_counted_however_the_repository_is_written() -> None:
    """Without this, twenty-one integrations of one repository pass where two of them spell its name differently."""
    urls = ["https://github.com/Acme/Shop-API", *(["https://github.com/acme/shop-api.git"] * 20)]
    integrations = {f"shop-{number}": integration(source={"repository": url}) for number, url in enumerate(urls)}

    assert len(list(quotas.too_many_webhooks(parse_stack({"integrations": integrations}, "dev")))) == 1


def test_the_rules_of_notifications_count() -> None:
    """Without this, a stack with many names of its own choice meets the quota in the middle of a deployment."""
    integrations = {
        f"shop-{number}": integration("codecommit", projectName=f"{number:0>147}", triggers={"push": True})
        for number in range(299)
    }
    raw = {"integrations": integrations, "notifications": {"emails": ["a@b.example"]}}

    assert [each[:45] for each in quotas.exceeded("dev", parse_stack(raw, "dev"))] == [
        "the stack needs 324 rules on an event bus, an"
    ]
