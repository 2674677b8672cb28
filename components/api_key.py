"""The platform's API key: one secret per stack."""

import json
from dataclasses import dataclass

import pulumi
from pulumi_aws import kms, secretsmanager

from .aws import policies
from .aws.location import AwsLocation
from .aws.names import STACK_TAG, secret_name
from .config import ConfigError, ExistingSecret, MadeSecret, Problem, SecretValue, StackSecret
from .other_stacks import OtherStacks, Values, values_of
from .provider_location import confirmed


@dataclass(frozen=True, kw_only=True)
class SecretReference:
    """What a build needs to know of the secret that it reads."""

    arn: pulumi.Input[str]
    key: str
    """Key of the API key in the secret's JSON."""
    kms_key_arn: pulumi.Input[str] | None = None
    """Customer key that encrypts the secret; None where AWS's own key does."""
    written_by: pulumi.Resource | None = None
    """The resource that writes the value, for which build projects wait; None if another program does, or a person."""


def existing_secret(secret: ExistingSecret, values: Values, path: str = "") -> SecretReference:
    """The reference to a secret that already exists.

    Args:
        secret: Its settings.
        values: The values of the fields that another stack may export.
        path: Where the secret is in those values, with a closing dot; empty at their root.

    """
    return SecretReference(
        arn=values.required(f"{path}existingArn"), key=secret.key, kms_key_arn=values.text(f"{path}kmsKeyArn")
    )


class ApiKey(pulumi.ComponentResource):
    """The secret that holds the platform's API key, its value and, if the settings ask for one, a customer key.

    An existing secret is only referred to. Rotation stays off, because Conviso has no API that issues a new key.

    Raises ConfigError if the secret needs a value and none is given, or if the settings name an output of another
    stack and `other_stacks` is missing.
    """

    reference: SecretReference
    """The reference that `ConvisoIntegration` takes."""
    secret_arn: pulumi.Output[str]
    """Full ARN of the secret."""
    fill_command: pulumi.Output[str | None]
    """The command by which a person writes the value; None where the program writes it."""

    def __init__(  # noqa: PLR0913 - these are keywords, as in every component
        self,
        name: str,
        settings: StackSecret,
        *,
        stack: str,
        location: AwsLocation,
        value: pulumi.Input[str] | None = None,
        other_stacks: OtherStacks | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        if value is None and needs_value(settings):
            raise ConfigError([Problem("apiKey", "is required: pulumi config set --secret apiKey")])
        values = values_of(settings, location, "secret", other_stacks)
        super().__init__("conviso:index:ApiKey", name, {}, opts)
        self._name, self._stack, self._location = name, stack, location
        self.fill_command = pulumi.Output.from_input(None)
        if isinstance(settings, ExistingSecret):
            self.reference = existing_secret(settings, values)
        else:
            self.reference = self._make(settings, value, values.text("kmsKeyArn"))
        self.secret_arn = pulumi.Output.from_input(self.reference.arn)
        self.register_outputs({"secret_arn": self.secret_arn, "fill_command": self.fill_command})

    def _make(
        self, settings: MadeSecret, value: pulumi.Input[str] | None, own_key_arn: pulumi.Input[str] | None
    ) -> SecretReference:
        tags = {**settings.tags, STACK_TAG: self._stack}
        kms_key_arn = self._make_key(tags) if settings.create_key else own_key_arn
        secret = secretsmanager.Secret(
            f"{self._name}-secret",
            name=settings.name or secret_name(self._stack),
            description="API key of Conviso Platform, read by CodeBuild",
            kms_key_id=kms_key_arn,
            recovery_window_in_days=settings.recovery_window_days,
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        arn, version = confirmed(secret.arn, "secretsmanager", self._location), None
        if value is not None and settings.value is not SecretValue.EXTERNAL:
            version = self._write(secret, settings, value)
        else:
            self.fill_command = arn.apply(lambda known: _fill_command(known, settings.key, self._location))
        return SecretReference(arn=arn, key=settings.key, kms_key_arn=kms_key_arn, written_by=version)

    def _make_key(self, tags: dict[str, str]) -> pulumi.Output[str]:
        key = kms.Key(
            f"{self._name}-key",
            description="Encrypts the API key of Conviso Platform",
            deletion_window_in_days=30,
            enable_key_rotation=True,
            policy=json.dumps(policies.customer_key(self._location)),
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return key.arn

    def _write(
        self, secret: secretsmanager.Secret, settings: MadeSecret, value: pulumi.Input[str]
    ) -> secretsmanager.SecretVersion:
        text = pulumi.Output.secret(value).apply(lambda plain: json.dumps({settings.key: plain}))
        kept = settings.value is SecretValue.STATE
        return secretsmanager.SecretVersion(
            f"{self._name}-value",
            secret_id=secret.id,
            secret_string=text if kept else None,
            secret_string_wo=None if kept else text,
            secret_string_wo_version=None if kept else settings.value_version,
            opts=pulumi.ResourceOptions(parent=self),
        )


def needs_value(settings: StackSecret) -> bool:
    """Whether the program writes the API key into the secret."""
    return isinstance(settings, MadeSecret) and settings.value is not SecretValue.EXTERNAL


def _fill_command(secret_arn: str, key: str, location: AwsLocation) -> str:
    # It prompts for the key, which so stays out of the shell's history and of the list of processes.
    return (
        f'read -rs KEY && printf \'{{"{key}":"%s"}}\' "$KEY" | '
        f"aws secretsmanager put-secret-value --region {location.region} --secret-id {secret_arn} "
        "--secret-string file:///dev/stdin; unset KEY"
    )
