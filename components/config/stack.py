"""A whole stack: its secret, notifications, defaults and integrations, checked together."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from ..aws.names import MAX_STACK_LENGTH
from .access import StackSecret
from .entries import NONE_NAMED, equal_projects, is_inherited, name_mistakes, parse_entries, read_files
from .fields import Section, TopicArn, choice, derived_default, matches, refusal
from .integration import IntegrationSettings
from .merge import merged
from .problems import ConfigError, Problem, errors_of, explained, path_of, validated
from .project import BucketBuildspec
from .raw import NAMESPACE, STACK_KEYS, Raw, unreadable, without_nulls
from .redaction import did_you_mean, key_shown
from .stack_outputs import OrOutput


class BuildState(StrEnum):
    """How a build ended. Faults of AWS and time-outs count as `failed`."""

    FAILED = "failed"
    STOPPED = "stopped"
    SUCCEEDED = "succeeded"


Email = Annotated[
    str,
    matches(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", "an e-mail address"),
]


class NotificationSettings(Section):
    """Who is notified of builds: people by e-mail, through a topic that the stack makes, or a topic of yours."""

    emails: list[Email] | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="E-mail addresses; each must confirm its subscription through a link in the first e-mail",
    )
    topic_arn: OrOutput[TopicArn] | None = Field(default=None, description="Your own SNS topic, instead of `emails`")
    states: list[Annotated[BuildState, choice(BuildState)]] = Field(
        default=[BuildState.FAILED, BuildState.STOPPED],
        min_length=1,
        max_length=3,
        description="Results that are reported; a build that timed out counts as failed",
        json_schema_extra=derived_default("`failed` and `stopped`"),
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.emails is None) == (self.topic_arn is None):
            raise refusal(f"must have either emails or topicArn; got {'neither' if self.emails is None else 'both'}")
        for name, values in (("emails", self.emails or []), ("states", self.states)):
            if len(set(values)) < len(values):
                raise refusal("must not name anything twice", name)
        return self


_EMPTY: tuple[object, ...] = (None, "", {}, [])
_SECRET: TypeAdapter[StackSecret] = TypeAdapter(StackSecret)
_NOTIFICATIONS: TypeAdapter[NotificationSettings] = TypeAdapter(NotificationSettings)


@dataclass(frozen=True, kw_only=True)
class StackSettings:
    """The checked configuration of a stack."""

    secret: StackSecret
    """Where the platform's API key is kept."""
    notifications: NotificationSettings | None
    """Who is notified of builds; None if nobody is."""
    integrations: Mapping[str, IntegrationSettings]
    """The integrations by name, one for each repository."""
    tags: Mapping[str, str]
    """The tags in `defaults`, for the resources that all integrations share."""


def parse_stack(raw: Raw, stack: str, folder: Path | None = None) -> StackSettings:
    """The settings of a stack, from the keys of its configuration. An empty value counts as absent.

    `folder` is the project's folder, which the paths of `integrationFiles` start from; by default the current one.

    Raises ConfigError with all problems.
    """
    if problems := [Problem(key_shown(key), message) for key in raw if (message := unreadable(raw[key]))]:
        raise ConfigError(problems)
    given = {key: value for key, value in raw.items() if value not in _EMPTY}
    defaults = given.get("defaults", {})
    problems = [*stack_name_problems(stack), *_unknown_keys(raw)]
    secret, found = _parse_secret(given.get("secret", {}), defaults)
    problems += found
    notifications, found = _parse_notifications(given.get("notifications"))
    problems += found
    from_files, wrong_files = read_files(given.get("integrationFiles", []), folder or Path.cwd())
    problems += wrong_files
    integrations, found = parse_entries(given.get("integrations", {}), defaults, from_files)
    if wrong_files or "integrations" in _misplaced(raw):
        found = [each for each in found if each != NONE_NAMED]
    problems += [*found, *equal_projects(stack, integrations)]
    for name, settings in integrations.items():
        of_buckets = _bucket_name_problems(stack, settings, makes_log_bucket=settings.logs.bucket is None)
        problems += [each.under(f"integrations.{name}") for each in of_buckets]
    if problems or secret is None:
        raise ConfigError(dict.fromkeys(problems))
    return StackSettings(
        secret=secret,
        notifications=notifications,
        integrations=integrations,
        tags=merged({}, defaults).get("tags", {}),
    )


def name_problems(
    name: str, stack: str, settings: IntegrationSettings, *, brings_log_bucket: bool
) -> Iterator[Problem]:
    """The problems of the names in a program of your own, which a stack file's would be refused for, too.

    `brings_log_bucket` says whether the program makes the bucket for logs itself.
    """
    for message in name_mistakes(name):
        yield Problem("name", message)
    yield from stack_name_problems(stack)
    yield from _bucket_name_problems(
        stack, settings, makes_log_bucket=settings.logs.bucket is None and not brings_log_bucket
    )


def stack_name_problems(stack: str) -> Iterator[Problem]:
    """The problems of a stack's name."""
    # The stack's name is part of the names of build projects, in which CodeBuild allows no dot.
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,100}", stack):
        yield Problem("stack", "must have a name of letters, digits, - and _ only")
    if len(stack) > MAX_STACK_LENGTH:
        most = f"must have a name of at most {MAX_STACK_LENGTH} characters"
        yield Problem("stack", f"{most}, because names of resources begin with conviso-<stack>-; it has {len(stack)}")


def _bucket_name_problems(stack: str, settings: IntegrationSettings, *, makes_log_bucket: bool) -> Iterator[Problem]:
    if re.fullmatch(r"[a-z0-9-]*", stack):
        return
    makes = "makes a bucket, whose name begins with conviso-<stack>- and may have a-z, 0-9 and - only; rename the stack"
    if settings.logs.to_s3 and makes_log_bucket:
        yield Problem("logs.destination", f"{makes}, or bring your own logs.bucket")
    if isinstance(settings.buildspec, BucketBuildspec):
        yield Problem("buildspec.location", f"{makes}, or choose inline")


def _unknown_keys(raw: Raw) -> Iterator[Problem]:
    misplaced, known = _misplaced(raw), ", ".join(STACK_KEYS)
    for name, key in misplaced.items():
        yield Problem(key_shown(key), f"has the wrong namespace; write {NAMESPACE}:{name}")
    for key in sorted(raw.keys() - {*STACK_KEYS, *misplaced.values()}):
        yield Problem(key_shown(key), f"is not known here{did_you_mean(key, STACK_KEYS)}; known: {known}")


def _misplaced(raw: Raw) -> dict[str, str]:
    """The keys with another namespace, by their name without it."""
    return {key.partition(":")[2]: key for key in raw if key.partition(":")[2] in STACK_KEYS}


def _parse_secret(raw: Any, defaults: Any) -> tuple[StackSecret | None, list[Problem]]:
    """The secret. One that the stack makes inherits the default tags, whose mistakes are reported elsewhere."""
    is_made = isinstance(raw, Mapping) and raw.get("existingArn") is None
    inherited = {"tags": defaults["tags"]} if is_made and isinstance(defaults, Mapping) and "tags" in defaults else {}
    try:
        secret = validated(_SECRET, merged(inherited, raw, StackSecret) if isinstance(raw, Mapping) else raw)
    except ValidationError as error:
        found = [(path_of(each, StackSecret), explained(each, StackSecret)) for each in errors_of(error)]
        return None, [problem.under("secret") for path, problem in found if not is_inherited(path, raw, inherited)]
    return secret, []


def _parse_notifications(raw: Any) -> tuple[NotificationSettings | None, list[Problem]]:
    if raw is None:
        return None, []
    try:
        given = without_nulls(raw, NotificationSettings) if isinstance(raw, Mapping) else raw
        return validated(_NOTIFICATIONS, given), []
    except ValidationError as error:
        return None, [explained(each, NotificationSettings).under("notifications") for each in errors_of(error)]
