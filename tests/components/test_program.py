"""The real program with the stack files that the repository ships."""

from __future__ import annotations

import json
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
from tests.components.program import API_KEY_VALUE, configured, program, shipped
from tests.config.samples import integration, stack
from tests.harness import Graph, run

STACKS = pytest.mark.parametrize("stack", ["dev", "prod"])


def graph_of(stack: str) -> Graph:
    """What the shipped stack makes."""
    return run(program, shipped(stack))


def test_the_development_stack_makes_exactly_these_resources() -> None:
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


def test_the_production_stack_makes_exactly_these_resources() -> None:
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


@STACKS
def test_every_integration_of_the_file_is_exported(stack: str) -> None:
    named = json.loads(shipped(stack).config["conviso-codebuild:integrations"])

    assert set(graph_of(stack).exports["integrations"]) == set(named)


def test_the_two_environments_build_different_branches() -> None:
    """Else each would take the other's deploys."""
    versions = [{each.inputs.get("sourceVersion") for each in graph_of(stack).of(PROJECT)} for stack in ("dev", "prod")]

    assert versions == [{"develop"}, {"main", None}]


@STACKS
def test_the_key_stands_in_the_secrets_value_only(stack: str) -> None:
    graph = graph_of(stack)

    holding = [(each.type, each.secret_inputs) for each in graph.resources if API_KEY_VALUE in str(each.inputs)]
    assert [type_ for type_, secret in holding if secret] == [type_ for type_, _ in holding] == [SECRET_VALUE]


@STACKS
def test_the_key_stands_in_no_output(stack: str) -> None:
    graph = graph_of(stack)

    assert API_KEY_VALUE not in str([graph.exports, graph.outputs, graph.messages])


@STACKS
def test_no_buildspec_names_an_account_or_a_stack(stack: str) -> None:
    graph = graph_of(stack)
    texts = [each.inputs["source"]["buildspec"] for each in graph.of(PROJECT)]

    assert [found for text in texts for found in re.findall(r"arn:aws|123456789012|conviso-(?:dev|prod)", text)] == []


@STACKS
def test_the_program_says_nothing_on_its_way(stack: str) -> None:
    assert graph_of(stack).messages == []


def test_integrations_share_the_stacks_secret() -> None:
    raw = stack(integrations={"shop": integration(), "web": integration("s3")})
    exports = run(program, configured(raw)).exports

    assert {each["secretArn"] for each in exports["integrations"].values()} == {exports["secretArn"]}


def test_two_stacks_name_their_projects_and_secrets_apart() -> None:
    made = [run(program, configured(stack(), stack=name)) for name in ("dev", "prod")]

    names = [(graph.one(PROJECT).inputs["name"], graph.one(SECRET).inputs["name"]) for graph in made]
    assert names == [("conviso-dev-shop", "conviso/dev"), ("conviso-prod-shop", "conviso/prod")]
