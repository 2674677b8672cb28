"""A canary API key may appear in the secret's value and nowhere else, even if a deployment fails."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import sandbox
from sandbox import export, report, stack_file
from sandbox.cloud import Cloud
from tests.components.building import SECRET_VALUE
from tests.components.program import API_KEY, ROOT, program
from tests.config import samples
from tests.config.samples import PROVIDERS, integration, short, stack
from tests.harness import World, run

if TYPE_CHECKING:
    from sandbox import Result

CANARY = "canary-4f1d\"9c'2b\\7e"
"""Holds characters that JSON and Python escape, so a message that quotes the key contains other characters."""
PIECES = ("canary-4f1d", "9c'2b", '7e"}')

WRITTEN: tuple[dict[str, Any], ...] = (
    {},
    {"value": "writeOnly"},
    {"createKey": True, "name": "acme/key"},
    {"kmsKeyArn": samples.KEY, "key": "K"},
)
UNWRITTEN: tuple[dict[str, Any], ...] = ({"value": "external"}, {"existingArn": samples.SECRET})
SECRETS = pytest.mark.parametrize("secret", [*WRITTEN, *UNWRITTEN], ids=short)


def whole_stack(secret: dict[str, Any]) -> dict[str, Any]:
    """Return a stack with one integration for each provider and every kind of trigger and log."""
    tags = {"triggers": {"tags": True}}
    every = {provider: integration(provider, **({} if provider == "s3" else tags)) for provider in PROVIDERS}
    return stack(secret=secret, integrations={**every, "logs": integration(logs={"destination": "both"})})


def seen(result: Result) -> str:
    """Return everything that a run of the sandbox prints or exports."""
    problems = [str(problem) for problem in result.problems]
    return "\n".join([export.as_json(result), export.as_mermaid(result), *report.lines(result), *problems])


def made(monkeypatch: pytest.MonkeyPatch, secret: dict[str, Any]) -> Result:
    """Run the whole stack in the sandbox, with the canary in place of the encrypted API key."""
    monkeypatch.setattr(stack_file, "PLACEHOLDER", CANARY)
    keys = {f"conviso-codebuild:{key}": value for key, value in whole_stack(secret).items()}
    return sandbox.run(ROOT, "dev", {"aws:region": "us-east-1", API_KEY: {"secure": "v1:x"}, **keys})


def found(text: str) -> list[str]:
    """Return the pieces of the canary that a text contains."""
    return [piece for piece in PIECES if piece in text]


@SECRETS
def test_nothing_that_the_sandbox_shows_contains_the_key(
    monkeypatch: pytest.MonkeyPatch, secret: dict[str, Any]
) -> None:
    result = made(monkeypatch, secret)

    assert (result.problems, found(seen(result))) == ([], [])


@pytest.mark.parametrize("operation", ["CreateSecret", "PutSecretValue", "CreateProject"])
@pytest.mark.parametrize("secret", WRITTEN[:2], ids=short)
def test_no_problem_contains_the_key_if_a_call_to_aws_fails(
    monkeypatch: pytest.MonkeyPatch, secret: dict[str, Any], operation: str
) -> None:
    """Without masking, an error from AWS that quotes its request prints the key."""
    call = Cloud.call

    def fails(cloud: Cloud, service: str, name: str, parameters: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        if name != operation:
            return call(cloud, service, name, parameters)
        return {}, [f"{name} refuses {parameters} and {json.dumps(parameters)}", *map(str, parameters.values())]

    monkeypatch.setattr(Cloud, "call", fails)
    result = made(monkeypatch, secret)

    assert result.problems
    assert found(seen(result)) == []


@SECRETS
@pytest.mark.parametrize("preview", [False, True], ids=["up", "preview"])
def test_the_engine_gets_the_key_only_as_the_secrets_value_and_marked_as_secret(
    secret: dict[str, Any], *, preview: bool
) -> None:
    """Without the mark, the engine writes the key into its state in plain text and shows it in previews."""
    config = {f"conviso-codebuild:{key}": json.dumps(value) for key, value in whole_stack(secret).items()}
    world = World(config={API_KEY: CANARY, **config}, secret_keys=[API_KEY], preview=preview)
    graph = run(program, world)

    unmarked = [
        {key: value for key, value in each.inputs.items() if key not in each.secret_inputs} for each in graph.resources
    ]
    assert found(str([unmarked, graph.outputs, graph.exports, graph.messages])) == []
    holding = {each.type for each in graph.resources if found(str(each.inputs))}
    assert holding == ({SECRET_VALUE} if secret in WRITTEN else set())
