"""Sources in CodeBuild's terms."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from ..config import CodeCommitSource, GitSource, Provider, S3Source, Source
from .location import AwsLocation

SOURCE_TYPES: Mapping[Provider, str] = MappingProxyType(
    {
        Provider.CODECOMMIT: "CODECOMMIT",
        Provider.S3: "S3",
        Provider.GITHUB: "GITHUB",
        Provider.GITHUB_ENTERPRISE: "GITHUB_ENTERPRISE",
        Provider.BITBUCKET: "BITBUCKET",
        Provider.GITLAB: "GITLAB",
        Provider.GITLAB_SELF_MANAGED: "GITLAB_SELF_MANAGED",
    }
)
"""CodeBuild's name of each provider."""


def clone_url(source: GitSource | CodeCommitSource, location: AwsLocation) -> str:
    """The URL that CodeBuild clones a git source from."""
    if isinstance(source, CodeCommitSource):
        return f"https://{location.endpoint('git-codecommit')}/v1/repos/{source.repository}"
    return source.repository


def described(source: Source) -> str:
    """The source in a few words, for a description."""
    if isinstance(source, S3Source):
        bucket = source.bucket if isinstance(source.bucket, str) else f"({source.bucket})"
        return f"{source.provider} {bucket}/{source.key}"
    return f"{source.provider} {source.repository}"


def private_ecr_repository(image: str, location: AwsLocation) -> str | None:
    """ARN of the private ECR repository, in this partition, that `image` names; None for any other registry."""
    domain = re.escape(location.dns_suffix)
    named = re.fullmatch(rf"([0-9]{{12}})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.{domain}/([^:@]+)([:@].+)?", image)
    return f"arn:{location.partition}:ecr:{named[2]}:{named[1]}:repository/{named[3]}" if named else None
