"""ARNs in the configuration must be of the partition, region and account in which AWS can use them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from components.aws import arns
from components.config import ConfigError, parse_stack
from tests.components.building import PROJECT, build
from tests.components.program import configured, program
from tests.config import samples
from tests.config.samples import integration, settings, short, stack
from tests.harness import HERE, refused, run

if TYPE_CHECKING:
    from tests.config.samples import Raw

REGION = "must be in region us-east-1, where the stack is; got eu-west-1"
ACCOUNT = "must be in account 123456789012, where the stack is; got 999999999999"
PARTITION = "must be in partition aws, where the stack is; got aws-cn"


def elsewhere(arn: str, part: str) -> str:
    """Return the same ARN in another region, account or partition."""
    here, there = {
        "region": (":us-east-1:", ":eu-west-1:"),
        "account": (":123456789012:", ":999999999999:"),
        "partition": ("arn:aws:", "arn:aws-cn:"),
    }[part]
    return arn.replace(here, there)


def own_bucket(arn: str) -> Raw:
    """Return logs in an existing bucket that is encrypted with that KMS key."""
    return {"logs": {"destination": "s3", "bucket": "acme-logs", "bucketKmsKeyArn": arn}}


FIELDS: dict[str, tuple[str, str, Any, set[str]]] = {
    "source.auth.connectionArn": (
        "github",
        samples.CONNECTION,
        lambda arn: {"source": {"auth": {"connectionArn": arn}}},
        {"partition"},
    ),
    "source.auth.tokenSecretArn": (
        "github",
        samples.TOKEN,
        lambda arn: {"source": {"auth": {"tokenSecretArn": arn}}},
        {"partition", "region", "account"},
    ),
    "source.auth.kmsKeyArn": (
        "github",
        samples.KEY,
        lambda arn: {"source": {"auth": {"tokenSecretArn": samples.TOKEN, "kmsKeyArn": arn}}},
        {"partition", "region"},
    ),
    "source.kmsKeyArn": ("s3", samples.KEY, lambda arn: {"source": {"kmsKeyArn": arn}}, {"partition", "region"}),
    "environment.certificate": (
        "github",
        samples.CERTIFICATE,
        lambda arn: {"environment": {"certificate": arn}},
        {"partition"},
    ),
    "logs.kmsKeyArn": ("github", samples.KEY, lambda arn: {"logs": {"kmsKeyArn": arn}}, {"partition", "region"}),
    "logs.bucketKmsKeyArn": ("github", samples.KEY, own_bucket, {"partition", "region"}),
    "secret.existingArn": (
        "github",
        samples.SECRET,
        lambda arn: {"secret": {"existingArn": arn, "kmsKeyArn": samples.KEY}},
        {"partition", "region"},
    ),
    "secret.kmsKeyArn": (
        "github",
        samples.KEY,
        lambda arn: {"secret": {"existingArn": samples.SECRET, "kmsKeyArn": arn}},
        {"partition", "region"},
    ),
    "role.permissionsBoundaryArn": (
        "github",
        samples.BOUNDARY,
        lambda arn: {"role": {"permissionsBoundaryArn": arn}},
        {"partition", "account"},
    ),
}
"""Each ARN field: a provider, an ARN, the sections that set it, and the parts that must be those of the stack."""


@pytest.mark.parametrize(("part", "message"), [("region", REGION), ("account", ACCOUNT), ("partition", PARTITION)])
@pytest.mark.parametrize("field", FIELDS)
def test_an_arn_that_aws_cannot_use_from_the_stack_is_refused(field: str, part: str, message: str) -> None:
    """Without this, a deployment or a build fails later, or `kms:ViaService` names the wrong region."""
    provider, arn, choose, needed = FIELDS[field]
    chosen = settings(provider, **choose(elsewhere(arn, part)))

    found = [(each.path, each.message) for each in arns.integration_problems(chosen, HERE)]
    assert found == ([(field, message)] if part in needed else [])


def test_all_wrong_parts_of_an_arn_are_one_problem() -> None:
    token = elsewhere(elsewhere(samples.TOKEN, "region"), "account")
    chosen = settings(source={"auth": {"tokenSecretArn": token}})

    (problem,) = arns.integration_problems(chosen, HERE)
    assert problem.message == (
        "must be in region us-east-1 and account 123456789012, where the stack is; got eu-west-1 and 999999999999"
    )


def test_an_aws_managed_permissions_boundary_is_accepted() -> None:
    """Without an exception, the account `aws` in the ARN counts as another account."""
    boundary = "arn:aws:iam::aws:policy/PowerUserAccess"

    assert list(arns.integration_problems(settings(role={"permissionsBoundaryArn": boundary}), HERE)) == []


@pytest.mark.parametrize(
    ("secret", "path"),
    [
        ({"existingArn": elsewhere(samples.SECRET, "region")}, "secret.existingArn"),
        ({"existingArn": samples.SECRET, "kmsKeyArn": elsewhere(samples.KEY, "region")}, "secret.kmsKeyArn"),
        ({"kmsKeyArn": elsewhere(samples.KEY, "region")}, "secret.kmsKeyArn"),
    ],
    ids=short,
)
def test_the_stacks_secret_must_be_in_the_stacks_region(secret: dict[str, Any], path: str) -> None:
    chosen = parse_stack(stack(secret=secret), "dev")

    assert [(each.path, each.message) for each in arns.stack_problems(chosen, HERE)] == [(path, REGION)]


def test_the_program_reports_all_misplaced_arns_at_once_and_creates_nothing() -> None:
    far = {"kmsKeyArn": elsewhere(samples.KEY, "region")}
    raw = stack(secret=far, integrations={"shop": integration("s3", source=far), "web": integration(logs=far)})

    (_, *lines), graph = refused(program, configured(raw))
    assert lines == [
        f"secret.kmsKeyArn: {REGION}",
        f"integrations.shop.source.kmsKeyArn: {REGION}",
        f"integrations.web.logs.kmsKeyArn: {REGION}",
    ]
    assert graph.resources == []


def test_arns_of_the_stacks_own_location_are_accepted() -> None:
    raw = stack(secret={"kmsKeyArn": samples.KEY}, integrations={"shop": integration(logs={"kmsKeyArn": samples.KEY})})

    assert run(program, configured(raw)).types()[PROJECT] == 1


def test_the_component_refuses_a_misplaced_arn_too() -> None:
    """Without this, programs that use the library get the error from AWS, halfway through a deployment."""
    chosen = settings(logs={"kmsKeyArn": elsewhere(samples.KEY, "region")})

    with pytest.raises(ConfigError, match=r"^logs\.kmsKeyArn: must be in region us-east-1"):
        build(chosen)


OTHER_ACCOUNTS = elsewhere(samples.SECRET, "account")


def test_a_secret_of_another_account_needs_the_key_that_encrypts_it() -> None:
    """Without this, every build fails: AWS's own key decrypts secrets within its account only."""
    pull_requests = {"pullRequests": {"secret": {"existingArn": OTHER_ACCOUNTS}}}
    shop = integration(secret={"existingArn": OTHER_ACCOUNTS}, triggers=pull_requests)
    checked = parse_stack(stack(secret={"existingArn": OTHER_ACCOUNTS}, integrations={"shop": shop}), "dev")

    problems = list(arns.stack_problems(checked, HERE))

    assert [problem.path for problem in problems] == [
        "secret.kmsKeyArn",
        "integrations.shop.triggers.pullRequests.secret.kmsKeyArn",
        "integrations.shop.secret.kmsKeyArn",
    ]
    assert all("is required for a secret of another account" in problem.message for problem in problems)


def test_a_secret_of_another_account_with_its_key_is_accepted() -> None:
    secret = {"existingArn": OTHER_ACCOUNTS, "kmsKeyArn": elsewhere(samples.KEY, "account")}

    assert list(arns.integration_problems(settings(secret=secret), HERE)) == []
