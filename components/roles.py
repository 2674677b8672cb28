"""IAM roles, each with one inline policy."""

import json

import pulumi
from pulumi_aws import iam

from .aws.names import ROLE_PREFIX_LENGTH, name_prefix
from .aws.policies import Document
from .context import Context


def make_role(
    context: Context, suffix: str, description: str, *, trust: pulumi.Input[Document], policy: pulumi.Input[Document]
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


def _json(document: pulumi.Input[Document]) -> pulumi.Output[str]:
    # The state holds each policy twice, so no space is spent on indentation.
    return pulumi.Output.from_input(document).apply(lambda known: json.dumps(known, separators=(",", ":")))
