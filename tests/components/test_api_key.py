"""The stack's secret: created with its value, write-only, to be filled by hand, or an existing one."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from components.api_key import ApiKey
from components.config import ConfigError, parse_stack
from tests.components.building import API_KEY, KEY, SECRET, SECRET_VALUE
from tests.config import samples
from tests.config.samples import short, stack
from tests.harness import CHINA, HERE, Graph, World, arn, run

if TYPE_CHECKING:
    from pathlib import Path

    from components.api_key import SecretReference

KEY_VALUE = 'hush "quoted" $(id)'


def build(secret: dict[str, Any] | None = None, *, value: str | None = KEY_VALUE, world: World | None = None) -> Graph:
    """Return the graph of a stack's secret, with what a build uses of it as exports."""
    location = (world or World()).location

    def program() -> None:
        settings = parse_stack(stack(secret=secret or {}), "dev").secret
        key = ApiKey("conviso", settings, stack="dev", location=location, value=value)
        export(key.reference)
        pulumi.export("fillCommand", key.fill_command)

    return run(program, world)


def export(reference: SecretReference) -> None:
    """Export the reference, so that the graph contains it."""
    pulumi.export("arn", reference.arn)
    pulumi.export("key", reference.key)
    pulumi.export("kmsKeyArn", reference.kms_key_arn)


def made(graph: Graph) -> dict[str, int]:
    """Return the number of resources of each type, without the component."""
    return {type_: count for type_, count in graph.types().items() if type_ != API_KEY}


def test_a_secret_is_created_with_its_value() -> None:
    assert made(build()) == {SECRET: 1, SECRET_VALUE: 1}


def test_the_secret_has_exactly_these_inputs() -> None:
    assert build().one(SECRET).inputs == {
        "name": "conviso/dev",
        "description": "API key of Conviso Platform, read by CodeBuild",
        "recoveryWindowInDays": 30,
        "tags": {"conviso:stack": "dev"},
    }


@pytest.mark.parametrize(
    ("secret", "expected"),
    [
        ({"name": "appsec/conviso"}, {"name": "appsec/conviso"}),
        ({"recoveryWindowDays": 0}, {"recoveryWindowInDays": 0}),
        ({"kmsKeyArn": samples.KEY}, {"kmsKeyId": samples.KEY}),
        ({"createKey": True}, {"kmsKeyId": arn("Key", "conviso-key")}),
        ({"tags": {"owner": "appsec"}}, {"tags": {"owner": "appsec", "conviso:stack": "dev"}}),
    ],
    ids=short,
)
def test_a_choice_changes_only_its_own_input(secret: dict[str, Any], expected: dict[str, Any]) -> None:
    assert build(secret).one(SECRET).inputs == build().one(SECRET).inputs | expected


def test_the_kms_key_has_the_tags_of_its_secret() -> None:
    graph = build({"createKey": True, "tags": {"owner": "appsec"}})

    assert graph.one(KEY).inputs["tags"] == graph.one(SECRET).inputs["tags"]


def test_the_value_is_a_json_object_and_stays_secret() -> None:
    value = build({"key": "apiKey"}).one(SECRET_VALUE)

    assert (value.inputs, value.secret_inputs) == (
        {"secretId": "conviso/dev", "secretString": json.dumps({"apiKey": KEY_VALUE})},
        frozenset({"secretString"}),
    )


@pytest.mark.parametrize(("chosen", "version"), [({}, 1), ({"valueVersion": 4}, 4)], ids=short)
def test_a_write_only_value_is_sent_in_the_argument_that_the_state_omits(chosen: dict[str, Any], version: int) -> None:
    """Without the write-only argument, the state contains the API key although the settings say otherwise."""
    value = build({"value": "writeOnly", **chosen}).one(SECRET_VALUE)

    assert (value.inputs, value.secret_inputs) == (
        {
            "secretId": "conviso/dev",
            "secretStringWo": json.dumps({"FLOW_API_KEY": KEY_VALUE}),
            "secretStringWoVersion": version,
        },
        frozenset({"secretStringWo"}),
    )


def test_an_external_secret_is_created_empty_even_if_there_is_a_value() -> None:
    """Without this, an update overwrites the value that somebody else maintains."""
    assert made(build({"value": "external"})) == {SECRET: 1}


def test_an_external_secret_says_how_to_fill_it() -> None:
    command = build({"value": "external", "key": "apiKey"}, value=None).exports["fillCommand"]

    assert command == (
        """read -rs KEY && printf '{"apiKey":"%s"}' "$KEY" | """
        f"aws secretsmanager put-secret-value --region us-east-1 --secret-id {arn('Secret', 'conviso-secret')} "
        "--secret-string file:///dev/stdin; unset KEY"
    )


def test_the_fill_command_sends_the_key_as_json(tmp_path: Path) -> None:
    """Without this, the documented command stores a value that builds cannot read."""
    (tmp_path / "aws").write_text("#!/bin/sh\ncat\n")
    (tmp_path / "aws").chmod(0o755)
    command = build({"value": "external"}, value=None).exports["fillCommand"]

    done = subprocess.run(
        ["bash", "-c", command],
        input="the-key\n",
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(done.stdout) == {"FLOW_API_KEY": "the-key"}


@pytest.mark.parametrize("secret", [{}, {"value": "writeOnly"}, {"existingArn": samples.SECRET}], ids=short)
def test_a_secret_that_needs_no_filling_has_no_fill_command(secret: dict[str, Any]) -> None:
    assert "fillCommand" not in build(secret).exports


def test_an_existing_secret_creates_nothing() -> None:
    assert made(build({"existingArn": samples.SECRET}, value=None)) == {}


def test_an_existing_secret_is_referenced_as_configured() -> None:
    secret = {"existingArn": samples.SECRET, "key": "apiKey", "kmsKeyArn": samples.KEY}

    assert build(secret, value=None).exports == {
        "arn": samples.SECRET,
        "key": "apiKey",
        "kmsKeyArn": samples.KEY,
    }


@pytest.mark.parametrize(
    ("secret", "kms_key_arn"),
    [({}, None), ({"kmsKeyArn": samples.KEY}, samples.KEY), ({"createKey": True}, arn("Key", "conviso-key"))],
    ids=short,
)
def test_the_reference_names_the_customer_key_that_encrypts_the_secret(
    secret: dict[str, Any], kms_key_arn: str | None
) -> None:
    """Without the KMS key's ARN, the build's role may not decrypt the API key."""
    assert build(secret).exports.get("kmsKeyArn") == kms_key_arn


def test_the_reference_that_builds_use_is_not_secret() -> None:
    """Without this, every output that contains the secret's ARN is hidden, too."""
    assert build().secret_exports == set()


@pytest.mark.parametrize("world", [World(), World(location=CHINA)], ids=["aws", "aws-cn"])
def test_a_created_kms_key_is_rotated_and_governed_by_iam_of_its_account(world: World) -> None:
    """Without the statement for the account, nobody can manage or delete the KMS key."""
    key = build({"createKey": True}, world=world).one(KEY).inputs

    root = f"arn:{world.location.partition}:iam::123456789012:root"
    assert {**key, "policy": json.loads(key["policy"])} == {
        "description": "Encrypts the API key of Conviso Platform",
        "deletionWindowInDays": 30,
        "enableKeyRotation": True,
        "tags": {"conviso:stack": "dev"},
        "policy": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "AccountDecides",
                    "Effect": "Allow",
                    "Principal": {"AWS": root},
                    "Action": "kms:*",
                    "Resource": "*",
                }
            ],
        },
    }


@pytest.mark.parametrize("secret", [{}, {"value": "writeOnly"}], ids=short)
def test_a_secret_without_a_value_is_refused(secret: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="apiKey: is required: pulumi config set --secret apiKey"):
        build(secret, value=None)


def test_one_program_may_create_several_secrets() -> None:
    def program() -> None:
        for name in ("blue", "green"):
            settings = parse_stack(stack(secret={"name": name, "createKey": True}), "dev").secret
            ApiKey(name, settings, stack="dev", location=HERE, value=KEY_VALUE)

    assert [each.name for each in run(program).of(SECRET)] == ["blue-secret", "green-secret"]
