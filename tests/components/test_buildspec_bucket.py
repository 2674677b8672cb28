"""Buildspecs in a bucket: one object for each text, created before the projects and readable by their roles only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from components import buildspec
from components.config import ConfigError
from tests import harness
from tests.components.building import BUCKET, BUCKET_OBJECT, LOG_BUCKET_TYPES, PROJECT, build, statements
from tests.components.program import configured, program
from tests.config.samples import integration, settings

if TYPE_CHECKING:
    from tests.harness import Graph

IN_BUCKET: dict[str, Any] = {"buildspec": {"location": "bucket"}}
NAME = harness.physical_name("conviso-buildspecs")
PROTECTED_BUCKET_TYPES = [each for each in LOG_BUCKET_TYPES if "Lifecycle" not in each]


def made(*, stack: str = "dev", **integrations: Any) -> Graph:
    """Return the graph of a whole stack."""
    return harness.run(program, configured({"integrations": integrations}, stack=stack))


def read_by(graph: Graph, name: str) -> str:
    """Return the key of the object that the project with that logical name reads."""
    prefix = f"arn:aws:s3:::{NAME}/"
    buildspec_of: str = graph.one(PROJECT, name).inputs["source"]["buildspec"]
    assert buildspec_of.startswith(prefix)
    return buildspec_of.removeprefix(prefix)


def test_equal_buildspecs_share_one_object() -> None:
    """Without sharing, every repository adds the whole text to the state again."""
    graph = made(shop=integration(**IN_BUCKET), web=integration("gitlab", **IN_BUCKET))

    (only,) = graph.of(BUCKET_OBJECT)
    assert only.inputs["content"] == buildspec.render(settings())
    assert only.inputs["bucket"] == NAME
    assert {read_by(graph, "shop-project"), read_by(graph, "web-project")} == {only.inputs["key"]}


def test_every_different_buildspec_has_its_own_object() -> None:
    chosen = integration(**IN_BUCKET, triggers={"pullRequests": {}})
    graph = made(shop=chosen, web=integration(**IN_BUCKET, review={"strategy": "none"}))

    texts = {each.inputs["key"]: each.inputs["content"] for each in graph.of(BUCKET_OBJECT)}
    assert {name: texts[read_by(graph, name)] for name in ("shop-project", "shop-project-pr", "web-project")} == {
        "shop-project": buildspec.render(settings()),
        "shop-project-pr": buildspec.render_pull_request(settings(triggers={"pullRequests": {}})),
        "web-project": buildspec.render(settings(review={"strategy": "none"})),
    }
    assert len(texts) == 3


def test_a_changed_buildspec_has_another_key() -> None:
    """Without this, a new text replaces the buildspec of projects that the update does not touch."""
    first, second = (made(shop=integration(**IN_BUCKET, scans={"iac": iac})) for iac in (False, True))

    assert read_by(first, "shop-project") != read_by(second, "shop-project")


def test_a_project_waits_for_its_object_and_the_object_for_its_buckets_protection() -> None:
    """Without these dependencies, a build can start before its buildspec exists, or read one from an open bucket."""
    graph = made(shop=integration(**IN_BUCKET))

    waited = {each.type for each in graph.waits_for(graph.one(PROJECT))}
    assert {BUCKET_OBJECT, *PROTECTED_BUCKET_TYPES} <= waited
    assert set(PROTECTED_BUCKET_TYPES) <= {each.type for each in graph.waits_for(graph.one(BUCKET_OBJECT))}


def test_a_role_may_read_only_its_projects_object_in_a_bucket_of_this_account() -> None:
    """Without the condition, somebody who takes over the bucket's name decides what builds run."""
    graph = made(shop=integration(**IN_BUCKET), web=integration(**IN_BUCKET, review={"strategy": "none"}))

    (read,) = (each for each in statements(graph) if any(":s3:" in arn for arn in each["Resource"]))
    assert read == {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:GetObjectVersion"],
        "Resource": [f"arn:aws:s3:::{NAME}/{read_by(graph, 'shop-project')}"],
        "Condition": {"StringEquals": {"aws:ResourceAccount": harness.HERE.account}},
    }


def test_the_bucket_has_the_stacks_name_prefix_and_tags() -> None:
    graph = harness.run(
        program,
        configured({"defaults": {"tags": {"team": "appsec"}}, "integrations": {"shop": integration(**IN_BUCKET)}}),
    )

    assert graph.one(BUCKET).inputs == {
        "bucketPrefix": "conviso-dev-buildspecs-",
        "tags": {"team": "appsec", "conviso:stack": "dev"},
    }
    assert {each.type for each in graph.resources if each.name == "conviso-buildspecs"} == set(PROTECTED_BUCKET_TYPES)


def test_no_bucket_is_created_if_no_integration_uses_it() -> None:
    graph = made(shop=integration(), web=integration(buildspec={"location": "repository"}))

    assert graph.of(BUCKET) == []
    assert "\n" in graph.one(PROJECT, "shop-project").inputs["source"]["buildspec"]
    assert graph.one(PROJECT, "web-project").inputs["source"]["buildspec"] == "conviso-buildspec.yml"


def test_the_output_has_no_buildspec_path() -> None:
    graph = made(shop=integration(**IN_BUCKET))

    assert graph.exports["integrations"]["shop"]["buildspecPath"] is None


def test_an_integration_without_the_bucket_is_refused() -> None:
    """Without this, the project of another program would read an empty buildspec."""
    with pytest.raises(ConfigError, match=r"^buildspec.location: is bucket: make a BuildspecBucket"):
        build(settings(**IN_BUCKET))


def test_a_stack_name_that_no_bucket_may_have_is_refused() -> None:
    assert "makes a bucket" in str(
        harness.refused(program, configured({"integrations": {"shop": integration(**IN_BUCKET)}}, stack="Prod"))[0]
    )
