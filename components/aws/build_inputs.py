"""The record of what a build uses; the component fills it, and the build's role gets access to what it holds."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

Name = TypeVar("Name")
"""`str` if every name is known; `pulumi.Input[str]` in a component, where other resources and stacks provide names."""
Names = TypeVar("Names")
"""The same for a list of names."""


@dataclass(frozen=True, kw_only=True)
class BuildInputs(Generic[Name, Names]):
    """The names and ARNs of what a build reads and writes; None for what this build does not use."""

    secret_arn: Name
    """Full ARN of the secret that holds the API key."""
    secret_key: str
    """Key of the API key in the secret's JSON."""
    secret_kms_key_arn: Name | None = None
    """Customer key that encrypts the secret; None if AWS's own key does."""
    connection_arn: Name | None = None
    token_secret_arn: Name | None = None
    token_kms_key_arn: Name | None = None
    buildspec_arn: Name | None = None
    """ARN of the S3 object that holds the buildspec; None if it is inline or in the repository."""
    source_bucket: Name | None = None
    source_kms_key_arn: Name | None = None
    log_group: Name | None = None
    log_bucket: Name | None = None
    log_prefix: str | None = None
    """Prefix of the logs' keys in `log_bucket`, without a slash at its end."""
    log_bucket_kms_key_arn: Name | None = None
    """Customer key that encrypts `log_bucket`; None if AWS's own key does."""
    vpc_id: Name | None = None
    subnet_ids: Names | None = None
    security_group_ids: Names | None = None

    def by_name(self) -> dict[str, Any]:
        """The fields by name, as the constructor takes them."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


KnownInputs = BuildInputs[str, Sequence[str]]
"""What a build uses, once every name is known."""
