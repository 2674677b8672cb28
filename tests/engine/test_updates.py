"""The steps that previews, updates and refreshes take."""

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
"""For each kind of change: the new integrations, and the steps that an update takes."""

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
"""A resource of almost every type, so that every output that a resource depends on is unknown in a preview."""


def steps_of(operation: Any, **options: Any) -> Steps:
    """Run an operation of a stack, and return its steps."""
    steps = Steps()
    operation(on_event=steps, **options)
    return steps


@pytest.fixture(scope="module")
def deployed(shared_project: Project) -> automation.Stack:
    """A stack with one integration."""
    deployed = shared_project.stack("dev", stack(shop=logged_in()))
    deployed.up()
    return deployed


def test_a_stack_is_created_as_previewed_and_then_does_not_change(project: Project) -> None:
    """Without this, every update could show changes, and the state could contain the API key in plain text."""
    stack = project.stack("dev", EVERYTHING)
    stack.set_config("apiKey", automation.ConfigValue(CANARY, secret=True))

    previewed = steps_of(stack.preview).changes
    deployed = steps_of(stack.up).changes

    assert deployed == previewed
    assert deployed.keys() == {"create"}
    assert steps_of(stack.up, refresh=True).changes == {}
    kept = "".join(project.backend_files())
    assert "ciphertext" in kept
    assert CANARY not in kept, "the state, its history or its backups hold the API key in plain text"
    assert CANARY in "".join(project.account.texts()), "the API key never reached AWS"

    project.account.remove(WEBHOOK, "conviso-dev-shop")
    assert steps_of(stack.up, refresh=True).changes == {"create": {"shop-webhook"}}


@pytest.mark.parametrize(("integrations", "steps"), CHANGES.values(), ids=CHANGES)
def test_a_change_takes_exactly_these_steps(
    shared_project: Project, deployed: automation.Stack, integrations: dict[str, Any], steps: dict[str, set[str]]
) -> None:
    """Without this, adding a tag could replace a log group and delete all of its logs."""
    shared_project.configure("dev", stack(**integrations))

    assert steps_of(deployed.preview).changes == steps


def test_the_state_records_only_the_calls_that_lead_to_a_resource(deployed: automation.Stack) -> None:
    """Without this, each resource carries every frame of Python's event loop and of the language host."""
    deployment = deployed.export_stack().deployment
    assert deployment

    # The engine makes the providers, and the SDK makes the stack.
    resources = [each for each in deployment["resources"] if not each["type"].startswith("pulumi:")]
    assert len(resources) >= len(SHOP)
    assert {len(each["stackTrace"]) for each in resources} == {3, 4}
    assert all("sourcePosition" in each for each in resources)


def test_a_webhook_is_deleted_before_the_next_one_is_created(project: Project) -> None:
    """Without this order, AWS refuses the update, because a project has one webhook at most. So does this account."""
    deployed = project.stack("dev", stack(shop=logged_in()))
    deployed.up()
    before = project.account.find(WEBHOOK, "conviso-dev-shop")
    project.configure("dev", stack(shop=logged_in(provider="bitbucket")))

    steps = steps_of(deployed.up).in_order

    order = [step for step, name in steps if name == "shop-webhook"]
    assert order.index("delete-replaced") < order.index("create-replacement")
    assert project.account.find(WEBHOOK, "conviso-dev-shop") != before


def test_an_update_that_failed_halfway_continues_where_it_stopped(project: Project) -> None:
    """Without this, an update tries to create existing resources again, which AWS refuses."""
    deployed = project.stack("dev", stack(shop=logged_in()))
    project.account.refuse(WEBHOOK)
    with pytest.raises(automation.CommandError, match="AccessDenied"):
        deployed.up()
    assert project.account.ids(PROJECT)
    project.account.refuse()

    assert steps_of(deployed.up).changes == {"create": {"shop-webhook"}}
