"""Whatever branch, tag or path the configuration accepts starts builds of just what it says, on every host."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from components.aws.triggers import event_patterns, webhook_filter_groups
from components.config import ConfigError
from tests.components.test_webhooks import glob_matches, lets_through
from tests.config.samples import GIT_HOSTS, settings
from tests.harness import HERE

if TYPE_CHECKING:
    from components.config import IntegrationSettings

# What means something to regular expressions, to EventBridge, to globs, to git or to JSON, and plain letters.
ALPHABET = "abAB/.*+?|()[]{}^$\\-_#&~!<>=:,'\"% @\n\t\x00\x85\u2028é\U0001f600"
TEXT = st.text(st.sampled_from(ALPHABET), min_size=1, max_size=8) | st.text(min_size=1, max_size=8)
GIT_TEXT = st.text(st.sampled_from("abAB/.+|(){}$-_#&!<>=,'\"%@é\U0001f600"), min_size=1, max_size=8)
NAME = st.one_of(TEXT, GIT_TEXT, GIT_TEXT, GIT_TEXT) | st.sampled_from(
    [
        *("main", "release/1.2", "a|b", "(a)", ".*", "^", "$", "a$|^b", "[^/]", "a{0,9}", "\\Q", "(?i)main", "\\Emain"),
        *("refs/heads/main", "refs/heads/refs/tags/v1", "heads/main", "prefix", "anything-but", "0" * 39),
    ]
)
GLOB = st.one_of(TEXT, GIT_TEXT, st.builds(str.__add__, GIT_TEXT, st.just("*"))) | st.sampled_from(
    ["*", "**", "v*", "*.*", "v*|*", "[v]*", "{a,b}*", "?*", "**/a", "a/**", "(*)", "v**1*"]
)


@dataclass(frozen=True)
class Push:
    """A reference that somebody pushed, and the one path that the push touched."""

    reference: str
    path: str


def accepted(provider: str, **choices: Any) -> IntegrationSettings:
    """These settings, unless the configuration refuses them: then the example counts for nothing."""
    try:
        return settings(provider, **choices)
    except ConfigError:
        return reject()


def near(text: str) -> st.SearchStrategy[str]:
    """Texts that a careless pattern would take for this one: with a letter more, less or other, or a star filled in."""

    def changed(position: int, inserted: str, removed: int) -> str:
        start = position % (len(text) + 1)
        return text[:start] + inserted + text[start + removed :]

    inserted = st.text(st.sampled_from(ALPHABET), max_size=3)
    return st.one_of(
        st.just(text),
        st.builds(changed, st.integers(0, 99), inserted, st.integers(0, 2)),
        st.builds(lambda run: re.sub(r"\*+", lambda _: run, text), inserted),
        st.sampled_from([text.swapcase(), f"{text}/", f"/{text}", text * 2]),
    )


def references(name: str) -> st.SearchStrategy[str]:
    """Full references of which some have nearly that name."""
    prefixes = ("refs/heads/", "refs/tags/", "refs/remotes/", "refs/pull/1/", "xrefs/heads/", "refs/heads", "")
    # git allows no control characters in a name.
    return st.builds(str.__add__, st.sampled_from(prefixes), near(name)).filter(
        lambda ref: min(ref, default="a") >= " "
    )


def hook_starts(chosen: IntegrationSettings, push: Push) -> bool:
    """Whether a git host's webhook starts a build."""
    event = {"EVENT": ("PUSH",), "HEAD_REF": (push.reference,), "FILE_PATH": (push.path,)}
    return any(all(lets_through(each, event[each.type]) for each in group) for group in webhook_filter_groups(chosen))


def rule_starts(chosen: IntegrationSettings, push: Push) -> bool:
    """Whether an EventBridge rule starts a build: exact text, or runs between the stars of a wildcard."""
    kinds = {"refs/heads/": "branch", "refs/tags/": "tag"}
    for prefix, kind in kinds.items():
        if push.reference.startswith(prefix):
            name = push.reference.removeprefix(prefix)
            details = [pattern["detail"] for pattern in event_patterns(chosen, HERE).values()]
            return any(kind in each["referenceType"] and name_fits(each, name) for each in details)
    return False  # CodeCommit reports branches and tags only


def name_fits(detail: dict[str, Any], name: str) -> bool:
    """EventBridge's own meaning of `referenceName`; absent, it is any."""
    return "referenceName" not in detail or any(
        name == each if isinstance(each, str) else wildcard_fits(each["wildcard"], name)
        for each in detail["referenceName"]
    )


def wildcard_fits(wildcard: str, name: str) -> bool:
    """A backslash would escape what follows it, and two stars in a row are an error."""
    assert "\\" not in wildcard
    assert "**" not in wildcard
    return glob_matches(wildcard, name, crosses=True)


@pytest.mark.parametrize("provider", [*GIT_HOSTS, "codecommit"])
@given(st.data(), NAME, GLOB, st.tuples(st.booleans(), st.booleans()))
def test_no_branch_and_no_tag_widens_a_filter(
    provider: str,
    data: st.DataObject,
    branch: str,
    glob: str,
    switches: tuple[bool, bool],
) -> None:
    """Without escapes and anchors, a branch named `a|b` or a tag `v.1` starts builds of what others push."""
    push, tags = switches
    triggers = {"push": push, "tags": glob if tags else False}
    chosen = accepted(provider, source={"version": branch}, triggers=triggers)
    pushed = Push(data.draw(references(branch) | references(glob)), "README.md")

    started = rule_starts(chosen, pushed) if provider == "codecommit" else hook_starts(chosen, pushed)
    assert started == is_meant(pushed.reference, branch if push else None, glob if tags else None)


def is_meant(reference: str, branch: str | None, glob: str | None) -> bool:
    """What `version` and `tags` are documented to mean, without any pattern."""
    if branch is not None and reference == f"refs/heads/{branch.removeprefix('refs/heads/')}":
        return True
    is_tag = reference.startswith("refs/tags/")
    return glob is not None and is_tag and glob_matches(glob, reference.removeprefix("refs/tags/"), crosses=True)


@pytest.mark.parametrize("provider", GIT_HOSTS)
@given(st.data(), st.lists(GLOB, min_size=1, max_size=3))
def test_no_path_widens_a_filter(provider: str, data: st.DataObject, globs: list[str]) -> None:
    """Without an anchor around each alternative, `src/a|b` starts builds of pushes that touch neither."""
    chosen = accepted(provider, triggers={"push": {"filePaths": globs}})
    path = data.draw(st.one_of([near(glob) for glob in globs]))
    # `.` of a regular expression is no line break: such a path starts fewer builds, not more.
    assume(not re.search(r"[\n\r\x85\u2028\u2029]", path))

    started = hook_starts(chosen, Push("refs/heads/main", path))
    assert started == any(glob_matches(glob, path, crosses=False) for glob in globs)
