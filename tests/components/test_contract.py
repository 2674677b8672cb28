"""What holds for every component, whatever it creates: names, parents, tags, options, outputs."""

from __future__ import annotations

import inspect
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
import pytest

from components.api_key import ApiKey
from components.config import NotificationSettings, parse_stack
from components.integration import ConvisoIntegration
from components.notifications import Notifications
from tests.components.building import (
    API_KEY,
    BUCKET,
    EVENT_RULE,
    INTEGRATION,
    LOG_GROUP,
    NOTIFICATIONS,
    PROJECT,
    ROLE,
    STACK_SECRET,
)
from tests.config import samples
from tests.config.samples import settings, stack
from tests.harness import HERE, World, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.harness import Graph, Registered

MOST: dict[str, dict[str, Any]] = {
    "github": {
        "logs": {"destination": "both"},
        "triggers": {"push": True, "tags": True, "pullRequests": {}},
        "environment": {"vpc": samples.VPC},
    },
    "github-enterprise": {"logs": {"destination": "both"}, "buildspec": {"location": "repository"}},
    "codecommit": {"logs": {"destination": "both"}, "triggers": {"push": True, "tags": True}},
    "s3": {"logs": {"destination": "both"}, "triggers": {"schedule": {"expression": "rate(1 day)"}}},
}
"""Sections that together create every kind of resource, by provider."""

TAGGED = {PROJECT, ROLE, LOG_GROUP, BUCKET, EVENT_RULE}
FAILED_STARTS = "arn:aws:sqs:us-east-1:123456789012:failed-starts"


def make_integration(provider: str, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
    """Create an integration with every choice that the provider allows."""
    chosen = settings(provider, tags={"team": "appsec"}, **MOST[provider])
    ConvisoIntegration(
        name,
        chosen,
        stack="dev",
        location=HERE,
        secret=STACK_SECRET,
        failed_starts_queue_arn=FAILED_STARTS,
        opts=opts,
    )


def make_secret(name: str, opts: pulumi.ResourceOptions | None = None) -> None:
    """Create a secret with every resource that it can have."""
    secret = parse_stack(stack(secret={"createKey": True}), "dev").secret
    ApiKey(name, secret, stack="dev", location=HERE, value="hush", opts=opts)


def make_notifications(name: str, opts: pulumi.ResourceOptions | None = None) -> None:
    """Create notifications with their own topic."""
    chosen = NotificationSettings(emails=["a@b.example"])
    tags = {"team": "appsec"}
    Notifications(name, chosen, stack="dev", location=HERE, projects=["conviso-dev-shop"], tags=tags, opts=opts)


COMPONENTS: dict[str, tuple[str, Callable[..., None]]] = {
    "secret": (API_KEY, make_secret),
    "notifications": (NOTIFICATIONS, make_notifications),
    **{provider: (INTEGRATION, partial(make_integration, provider)) for provider in MOST},
}
EACH = pytest.mark.parametrize("case", COMPONENTS)


@cache
def one(case: str) -> tuple[Registered, list[Registered]]:
    """Return a component of that kind and its children."""
    return made(case, pulumi.ResourceOptions())


def made(case: str, opts: pulumi.ResourceOptions) -> tuple[Registered, list[Registered]]:
    """Return a component of that kind, created with these options, and its children."""
    token, make = COMPONENTS[case]
    graph = run(partial(make, "shop", opts=opts))
    return graph.one(token), [each for each in graph.resources if each.custom]


@EACH
def test_every_child_has_the_component_as_parent(case: str) -> None:
    """Without a parent, a child ignores the component's provider, and a preview shows it elsewhere."""
    component, children = one(case)

    assert [each.name for each in children if each.parent != component.urn] == []


@EACH
def test_every_childs_name_is_the_components_name_with_a_short_suffix(case: str) -> None:
    _, children = one(case)

    suffixes = {each.name.removeprefix("shop") for each in children}
    assert {suffix for suffix in suffixes if not (suffix.startswith("-") and 2 <= len(suffix) <= 15)} == set()


def test_no_suffix_ends_in_another_suffix_of_the_same_type() -> None:
    """Without this, child `-start-role` of `shop` and child `-role` of `shop-start` have the same URN."""
    suffixes = {(each.type, each.name.removeprefix("shop")) for case in COMPONENTS for each in one(case)[1]}

    clashes = [
        (longer, shorter)
        for type_, longer in suffixes
        for other, shorter in suffixes
        if type_ == other and longer != shorter and longer.endswith(shorter)
    ]
    assert clashes == []


def test_names_that_extend_each_other_do_not_clash() -> None:
    """Without unambiguous suffixes, an integration named `shop-start` breaks the deployment of `shop`."""
    suffixes = {each.name.removeprefix("shop") for case in COMPONENTS for each in one(case)[1]}
    # A subscription is named after its address, which the name of a component cannot contain.
    names = ["shop", "shop-start", *(f"shop{suffix}" for suffix in sorted(suffixes) if "@" not in suffix)]

    def program() -> None:
        for name in names:
            make_integration("codecommit", name)
            make_secret(name)
            make_notifications(name)

    graph = run(program)
    assert (graph.types()[INTEGRATION], graph.types()[EVENT_RULE]) == (len(names), 3 * len(names))


@pytest.mark.parametrize("provider", MOST)
def test_tags_reach_every_child_that_supports_tags(provider: str) -> None:
    _, children = one(provider)

    tagged = {each.type for each in children if each.inputs.get("tags") == {"team": "appsec", "conviso:stack": "dev"}}
    assert tagged == TAGGED & {each.type for each in children}


@pytest.mark.parametrize("provider", MOST)
def test_a_child_without_tags_does_not_support_tags(provider: str) -> None:
    _, children = one(provider)

    without = {each.type for each in children if "tags" not in each.inputs}
    assert [type_ for type_ in sorted(without) if hasattr(resource_class(type_), "tags")] == []


def resource_class(type_: str) -> Any:
    """Return the pulumi-aws class of a type such as `aws:iam/role:Role`."""
    _, module, name = type_.split(":")
    return getattr(getattr(aws, module.split("/")[0]), name)


@EACH
def test_every_urn_begins_with_the_components_type(case: str) -> None:
    token, _ = COMPONENTS[case]
    component, children = one(case)

    assert {each.urn.split("::")[2].split("$")[0] for each in [component, *children]} == {token}


def test_the_component_types_never_change() -> None:
    """Without this, an update replaces every resource of every stack, since URNs contain these types."""
    assert {token for token, _ in COMPONENTS.values()} == {
        "conviso:index:ApiKey",
        "conviso:index:ConvisoIntegration",
        "conviso:index:Notifications",
    }


@EACH
def test_aliases_and_ignored_changes_apply_to_the_component_and_not_to_its_children(case: str) -> None:
    """Without this, `ignore_changes` of the component hides changes of its children."""
    opts = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="before")], ignore_changes=["tags"])
    component, children = made(case, opts)

    having = [each.name for each in [component, *children] if each.aliases or each.ignored_changes]
    assert having == ["shop"]


@EACH
def test_a_component_inside_another_keeps_its_children(case: str) -> None:
    token, make = COMPONENTS[case]

    def program() -> None:
        outer = pulumi.ComponentResource("acme:index:Platform", "platform")
        make("shop", opts=pulumi.ResourceOptions(parent=outer))

    graph = run(program)
    prefix = f"urn:pulumi:dev::conviso-codebuild::acme:index:Platform${token}$"
    assert [each.name for each in graph.resources if each.custom and not each.urn.startswith(prefix)] == []


@EACH
@pytest.mark.parametrize("option", ["provider", "providers"])
def test_the_components_provider_is_used_by_every_child(case: str, option: str) -> None:
    _, make = COMPONENTS[case]

    def program() -> None:
        provider = aws.Provider("elsewhere", region="eu-west-1")
        options: dict[str, Any] = {option: provider if option == "provider" else [provider]}
        make("shop", opts=pulumi.ResourceOptions(**options))

    graph = run(program)
    children = [each for each in graph.resources if each.type.startswith("aws:")]
    assert {each.provider.split("::")[-2] for each in children} == {"elsewhere"}


@pytest.mark.parametrize("component", [ApiKey, ConvisoIntegration])
def test_a_component_registers_every_output_that_it_declares(component: type) -> None:
    declared = {name for name, type_ in inspect.get_annotations(component).items() if "Output[" in str(type_)}

    assert registered(component) == declared


def registered(component: type) -> set[str]:
    """Return the outputs that a component registers in at least one graph; null outputs are not registered."""
    graphs = [run(make_external_secret), *(run(partial(make, "shop")) for _, make in COMPONENTS.values())]
    wanted = f"::conviso:index:{component.__name__}::"
    return {key for graph in graphs for urn, outputs in graph.outputs.items() if wanted in urn for key in outputs}


def make_external_secret() -> None:
    """Create the only kind of secret that has a fill command."""
    secret = parse_stack(stack(secret={"value": "external"}), "dev").secret
    ApiKey("shop", secret, stack="dev", location=HERE)


@EACH
def test_only_the_api_key_is_a_secret_input(case: str) -> None:
    """Without this, one secret value hides whole policies and buildspecs in every preview."""
    _, children = one(case)

    hidden = {(each.name, key) for each in children for key in each.secret_inputs}
    assert hidden == ({("shop-value", "secretString")} if case == "secret" else set())


@EACH
def test_the_first_preview_shows_the_same_resources_as_the_update(case: str) -> None:
    """Without this, a resource that depends on an unknown value is missing from the preview."""
    _, make = COMPONENTS[case]

    previewed, made = run(partial(make, "shop"), World(preview=True)), run(partial(make, "shop"))
    assert sorted(names(previewed)) == sorted(names(made))


def names(graph: Graph) -> list[tuple[str, str]]:
    """Return the type and name of every resource."""
    return [(each.type, each.name) for each in graph.resources]


@EACH
def test_a_component_logs_no_messages(case: str) -> None:
    _, make = COMPONENTS[case]

    assert run(partial(make, "shop")).messages == []
