"""The roles of builds and of what starts them: trust, policies and boundary."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from components.aws import policies
from fleet.doctor.row import Check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from components.aws.policies import Document
    from fleet.aws import Aws
    from fleet.doctor.expected import Expected
    from fleet.doctor.row import Row
    from fleet.stack import Stack


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A role as the program creates it."""

    trust: Document
    policy: Document
    boundary: str | None


def of_builds(stack: Stack, expected: Expected, project: dict[str, Any], aws: Aws) -> Iterator[Row]:
    """The project runs as the role that the stack created, and that role is as rendered."""
    check, role_arn = Check(expected.integration, "role" + expected.suffix), project.get("serviceRole", "")
    if not expected.is_second and role_arn != expected.outputs.role_arn:
        yield check.wrong(f"builds run as {role_arn}, not as {expected.outputs.role_arn}", stack.restore)
        return
    rendered = Rendered(
        trust=policies.build_trust(stack.location, expected.project_name),
        policy=policies.build(expected.settings, stack.other_stacks.known(expected.inputs), stack.location),
        boundary=expected.settings.role.permissions_boundary_arn,
    )
    yield from as_rendered(stack, check, role_arn, rendered, aws)


def as_rendered(stack: Stack, check: Check, arn: str, rendered: Rendered, aws: Aws) -> Iterator[Row]:
    """Trust, policy and boundary of a role are the rendered ones, and there is no further policy."""
    name = arn.rsplit("/", 1)[-1]
    found = aws.find("NoSuchEntity", "iam", "get_role", RoleName=name)
    if found is None:
        yield check.wrong(f"{name} does not exist", stack.restore)
        return
    yield check.same(
        holds=_same(found["Role"]["AssumeRolePolicyDocument"], rendered.trust),
        found="trust as rendered",
        otherwise=f"{name} has another trust policy than the rendered one: others may assume it, or nobody",
        remedy=stack.restore,
    )
    boundary = found["Role"].get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    if boundary != rendered.boundary:
        found_words = f"{name} is bounded by {boundary or 'nothing'}; configured: {rendered.boundary or 'nothing'}"
        yield check.wrong(found_words, stack.restore)
    for each in aws.ask("iam", "list_attached_role_policies", RoleName=name)["AttachedPolicies"]:
        detach = f"aws iam detach-role-policy --role-name {name} --policy-arn {each['PolicyArn']}"
        yield check.wrong(f"{name} has a further policy: {each['PolicyName']}", detach)
    inline = aws.ask("iam", "list_role_policies", RoleName=name)["PolicyNames"]
    documents = {
        each: aws.ask("iam", "get_role_policy", RoleName=name, PolicyName=each)["PolicyDocument"] for each in inline
    }
    yield from _inline(stack, check, name, documents, rendered.policy)


def _inline(
    stack: Stack, check: Check, role: str, documents: Mapping[str, Document], policy: Document
) -> Iterator[Row]:
    own = next((each for each, document in documents.items() if _same(document, policy)), None)
    if own is None:
        yield check.wrong(_difference(list(documents.values()), policy), stack.restore)
        return
    yield check.ok("policy as rendered")
    for each in (name for name in documents if name != own):
        delete = f"aws iam delete-role-policy --role-name {role} --policy-name {each}"
        yield check.wrong(f"{role} has a further policy: {each}", delete)


def _difference(documents: list[Document], policy: Document) -> str:
    if len(documents) != 1:
        return f"{len(documents)} inline policies, none of them the rendered one"
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
    """The value in one form: for IAM, one value equals a list of one, and lists have no order."""
    if isinstance(value, dict):
        return {key: _canonical(child) for key, child in value.items()}
    if isinstance(value, list):
        entries = sorted((_canonical(child) for child in value), key=lambda each: json.dumps(each, sort_keys=True))
        return entries[0] if len(entries) == 1 else entries
    return value
