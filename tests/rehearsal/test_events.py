"""The events of rehearsed builds, which set the variables that CodeBuild sets."""

from __future__ import annotations

import pytest

from rehearsal.clone import Ref
from rehearsal.events import Kind, event
from tests.config.samples import COMMIT, settings

MAIN, TAG = Ref("refs/heads/main", COMMIT), Ref("refs/tags/v1.0.0", COMMIT)
HOOKS = {
    "github": "GitHub-Hookshot/1",
    "github-enterprise": "GitHub-Hookshot/1",
    "bitbucket": "Bitbucket-Hookshot/1",
    "gitlab": "GitLab-Hookshot/1",
    "gitlab-self-managed": "GitLab-Hookshot/1",
}


@pytest.mark.parametrize("provider", HOOKS)
def test_a_push_and_a_tag_come_from_the_hosts_webhook(provider: str) -> None:
    push, tag = (event(settings(provider), ref, None) for ref in (MAIN, TAG))
    assert (push.initiator, push.trigger, push.head_ref) == (HOOKS[provider], "branch/main", "refs/heads/main")
    assert (tag.initiator, tag.trigger, tag.head_ref) == (HOOKS[provider], "tag/v1.0.0", "refs/tags/v1.0.0")
    assert {push.resolved, tag.resolved} == {COMMIT}


@pytest.mark.parametrize(("provider", "version", "resolved"), [("codecommit", COMMIT, COMMIT), ("s3", "", None)])
def test_a_source_without_a_webhook_sets_none_of_its_variables(provider: str, version: str, resolved: str) -> None:
    started = event(settings(provider), MAIN, None)
    assert (started.source_version, started.resolved, started.trigger) == (version, resolved, None)


def test_the_schedule_builds_the_version_itself() -> None:
    started = event(settings(), MAIN, Kind.SCHEDULE)
    assert (started.source_version, started.resolved, started.trigger) == ("refs/heads/main", COMMIT, None)
