"""Whatever branch, tag or path the configuration accepts starts builds of just what it says, on every host."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from components.aws.triggers import reference_patterns, webhook_filter_groups
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


def near(text: str) -> list[str]:
    """Texts that a careless pattern would take for this one; with its stars filled, also those that it is for."""
    middle = len(text) // 2
    changed = [
        *(text, f"x{text}", f"{text}x", f"{text}/x", f"x/{text}", f"-{text}", f"{text}.1", text * 2),
        *(text[1:], text[:-1], text[:middle] + text[middle + 1 :], f"{text[:middle]}x{text[middle:]}"),
        *(text.swapcase(), text.replace(".", "x"), re.sub(r"(.)[+?]", r"\1\1", text), re.sub(r"\W", "", text)),
        *re.split(r"[|,(){}\[\]]", text),
    ]
    return [re.sub(r"\*+", lambda _: run, each) for each in changed for run in ("", "x", "x/y", "*")]  # noqa: B023 - used at once


def references(*names: str) -> list[str]:
    """Full references of which some have nearly those names."""
    prefixes = ("refs/heads/", "refs/tags/", "refs/remotes/", "refs/pull/1/", "xrefs/heads/", "refs/heads", "")
    # git allows no control characters in a name.
    return [
        prefix + each for prefix in prefixes for name in names for each in near(name) if min(each, default="a") >= " "
    ]


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
            details = [pattern["detail"] for pattern in reference_patterns(chosen, HERE).values()]
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
@given(NAME, GLOB, st.tuples(st.booleans(), st.booleans()))
def test_no_branch_and_no_tag_widens_a_filter(
    provider: str, branch: str, glob: str, switches: tuple[bool, bool]
) -> None:
    """Without escapes and anchors, a branch named `a|b` or a tag `v.1` starts builds of what others push."""
    push, tags = switches
    chosen = accepted(provider, source={"version": branch}, triggers={"push": push, "tags": glob if tags else False})
    pushed = references(branch, glob)

    starts = rule_starts if provider == "codecommit" else hook_starts
    started = {each for each in pushed if starts(chosen, Push(each, "README.md"))}
    assert started == {each for each in pushed if is_meant(each, branch if push else None, glob if tags else None)}


def is_meant(reference: str, branch: str | None, glob: str | None) -> bool:
    """What `version` and `tags` are documented to mean, without any pattern."""
    if branch is not None and reference == f"refs/heads/{branch.removeprefix('refs/heads/')}":
        return True
    is_tag = reference.startswith("refs/tags/")
    return glob is not None and is_tag and glob_matches(glob, reference.removeprefix("refs/tags/"), crosses=True)


@pytest.mark.parametrize("provider", GIT_HOSTS)
@given(st.lists(GLOB, min_size=1, max_size=3))
def test_no_path_widens_a_filter(provider: str, globs: list[str]) -> None:
    """Without an anchor around each alternative, `src/a|b` starts builds of pushes that touch neither."""
    chosen = accepted(provider, triggers={"push": {"filePaths": globs}})
    # `.` of a regular expression is no line break: a path that holds one starts fewer builds, not more.
    paths = {path for glob in globs for path in near(glob) if "\n" not in path}

    started = {path for path in paths if hook_starts(chosen, Push("refs/heads/main", path))}
    assert started == {path for path in paths if any(glob_matches(glob, path, crosses=False) for glob in globs)}
