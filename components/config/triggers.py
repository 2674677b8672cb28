"""`triggers`: what starts builds automatically."""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, ClassVar
from zoneinfo import available_timezones

from pydantic import Discriminator, Field, Tag

from .access import ExistingSecret
from .fields import PathPattern, Section, TagPattern, Text, checked, choice, derived_default
from .source import Provider


class Approval(StrEnum):
    """Which pull requests wait for an approver's comment. Building all of them unseen is not supported."""

    ALL = "all"
    FORKS = "forks"


class ApproverRole(StrEnum):
    """A role that may push to the repository, by the git host's name for it. Lesser roles cannot approve."""

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
"""The roles of each host that may push, in ascending order. All but the first count as maintainers."""

_may_not_push = dict.fromkeys(
    ("read", "triage", "guest", "planner", "reporter"),
    "may not push to the repository, and so may not decide what runs beside the API key",
)


class PullRequests(Section):
    """The review of pull requests to the branch, in a separate project that makes no deploys and closes no findings."""

    approval: Annotated[Approval, choice(Approval)] = Field(
        default=Approval.ALL, description="Which pull requests wait for an approver's comment"
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
        description="Roles that approve, and whose own pull requests need no approval",
        json_schema_extra=derived_default(
            "the host's maintainers: `maintain` and `admin`, `maintainer` and `owner`, or `admin` on Bitbucket"
        ),
    )
    report: bool = Field(default=False, description="Send the findings to the platform")
    secret: ExistingSecret | None = Field(
        default=None,
        description="Secret with another, less powerful API key for these builds",
        json_schema_extra=derived_default("the integration's"),
    )

    def with_approvers_of(self, provider: Provider) -> "PullRequests":
        """The same settings, with the host's maintainers as approvers if no roles are named."""
        if self.approver_roles is not None:
            return self
        return self.model_copy(update={"approver_roles": list(APPROVER_ROLES[provider][1:])})


# https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
_RATE = re.compile(r"rate\(([1-9][0-9]{0,4}) (minute|hour|day)(s?)\)")
_AT = re.compile(r"at\(([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})\)")
_CRON = re.compile(r"cron\((?P<fields>[^()]*)\)")

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
_CRON_FIELDS = {
    "minutes": ("", [str(each) for each in range(60)]),
    "hours": ("", [str(each) for each in range(24)]),
    "day of the month": (r"|\?|L|([1-9]|[12][0-9]|3[01])W", [str(each) for each in range(1, 32)]),
    "month": ("", [str(each) for each in range(1, 13)] + _MONTHS),
    "day of the week": (rf"|\?|L|([1-7]|{'|'.join(_DAYS)})(L|#[1-5])", [str(each) for each in range(1, 8)] + _DAYS),
    "year": ("", [str(each) for each in range(1970, 2200)]),
}
"""The six fields of AWS's cron: what a field may be besides lists of values, ranges and steps; and its values."""


def _expression(value: str) -> str | None:
    if not value.isascii():
        return "must have ASCII characters only; a space copied from a web page may be another one"
    if rate := _RATE.fullmatch(value):
        one, plural = rate[1] == "1", bool(rate[3])
        if one == plural:
            return f"must be rate({rate[1]} {rate[2]}{'' if one else 's'})"
        return None
    if at := _AT.fullmatch(value):
        return None if _is_moment(at[1]) else "must have an existing date and time in at(...)"
    if cron := _CRON.fullmatch(value):
        return _cron(cron["fields"].split())
    return "must be cron(minutes hours day-of-month month day-of-week year), rate(12 hours) or at(2026-12-31T23:00:00)"


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _cron(fields: list[str]) -> str | None:
    if len(fields) != len(_CRON_FIELDS):
        return f"must have six fields in cron(...): {', '.join(_CRON_FIELDS)}; got {len(fields)}"
    for text, (name, (special, values)) in zip(fields, _CRON_FIELDS.items(), strict=True):
        value = "|".join(values)
        step = rf"(\*|({value})(-({value}))?)(/[1-9][0-9]{{0,3}})?"
        if not re.fullmatch(rf"{step}(,{step})*{special}", text.upper()):
            return f"must have a valid {name} in its place in cron(...)"
    if (fields[2] == "?") == (fields[4] == "?"):
        return "must have ? as either the day of the month or the day of the week in cron(...)"
    return None


@cache
def _time_zones() -> frozenset[str]:
    # Opens a file for each of the 600 zones. Two of them say what the machine has, or has not, been set to.
    return frozenset(available_timezones() - {"localtime", "Factory"})


def _timezone(name: str) -> str | None:
    known = _time_zones()
    # A machine without a time zone database knows no names. There, AWS finds the mistakes.
    if (known and name not in known) or (not known and not re.fullmatch(r"[A-Za-z0-9_+/-]{1,50}", name)):
        return "must be a name of the time zone database, such as Europe/Berlin or UTC"
    return None


class Schedule(Section):
    """When EventBridge Scheduler starts a build of `source.version`."""

    expression: Annotated[Text, Field(max_length=256), checked(_expression)] = Field(
        description="When: `cron(0 3 ? * MON-FRI *)`, `rate(12 hours)` or `at(2026-12-31T23:00:00)`"
    )
    timezone: Annotated[Text, checked(_timezone)] = Field(
        default="UTC", description="Time zone of `cron` and `at`, such as `Europe/Berlin`"
    )
    # https://docs.aws.amazon.com/scheduler/latest/APIReference/API_FlexibleTimeWindow.html
    flexible_minutes: int = Field(
        default=15, ge=0, le=1440, description="Minutes over which AWS spreads the starts; 0 for the exact time"
    )


class PathFilter(Section):
    """Only the pushes that touch one of these paths."""

    # https://docs.aws.amazon.com/codebuild/latest/APIReference/API_WebhookFilter.html
    refused: ClassVar = {
        "excludePaths": "would lose reviews: AWS excludes the whole push if it touches such a path, whatever else it "
        "touches; list the paths that count as filePaths"
    }

    file_paths: list[PathPattern] = Field(
        min_length=1, max_length=20, description="Paths, of which a push must touch at least one"
    )


def _push(value: Any) -> str:
    return "paths" if isinstance(value, dict | PathFilter) else "switch"


def _tags(value: Any) -> str:
    return "glob" if isinstance(value, str) else "switch"


def _no_switch(pattern: str) -> str | None:
    # YAML 1.2, which Pulumi reads, takes yes, no, on and off for text.
    if pattern.lower() in {"true", "false", "yes", "no", "on", "off"}:
        return f"must be true or false, without quotes, or a tag's name; got {pattern.lower()} as text"
    return None


class Triggers(Section):
    """What starts a build without a person."""

    push: Annotated[
        Annotated[bool, Tag("switch")] | Annotated[PathFilter, Tag("paths")],
        Discriminator(_push),
    ] = Field(
        default=False,
        description="Pushes to the branch: all of them, or those that touch certain paths",
        json_schema_extra=derived_default(
            "`true` where `version` is a branch and the strategy is `git-tree` or `none`; otherwise `false`"
        ),
    )
    tags: Annotated[
        Annotated[bool, Tag("switch")] | Annotated[TagPattern, checked(_no_switch), Tag("glob")],
        Discriminator(_tags),
    ] = Field(
        default=False,
        description="Pushed tags: all of them, or those that match a pattern such as `v*`",
        json_schema_extra=derived_default("`true` for the tag strategies, except for s3 and GitLab; otherwise `false`"),
    )
    releases: bool = Field(default=False, description="Published releases, on GitHub also pre-releases")
    pull_requests: PullRequests | None = Field(default=None, description="Pull requests to the branch")
    schedule: Schedule | None = Field(default=None, description="Builds at set times, for every source")
    object_created: bool = Field(default=False, description="New versions of `source.key`; only for s3 with a `.zip`")

    @property
    def start_builds(self) -> bool:
        """Whether anything starts builds automatically."""
        return any(getattr(self, name) for name in type(self).model_fields)
