"""IAM roles, each with one inline policy."""

import json

import pulumi
from pulumi_aws import iam

from .aws.names import ROLE_PREFIX_LENGTH, name_prefix
from .aws.policies import Document
from .context import Context


def make_role(
    context: Context,
    suffix: str,
    description: str,
    *,
    trust: Document | pulumi.Output[Document],
    policy: Document | pulumi.Output[Document],
) -> tuple[iam.Role, iam.RolePolicy]:
    """Make a role and its policy. Resources that use the role must depend on both."""
    logical_name, settings = context.logical_name(suffix), context.settings
    role = iam.Role(
        logical_name,
        name_prefix=name_prefix(context.stack, logical_name, ROLE_PREFIX_LENGTH),
        description=description,
        assume_role_policy=_json(trust),
        path=settings.role.path,
        permissions_boundary=settings.role.permissions_boundary_arn,
        tags=context.tags,
        opts=context.options(),
    )
    inline = iam.RolePolicy(logical_name, role=role.id, policy=_json(policy), opts=context.options())
    return role, inline


def _json(document: Document | pulumi.Output[Document]) -> pulumi.Input[str]:
    # `Output.json_dumps` would make an output of every value inside the document.
    return document.apply(_compact) if isinstance(document, pulumi.Output) else _compact(document)


def _compact(document: Document) -> str:
    # The state holds each policy twice, so no space is spent on indentation.
    return json.dumps(document, separators=(",", ":"))
