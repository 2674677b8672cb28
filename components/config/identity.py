"""`secret` and `role`: where the platform's API key is kept, and as whom a build runs."""

from typing import Annotated, Any, ClassVar

from pydantic import Discriminator, Field, Tag

from .choices import SecretValue
from .fields import JsonKey, KmsKeyArn, PolicyArn, SecretArn
from .section import Section, checked, choice, matches


class ExistingSecret(Section):
    """A secret that somebody else owns."""

    refused: ClassVar = dict.fromkeys(
        ("name", "createKey", "recoveryWindowDays", "value", "valueVersion"),
        "belongs to a secret that is made here, and existingArn names one that exists: remove one of the two",
    )

    existing_arn: SecretArn = Field(description="Full ARN of the secret")
    key: JsonKey = Field(default="FLOW_API_KEY", description="Key of the API key in the secret's JSON")
    kms_key_arn: KmsKeyArn | None = Field(default=None, description="Customer key of the secret")


class MadeSecret(Section):
    """A secret that the stack makes."""

    name: (
        Annotated[
            str,
            # A name ending in - and six characters reads like a full ARN's end and confuses look-ups by name.
            matches(
                r"(?!.*-[A-Za-z0-9]{6}$)[A-Za-z0-9/_+=.@-]{1,256}",
                "letters, digits and / _ + = . @ -, not ending in - and six characters",
            ),
        ]
        | None
    ) = Field(default=None, description="Name of the secret [conviso/<stack>]")
    key: JsonKey = Field(default="FLOW_API_KEY", description="Key of the API key in the secret's JSON")
    kms_key_arn: KmsKeyArn | None = Field(default=None, description="Your customer key for the secret")
    create_key: bool = Field(default=False, description="Make a customer key, with yearly rotation")
    recovery_window_days: Annotated[
        int,
        checked(lambda days: f"must be 0, or 7 to 30; got {days}" if not (days == 0 or 7 <= days <= 30) else None),
    ] = Field(
        default=30,
        description="Days a deleted secret can be restored: 0, or 7 to 30",
        json_schema_extra={"minimum": 0, "maximum": 30},
    )
    value: Annotated[SecretValue, choice(SecretValue)] = Field(
        default=SecretValue.STATE,
        description="`state`: kept encrypted in the stack's state; `writeOnly`: only passed on; `external`: made empty",
    )
    value_version: int | None = Field(
        default=None, ge=1, description="With writeOnly: raise it to write the key again [1]"
    )


def _secret(value: Any) -> str:
    exists = "existingArn" in value if isinstance(value, dict) else isinstance(value, ExistingSecret)
    return "<ExistingSecret>" if exists else "<MadeSecret>"


StackSecret = Annotated[
    Annotated[ExistingSecret, Tag("<ExistingSecret>")] | Annotated[MadeSecret, Tag("<MadeSecret>")],
    Discriminator(_secret),
]


class Role(Section):
    """Where the build's role lives and what bounds it."""

    path: Annotated[str, Field(max_length=512), matches(r"/([A-Za-z0-9+=,.@_-]+/)*", "a path such as /appsec/")] = (
        Field(default="/", description="IAM path")
    )
    permissions_boundary_arn: PolicyArn | None = Field(default=None, description="Permissions boundary")
