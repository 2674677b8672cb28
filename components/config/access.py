"""`secret` and `role`: where the platform's API key is kept, and the role that builds run as."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import Discriminator, Field, Tag, model_validator

from .fields import (
    JsonKey,
    KmsKeyArn,
    PolicyArn,
    SecretArn,
    Section,
    Tags,
    checked,
    choice,
    derived_default,
    matches,
    refusal,
)
from .redaction import got
from .stack_outputs import OrOutput


class SecretValue(StrEnum):
    """Who writes the key into the secret: the program, the program without reading it back, or a person.

    Even with `writeOnly` the stack's state holds the key, encrypted, because the engine records inputs.
    """

    STATE = "state"
    WRITE_ONLY = "writeOnly"
    EXTERNAL = "external"


class ExistingSecret(Section):
    """A secret that already exists, and that somebody else owns."""

    refused: ClassVar = dict.fromkeys(
        ("name", "createKey", "recoveryWindowDays", "value", "valueVersion", "tags"),
        "applies only to a secret that the stack makes, not to an existing one; remove it",
    )

    existing_arn: OrOutput[SecretArn] = Field(description="Full ARN of the secret")
    key: JsonKey = Field(default="FLOW_API_KEY", description="Key of the API key in the secret's JSON")
    kms_key_arn: OrOutput[KmsKeyArn] | None = Field(default=None, description="Customer key of the secret")


class MadeSecret(Section):
    """A secret that the stack creates."""

    name: (
        Annotated[
            str,
            # Secrets Manager takes a hyphen and six characters for the end of a full ARN when it looks up a name.
            matches(
                r"(?!.*-[A-Za-z0-9]{6}$)[A-Za-z0-9/_+=.@-]{1,256}",
                "letters, digits and / _ + = . @ -, not ending in - and six characters",
            ),
        ]
        | None
    ) = Field(default=None, description="Name of the secret", json_schema_extra=derived_default("`conviso/<stack>`"))
    key: JsonKey = Field(default="FLOW_API_KEY", description="Key of the API key in the secret's JSON")
    kms_key_arn: OrOutput[KmsKeyArn] | None = Field(default=None, description="Your customer key for the secret")
    create_key: bool = Field(default=False, description="Create a customer key with yearly rotation")
    recovery_window_days: Annotated[
        int,
        checked(lambda days: f"must be 0, or 7 to 30{got(days)}" if not (days == 0 or 7 <= days <= 30) else None),
    ] = Field(
        default=30,
        description="Days during which a deleted secret can be restored: 0, or 7 to 30",
        json_schema_extra={"minimum": 0, "maximum": 30},
    )
    value: Annotated[SecretValue, choice(SecretValue)] = Field(
        default=SecretValue.STATE,
        description="`state`: kept encrypted in the stack's state and read back from AWS; `writeOnly`: kept there too, "
        "but never read back; `external`: created empty, for a person to fill",
    )
    value_version: int = Field(
        default=1,
        ge=1,
        le=1_000_000,
        description="With `writeOnly`, a higher number makes the next deployment write the key again",
    )
    tags: Tags = Field(
        default={}, description="Tags of the secret and its customer key; they take precedence over default tags"
    )

    @model_validator(mode="after")
    def _obey_rules(self) -> Self:
        if self.kms_key_arn is not None and self.create_key:
            raise refusal("must not be true together with kmsKeyArn: choose one key", "createKey")
        if "value_version" in self.model_fields_set and self.value is not SecretValue.WRITE_ONLY:
            raise refusal(f"needs value writeOnly; value is {self.value}", "valueVersion")
        return self


def _owner(value: Any) -> str:
    exists = "existingArn" in value if isinstance(value, dict) else isinstance(value, ExistingSecret)
    return "existing" if exists else "made"


StackSecret = Annotated[
    Annotated[ExistingSecret, Tag("existing")] | Annotated[MadeSecret, Tag("made")],
    Discriminator(_owner),
]


class Role(Section):
    """The IAM path of the roles, and their permissions boundary."""

    path: Annotated[str, Field(max_length=512), matches(r"/([A-Za-z0-9+=,.@_-]+/)*", "a path such as /appsec/")] = (
        Field(default="/", description="IAM path of the integration's roles")
    )
    permissions_boundary_arn: PolicyArn | None = Field(
        default=None, description="Permissions boundary of the integration's roles"
    )
