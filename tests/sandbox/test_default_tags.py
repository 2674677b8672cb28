"""`aws:defaultTags`, which the provider adds to every resource that takes tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pulumi_aws import cloudwatch, s3

from sandbox import SandboxError
from tests.sandbox import programs

if TYPE_CHECKING:
    from sandbox import Result
    from tests.sandbox.conftest import Make


def tagged(make: Make, tags: Any, own: dict[str, str] | None = None) -> Result:
    """Run a program with these default tags; `own` are the tags of its resources."""

    def program() -> None:
        role = programs.role(tags=own)
        programs.project(service_role=role.arn, tags=own)
        s3.Bucket("files", tags=own)
        rule = cloudwatch.EventRule("rule", event_pattern='{"source": ["aws.codecommit"]}', tags=own)
        cloudwatch.EventTarget("target", rule=rule.name, arn="arn:aws:codebuild:us-east-1:123456789012:project/api")

    return make(program, {"aws:defaultTags": {"tags": tags}})


def test_every_resource_that_takes_tags_gets_the_default_tags(make: Make) -> None:
    """Without this, a stack whose default tags exceed AWS's limits passes here."""
    result = tagged(make, {"team": "appsec"})

    assert result.problems == []
    assert {each.name: each.outputs.get("tagsAll") for each in result.resources} == {
        **{name: {"team": "appsec"} for name in ("build", "api", "files", "rule")},
        "target": None,
    }


def test_a_tag_of_the_resource_takes_precedence(make: Make) -> None:
    """Without this, the sandbox shows another value than the provider sends."""
    role, *_ = tagged(make, {"team": "appsec", "cost": "1"}, {"team": "shop"}).resources

    assert (role.outputs["tagsAll"], role.outputs["tags"]) == ({"team": "shop", "cost": "1"}, {"team": "shop"})


def test_default_tags_beyond_awss_limit_are_a_problem(make: Make) -> None:
    """Without this, a resource whose own tags fit passes here, and AWS refuses it with the default tags."""
    many = {f"key{number}": "x" for number in range(50)}
    messages = [each.message for each in tagged(make, many, {"own": "x"}).problems if each.name == "api"]

    assert messages == ["tags: must be at most 50 entries, got 51"]


@pytest.mark.parametrize("value", ["team", ["team"], {"team": "appsec"}, {"tags": ["team"]}, {"tags": {"team": 1}}])
def test_default_tags_must_be_a_map_of_texts(make: Make, value: Any) -> None:
    """Without this, a mistake in `aws:defaultTags` ends in a stack trace, or no resource is tagged."""
    with pytest.raises(SandboxError, match="aws:defaultTags must be a map whose key `tags` holds names and texts"):
        make(programs.role, {"aws:defaultTags": value})
