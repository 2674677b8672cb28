"""Whether pushes reach AWS. Only the git host knows that somebody removed a webhook there."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from components.aws.triggers import pushed_branch
from components.config import GitSource, PathFilter
from fleet.builds import recent_builds
from fleet.doctor.row import Check
from fleet.doctor.source import webhook_again

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleet.aws import Aws
    from fleet.doctor.expected import Expected
    from fleet.doctor.row import Row
    from fleet.stack import Stack

_SECONDS = 30


class HostError(Exception):
    """The host did not answer; the message comes from git."""


def newest_commit_is_built(stack: Stack, expected: Expected, aws: Aws) -> Iterator[Row]:
    """The branch's newest commit was built, if every push to the branch starts a build."""
    source, branch = expected.settings.source, pushed_branch(expected.settings)
    if expected.is_second or not isinstance(source, GitSource) or not expected.filter_groups:
        return
    check = Check(expected.integration, "newest commit")
    if branch is None:
        yield check.note(
            "no push to a branch starts a build: nothing to compare", "look for webhookUrl among the host's webhooks"
        )
        return
    if isinstance(expected.settings.triggers.push, PathFilter):
        yield check.note("filePaths lets only some pushes start a build: nothing to compare")
        return
    try:
        commit = _newest_commit(source.repository, branch)
    except HostError as error:
        yield check.unknown(str(error), f"let git read {source.repository} from this shell")
        return
    if commit is None:
        yield check.wrong(f"the host has no branch {branch}", "correct source.version")
        return
    built = {build.commit for build in recent_builds(expected.project_name, aws)}
    yield check.same(
        holds=commit in built,
        found=f"{commit[:9]} was built",
        otherwise=f"{commit[:9]} of {branch} was not built: the host lost the webhook, or AWS refused the build",
        remedy=webhook_again(stack, expected),
    )


def _newest_commit(url: str, branch: str) -> str | None:
    """The branch's newest commit on the host, with the shell's own git login; None if there is no such branch."""
    command = ["git", "ls-remote", "--", url, f"refs/heads/{branch}"]
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(  # noqa: S603 - the user's own git, without a shell
            command, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except OSError:
        raise HostError("git is not installed") from None
    except subprocess.TimeoutExpired:
        raise HostError(f"{url} did not answer within {_SECONDS} seconds") from None
    if done.returncode:
        raise HostError((done.stderr.strip().splitlines() or ["git ls-remote failed"])[-1])
    return done.stdout.split()[0] if done.stdout else None
