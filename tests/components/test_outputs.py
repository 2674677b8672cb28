"""The contract of the stack's outputs: exact names, null for fields that do not apply, and no secrets."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.aws.location import AwsLocation
from components.aws.notifications import input_template
from components.integration import ConvisoIntegration
from components.outputs import integration_outputs
from tests.components.building import API_KEY, INTEGRATION, STACK_SECRET, build
from tests.components.program import configured, program
from tests.config import samples
from tests.config.samples import integration, settings, short, stack
from tests.harness import CHINA, GOVERNMENT, HERE, arn, physical_name, run

SOVEREIGN = AwsLocation(
    partition="aws-eusc", dns_suffix="amazonaws.eu", region="eusc-de-east-1", account="123456789012"
)
ISOLATED = AwsLocation(partition="aws-iso", dns_suffix="c2s.ic.gov", region="us-iso-east-1", account="123456789012")

SHOP: dict[str, Any] = {
    "projectName": "conviso-dev-shop",
    "projectArn": arn("Project", "shop-project"),
    "roleArn": arn("Role", "shop-role"),
    "logGroupName": "/aws/codebuild/conviso-dev-shop",
    "logBucket": None,
    "secretArn": arn("Secret", "conviso-secret"),
    "webhookUrl": "https://example.com/shop-webhook",
    "triggerRuleArns": [],
    "pullRequestProjectName": None,
    "consoleUrl": (
        "https://us-east-1.console.aws.amazon.com/codesuite/codebuild/123456789012/projects/conviso-dev-shop"
        "?region=us-east-1"
    ),
    "scheduleArn": None,
    "buildspecPath": None,
}


def entry(provider: str = "github", **choices: Any) -> Any:
    """Return what the stack exports for one integration."""
    raw = stack(integrations={"shop": integration(provider, **choices)})
    return run(program, configured(raw)).exports["integrations"]["shop"]


def test_the_stack_exports_exactly_these_outputs() -> None:
    """Without this, renaming an output breaks every program that reads it."""
    graph = run(program, configured(stack()))

    assert graph.exports == {
        "schemaVersion": 1,
        "secretArn": arn("Secret", "conviso-secret"),
        "integrations": {"shop": SHOP},
    }


def test_the_fill_command_of_an_external_secret_is_exported() -> None:
    exports = run(program, configured(stack(secret={"value": "external"}))).exports

    assert exports["secretFillCommand"].startswith("read -rs KEY ")


def test_no_output_is_secret() -> None:
    """Without this, `pulumi stack output` hides names and URLs that people need."""
    raw = stack(integrations={"shop": integration(), "web": integration(logs={"destination": "both"})})

    assert run(program, configured(raw)).secret_exports == set()


@pytest.mark.parametrize(
    ("provider", "choices", "expected"),
    [
        ("github", {"logs": {"destination": "s3"}}, {"logGroupName": None, "logBucket": physical_name("shop-logs")}),
        ("github", {"logs": {"destination": "both", "bucket": "acme-logs"}}, {"logBucket": "acme-logs"}),
        ("github", {"secret": {"existingArn": samples.SECRET}}, {"secretArn": samples.SECRET}),
        ("github", {"triggers": {"push": False}}, {"webhookUrl": None}),
        ("github", {"triggers": {"pullRequests": {}}}, {"pullRequestProjectName": "conviso-dev-shop-pr"}),
        ("github", {"buildspec": {"location": "repository"}}, {"buildspecPath": "conviso-buildspec.yml"}),
        ("github", {"buildspec": {"location": "repository", "path": "a.yml"}}, {"buildspecPath": "a.yml"}),
        ("s3", {}, {"webhookUrl": None}),
        ("codecommit", {}, {"webhookUrl": None, "triggerRuleArns": [arn("EventRule", "shop-branch")]}),
        (
            "codecommit",
            {"triggers": {"push": True, "tags": True}},
            {
                "webhookUrl": None,
                "triggerRuleArns": [arn("EventRule", "shop-branch"), arn("EventRule", "shop-tag")],
            },
        ),
    ],
    ids=short,
)
def test_a_choice_changes_only_its_own_outputs(
    provider: str, choices: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert entry(provider, **choices) == SHOP | expected


@pytest.mark.parametrize(
    ("location", "host"),
    [
        (HERE, "us-east-1.console.aws.amazon.com"),
        (CHINA, "cn-north-1.console.amazonaws.cn"),
        (GOVERNMENT, "us-gov-west-1.console.amazonaws-us-gov.com"),
        (SOVEREIGN, "eusc-de-east-1.console.amazonaws-eusc.eu"),
    ],
    ids=lambda value: getattr(value, "partition", ""),
)
def test_the_console_url_is_that_of_the_partition(location: Any, host: str) -> None:
    (outputs,) = build(settings(), location=location).outputs.values()

    assert outputs["console_url"] == (
        f"https://{host}/codesuite/codebuild/123456789012/projects/conviso-dev-shop?region={location.region}"
    )


def test_a_partition_whose_console_is_not_public_has_no_console_url() -> None:
    """Without this, the outputs and notifications of an isolated partition link to the console of another one."""
    (outputs,) = build(settings(), location=ISOLATED).outputs.values()

    assert outputs.get("console_url") is None
    assert "console" not in input_template(ISOLATED)


@pytest.mark.parametrize("provider", samples.PROVIDERS)
def test_an_integration_registers_every_output_that_the_stack_exports(provider: str) -> None:
    def made() -> None:
        shop = ConvisoIntegration("shop", settings(provider), stack="dev", location=HERE, secret=STACK_SECRET)
        pulumi.export("shop", integration_outputs(shop))

    graph = run(made)
    exported = {snake(key): value for key, value in graph.exports["shop"].items() if value is not None}
    assert graph.outputs[graph.one(INTEGRATION).urn] == exported


def snake(key: str) -> str:
    """Return the component's attribute for an output's name."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in key)


def test_the_api_key_component_registers_the_secrets_arn() -> None:
    graph = run(program, configured(stack()))

    assert graph.outputs[graph.one(API_KEY).urn] == {"secret_arn": arn("Secret", "conviso-secret")}
