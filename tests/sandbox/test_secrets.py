"""No secret leaves the sandbox, and a placeholder takes the place of an encrypted value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi import Output
from pulumi_aws import (
    secretsmanager,
)

import sandbox
from sandbox import export, report
from tests.sandbox import programs

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sandbox.conftest import Make


KEY = "a-key-that-nobody-may-see"


def secret_program() -> None:
    key = pulumi.Config().require_secret("apiKey")
    secret = secretsmanager.Secret("secret", name="mine")
    secretsmanager.SecretVersion("version", secret_id=secret.id, secret_string=key)
    # AWS refuses this, with a message that could repeat the value.
    variables = [{"name": "KEY", "value": key, "type": key}]
    programs.project(environment={"type": "LINUX_CONTAINER", "image": "i", "environmentVariables": variables})
    pulumi.export("key", key)
    pulumi.export("nested", Output.all(key).apply(lambda values: {"deep": values}))
    pulumi.log.warn(f"a careless program says {KEY}")


def test_a_secret_is_masked_in_everything_that_leaves_the_sandbox(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without this, a report, a graph or a message shows the API key."""
    monkeypatch.setattr("sandbox.stack_file.PLACEHOLDER", KEY)
    result = sandbox.run(project, "dev", {"apiKey": {"secure": "v1:abc"}}, program=secret_program)
    assert result.outputs["key"] == "[secret]"
    assert any("must be one of PLAINTEXT" in problem.message for problem in result.problems)
    everything = [export.as_json(result), export.as_mermaid(result), *report.lines(result), str(result)]
    assert KEY not in "\n".join([*everything, *map(str, result.problems)])


@pytest.mark.parametrize(
    ("config", "note"),
    [
        ({}, "shop:apiKey: placeholder (the stack file has none)"),
        ({"apiKey": {"secure": "v1:abc"}}, "shop:apiKey: placeholder (encrypted in the stack file)"),
    ],
)
def test_a_placeholder_takes_the_place_of_the_key_and_is_mentioned(
    make: Make, config: dict[str, Any], note: str
) -> None:
    """Without this, nobody can try a stack without the API key, or people believe that their key was checked."""

    def program() -> None:
        pulumi.export("given", pulumi.Config().require_secret("apiKey").apply(lambda key: len(key) > 0))

    result = make(program, config)
    assert note in result.notes
    assert result.outputs == {"given": "[secret]"}


def test_a_plain_key_is_no_secret_to_the_program(make: Make) -> None:
    """Without this, the program accepts a key that anyone can read in the stack file."""
    secret: list[bool] = []
    make(lambda: secret.append(pulumi.runtime.is_config_secret("shop:apiKey")), {"apiKey": KEY})
    assert secret == [False]


def test_the_message_about_a_wrong_configuration_does_not_repeat_the_key(make: Make) -> None:
    """Without this, a careless error message shows a key that is in plain text."""

    def program() -> None:
        raise pulumi.RunError(f"apiKey: must be secret, got {KEY}\ncount: must be more")

    with pytest.raises(sandbox.SandboxError) as caught:
        make(program, {"apiKey": KEY})
    assert str(caught.value) == "apiKey: must be secret, got [secret]\ncount: must be more"
