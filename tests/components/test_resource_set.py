"""The exact set of resources that an integration creates."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.components.building import (
    EVENT_RULE,
    EVENT_TARGET,
    INTEGRATION,
    LOG_BUCKET_TYPES,
    LOG_GROUP,
    PROJECT,
    ROLE,
    ROLE_POLICY,
    WEBHOOK,
    build,
)
from tests.config import samples
from tests.config.samples import GIT_HOSTS, PROVIDERS, STRATEGIES, settings, short

CORE = Counter({INTEGRATION: 1, LOG_GROUP: 1, ROLE: 1, ROLE_POLICY: 1, PROJECT: 1})
ONE_WEBHOOK = Counter({WEBHOOK: 1})
ONE_RULE = Counter({EVENT_RULE: 1, EVENT_TARGET: 1, ROLE: 1, ROLE_POLICY: 1})
"""A rule, its target, and the role that may start builds of the project."""
CREATED_BUCKET = Counter(LOG_BUCKET_TYPES)
NOTHING: Counter[str] = Counter()

TRIGGERS_OF = {"codecommit": ONE_RULE, "s3": NOTHING, **dict.fromkeys(GIT_HOSTS, ONE_WEBHOOK)}


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_provider_and_strategy_creates_exactly_these_resources(provider: str, strategy: str) -> None:
    graph = build(settings(provider, **samples.reviewed(provider, strategy)))

    assert graph.types() == CORE + TRIGGERS_OF[provider]


@pytest.mark.parametrize(
    ("choice", "added", "removed"),
    [
        ({"source": {"auth": {"connectionArn": samples.CONNECTION}}}, NOTHING, NOTHING),
        ({"source": {"auth": {"tokenSecretArn": samples.TOKEN, "kmsKeyArn": samples.KEY}}}, NOTHING, NOTHING),
        ({"source": {"submodules": True}}, NOTHING, NOTHING),
        ({"logs": {"destination": "both"}}, CREATED_BUCKET, NOTHING),
        ({"logs": {"destination": "both", "bucket": "acme-logs"}}, NOTHING, NOTHING),
        ({"logs": {"destination": "s3"}}, CREATED_BUCKET, Counter([LOG_GROUP])),
        ({"logs": {"destination": "s3", "bucket": "acme-logs"}}, NOTHING, Counter([LOG_GROUP])),
        ({"logs": {"kmsKeyArn": samples.KEY}}, NOTHING, NOTHING),
        ({"secret": {"existingArn": samples.SECRET, "kmsKeyArn": samples.KEY}}, NOTHING, NOTHING),
        ({"role": {"path": "/appsec/", "permissionsBoundaryArn": samples.BOUNDARY}}, NOTHING, NOTHING),
        ({"environment": {"vpc": samples.VPC, "certificate": samples.CERTIFICATE}}, NOTHING, NOTHING),
        ({"environment": {"dockerLayerCache": True}}, NOTHING, NOTHING),
        ({"buildspec": {"location": "repository"}}, NOTHING, NOTHING),
        ({"client": {"package": "conviso-ast"}, "review": {"strategy": "none"}}, NOTHING, NOTHING),
        ({"triggers": {"tags": True}}, NOTHING, NOTHING),
        ({"triggers": {"push": False, "releases": True}}, NOTHING, NOTHING),
        ({"triggers": {"push": False}}, NOTHING, ONE_WEBHOOK),
        ({"triggers": {"push": {"filePaths": ["src/**"]}}}, NOTHING, NOTHING),
        ({"source": {"version": "refs/tags/v1"}}, NOTHING, ONE_WEBHOOK),
        ({"source": {"version": samples.COMMIT}}, NOTHING, ONE_WEBHOOK),
    ],
    ids=short,
)
def test_a_choice_adds_and_removes_only_its_own_resources(
    choice: dict[str, Any], added: Counter[str], removed: Counter[str]
) -> None:
    assert build(settings(**choice)).types() == CORE + ONE_WEBHOOK + added - removed


@pytest.mark.parametrize(
    ("triggers", "expected"),
    [
        ({"push": True, "tags": True}, ["shop-branch", "shop-tag"]),
        ({"push": True, "tags": False}, ["shop-branch"]),
        ({"push": False, "tags": "v*"}, ["shop-tag"]),
        ({"push": False, "tags": False}, []),
    ],
    ids=short,
)
def test_codecommit_has_one_rule_with_one_target_for_each_kind_of_reference(
    triggers: dict[str, Any], expected: list[str]
) -> None:
    graph = build(settings("codecommit", triggers=triggers))

    assert [[each.name for each in graph.of(type_)] for type_ in (EVENT_RULE, EVENT_TARGET)] == [expected, expected]


def test_two_rules_share_one_role_that_may_start_builds() -> None:
    graph = build(settings("codecommit", triggers={"push": True, "tags": True}))

    assert [each.name for each in graph.of(ROLE)] == ["shop-role", "shop-starter"]


def test_without_rules_there_is_no_role_that_may_start_builds() -> None:
    graph = build(settings("codecommit", triggers={"push": False}))

    assert [each.name for each in graph.of(ROLE)] == ["shop-role"]
