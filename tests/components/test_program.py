"""The real program with two stacks: one that mostly uses defaults, and one that overrides them."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.components.building import (
    API_KEY,
    EVENT_RULE,
    EVENT_TARGET,
    INTEGRATION,
    KEY,
    LOG_BUCKET_TYPES,
    LOG_GROUP,
    PROJECT,
    ROLE,
    ROLE_POLICY,
    SCHEDULE,
    SECRET,
    SECRET_VALUE,
    WEBHOOK,
)
from tests.components.program import API_KEY_VALUE, configured, program
from tests.config.samples import integration, stack
from tests.harness import Graph, run

STACKS = {
    "dev": stack(
        integrations={
            "shop": integration("github"),
            "billing": integration("codecommit", projectKey="bIl99", review={"strategy": "tags-by-version"}),
            "website": integration("gitlab", review={"strategy": "none"}),
        }
    ),
    "prod": stack(
        secret={"createKey": True, "value": "writeOnly"},
        defaults={"role": {"path": "/appsec/"}, "tags": {"environment": "prod"}},
        integrations={
            "shop": integration("github", logs={"destination": "both"}),
            "payments": integration(
                "bitbucket", projectKey="pAy42", scans={"iac": True}, triggers={"push": {"filePaths": ["src/**"]}}
            ),
            "legacy": integration("s3", projectKey="lEg31", triggers={"schedule": {"expression": "rate(1 day)"}}),
        },
    ),
}
each_stack = pytest.mark.parametrize("name", STACKS)


def graph_of(name: str) -> Graph:
    """Return the graph of one of the two stacks."""
    return run(program, configured(STACKS[name], stack=name))


def test_a_stack_of_defaults_creates_exactly_these_resources() -> None:
    assert graph_of("dev").types() == Counter(
        {
            API_KEY: 1,
            SECRET: 1,
            SECRET_VALUE: 1,
            INTEGRATION: 3,
            LOG_GROUP: 3,
            PROJECT: 3,
            WEBHOOK: 2,
            EVENT_RULE: 1,
            EVENT_TARGET: 1,
            ROLE: 4,
            ROLE_POLICY: 4,
        }
    )


def test_a_stack_with_a_customer_key_and_logs_in_s3_creates_exactly_these_resources() -> None:
    assert graph_of("prod").types() == Counter(
        {
            API_KEY: 1,
            SECRET: 1,
            SECRET_VALUE: 1,
            KEY: 1,
            INTEGRATION: 3,
            LOG_GROUP: 3,
            PROJECT: 3,
            WEBHOOK: 2,
            ROLE: 4,
            ROLE_POLICY: 4,
            SCHEDULE: 1,
            **dict.fromkeys(LOG_BUCKET_TYPES, 1),
        }
    )


@each_stack
def test_every_integration_is_exported(name: str) -> None:
    assert graph_of(name).exports["integrations"].keys() == STACKS[name]["integrations"].keys()


@each_stack
def test_only_the_secrets_value_contains_the_api_key(name: str) -> None:
    graph = graph_of(name)

    holding = [(each.type, each.secret_inputs) for each in graph.resources if API_KEY_VALUE in str(each.inputs)]
    assert [type_ for type_, secret in holding if secret] == [type_ for type_, _ in holding] == [SECRET_VALUE]


@each_stack
def test_no_output_contains_the_api_key(name: str) -> None:
    graph = graph_of(name)

    assert API_KEY_VALUE not in str([graph.exports, graph.outputs, graph.messages])


@each_stack
def test_no_buildspec_names_an_account_or_a_stack(name: str) -> None:
    graph = graph_of(name)
    texts = [each.inputs["source"]["buildspec"] for each in graph.of(PROJECT)]

    assert [found for text in texts for found in re.findall(r"arn:aws|123456789012|conviso-(?:dev|prod)", text)] == []


@each_stack
def test_the_program_logs_no_messages(name: str) -> None:
    assert graph_of(name).messages == []


def test_integrations_share_the_stacks_secret() -> None:
    raw = stack(integrations={"shop": integration(), "web": integration("s3")})
    exports = run(program, configured(raw)).exports

    assert {each["secretArn"] for each in exports["integrations"].values()} == {exports["secretArn"]}


def test_two_stacks_give_their_projects_and_secrets_different_names() -> None:
    """Without this, two stacks in one account manage the same project and secret."""
    made = [run(program, configured(stack(), stack=name)) for name in ("dev", "prod")]

    names = [(graph.one(PROJECT).inputs["name"], graph.one(SECRET).inputs["name"]) for graph in made]
    assert names == [("conviso-dev-shop", "conviso/dev"), ("conviso-prod-shop", "conviso/prod")]
