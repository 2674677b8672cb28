"""Physical names: everything that a stack owns has one prefix, by which policies are scoped."""

import re
from typing import Any

import pytest

from components.aws.names import BUCKET_PREFIX_LENGTH, MAX_STACK_LENGTH, ROLE_PREFIX_LENGTH, log_prefix, name_prefix
from components.config import ConfigError, parse_stack
from components.integration import ConvisoIntegration
from tests.components.building import EVENT_RULE, STACK_SECRET, build
from tests.config.samples import integration, settings, stack
from tests.harness import HERE

LONGEST_STACK = "s" * MAX_STACK_LENGTH


@pytest.mark.parametrize("length", [ROLE_PREFIX_LENGTH, BUCKET_PREFIX_LENGTH])
def test_every_prefix_contains_the_longest_stack_name_in_full(length: int) -> None:
    """Without this, a policy that is scoped to the stack's prefix does not cover the stack's resources."""
    prefix = name_prefix(LONGEST_STACK, "a" * 40 + "-role", length)

    assert prefix.startswith(f"conviso-{LONGEST_STACK}-")
    assert len(prefix) <= length


def test_a_longer_stack_name_is_refused() -> None:
    parse_stack(stack(), LONGEST_STACK)

    with pytest.raises(ConfigError, match=r"^stack: must have a name of at most 28 characters"):
        parse_stack(stack(), LONGEST_STACK + "s")


@pytest.mark.parametrize("name", ["Shop", "shop_api", "s", "1shop", "shop.api", "s" * 41])
def test_a_program_of_your_own_gives_an_integration_no_name_that_a_stack_file_may_not(name: str) -> None:
    """Without this, AWS refuses `Shop` in the middle of the deployment: a bucket's name has no capital letters."""
    rule = "must be 2 to 40 of a-z, 0-9 and -, starting with a letter"
    with pytest.raises(ConfigError, match=f"the name {rule}"):
        parse_stack(stack(integrations={name: integration()}), "dev")

    with pytest.raises(ConfigError, match=f"^name: {rule}"):
        build(settings(), name=name)


@pytest.mark.parametrize(
    ("name", "sections", "message"),
    [
        ("acme.dev", {}, "stack: must have a name of letters, digits, - and _ only"),
        (LONGEST_STACK + "s", {}, "stack: must have a name of at most 28 characters"),
        ("Dev", {"logs": {"destination": "s3"}}, "logs.destination: makes a bucket"),
    ],
)
def test_a_program_of_your_own_names_no_stack_that_a_stack_file_may_not(
    name: str, sections: dict[str, Any], message: str
) -> None:
    """Without this, AWS refuses a name that begins with the stack's in the middle of the deployment."""
    with pytest.raises(ConfigError, match=f"^{re.escape(message)}"):
        ConvisoIntegration("shop", settings(**sections), stack=name, location=HERE, secret=STACK_SECRET)


def test_a_stack_in_capitals_is_no_problem_of_a_bucket_that_the_program_brings() -> None:
    build(settings(logs={"destination": "s3"}), stack="Dev", log_bucket="acme-build-logs")


def test_a_shortened_prefix_ends_in_one_dash() -> None:
    """Without this, a name that is cut at a dash contains two of them."""
    assert name_prefix("dev", "shop-api-role", len("conviso-dev-shop-") + 1) == "conviso-dev-shop-"


@pytest.mark.parametrize(("type_", "name"), [("aws:iam/role:Role", "shop-role"), (EVENT_RULE, "shop-tag")])
def test_generated_names_begin_with_the_stacks_prefix(type_: str, name: str) -> None:
    graph = build(settings("codecommit", triggers={"tags": True}))

    assert graph.one(type_, name).inputs["namePrefix"].startswith("conviso-dev-shop-")


@pytest.mark.parametrize(("prefix", "expected"), [(None, "shop"), ("ci", "ci/shop"), ("ci/", "ci/shop")])
def test_logs_of_two_projects_never_share_a_prefix(prefix: str | None, expected: str) -> None:
    """Without the project's name, `defaults.logs.prefix` lets every role overwrite the logs of all others."""
    assert log_prefix(prefix, "shop") == expected
