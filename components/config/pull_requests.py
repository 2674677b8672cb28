"""`triggers.pullRequests`: which pull requests are reviewed, and who decides that one may be built beside a key."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from .access import ExistingSecret
from .fields import Section, checked, choice, derived_default
from .source import Provider


class Approval(StrEnum):
    """Which pull requests wait for a comment of an approver; there is no value for none."""

    ALL = "all"
    FORKS = "forks"


class ApproverRole(StrEnum):
    """A role on the git host, in the host's own word, that may push to the repository; lesser ones approve nothing."""

    WRITE = "write"
    MAINTAIN = "maintain"
    ADMIN = "admin"
    DEVELOPER = "developer"
    MAINTAINER = "maintainer"
    OWNER = "owner"


_GITHUB = (ApproverRole.WRITE, ApproverRole.MAINTAIN, ApproverRole.ADMIN)
_GITLAB = (ApproverRole.DEVELOPER, ApproverRole.MAINTAINER, ApproverRole.OWNER)

APPROVER_ROLES: Mapping[Provider, tuple[ApproverRole, ...]] = MappingProxyType(
    {
        Provider.GITHUB: _GITHUB,
        Provider.GITHUB_ENTERPRISE: _GITHUB,
        Provider.BITBUCKET: (ApproverRole.WRITE, ApproverRole.ADMIN),
        Provider.GITLAB: _GITLAB,
        Provider.GITLAB_SELF_MANAGED: _GITLAB,
    }
)
"""The roles of each host that may push, the least first; all but the first are its maintainers."""

_may_not_push = dict.fromkeys(
    ("read", "triage", "guest", "planner", "reporter"),
    "may not push to the repository, and so may not decide what runs beside the API key",
)


class PullRequests(Section):
    """A build project of its own for pull requests to the branch; it makes no deploy and closes no findings."""

    approval: Annotated[Approval, choice(Approval)] = Field(
        default=Approval.ALL, description="Whose pull requests wait for a comment of an approver"
    )
    approver_roles: (
        Annotated[
            list[Annotated[ApproverRole, choice(ApproverRole, _may_not_push)]],
            Field(min_length=1, max_length=3),
            checked(lambda roles: "must name each role once" if len({*roles}) < len(roles) else None),
        ]
        | None
    ) = Field(
        default=None,
        description="Who approves, and needs no approval",
        json_schema_extra=derived_default(
            "the host's maintainers: `maintain` and `admin`, `maintainer` and `owner`, or `admin` on Bitbucket"
        ),
    )
    report: bool = Field(default=False, description="Send the findings to the platform")
    secret: ExistingSecret | None = Field(
        default=None,
        description="Another, lesser key for these builds",
        json_schema_extra=derived_default("the integration's"),
    )

    def with_approvers_of(self, provider: Provider) -> "PullRequests":
        """The same, in which the host's maintainers approve where no role is named."""
        if self.approver_roles is not None:
            return self
        return self.model_copy(update={"approver_roles": list(APPROVER_ROLES[provider][1:])})
