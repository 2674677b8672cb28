"""The check of the names and ARNs that a program of your own gives to a component."""

from collections.abc import Mapping
from typing import Any, overload

import pulumi

from .config.fields import BucketName, ConnectionArn, KmsKeyArn, SecretArn
from .config.stack_outputs import mistake

_TYPES: Mapping[str, Any] = {
    "connection_arn": ConnectionArn,
    "token_secret_arn": SecretArn,
    "source_bucket": BucketName,
    "log_bucket": BucketName,
    "secret.arn": SecretArn,
    "secret.kms_key_arn": KmsKeyArn,
}
"""For each argument, the type of the field of a stack file that it stands for."""


@overload
def given(argument: str, value: pulumi.Input[str]) -> pulumi.Input[str]: ...
@overload
def given(argument: str, value: pulumi.Input[str] | None) -> pulumi.Input[str] | None: ...
def given(argument: str, value: pulumi.Input[str] | None) -> pulumi.Input[str] | None:
    """The value of an argument, once it is known to be one that the component can use; None if there is none.

    A text in the program must have the exact form of the field. An output of a resource must only be of the right kind,
    because the mocks of unit tests make up names and ARNs, or return nothing.

    Raises RunError as soon as the value is known and does not fit.
    """
    if value is None:
        return None
    is_text, type_ = isinstance(value, str), _TYPES[argument]

    def check(known: str) -> str:
        if (is_text or (known and _is_wrong_kind(argument, known))) and (wrong := mistake(type_, known)):
            raise pulumi.RunError(f"{argument} does not fit: it {wrong}")
        return known

    return pulumi.Output.from_input(value).apply(check)


def _is_wrong_kind(argument: str, known: str) -> bool:
    is_arn = known.startswith("arn:")
    # The role's policy needs the service in a connection's ARN, and makes the ARN of a bucket from its name.
    return not is_arn if argument == "connection_arn" else is_arn and _TYPES[argument] is BucketName
