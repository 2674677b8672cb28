"""What previews, updates and refreshes do to the resources of a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pulumi import automation

from tests.components.building import PROJECT, WEBHOOK
from tests.engine.configurations import logged_in, stack
from tests.engine.project import Steps

if TYPE_CHECKING:
    from tests.engine.project import Project

CANARY = "canary-key-4f1d2c"
SHOP = {"shop", "shop-logs", "shop-role", "shop-project", "shop-webhook"}
STORE = {name.replace("shop", "store") for name in SHOP}

CHANGES: dict[str, tuple[dict[str, Any], dict[str, set[str]]]] = {
    "strategy": (
        {"shop": logged_in(review={"strategy": "tags-by-version"})},
        {"update": {"shop-project", "shop-webhook"}},
    ),
    "provider": (
        {"shop": logged_in(provider="bitbucket")},
        {
            "update": {"shop-project"},
            "delete-replaced": {"shop-webhook"},
            "replace": {"shop-webhook"},
            "create-replacement": {"shop-webhook"},
        },
    ),
    "branch": (
        {"shop": logged_in(source={"version": "develop"})},
        {"update": {"shop-project", "shop-webhook"}},
    ),
    "tag": (
        {"shop": logged_in(tags={"owner": "shop"})},
        {"update": {"shop-project", "shop-role", "shop-logs"}},
    ),
    "name": ({"store": logged_in()}, {"create": STORE, "delete": SHOP}),
}
"""By what changes: the integrations afterwards, and the steps to get there."""

EVERYTHING = {
    "conviso-codebuild:secret": {"createKey": True},
    "conviso-codebuild:notifications": {"emails": ["team@example.com"]},
    "conviso-codebuild:integrations": {
        "shop": logged_in(
            logs={"destination": "both"},
            triggers={"pullRequests": {}, "schedule": {"expression": "rate(1 day)"}},
        ),
        "billing": logged_in(provider="codecommit", source={"auth": None}),
    },
}
"""A resource of almost every type, so that every output that another one waits for is unknown once."""


def steps_of(operation: Any, **options: Any) -> Steps:
    """Run an operation of a stack to its end."""
    steps = Steps()
    operation(on_event=steps, **options)
    return steps


@pytest.fixture(scope="module")
def made(shared_project: Project) -> automation.Stack:
    """A stack with one integration."""
    made = shared_project.stack("dev", stack(shop=logged_in()))
    made.up()
    return made


def test_a_stack_is_made_as_previewed_and_then_stays(project: Project) -> None:
    """Without this, a value that is unknown in a preview, or a field that AWS fills, shows on an engine first."""
    stack = project.stack("dev", EVERYTHING)
    stack.set_config("apiKey", automation.ConfigValue(CANARY, secret=True))

    previewed = steps_of(stack.preview).changes
    made = steps_of(stack.up).changes

    assert made == previewed
    assert made.keys() == {"create"}
    assert steps_of(stack.up, refresh=True).changes == {}
    kept = "".join(project.kept())
    assert "ciphertext" in kept
    assert CANARY not in kept, "the state, its history or its backups hold the API key in plain text"
    assert CANARY in "".join(project.account.texts()), "the API key never reached AWS"

    project.account.remove(WEBHOOK, "conviso-dev-shop")
    assert steps_of(stack.up, refresh=True).changes == {"create": {"shop-webhook"}}


@pytest.mark.parametrize(("integrations", "steps"), CHANGES.values(), ids=CHANGES)
def test_a_change_takes_exactly_these_steps(
    shared_project: Project, made: automation.Stack, integrations: dict[str, Any], steps: dict[str, set[str]]
) -> None:
    """Without this, a new tag could replace a log group, with all its logs."""
    shared_project.configure("dev", stack(**integrations))

    assert steps_of(made.preview).changes == steps


def test_the_state_tells_where_a_resource_was_made_and_no_more(made: automation.Stack) -> None:
    """Without this, each resource holds every frame of Python's event loop and of the language host."""
    deployment = made.export_stack().deployment
    assert deployment

    kept = deployment["resources"]
    # The engine makes providers, and the SDK the stack itself.
    recorded = {each["urn"]: len(each["stackTrace"]) for each in kept if not each["type"].startswith("pulumi:")}
    assert len(recorded) >= len(SHOP)
    assert set(recorded.values()) == {3, 4}
    assert all("sourcePosition" in each for each in kept if each["urn"] in recorded)


def test_a_webhook_is_deleted_before_the_next_one_is_made(project: Project) -> None:
    """A project has one webhook at most: the other order fails in AWS, as it does in this account."""
    made = project.stack("dev", stack(shop=logged_in()))
    made.up()
    before = project.account.find(WEBHOOK, "conviso-dev-shop")
    project.configure("dev", stack(shop=logged_in(provider="bitbucket")))

    steps = steps_of(made.up).in_order

    order = [step for step, name in steps if name == "shop-webhook"]
    assert order.index("delete-replaced") < order.index("create-replacement")
    assert project.account.find(WEBHOOK, "conviso-dev-shop") != before


def test_an_update_that_failed_half_way_goes_on_where_it_ended(project: Project) -> None:
    """Without this, what was made before the failure is made again, and AWS refuses it."""
    made = project.stack("dev", stack(shop=logged_in()))
    project.account.refuse(WEBHOOK)
    with pytest.raises(automation.CommandError, match="AccessDenied"):
        made.up()
    assert project.account.ids(PROJECT)
    project.account.refuse()

    assert steps_of(made.up).changes == {"create": {"shop-webhook"}}
