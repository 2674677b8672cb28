"""How the name of a build image tells whether its registry is a private ECR registry."""

import pytest

from components.aws.location import AwsLocation
from components.aws.sources import private_ecr_repository
from tests.harness import CHINA, HERE


@pytest.mark.parametrize(
    ("location", "image", "expected"),
    [
        (
            HERE,
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/build:1",
            "arn:aws:ecr:eu-west-1:123456789012:repository/team/build",
        ),
        (
            CHINA,
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/build@sha256:0f",
            "arn:aws-cn:ecr:cn-north-1:123456789012:repository/build",
        ),
        (
            HERE,
            "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/build:1",
            "arn:aws:ecr:us-gov-west-1:123456789012:repository/build",
        ),
        (HERE, "123456789012.dkr.ecr.us-east-1.evil.com/build:1", None),
        (HERE, "123456789012.dkr.ecr.us-east-1.amazonaws.com.evil.com/build:1", None),
        (HERE, "123456789012.dkr.ecr.us-east-1.amazonawsxcom/build:1", None),
        (HERE, "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/build:1", None),
        (CHINA, "123456789012.dkr.ecr.us-east-1.amazonaws.com/build:1", None),
        (HERE, "evil.com/123456789012.dkr.ecr.us-east-1.amazonaws.com/build:1", None),
        (HERE, "12345678901.dkr.ecr.us-east-1.amazonaws.com/build:1", None),
        (HERE, "public.ecr.aws/acme/build:1", None),
    ],
)
def test_only_an_ecr_registry_of_this_partition_is_a_private_ecr_registry(
    location: AwsLocation, image: str, expected: str | None
) -> None:
    """Without this, an image from a lookalike host is pulled with the credentials of the build's role."""
    assert private_ecr_repository(image, location) == expected
