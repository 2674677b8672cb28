"""The record of what a build uses, from the component's constructor to the role's policy."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

Name = TypeVar("Name")
"""`str` where every name is known; `pulumi.Input[str]` in a component, where a resource or another stack tells it."""
Names = TypeVar("Names")
"""Likewise for a list of names."""


@dataclass(frozen=True, kw_only=True)
class BuildInputs(Generic[Name, Names]):
    """The names and ARNs of what a build reads and writes; None marks what this build does not use."""

    secret_arn: Name
    """Full ARN of the secret that holds the API key."""
    secret_key: str
    """Key of the API key in the secret's JSON."""
    secret_kms_key_arn: Name | None = None
    """Customer key that encrypts the secret; None where AWS's own key does."""
    connection_arn: Name | None = None
    token_secret_arn: Name | None = None
    token_kms_key_arn: Name | None = None
    buildspec_arn: Name | None = None
    """The object in S3 that holds the buildspec; None where it is inline or in the repository."""
    source_bucket: Name | None = None
    source_kms_key_arn: Name | None = None
    log_group: Name | None = None
    log_bucket: Name | None = None
    log_prefix: str | None = None
    """Prefix of the logs' keys in `log_bucket`, without a closing slash."""
    log_bucket_kms_key_arn: Name | None = None
    """Customer key that encrypts `log_bucket`; None where AWS's own key does."""
    vpc_id: Name | None = None
    subnet_ids: Names | None = None
    security_group_ids: Names | None = None

    def by_name(self) -> dict[str, Any]:
        """The fields by their name; the constructor takes them back."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


KnownInputs = BuildInputs[str, Sequence[str]]
"""What a build uses, where every name is known."""
