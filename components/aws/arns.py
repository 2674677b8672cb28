"""The check that the ARNs in a configuration can be used where the stack is."""

from collections.abc import Iterator, Mapping

from ..config import ExistingSecret, IntegrationSettings, NotificationSettings, Problem, StackSecret, StackSettings
from ..config.fields import Section
from .location import AwsLocation

_SAME: Mapping[str, tuple[str, ...]] = {
    # A connection can be shared with other accounts and used in other regions:
    # https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-share.html
    "connectionArn": (),
    # https://docs.aws.amazon.com/codebuild/latest/userguide/asm-create-secret.html
    "tokenSecretArn": ("region", "account"),
    # Secrets of other accounts can be read, secrets of other regions cannot:
    # https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html
    "existingArn": ("region",),
    # A key belongs to one region, and roles may use it only through a service of that region (`kms:ViaService`):
    # https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    "kmsKeyArn": ("region",),
    "bucketKmsKeyArn": ("region",),
    "certificate": (),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    "permissionsBoundaryArn": ("account",),
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
    "topicArn": ("region",),
}
"""For each field that holds an ARN: the parts of the ARN that must equal those of the stack, besides the partition."""


def stack_problems(settings: StackSettings, location: AwsLocation) -> Iterator[Problem]:
    """The ARNs of a stack's configuration that cannot be used at that location."""
    parts: dict[str, StackSecret | NotificationSettings | IntegrationSettings | None] = {
        "secret": settings.secret,
        "notifications": settings.notifications,
        **{f"integrations.{name}": integration for name, integration in settings.integrations.items()},
    }
    for path, part in parts.items():
        if part is not None:
            yield from _problems(part, location, path)


def integration_problems(settings: IntegrationSettings, location: AwsLocation) -> Iterator[Problem]:
    """The ARNs of an integration that cannot be used at that location."""
    return _problems(settings, location, "")


def misplaced(path: str, value: object, location: AwsLocation) -> str | None:
    """Why the value of the field at `path` cannot be used at that location; None if it can, or is not an ARN."""
    same = _SAME.get(path.rsplit(".", 1)[-1])
    if same is None or not isinstance(value, str):
        return None
    _, partition, _, region, account, resource = value.split(":", 5)
    given = {"partition": partition, "region": region, "account": account}
    here = {"partition": location.partition, "region": location.region, "account": location.account}
    of_aws = account == "aws" and resource.startswith("policy/")
    wrong = [part for part in ("partition", *(() if of_aws else same)) if given[part] != here[part]]
    if not wrong:
        return None
    wanted = " and ".join(f"{part} {here[part]}" for part in wrong)
    got = " and ".join(given[part] for part in wrong)
    return f"must be in {wanted}, where the stack is; got {got}"


def _problems(settings: Section, location: AwsLocation, path: str) -> Iterator[Problem]:
    if isinstance(settings, ExistingSecret) and _needs_a_key(settings, location):
        # https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html
        yield Problem(
            f"{path}.kmsKeyArn".removeprefix("."),
            "is required for a secret of another account: AWS's own key decrypts secrets within its account only",
        )
    for key, name in type(settings).known_keys().items():
        value, here = getattr(settings, name), f"{path}.{key}".removeprefix(".")
        if isinstance(value, Section):
            yield from _problems(value, location, here)
        elif message := misplaced(here, value, location):
            yield Problem(here, message)


def _needs_a_key(secret: ExistingSecret, location: AwsLocation) -> bool:
    arn = secret.existing_arn
    return secret.kms_key_arn is None and isinstance(arn, str) and arn.split(":")[4] != location.account
