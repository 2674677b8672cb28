"""The reader of a stack's outputs: other programs can read everything that this program exports."""

from __future__ import annotations

import re
from typing import Any

import pulumi
import pytest

from components.reader import ConvisoStack, Integration
from sandbox.graph import Secret
from tests.components.program import configured, program
from tests.config.samples import integration, stack
from tests.harness import World, refused, run

PROD = "acme/conviso-codebuild/prod"


def attribute(key: str) -> str:
    """Return the name of the property that reads an output."""
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", key)


def exported(**keys: Any) -> dict[str, Any]:
    """Return what a stack exports."""
    raw = stack(**keys) if keys else stack(notifications={"emails": ["appsec@acme.example"]})
    return run(program, configured(raw)).exports


def read(outputs: dict[str, Any], *wanted: str, name: str = "shop") -> dict[str, Any]:
    """Return what a program reads from a stack with these outputs."""

    def reading() -> None:
        entry = ConvisoStack(PROD).integration(name)
        for each in wanted:
            pulumi.export(each, getattr(entry, each))

    return run(reading, World(stack_outputs={PROD: outputs})).exports


def errors(outputs: dict[str, Any], name: str = "shop") -> list[str]:
    def reading() -> None:
        pulumi.export("name", ConvisoStack(PROD).integration(name).project_name)

    lines, _ = refused(reading, World(stack_outputs={PROD: outputs}))
    return lines


PROPERTIES = [name for name, value in vars(Integration).items() if isinstance(value, property)]


def test_the_reader_returns_every_field_that_an_integration_exports() -> None:
    """Without this, a field that the program adds or renames is missing in every other team's program."""
    raw: dict[str, Any] = {"buildspec": {"location": "repository"}, "logs": {"destination": "both"}}
    raw |= {"triggers": {"schedule": {"expression": "rate(1 day)"}}}
    outputs = exported(integrations={"shop": integration(**raw)})

    written = {attribute(key): value for key, value in outputs["integrations"]["shop"].items()}
    assert sorted(written) == sorted(PROPERTIES)
    assert read(outputs, *PROPERTIES) == {key: value for key, value in written.items() if value is not None}


def test_the_reader_returns_the_outputs_of_the_stack_itself() -> None:
    def reading() -> None:
        prod = ConvisoStack(PROD)
        for each in ("secret_arn", "notification_topic_arn", "integration_names"):
            pulumi.export(each, getattr(prod, each))

    outputs = exported()
    assert run(reading, World(stack_outputs={PROD: outputs})).exports == {
        "secret_arn": outputs["secretArn"],
        "notification_topic_arn": outputs["notificationTopicArn"],
        "integration_names": ["shop"],
    }


def test_a_stack_that_lacks_newer_fields_can_be_read() -> None:
    """Without this, a new field breaks programs that update the library before the stack is updated."""
    outputs = exported()
    old = {key: value for key, value in outputs["integrations"]["shop"].items() if key.startswith("project")}

    assert read({**outputs, "integrations": {"shop": old}}, "schedule_arn", "trigger_rule_arns", "project_name") == {
        "project_name": "conviso-dev-shop",
        "trigger_rule_arns": [],
    }


def test_an_unknown_integration_is_an_error_that_lists_the_known_ones() -> None:
    """Without this, the error is a KeyError with a stack trace."""
    outputs = exported(integrations={"shop-api": integration(), "web": integration()})

    assert errors(outputs, "shop-app") == [
        f"stack {PROD} has no integration shop-app; did you mean shop-api?; it has: shop-api, web"
    ]


def test_a_newer_schema_version_is_refused_with_advice() -> None:
    """Without this, a renamed field reads as missing, and an alarm watches nothing."""
    assert errors({**exported(), "schemaVersion": 2}) == [
        (
            f"stack {PROD} exports schemaVersion 2, and this library reads up to 1: "
            "install the version of conviso-codebuild that the stack was made with"
        )
    ]


@pytest.mark.parametrize("outputs", [{}, {"vpcId": "vpc-0abc1234"}, {"schemaVersion": "2.1"}])
def test_another_programs_stack_is_refused_with_advice(outputs: dict[str, Any]) -> None:
    """Without this, a mistyped stack name ends in a KeyError."""
    assert errors(outputs) == [
        (
            f"stack {PROD} exports no schemaVersion: it is not a stack of conviso-codebuild, or `pulumi up` "
            "has not run there yet; check the name, and run it"
        )
    ]


def test_a_secret_output_stays_secret() -> None:
    """Without this, the reading program's state contains the secret in plain text."""

    def reading() -> None:
        prod = ConvisoStack(PROD)
        pulumi.export("arn", prod.secret_arn)
        pulumi.export("names", prod.integration_names)

    outputs = exported()
    graph = run(reading, World(stack_outputs={PROD: {**outputs, "secretArn": Secret(outputs["secretArn"])}}))
    assert graph.secret_exports == {"arn"}


def test_an_integration_without_an_output_that_all_have_is_an_error_that_names_it() -> None:
    """Without this, the program of another team ends in a KeyError with a stack trace."""
    assert errors({"schemaVersion": 1, "integrations": {"shop": {}}}) == [
        "the integration has no output projectName: its stack is not one of conviso-codebuild; check the stack's name"
    ]
