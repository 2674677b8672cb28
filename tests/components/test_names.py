"""Physical names: everything that a stack owns has one prefix, by which policies are scoped."""

import pytest

from components.aws.names import BUCKET_PREFIX_LENGTH, MAX_STACK_LENGTH, ROLE_PREFIX_LENGTH, log_prefix, name_prefix
from components.config import ConfigError, parse_stack
from tests.components.building import EVENT_RULE, build
from tests.config.samples import settings, stack

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
