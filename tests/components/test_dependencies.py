"""Dependencies between resources: no build may start before its role, its secret and its logs are ready."""

from __future__ import annotations

import pytest

from components.api_key import ApiKey
from components.config import MadeSecret
from components.integration import ConvisoIntegration
from tests.components.building import (
    EVENT_TARGET,
    LOG_BUCKET_TYPES,
    LOG_GROUP,
    PROJECT,
    ROLE,
    ROLE_POLICY,
    SECRET,
    SECRET_VALUE,
    WEBHOOK,
    build,
)
from tests.config.samples import GIT_HOSTS, PROVIDERS, settings
from tests.harness import HERE, Graph, run


def waited_for(graph: Graph, type_: str, name: str | None = None) -> set[tuple[str, str]]:
    """Return the type and name of every resource that must exist before this one."""
    return {(each.type, each.name) for each in graph.waits_for(graph.one(type_, name))}


def with_created_secret() -> Graph:
    """Return the graph of one integration beside the secret that the stack creates."""

    def program() -> None:
        key = ApiKey("conviso", MadeSecret(), stack="dev", location=HERE, value="hush")
        ConvisoIntegration("shop", settings(), stack="dev", location=HERE, secret=key.reference)

    return run(program)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_project_waits_for_its_roles_policy(provider: str) -> None:
    """Without this, a build that starts right after the project exists may not read its API key."""
    assert (ROLE_POLICY, "shop-role") in waited_for(build(settings(provider)), PROJECT)


@pytest.mark.parametrize("provider", GIT_HOSTS)
def test_the_webhook_waits_for_the_project_and_its_roles_policy(provider: str) -> None:
    waited = waited_for(build(settings(provider)), WEBHOOK)

    assert {(PROJECT, "shop-project"), (ROLE_POLICY, "shop-role")} <= waited


def test_the_webhook_depends_on_the_role_policy_directly() -> None:
    """Without a direct dependency, the order depends on how the project happens to be connected to the policy."""
    graph = build(settings())

    assert graph.one(ROLE_POLICY).urn in graph.one(WEBHOOK).dependencies


@pytest.mark.parametrize("kind", ["branch", "tag"])
def test_a_rules_target_waits_for_the_project_and_the_starters_policy(kind: str) -> None:
    """Without this, an event that arrives during a deployment fails to start a build and is lost."""
    graph = build(settings("codecommit", triggers={"push": True, "tags": True}))

    assert {(PROJECT, "shop-project"), (ROLE_POLICY, "shop-starter")} <= waited_for(graph, EVENT_TARGET, f"shop-{kind}")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_no_role_or_policy_waits_for_the_project(provider: str) -> None:
    """Without this, the dependencies between project and role form a cycle."""
    graph = build(settings(provider, logs={"destination": "both"}))

    waiting = {
        each.name for type_ in (ROLE, ROLE_POLICY) for each in graph.of(type_) if waits_for_the_project(graph, each.urn)
    }
    assert waiting == set()


def waits_for_the_project(graph: Graph, urn: str) -> bool:
    """Return whether the resource with that URN waits for the project."""
    (resource,) = (each for each in graph.resources if each.urn == urn)
    return any(each.type == PROJECT for each in graph.waits_for(resource))


def test_the_project_waits_for_its_log_group() -> None:
    """Without this, CodeBuild creates the log group first, and the deployment fails because it exists."""
    assert (LOG_GROUP, "shop-logs") in waited_for(build(settings()), PROJECT)


def test_the_project_waits_until_its_log_bucket_is_private_encrypted_and_expiring() -> None:
    """Without this, the first builds log into a bucket that is not protected yet."""
    graph = build(settings(logs={"destination": "s3"}))

    assert {(type_, "shop-logs") for type_ in LOG_BUCKET_TYPES} <= waited_for(graph, PROJECT)


def test_the_project_waits_for_the_secrets_value() -> None:
    """Without this, the first builds fail because the secret has no value yet."""
    waited = waited_for(with_created_secret(), PROJECT)

    assert {(SECRET, "conviso-secret"), (SECRET_VALUE, "conviso-value")} <= waited


def test_the_secret_is_a_child_of_its_own_component() -> None:
    graph = with_created_secret()

    assert graph.one(SECRET).parent == graph.one("conviso:index:ApiKey").urn
