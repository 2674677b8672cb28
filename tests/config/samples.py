"""Valid raw configuration for tests to vary: one source for each provider, and ARNs of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from components.config import ConfigError, parse_integration, parse_stack

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.config import IntegrationSettings

Raw = dict[str, Any]

CONNECTION = "arn:aws:codeconnections:us-east-1:123456789012:connection/1f0c2d3e-4b5a-4c6d-8e7f-901234567890"
OLD_CONNECTION = "arn:aws:codestar-connections:us-east-1:123456789012:connection/1f0c2d3e-4b5a-4c6d-8e7f-901234567890"
TOKEN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:git-token-AbCdEf"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:conviso/shared-GhIjKl"
KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
OTHER_KEY = "arn:aws:kms:us-east-1:123456789012:key/ffffffff-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
BOUNDARY = "arn:aws:iam::123456789012:policy/team/boundary"
CERTIFICATE = "arn:aws:s3:::acme-certificates/ca/bundle.pem"
COMMIT = "8ac1b9f0d2e3c4b5a697887766554433221100ff"
VPC = {
    "id": "vpc-0abc1234",
    "subnetIds": ["subnet-0bbb2222", "subnet-0aaa1111"],
    "securityGroupIds": ["sg-0ccc3333"],
}

SOURCES: Mapping[str, Raw] = {
    "codecommit": {"repository": "billing", "version": "main"},
    "s3": {"bucket": "acme-exports", "key": "erp/legacy.zip"},
    "github": {"repository": "https://github.com/acme/shop-api.git", "version": "main"},
    "github-enterprise": {"repository": "https://git.acme.example/acme/shop-api.git", "version": "main"},
    "bitbucket": {"repository": "https://bitbucket.org/acme/shop-api.git", "version": "main"},
    "gitlab": {"repository": "https://gitlab.com/acme/shop-api.git", "version": "main"},
    "gitlab-self-managed": {"repository": "https://gitlab.acme.example/acme/team/shop-api.git", "version": "main"},
}
SOURCE_TYPES = {
    "codecommit": "CODECOMMIT",
    "s3": "S3",
    "github": "GITHUB",
    "github-enterprise": "GITHUB_ENTERPRISE",
    "bitbucket": "BITBUCKET",
    "gitlab": "GITLAB",
    "gitlab-self-managed": "GITLAB_SELF_MANAGED",
}
"""CodeBuild's source type for each provider."""
PROVIDERS = tuple(SOURCES)
GIT_HOSTS = tuple(provider for provider in PROVIDERS if provider not in ("codecommit", "s3"))
STRATEGIES = ("tags-by-time", "tags-by-version", "git-tree", "none")


def integration(provider: str = "github", *, source: Raw | None = None, **sections: Any) -> Raw:
    """Return one valid entry of `integrations`, with `source` laid over the provider's sample source.

    A key or section that is None is left out.
    """
    varied = {"provider": provider, **SOURCES[provider], **(source or {})}
    entry = {"projectKey": "kXyZ12", "source": _without_nulls(varied), **sections}
    return _without_nulls(entry)


def reviewed(provider: str, strategy: str) -> Raw:
    """Return the sections that choose a strategy; on GitLab, a tag strategy also has to choose a trigger."""
    must_choose = provider.startswith("gitlab") and strategy.startswith("tags")
    return {"review": {"strategy": strategy}, **({"triggers": {"tags": True}} if must_choose else {})}


def _without_nulls(raw: Raw) -> Raw:
    return {key: value for key, value in raw.items() if value is not None}


def settings(provider: str = "github", *, source: Raw | None = None, **sections: Any) -> IntegrationSettings:
    """Return the settings that `integration` with the same arguments is parsed into."""
    return parse_integration(integration(provider, source=source, **sections))


def stack(**keys: Any) -> Raw:
    """Return a stack's configuration with these keys and, unless they say otherwise, one valid integration, `shop`."""
    return {"integrations": {"shop": integration()}, **keys}


def problems_of(raw: Raw) -> list[tuple[str, str]]:
    """Return the path and message of each problem in a stack's configuration; none if it is valid."""
    try:
        parse_stack(raw, "dev")
    except ConfigError as error:
        return [(problem.path, problem.message) for problem in error.problems]
    return []


def refusals_of(provider: str = "github", *, source: Raw | None = None, **sections: Any) -> list[tuple[str, str]]:
    """Return the path and message of each problem in one integration, with paths relative to it."""
    try:
        settings(provider, source=source, **sections)
    except ConfigError as error:
        return [(problem.path, problem.message) for problem in error.problems]
    return []


def short(value: object) -> str:
    """Return a parametrized case's id; sets are sorted, because their order differs between test processes."""
    return str(sorted(value) if isinstance(value, set) else value)[:70]
