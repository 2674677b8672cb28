"""Whether what a configuration names by ARN is where AWS needs it. Plain values only: no Pulumi here."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..config import (
    ExistingSecret,
    GitSource,
    IntegrationSettings,
    Problem,
    S3Source,
    Source,
    StackSecret,
    StackSettings,
)
from .location import AwsLocation


@dataclass(frozen=True)
class _Arn:
    """An ARN of the configuration, and which of its parts must be those of the stack."""

    field: str
    value: str | None
    region: bool = False
    account: bool = False

    def problems(self, location: AwsLocation) -> Iterator[Problem]:
        if self.value is None:
            return
        _, partition, _, region, account, _ = self.value.split(":", 5)
        compared = {
            "partition": (partition, location.partition),
            "region": (region, location.region if self.region else region),
            "account": (account, location.account if self.account else account),
        }
        wrong = {part: pair for part, pair in compared.items() if pair[0] != pair[1]}
        if wrong:
            wanted = " and ".join(f"{part} {here}" for part, (_, here) in wrong.items())
            got = " and ".join(given for given, _ in wrong.values())
            yield Problem(self.field, f"must be of {wanted}, where the stack is; got {got}")


def stack_problems(settings: StackSettings, location: AwsLocation) -> Iterator[Problem]:
    """Each ARN of a stack's configuration that cannot be used at that location."""
    for problem in _problems(_secret(settings.secret), location):
        yield problem.under("secret")
    for name, integration in settings.integrations.items():
        for problem in integration_problems(integration, location):
            yield problem.under(f"integrations.{name}")


def integration_problems(settings: IntegrationSettings, location: AwsLocation) -> Iterator[Problem]:
    """Each ARN of an integration that cannot be used at that location."""
    return _problems(_integration(settings), location)


def _problems(arns: Iterator[_Arn], location: AwsLocation) -> Iterator[Problem]:
    for each in arns:
        yield from each.problems(location)


def _integration(settings: IntegrationSettings) -> Iterator[_Arn]:
    yield from _source(settings.source)
    yield _Arn("environment.certificate", settings.environment.certificate)
    # A key serves one region, and roles may use it through that region's service only (`kms:ViaService`):
    # https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    yield _Arn("logs.kmsKeyArn", settings.logs.kms_key_arn, region=True)
    yield _Arn("logs.bucketKmsKeyArn", settings.logs.bucket_kms_key_arn, region=True)
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    boundary = settings.role.permissions_boundary_arn
    of_aws = boundary is not None and ":aws:policy/" in boundary
    yield _Arn("role.permissionsBoundaryArn", boundary, account=not of_aws)
    if settings.secret:
        for arn in _secret(settings.secret):
            yield _Arn(f"secret.{arn.field}", arn.value, arn.region, arn.account)


def _source(source: Source) -> Iterator[_Arn]:
    if isinstance(source, S3Source):
        yield _Arn("source.kmsKeyArn", source.kms_key_arn, region=True)
    if isinstance(source, GitSource) and source.auth:
        # A connection may be shared with other accounts, and serves other regions:
        # https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-share.html
        yield _Arn("source.auth.connectionArn", source.auth.connection_arn)
        # https://docs.aws.amazon.com/codebuild/latest/userguide/asm-create-secret.html
        yield _Arn("source.auth.tokenSecretArn", source.auth.token_secret_arn, region=True, account=True)
        yield _Arn("source.auth.kmsKeyArn", source.auth.kms_key_arn, region=True)


def _secret(secret: StackSecret) -> Iterator[_Arn]:
    if isinstance(secret, ExistingSecret):
        # Another account's can be read, another region's cannot:
        # https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html
        yield _Arn("existingArn", secret.existing_arn, region=True)
    yield _Arn("kmsKeyArn", secret.kms_key_arn, region=True)
