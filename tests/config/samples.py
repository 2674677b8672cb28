"""Raw configuration that is right, for tests to vary: one source for each provider, and ARNs of each kind."""

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
"""CodeBuild's name of each provider."""
PROVIDERS = tuple(SOURCES)
GIT_HOSTS = tuple(provider for provider in PROVIDERS if provider not in ("codecommit", "s3"))
STRATEGIES = ("tags-by-time", "tags-by-version", "git-tree", "none")


def integration(provider: str = "github", *, source: Raw | None = None, **sections: Any) -> Raw:
    """One valid entry of `integrations`: `source` varies the provider's own, other sections stand as given.

    None removes what it stands for.
    """
    varied = {"provider": provider, **SOURCES[provider], **(source or {})}
    entry = {"projectKey": "kXyZ12", "source": _without_nulls(varied), **sections}
    return _without_nulls(entry)


def reviewed(provider: str, strategy: str) -> Raw:
    """The sections that choose a strategy: with a GitLab, a tag strategy also has to say what starts a build."""
    must_choose = provider.startswith("gitlab") and strategy.startswith("tags")
    return {"review": {"strategy": strategy}, **({"triggers": {"tags": True}} if must_choose else {})}


def _without_nulls(raw: Raw) -> Raw:
    return {key: value for key, value in raw.items() if value is not None}


def settings(provider: str = "github", *, source: Raw | None = None, **sections: Any) -> IntegrationSettings:
    """The same, checked."""
    return parse_integration(integration(provider, source=source, **sections))


def stack(**keys: Any) -> Raw:
    """The keys of a stack with one valid integration, `shop`, unless they name others."""
    return {"integrations": {"shop": integration()}, **keys}


def problems_of(raw: Raw) -> list[tuple[str, str]]:
    """Path and message of each problem that a stack's configuration is refused for; empty where it is accepted."""
    try:
        parse_stack(raw, "dev")
    except ConfigError as error:
        return [(problem.path, problem.message) for problem in error.problems]
    return []


def refusals_of(provider: str = "github", *, source: Raw | None = None, **sections: Any) -> list[tuple[str, str]]:
    """Path and message of each problem of one integration; the paths start inside of it."""
    try:
        settings(provider, source=source, **sections)
    except ConfigError as error:
        return [(problem.path, problem.message) for problem in error.problems]
    return []


def short(value: object) -> str:
    """The name of a case in a table of tests; a set's order differs from one process of the tests to the next."""
    return str(sorted(value) if isinstance(value, set) else value)[:70]
