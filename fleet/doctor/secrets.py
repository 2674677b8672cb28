"""The secrets that builds read: the API key's, and an access token's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from components.config import MadeSecret, SecretValue
from fleet.doctor.row import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleet.aws import Aws
    from fleet.doctor.expected import Expected
    from fleet.doctor.row import Row
    from fleet.stack import Stack


def api_key(stack: Stack, expected: Expected, aws: Aws, *, read: bool) -> Iterator[Row]:
    """The secret exists and has a value; with `read`, also that the value contains the key that builds need."""
    check, key = Check(expected.integration, "secret" + expected.suffix), expected.inputs.secret_key
    arn = stack.other_stacks.required(expected.inputs.secret_arn)
    make = stack.restore if _made(stack, expected) else "create it again, and name it in secret.existingArn"
    fill = _fill(stack, expected)
    if wrong := _unusable(check, arn, aws, make=make, fill=fill):
        yield wrong
    elif not read:
        yield check.ok("has a value (--read-secret looks for the key in it)")
    elif problem := _problem_with_value(aws, arn, key):
        yield check.wrong(problem, fill)
    else:
        yield check.ok(f"has a value under {key}")


def token(check: Check, arn: str, aws: Aws) -> Row:
    """The secret with an access token exists and has a value."""
    make, fill = "create it again, and name it in source.auth.tokenSecretArn", "store the token in it: docs/logins.md"
    return _unusable(check, arn, aws, make=make, fill=fill) or check.ok("its secret has a value")


def _unusable(check: Check, arn: str, aws: Aws, *, make: str, fill: str) -> Row | None:
    """The row that says why no build can read the secret; None if it exists and has a value."""
    found = aws.find("ResourceNotFoundException", "secretsmanager", "describe_secret", SecretId=arn)
    if found is None:
        return check.wrong(f"{arn} does not exist: builds fail", make)
    if "DeletedDate" in found:
        restore = f"aws secretsmanager restore-secret --secret-id {arn}"
        return check.wrong("is scheduled for deletion: builds fail", restore)
    if not any("AWSCURRENT" in stages for stages in found.get("VersionIdsToStages", {}).values()):
        return check.wrong("has no value: builds fail", fill)
    return None


def _made(stack: Stack, expected: Expected) -> MadeSecret | None:
    """The stack's own secret, if these builds read it."""
    secret = stack.settings.secret
    return secret if expected.settings.secret is None and isinstance(secret, MadeSecret) else None


def _fill(stack: Stack, expected: Expected) -> str:
    """What writes the value. `--replace` does so even if the engine sees no difference."""
    made, by_hand = _made(stack, expected), f"store the key under {expected.inputs.secret_key}: docs/operations.md"
    if made and made.value is not SecretValue.EXTERNAL:
        return f"pulumi up --stack {stack.name} --replace '**::conviso-value'"
    return (stack.outputs.secret_fill_command if made else None) or f"{by_hand}, Rotate the API key"


def _problem_with_value(aws: Aws, arn: str, key: str) -> str | None:
    """What is wrong with the value, which itself is not shown."""
    try:
        value = json.loads(aws.ask("secretsmanager", "get_secret_value", SecretId=arn).get("SecretString", ""))
    except ValueError:
        return "its value is not JSON: builds look for a key in it"
    if not isinstance(value, dict) or key not in value:
        return f"its JSON has no key {key}"
    text = value[key]
    if not isinstance(text, str) or not text or any(character.isspace() for character in text):
        return f"the value under {key} is empty, or holds spaces or line breaks"
    return None
