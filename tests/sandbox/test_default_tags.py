"""`aws:defaultTags`: the provider puts them on whatever takes tags."""

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
    """A run with these default tags, of resources that have others of their own."""

    def program() -> None:
        role = programs.role(tags=own)
        programs.project(service_role=role.arn, tags=own)
        s3.Bucket("files", tags=own)
        rule = cloudwatch.EventRule("rule", event_pattern='{"source": ["aws.codecommit"]}', tags=own)
        cloudwatch.EventTarget("target", rule=rule.name, arn="arn:aws:codebuild:us-east-1:123456789012:project/api")

    return make(program, {"aws:defaultTags": {"tags": tags}})


def test_every_resource_that_takes_tags_has_the_default_ones(make: Make) -> None:
    """Without this, a stack that breaks AWS's limits by its default tags passes here."""
    result = tagged(make, {"team": "appsec"})

    assert result.problems == []
    assert {each.name: each.outputs.get("tagsAll") for each in result.resources} == {
        **{name: {"team": "appsec"} for name in ("build", "api", "files", "rule")},
        "target": None,
    }


def test_a_tag_of_the_resource_wins(make: Make) -> None:
    role, *_ = tagged(make, {"team": "appsec", "cost": "1"}, {"team": "shop"}).resources

    assert (role.outputs["tagsAll"], role.outputs["tags"]) == ({"team": "shop", "cost": "1"}, {"team": "shop"})


def test_default_tags_beyond_awss_limit_are_a_problem(make: Make) -> None:
    many = {f"key{number}": "x" for number in range(50)}
    messages = [each.message for each in tagged(make, many, {"own": "x"}).problems if each.name == "api"]

    assert messages == ["tags: must be at most 50 entries, got 51"]


@pytest.mark.parametrize("value", ["team", ["team"], {"team": "appsec"}, {"tags": ["team"]}, {"tags": {"team": 1}}])
def test_default_tags_of_another_form_are_refused(make: Make, value: Any) -> None:
    with pytest.raises(SandboxError, match="aws:defaultTags must be a map whose key `tags` holds names and texts"):
        make(programs.role, {"aws:defaultTags": value})
