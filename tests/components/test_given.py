"""The names and ARNs that a program of your own gives to a component, as texts and as outputs of its resources."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.api_key import SecretReference
from components.integration import ConvisoIntegration
from tests.components.building import PROJECT, STACK_SECRET
from tests.config import samples
from tests.config.samples import settings
from tests.harness import HERE, Graph, refused, run

PARTIAL = samples.SECRET.rpartition("-")[0]
A_NAME = "it must be a bucket's name: 3 to 63 of a-z, 0-9, `.` and -"
AN_ARN = "it must be an ARN such as arn:aws:"
MISTAKES: dict[str, tuple[str, dict[str, Any], str]] = {
    "connection by name": ("github", {"connection_arn": "github"}, f"connection_arn does not fit: {AN_ARN}codeconnec"),
    "token by name": (
        "github",
        {"token_secret_arn": "token"},
        f"token_secret_arn does not fit: {AN_ARN}secretsmanager",
    ),
    "source by ARN": ("s3", {"source_bucket": "arn:aws:s3:::acme"}, f"source_bucket does not fit: {A_NAME}"),
    "logs by ARN": ("github", {"log_bucket": "arn:aws:s3:::acme"}, f"log_bucket does not fit: {A_NAME}"),
    "partial ARN": ("github", {"secret": SecretReference(arn=PARTIAL, key="K")}, f"secret.arn does not fit: {AN_ARN}s"),
    "key by alias": (
        "github",
        {"secret": SecretReference(arn=samples.SECRET, key="K", kms_key_arn="alias/conviso")},
        f"secret.kms_key_arn does not fit: {AN_ARN}kms",
    ),
}
OF_OUTPUTS = ("connection by name", "source by ARN", "logs by ARN")


def make(provider: str, **arguments: Any) -> None:
    sections = {"logs": {"destination": "both"}} if "log_bucket" in arguments else {}
    chosen = settings(provider, **sections)
    ConvisoIntegration("shop", chosen, stack="dev", location=HERE, **{"secret": STACK_SECRET, **arguments})


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_text_of_another_form_is_an_error_that_names_the_argument(mistake: str) -> None:
    """Without this, a build fails on a partial ARN, or its logs are lost: no policy fits the ARN of an ARN."""
    provider, arguments, message = MISTAKES[mistake]

    (line,), graph = refused(lambda: make(provider, **arguments))

    assert line.startswith(message)
    assert PROJECT not in graph.types()


@pytest.mark.parametrize("mistake", OF_OUTPUTS)
def test_an_output_of_the_wrong_kind_is_an_error_that_names_the_argument(mistake: str) -> None:
    """Without this, `bucket.arn` in place of `bucket.bucket` goes unnoticed until a log is missing."""
    provider, arguments, message = MISTAKES[mistake]
    outputs = {name: value for name, value in arguments.items() if isinstance(value, str)}

    def program() -> None:
        make(provider, **{name: pulumi.Output.from_input(value) for name, value in outputs.items()})

    (line,), _ = refused(program)

    assert line.startswith(message)


@pytest.mark.parametrize("value", ["build-logs_id", None])
def test_what_mocks_return_for_an_output_is_accepted(value: str | None) -> None:
    """Without this, the unit tests of another team fail with the ids that Pulumi's own example makes up."""

    def program() -> None:
        made: Any = pulumi.Output.from_input(value)
        make("github", log_bucket=made, secret=SecretReference(arn=made, key="K"))

    assert project(run(program))["name"] == "conviso-dev-shop"


def project(graph: Graph) -> dict[str, Any]:
    return graph.one(PROJECT).inputs
