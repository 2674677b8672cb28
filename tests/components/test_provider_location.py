"""A component's `location` must match the partition, region and account of its provider."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from components.api_key import ApiKey, SecretReference
from components.config import MadeSecret
from components.integration import ConvisoIntegration
from tests.components.building import PROJECT, SECRET
from tests.config import samples
from tests.harness import CHINA, HERE, World, refused, run

if TYPE_CHECKING:
    from components.aws.location import AwsLocation

ELSEWHERE = [replace(HERE, region="eu-west-1"), replace(HERE, account="210987654321"), CHINA]


def integration(location: AwsLocation) -> None:
    secret = SecretReference(arn=samples.SECRET, key="FLOW_API_KEY")
    ConvisoIntegration("shop", samples.settings(), stack="dev", location=location, secret=secret)


def api_key(location: AwsLocation) -> None:
    ApiKey("conviso", MadeSecret(), stack="dev", location=location, value="the-platforms-api-key")


@pytest.mark.parametrize("location", ELSEWHERE, ids=["region", "account", "partition"])
def test_an_integration_whose_location_differs_from_its_providers_is_refused_with_both(location: AwsLocation) -> None:
    """Without this check, the role's policies name a project that does not exist, and no build ever starts."""
    (message,), graph = refused(lambda: integration(location))

    assert f"`location` says {location.arn('codebuild', '')}..." in message
    assert f"the provider made {HERE.arn('codebuild', 'Project/shop-project')}" in message
    assert graph.one(PROJECT)


@pytest.mark.parametrize("location", ELSEWHERE, ids=["region", "account", "partition"])
def test_an_api_key_whose_location_differs_from_its_providers_is_refused_with_both(location: AwsLocation) -> None:
    """Without this check, the KMS key's policy and the fill command name another account or region."""
    (message,), graph = refused(lambda: api_key(location))

    assert f"`location` says {location.arn('secretsmanager', '')}..." in message
    assert f"the provider made {HERE.arn('secretsmanager', 'Secret/conviso-secret')}" in message
    assert graph.one(SECRET)


def test_a_preview_that_knows_no_arn_succeeds() -> None:
    """Without this, the first preview of every stack fails, since no ARN is known before an update."""
    assert run(lambda: integration(CHINA), World(preview=True)).one(PROJECT)
