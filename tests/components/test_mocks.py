"""The resource graph of one integration for each provider, tested with Pulumi's own mocks, as in any Pulumi program.

The other tests use the sandbox's engine, because Pulumi's mocks discard the outputs that a component registers, let two
resources share a URN, and accept any value for any property.
"""

from __future__ import annotations

import asyncio
import contextvars
import json
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from components.api_key import SecretReference
from components.integration import ConvisoIntegration
from tests.components.building import (
    EVENT_RULE,
    EVENT_TARGET,
    INTEGRATION,
    LOG_GROUP,
    PROJECT,
    ROLE,
    ROLE_POLICY,
    WEBHOOK,
)
from tests.config import samples
from tests.harness import HERE

if TYPE_CHECKING:
    from collections.abc import Callable

ALWAYS = {
    "shop": {INTEGRATION},
    "shop-role": {ROLE, ROLE_POLICY},
    "shop-logs": {LOG_GROUP},
    "shop-project": {PROJECT},
}
HOOK = {"shop-webhook": {WEBHOOK}}
RULE = {"shop-branch": {EVENT_RULE, EVENT_TARGET}, "shop-starter": {ROLE, ROLE_POLICY}}

STARTED_BY: dict[str, dict[str, set[str]]] = {"codecommit": RULE, "s3": {}, **dict.fromkeys(samples.GIT_HOSTS, HOOK)}

each_provider = pytest.mark.parametrize("provider", samples.SOURCE_TYPES)


class Recorder(pulumi.runtime.Mocks):
    """Records every resource, and returns its inputs as its outputs."""

    def __init__(self) -> None:
        self.made: list[pulumi.runtime.MockResourceArgs] = []

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.made.append(args)
        return f"{args.name}-id", args.inputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[str, Any], None]:
        raise LookupError(f"a component must read nothing from AWS, but it called {args.token}")


def run(program: Callable[[], pulumi.Output[str]], mocks: pulumi.runtime.Mocks, **settings: Any) -> None:
    """Run a program under the mocks until the output that it returns is known."""

    def under_mocks() -> None:
        pulumi.runtime.set_mocks(mocks, **settings)
        pulumi.runtime.test(program)()  # type: ignore[no-untyped-call] # Pulumi gives it no types

    # Pulumi's test wants a current event loop, and other tests have closed theirs; the mocks belong to a context.
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    contextvars.copy_context().run(under_mocks)
    asyncio.set_event_loop(None)
    loop.close()


def made(provider: str) -> list[pulumi.runtime.MockResourceArgs]:
    """Return every resource of an integration with a source of this provider."""
    recorder = Recorder()

    def program() -> pulumi.Output[str]:
        secret = SecretReference(arn=samples.SECRET, key="FLOW_API_KEY")
        integration = ConvisoIntegration("shop", samples.settings(provider), stack="dev", location=HERE, secret=secret)
        return integration.project_arn

    run(program, recorder, project="shop-platform", stack="dev")
    return recorder.made


def inputs(provider: str, type_: str) -> dict[str, Any]:
    """Return the inputs of the only resource of this type."""
    (found,) = (each.inputs for each in made(provider) if each.typ == type_)
    return found


@each_provider
def test_an_integration_creates_a_project_a_role_logs_and_a_trigger(provider: str) -> None:
    found = [(each.name, each.typ) for each in made(provider)]

    expected = {**ALWAYS, **STARTED_BY[provider]}
    assert sorted(found) == sorted((name, type_) for name, types in expected.items() for type_ in types)


@each_provider
def test_the_project_has_docker_and_the_full_git_history(provider: str) -> None:
    project = inputs(provider, PROJECT)

    assert project["name"] == "conviso-dev-shop"
    assert project["source"]["type"] == samples.SOURCE_TYPES[provider]
    assert project["source"].get("gitCloneDepth") == (None if provider == "s3" else 0)
    assert project["environment"]["privilegedMode"] is True


@each_provider
def test_the_api_key_reaches_the_build_from_secrets_manager(provider: str) -> None:
    variables = {each["name"]: each for each in inputs(provider, PROJECT)["environment"]["environmentVariables"]}

    assert variables["FLOW_API_KEY"] == {
        "name": "FLOW_API_KEY",
        "type": "SECRETS_MANAGER",
        "value": f"{samples.SECRET}:FLOW_API_KEY",
    }
    assert variables["FLOW_PROJECT_CODE"]["value"] == "kXyZ12"


@pytest.mark.parametrize("provider", samples.GIT_HOSTS)
def test_a_push_to_the_branch_starts_a_build_through_a_webhook(provider: str) -> None:
    hook = inputs(provider, WEBHOOK)

    (group,) = hook["filterGroups"]
    assert {each["type"]: each["pattern"] for each in group["filters"]} == {
        "EVENT": "PUSH",
        "HEAD_REF": "^refs/heads/main$",
    }


def test_a_push_to_the_branch_starts_a_build_through_a_codecommit_event() -> None:
    pattern = json.loads(inputs("codecommit", EVENT_RULE)["eventPattern"])

    assert pattern["source"] == ["aws.codecommit"]
    assert pattern["resources"] == [HERE.arn("codecommit", "billing")]
    assert pattern["detail"]["referenceName"] == ["main"]
