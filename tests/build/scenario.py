"""The history that most tests build, with lightweight or annotated tags, and what its build should send.

It has two commits with one SAST finding each, and a dependency with a finding of its own. The platform knows the first
commit as deployed. HEAD is the second one; a pushed tag starts its build for the tag strategies, a push for the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from components.config import IntegrationSettings, parse_stack
from rehearsal.codebuild import Event
from rehearsal.conviso_platform import PROJECT, Deploy

if TYPE_CHECKING:
    from tests.build.world import World

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
FIRST = {"app.py": "query()  # flaw: HIGH sql injection\n", "requirements.txt": "flask==0.1  # flaw: HIGH CVE-1\n"}
SECOND = {"login.py": "md5()  # flaw: LOW weak hash\n"}


def configured(**sections: Any) -> IntegrationSettings:
    """Return the settings of an integration with these sections, and with defaults in all others."""
    source = {"provider": "github", "repository": "https://github.com/acme/shop.git", "version": "main"}
    entry = {"projectKey": PROJECT, "source": source, **sections}
    return parse_stack({"integrations": {"shop-api": entry}}, "test").integrations["shop-api"]


@dataclass(frozen=True)
class History:
    """The commits of one history, oldest first, and the event that starts its build."""

    commits: list[str]
    event: Event

    @property
    def head(self) -> str:
        """The commit that is built."""
        return self.commits[-1]

    @property
    def before(self) -> str:
        """The commit that HEAD is compared with, or git's empty tree where HEAD is the first commit."""
        return self.commits[-2] if len(self.commits) > 1 else EMPTY_TREE


def make_history(
    world: World, strategy: str, *, commits: int = 2, annotated: bool = False, deployed: int = 1
) -> History:
    """Commit the history, and let the platform know its first `deployed` commits as deployed."""
    ids = []
    for number, files in enumerate([FIRST, SECOND][:commits]):
        ids.append(world.repository.commit_files(files))
        if strategy.startswith("tags"):
            world.repository.tag(f"v1.0.{number}", annotated=annotated)
    known = ids[:deployed] if commits > 1 else []
    if known:
        tag = f"v1.0.{len(known) - 1}" if strategy.startswith("tags") else ""
        world.api.last_deploy = Deploy(PROJECT, known[-1], [EMPTY_TREE, *known][-2], tag)
    return History(ids, event(strategy, f"v1.0.{commits - 1}", ids[-1]))


def event(strategy: str, tag: str, head: str) -> Event:
    """Return what starts a build of HEAD: a pushed tag for the tag strategies, a push for the others."""
    if strategy.startswith("tags"):
        ref = f"refs/tags/{tag}"
        return Event(tag, head, "GitHub-Hookshot/1", f"tag/{tag}", "PUSH", ref)
    return Event(head, head, "GitHub-Hookshot/1", "branch/main", "PUSH", "refs/heads/main")


def expected_deploys(strategy: str, history: History) -> list[Deploy]:
    """Return the deploys that a strategy should send: one, or none without a strategy."""
    if strategy == "none":
        return []
    last = len(history.commits) - 1
    tags = (f"v1.0.{last}", f"v1.0.{last - 1}" if last else "") if strategy.startswith("tags") else ("", "")
    return [Deploy(PROJECT, history.head, history.before, *tags)]


def expected_range(sast: str, history: History) -> tuple[str, str] | None:
    """Return the commits that SAST should compare, if any; a repeated build compares the same ones."""
    if sast == "none":
        return None
    return (EMPTY_TREE if sast == "repository" else history.before, history.head)


def expected_findings(compared: tuple[str, str] | None, history: History) -> set[str]:
    """Return the titles of what SAST finds between two commits, and of what SCA finds in every build."""
    everything = ["sql injection", "weak hash"][: len(history.commits)]
    if compared is None:
        return {"CVE-1"}
    return {"CVE-1", *(everything if compared[0] == EMPTY_TREE else everything[1:])}
