"""Reviews of pull requests in CodeBuild's terms: webhook filters, approval, settings of the build project."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ..config import Approval, IntegrationSettings, Provider, PullRequests
from .sources import described
from .triggers import Filter, escaped

_OPENED = ("PULL_REQUEST_CREATED", "PULL_REQUEST_UPDATED")
_REOPENED = (*_OPENED, "PULL_REQUEST_REOPENED")

EVENTS: Mapping[Provider, tuple[str, ...]] = MappingProxyType(
    {
        # https://docs.aws.amazon.com/codebuild/latest/userguide/github-webhook.html
        Provider.GITHUB: _REOPENED,
        Provider.GITHUB_ENTERPRISE: _REOPENED,
        # https://docs.aws.amazon.com/codebuild/latest/userguide/bitbucket-webhook.html
        Provider.BITBUCKET: _OPENED,
        # https://docs.aws.amazon.com/codebuild/latest/userguide/gitlab-webhook.html
        Provider.GITLAB: _REOPENED,
        Provider.GITLAB_SELF_MANAGED: _REOPENED,
    }
)
"""For each host, the events after which a pull request contains something new to review."""

_REQUIRES_COMMENT = {Approval.ALL: "ALL_PULL_REQUESTS", Approval.FORKS: "FORK_PULL_REQUESTS"}
_ROLE_PREFIXES: Mapping[Provider, str] = MappingProxyType(
    {
        Provider.GITHUB: "GITHUB",
        Provider.GITHUB_ENTERPRISE: "GITHUB",
        Provider.BITBUCKET: "BITBUCKET",
        Provider.GITLAB: "GITLAB",
        Provider.GITLAB_SELF_MANAGED: "GITLAB",
    }
)


@dataclass(frozen=True)
class BuildPolicy:
    """Which pull requests wait for an approver's comment. CodeBuild builds those of the approvers at once."""

    requires_comment_approval: str
    approver_roles: tuple[str, ...]


def filter_groups(provider: Provider, branch: str) -> list[list[Filter]]:
    """The webhook's filter group for pull requests to the branch.

    It does not filter on HEAD_REF, because whoever opens a pull request chooses that name.
    """
    return [[Filter("EVENT", ", ".join(EVENTS[provider])), Filter("BASE_REF", f"^refs/heads/{escaped(branch)}$")]]


def build_policy(provider: Provider, wanted: PullRequests) -> BuildPolicy:
    """Which pull requests need approval, and by whom, in CodeBuild's terms.

    https://docs.aws.amazon.com/codebuild/latest/APIReference/API_PullRequestBuildPolicy.html
    """
    roles = wanted.with_approvers_of(provider).approver_roles or []
    return BuildPolicy(
        _REQUIRES_COMMENT[wanted.approval], tuple(f"{_ROLE_PREFIXES[provider]}_{role.upper()}" for role in roles)
    )


def project_settings(settings: IntegrationSettings, wanted: PullRequests) -> IntegrationSettings:
    """The settings of the integration as its build project for pull requests uses them.

    That project has no cache of Docker layers, which would carry files from one pull request into the next.
    """
    description = settings.description or f"review of {described(settings.source)}"
    return settings.model_copy(
        update={
            "description": f"Pull requests: {description}"[:255],
            "secret": wanted.secret or settings.secret,
            "environment": settings.environment.model_copy(update={"docker_layer_cache": False}),
        }
    )
