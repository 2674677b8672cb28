"""What a build may do and read: the secret with the API key, and roles with their trust and policy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from components.aws import policies
from fleet.doctor.row import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.aws.policies import Document
    from fleet.aws import Aws
    from fleet.doctor.expected import Expected
    from fleet.doctor.row import Row
    from fleet.stack import Stack


def secret(stack: Stack, expected: Expected, aws: Aws, *, read: bool) -> Iterator[Row]:
    """The secret is there and has a value; with `read`, also under the key that builds take from it."""
    check = Check(expected.integration, "secret" + expected.suffix)
    arn = stack.other_stacks.required(expected.inputs.secret_arn)
    found = aws.find("ResourceNotFoundException", "secretsmanager", "describe_secret", SecretId=arn)
    if found is None:
        yield check.wrong(f"{arn} does not exist", stack.restore)
    elif "DeletedDate" in found:
        restore = f"aws secretsmanager restore-secret --secret-id {arn}"
        yield check.wrong("is scheduled for deletion: builds fail", restore)
    elif not any("AWSCURRENT" in stages for stages in found.get("VersionIdsToStages", {}).values()):
        yield check.wrong("has no value: builds fail", _fill(stack, expected))
    elif not read:
        yield check.ok("has a value (--read-secret looks for the key in it)")
    elif problem := _problem_with_value(aws, arn, expected.inputs.secret_key):
        yield check.wrong(problem, _fill(stack, expected))
    else:
        yield check.ok(f"has a value under {expected.inputs.secret_key}")


def _fill(stack: Stack, expected: Expected) -> str:
    is_the_stacks = expected.settings.secret is None
    command = stack.outputs.secret_fill_command if is_the_stacks else None
    return command or f"store the key under {expected.inputs.secret_key}: docs/operations.md, Rotate the API key"


def _problem_with_value(aws: Aws, arn: str, key: str) -> str | None:
    """What is wrong with the value; the value itself is neither kept nor shown."""
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


def build_role(stack: Stack, expected: Expected, project: dict[str, Any], aws: Aws) -> Iterator[Row]:
    """The project runs as the role that the stack made, whose trust and policy are the rendered ones."""
    role_arn = project.get("serviceRole", "")
    if not expected.is_second and role_arn != expected.outputs.role_arn:
        found = f"builds run as {role_arn}, not as {expected.outputs.role_arn}"
        yield Check(expected.integration, "role").wrong(found, stack.restore)
        return
    trust = policies.build_trust(stack.location, expected.project_name)
    policy = policies.build(expected.settings, stack.other_stacks.known(expected.inputs), stack.location)
    yield from role(stack, Check(expected.integration, "role" + expected.suffix), role_arn, (trust, policy), aws)


def role(stack: Stack, check: Check, arn: str, rendered: tuple[Document, Document], aws: Aws) -> Iterator[Row]:
    """Trust and policy of a role are the rendered ones, and there is no further policy."""
    trust, policy = rendered
    name = arn.rsplit("/", 1)[-1]
    found = aws.find("NoSuchEntity", "iam", "get_role", RoleName=name)
    if found is None:
        yield check.wrong(f"{name} does not exist", stack.restore)
        return
    yield check.same(
        holds=_same(found["Role"]["AssumeRolePolicyDocument"], trust),
        found="trust as rendered",
        otherwise=f"{name} may be assumed by others than this project",
        remedy=stack.restore,
    )
    inline = aws.ask("iam", "list_role_policies", RoleName=name)["PolicyNames"]
    attached = aws.ask("iam", "list_attached_role_policies", RoleName=name)["AttachedPolicies"]
    documents = [aws.ask("iam", "get_role_policy", RoleName=name, PolicyName=each)["PolicyDocument"] for each in inline]
    if attached:
        names = ", ".join(each["PolicyName"] for each in attached)
        detach = f"aws iam detach-role-policy --role-name {name} --policy-arn {attached[0]['PolicyArn']}"
        yield check.wrong(f"{name} has further policies: {names}", detach)
    yield check.same(
        holds=len(documents) == 1 and _same(documents[0], policy),
        found="policy as rendered",
        otherwise=_difference(documents, policy),
        remedy=stack.restore,
    )


def _difference(documents: list[Document], policy: Document) -> str:
    if len(documents) != 1:
        return f"{len(documents)} inline policies; the stack makes one"
    there = {_text(each) for each in documents[0]["Statement"]}
    wanted = {_text(each): each["Sid"] for each in policy["Statement"]}
    missing = [sid for text, sid in wanted.items() if text not in there]
    more = len(there - wanted.keys())
    return f"other than rendered: {', '.join(missing) or 'no statement'} missing or changed, {more} more"


def _same(one: Document, other: Document) -> bool:
    return _text(one) == _text(other)


def _text(value: Any) -> str:
    return json.dumps(_canonical(value), sort_keys=True)


def _canonical(value: Any) -> Any:
    """To IAM one value is a list of one, and no list has an order."""
    if isinstance(value, dict):
        return {key: _canonical(child) for key, child in value.items()}
    if isinstance(value, list):
        entries = sorted((_canonical(child) for child in value), key=lambda each: json.dumps(each, sort_keys=True))
        return entries[0] if len(entries) == 1 else entries
    return value
