"""What starts a build of a CodeCommit repository: EventBridge rules and the input of their targets."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from components.aws.triggers import reference_patterns
from tests.components.building import EVENT_RULE, EVENT_TARGET, build
from tests.config import samples
from tests.config.samples import settings, short
from tests.harness import CHINA, HERE, arn, physical_name

REPOSITORY = "arn:aws:codecommit:us-east-1:123456789012:billing"


def pattern(kind: str, names: list[Any] | None, repository: str = REPOSITORY) -> dict[str, Any]:
    """Return the event pattern for references of that kind; with None, their names do not matter."""
    by_name = {} if names is None else {"referenceName": names}
    return {
        "source": ["aws.codecommit"],
        "detail-type": ["CodeCommit Repository State Change"],
        "resources": [repository],
        "detail": {"event": ["referenceCreated", "referenceUpdated"], "referenceType": [kind], **by_name},
    }


def patterns(**choices: Any) -> dict[str, Any]:
    """Return the event pattern of each rule, by the rule's name."""
    rules = build(settings("codecommit", **choices)).of(EVENT_RULE)
    return {rule.name: json.loads(rule.inputs["eventPattern"]) for rule in rules}


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ({}, {"shop-branch": pattern("branch", ["main"])}),
        ({"source": {"version": "refs/heads/release/1"}}, {"shop-branch": pattern("branch", ["release/1"])}),
        ({"review": {"strategy": "none"}}, {"shop-branch": pattern("branch", ["main"])}),
        ({"review": {"strategy": "tags-by-time"}}, {"shop-tag": pattern("tag", None)}),
        ({"review": {"strategy": "tags-by-version"}}, {"shop-tag": pattern("tag", None)}),
        (
            {"triggers": {"push": False, "tags": "v*-rc**"}},
            {"shop-tag": pattern("tag", [{"wildcard": "v*-rc*"}])},
        ),
        ({"triggers": {"push": False, "tags": "stable"}}, {"shop-tag": pattern("tag", ["stable"])}),
        (
            {"triggers": {"tags": True}},
            {"shop-branch": pattern("branch", ["main"]), "shop-tag": pattern("tag", None)},
        ),
    ],
    ids=short,
)
def test_a_rule_matches_only_the_branch_or_the_tags_of_its_repository(
    choices: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert patterns(**choices) == expected


def test_a_rule_names_the_repository_in_its_own_partition() -> None:
    rule = build(settings("codecommit"), location=CHINA).one(EVENT_RULE)

    repository = "arn:aws-cn:codecommit:cn-north-1:123456789012:billing"
    assert json.loads(rule.inputs["eventPattern"]) == pattern("branch", ["main"], repository)


@pytest.mark.parametrize("kind", ["branch", "tag"])
def test_a_target_builds_the_pushed_commit_with_the_starters_role(kind: str) -> None:
    """Without the input transformer, a build uses the newest commit instead of the pushed one."""
    graph = build(settings("codecommit", triggers={"push": True, "tags": True}))

    assert graph.one(EVENT_TARGET, f"shop-{kind}").inputs == {
        "rule": physical_name(f"shop-{kind}"),
        "arn": arn("Project", "shop-project"),
        "roleArn": arn("Role", "shop-starter"),
        "inputTransformer": {
            "inputPaths": {"commitId": "$.detail.commitId"},
            "inputTemplate": '{"sourceVersion": "<commitId>"}',
        },
    }


def test_a_rule_has_exactly_these_inputs() -> None:
    rule = build(settings("codecommit", tags={"team": "appsec"})).one(EVENT_RULE)

    assert rule.inputs == {
        "description": "Pushed branch starts conviso-dev-shop",
        "eventPattern": json.dumps(pattern("branch", ["main"])),
        "namePrefix": "conviso-dev-shop-branch-",
        "tags": {"team": "appsec", "conviso:stack": "dev"},
    }


@pytest.mark.parametrize("provider", [each for each in samples.PROVIDERS if each != "codecommit"])
def test_other_providers_have_no_rules(provider: str) -> None:
    assert build(settings(provider)).of(EVENT_RULE) == []


@given(st.text(st.sampled_from("ab*/.+|()é-"), min_size=1, max_size=8))
def test_any_accepted_tag_glob_is_literal_except_for_its_stars(glob: str) -> None:
    assume(not samples.refusals_of("codecommit", triggers={"tags": glob}))
    found = reference_patterns(settings("codecommit", triggers={"tags": glob}), HERE)["tag"]["detail"]

    (name,) = found.get("referenceName", [{"wildcard": "*"}])
    assert name == ({"wildcard": with_single_stars(glob)} if "*" in glob else glob)


def with_single_stars(glob: str) -> str:
    """Return the glob with each run of stars replaced by one star."""
    while "**" in glob:
        glob = glob.replace("**", "*")
    return glob


def test_objects_in_a_bucket_of_the_same_program_start_builds() -> None:
    """Without this, the rule watches the bucket that the settings name, although the project reads another one."""
    graph = build(settings("s3", triggers={"objectCreated": True}), source_bucket="made-here")

    assert json.loads(graph.one(EVENT_RULE).inputs["eventPattern"])["detail"]["bucket"] == {"name": ["made-here"]}
