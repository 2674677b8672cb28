"""Checks whether everything that a stack created still works, and reports all problems at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fleet.aws import Refused
from fleet.builds import known_projects
from fleet.doctor import builds, events, expected, hosts, logs, project, roles, secrets, source
from fleet.doctor.builds import WHOLE_STACK
from fleet.doctor.row import FINDINGS, Check, Row, State
from fleet.other_stacks import REMEDY, NotKnown
from fleet.stack import undeployed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fleet.aws import Aws
    from fleet.doctor.expected import Expected
    from fleet.stack import Stack

__all__ = ["FINDINGS", "Extra", "Row", "State", "examine"]

_AT_A_TIME = 8
"""Integrations that are checked at the same time; with more, IAM throttles."""


@dataclass(frozen=True, kw_only=True)
class Extra:
    """Checks that run only on request."""

    read_secret: bool = False
    """Read the values of secrets, to look for the key that builds need."""
    ask_hosts: bool = False
    """Ask git hosts for the newest commit, to see whether it was built."""


def examine(stack: Stack, aws: Aws, extra: Extra) -> Iterator[list[Row]]:
    """The rows of the whole stack, then those of each integration, in the stack's order."""
    pending = f"pulumi up --stack {stack.name}"
    yield [
        *(Row(name, "stack", State.WRONG, what, pending) for name, what in undeployed(stack)),
        *_asked(Check(WHOLE_STACK, "quota"), lambda: builds.quotas(stack, aws)),
    ]
    names = [name for name in stack.settings.integrations if name in stack.outputs.integrations]
    outputs = [stack.outputs.integrations[name] for name in names]
    wanted = [each for made in outputs for each in (made.project_name, made.pull_request_project_name) if each]
    there = known_projects(wanted, aws)
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        yield from pool.map(lambda name: list(_integration(stack, name, there, aws, extra)), names)


def _integration(stack: Stack, name: str, there: dict[str, dict[str, Any]], aws: Aws, extra: Extra) -> Iterator[Row]:
    try:
        projects = list(expected.projects(stack, name, there, aws))
    except Refused as error:
        yield _unanswered(Check(name, "secret"), error)
        return
    for each in projects:
        yield from _apart_from_project(stack, each, aws, extra)
        if found := there.get(each.project_name):
            yield from _of_project(stack, each, found, aws, extra)
        else:
            yield Check(name, "project" + each.suffix).wrong(f"{each.project_name} does not exist", stack.restore)


def _apart_from_project(stack: Stack, each: Expected, aws: Aws, extra: Extra) -> Iterator[Row]:
    """The checks that do not need the build project."""
    name = each.integration
    yield from source.starts(each)
    if not each.is_second:
        yield from _asked(Check(name, "connection"), lambda: source.login(stack, each, aws))
        yield from _asked(Check(name, "event rule"), lambda: events.rules(stack, each, aws))
        yield from _asked(Check(name, "schedule"), lambda: events.schedule(stack, each, aws))
        yield from _asked(Check(name, "bucket events"), lambda: events.bucket(stack, each, aws))
    secret = Check(name, "secret" + each.suffix)
    yield from _asked(secret, lambda: secrets.api_key(stack, each, aws, read=extra.read_secret))
    yield from _asked(Check(name, "log group" + each.suffix), lambda: logs.log_group(stack, each, aws))


def _of_project(stack: Stack, each: Expected, found: dict[str, Any], aws: Aws, extra: Extra) -> Iterator[Row]:
    name, suffix = each.integration, each.suffix
    yield from source.webhook(stack, each, found)
    yield from project.settings(stack, each, found)
    yield from _asked(Check(name, "api key" + suffix), lambda: project.api_key(stack, each, found))
    yield from _asked(Check(name, "buildspec" + suffix), lambda: project.buildspec(stack, each, found, aws))
    yield from logs.destinations(stack, each, found)
    yield from _asked(Check(name, "image" + suffix), lambda: project.image(each, found, aws))
    yield from _asked(Check(name, "role" + suffix), lambda: roles.of_builds(stack, each, found, aws))
    yield from _asked(Check(name, "last build" + suffix), lambda: builds.newest(each, aws))
    if extra.ask_hosts:
        yield from _asked(Check(name, "newest commit"), lambda: hosts.newest_commit_is_built(stack, each, aws))


def _asked(check: Check, rows: Callable[[], Iterable[Row]]) -> list[Row]:
    """The rows, or one `unknown` row if AWS or another stack does not answer; the other checks continue."""
    try:
        return list(rows())
    except Refused as error:
        return [_unanswered(check, error)]
    except NotKnown as error:
        return [check.unknown(str(error), REMEDY)]


def _unanswered(check: Check, error: Refused) -> Row:
    remedy = f"allow {error.action}: docs/permissions.md" if error.denied else "try again"
    return check.unknown(str(error), remedy)
