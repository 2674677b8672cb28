"""Any branch, tag or path that the configuration accepts starts builds of exactly what it names, on every host."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from components.aws.triggers import reference_patterns, webhook_filter_groups
from components.config import ConfigError
from tests.components.test_webhooks import filter_matches, glob_matches
from tests.config.samples import GIT_HOSTS, settings
from tests.harness import HERE

if TYPE_CHECKING:
    from components.config import IntegrationSettings

# Plain letters, and characters with a meaning in regular expressions, EventBridge patterns, globs, git or JSON.
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
    """A pushed reference, and the one path that the push changed."""

    reference: str
    path: str


def accepted_settings(provider: str, **choices: Any) -> IntegrationSettings:
    """Return these settings, or discard the example if the configuration refuses them."""
    try:
        return settings(provider, **choices)
    except ConfigError:
        return reject()


def similar(text: str) -> list[str]:
    """Return texts that a careless pattern would match by mistake, and texts that the stars of a glob stand for."""
    middle = len(text) // 2
    changed = [
        *(text, f"x{text}", f"{text}x", f"{text}/x", f"x/{text}", f"-{text}", f"{text}.1", text * 2),
        *(text[1:], text[:-1], text[:middle] + text[middle + 1 :], f"{text[:middle]}x{text[middle:]}"),
        *(text.swapcase(), text.replace(".", "x"), re.sub(r"(.)[+?]", r"\1\1", text), re.sub(r"\W", "", text)),
        *re.split(r"[|,(){}\[\]]", text),
    ]
    return [re.sub(r"\*+", lambda _: run, each) for each in changed for run in ("", "x", "x/y", "*")]  # noqa: B023 - used at once


def references(*names: str) -> list[str]:
    """Return full references, some of which have almost these names."""
    prefixes = ("refs/heads/", "refs/tags/", "refs/remotes/", "refs/pull/1/", "xrefs/heads/", "refs/heads", "")
    # git allows no control characters in a name.
    return [
        prefix + each
        for prefix in prefixes
        for name in names
        for each in similar(name)
        if min(each, default="a") >= " "
    ]


def hook_starts(chosen: IntegrationSettings, push: Push) -> bool:
    """Return whether a git host's webhook starts a build."""
    event = {"EVENT": ("PUSH",), "HEAD_REF": (push.reference,), "FILE_PATH": (push.path,)}
    return any(all(filter_matches(each, event[each.type]) for each in group) for group in webhook_filter_groups(chosen))


def rule_starts(chosen: IntegrationSettings, push: Push) -> bool:
    """Return whether an EventBridge rule, which matches exact names or wildcards, starts a build."""
    kinds = {"refs/heads/": "branch", "refs/tags/": "tag"}
    for prefix, kind in kinds.items():
        if push.reference.startswith(prefix):
            name = push.reference.removeprefix(prefix)
            details = [pattern["detail"] for pattern in reference_patterns(chosen, HERE).values()]
            return any(kind in each["referenceType"] and name_fits(each, name) for each in details)
    return False  # CodeCommit reports branches and tags only


def name_fits(detail: dict[str, Any], name: str) -> bool:
    """Return whether `referenceName` matches as EventBridge defines it; if it is missing, any name does."""
    return "referenceName" not in detail or any(
        name == each if isinstance(each, str) else wildcard_fits(each["wildcard"], name)
        for each in detail["referenceName"]
    )


def wildcard_fits(wildcard: str, name: str) -> bool:
    """Return whether a wildcard matches; a backslash would be an escape, and two stars in a row an error."""
    assert "\\" not in wildcard
    assert "**" not in wildcard
    return glob_matches(wildcard, name, crosses=True)


@pytest.mark.parametrize("provider", [*GIT_HOSTS, "codecommit"])
@given(NAME, GLOB, st.tuples(st.booleans(), st.booleans()))
def test_a_branch_or_tag_filter_matches_only_what_it_names(
    provider: str, branch: str, glob: str, switches: tuple[bool, bool]
) -> None:
    """Without escapes and anchors, a branch `a|b` or a tag `v.1` starts builds of other references."""
    push, tags = switches
    chosen = accepted_settings(
        provider, source={"version": branch}, triggers={"push": push, "tags": glob if tags else False}
    )
    pushed = references(branch, glob)

    starts = rule_starts if provider == "codecommit" else hook_starts
    started = {each for each in pushed if starts(chosen, Push(each, "README.md"))}
    assert started == {each for each in pushed if is_covered(each, branch if push else None, glob if tags else None)}


def is_covered(reference: str, branch: str | None, glob: str | None) -> bool:
    """Return whether `version` or `tags` covers the reference according to the documentation."""
    if branch is not None and reference == f"refs/heads/{branch.removeprefix('refs/heads/')}":
        return True
    is_tag = reference.startswith("refs/tags/")
    return glob is not None and is_tag and glob_matches(glob, reference.removeprefix("refs/tags/"), crosses=True)


@pytest.mark.parametrize("provider", GIT_HOSTS)
@given(st.lists(GLOB, min_size=1, max_size=3))
def test_a_path_filter_matches_only_what_it_names(provider: str, globs: list[str]) -> None:
    """Without an anchor around each alternative, `src/a|b` starts builds of pushes that change neither."""
    chosen = accepted_settings(provider, triggers={"push": {"filePaths": globs}})
    # In a regular expression, `.` matches no line break, so a path that contains one starts fewer builds, not more.
    paths = {path for glob in globs for path in similar(glob) if "\n" not in path}

    started = {path for path in paths if hook_starts(chosen, Push("refs/heads/main", path))}
    assert started == {path for path in paths if any(glob_matches(glob, path, crosses=False) for glob in globs)}
