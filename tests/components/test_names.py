"""Physical names: one prefix finds, and bounds, everything that a stack owns."""

import pytest

from components.aws.names import BUCKET_PREFIX_LENGTH, MAX_STACK_LENGTH, ROLE_PREFIX_LENGTH, log_prefix, name_prefix
from components.config import ConfigError, parse_stack
from tests.components.building import EVENT_RULE, build
from tests.config.samples import settings, stack

LONGEST_STACK = "s" * MAX_STACK_LENGTH


@pytest.mark.parametrize("length", [ROLE_PREFIX_LENGTH, BUCKET_PREFIX_LENGTH])
def test_the_longest_stack_name_stands_whole_in_every_prefix(length: int) -> None:
    """Without this, a policy that is scoped to the stack's prefix would not cover what the stack makes."""
    prefix = name_prefix(LONGEST_STACK, "a" * 40 + "-role", length)

    assert prefix.startswith(f"conviso-{LONGEST_STACK}-")
    assert len(prefix) <= length


def test_the_configuration_takes_no_longer_stack_name() -> None:
    parse_stack(stack(), LONGEST_STACK)

    with pytest.raises(ConfigError, match=r"^stack: must have a name of at most 28 characters"):
        parse_stack(stack(), LONGEST_STACK + "s")


def test_a_prefix_ends_in_one_dash_where_it_is_cut() -> None:
    assert name_prefix("dev", "shop-api-role", len("conviso-dev-shop-") + 1) == "conviso-dev-shop-"


@pytest.mark.parametrize(("type_", "name"), [("aws:iam/role:Role", "shop-role"), (EVENT_RULE, "shop-tag")])
def test_what_aws_names_is_found_by_the_stacks_prefix(type_: str, name: str) -> None:
    graph = build(settings("codecommit", triggers={"tags": True}))

    assert graph.one(type_, name).inputs["namePrefix"].startswith("conviso-dev-shop-")


@pytest.mark.parametrize(("prefix", "expected"), [(None, "shop"), ("ci", "ci/shop"), ("ci/", "ci/shop")])
def test_logs_of_two_projects_never_share_a_prefix(prefix: str | None, expected: str) -> None:
    """Without this, `defaults.logs.prefix` lets every role overwrite the logs of all others."""
    assert log_prefix(prefix, "shop") == expected
