"""Which events start builds through a git host's webhook."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from components.aws.triggers import Filter, webhook_filter_groups
from tests.components.building import WEBHOOK, build
from tests.config import samples
from tests.config.samples import GIT_HOSTS, STRATEGIES, settings, short


def starts(
    provider: str = "github",
    *,
    event: str = "PUSH",
    reference: str,
    paths: tuple[str, ...] = ("README.md",),
    **choices: Any,
) -> bool:
    """Return whether an event for that reference, which changes these paths, starts a build."""
    groups = webhook_filter_groups(settings(provider, **choices))
    facts = {"EVENT": (event,), "HEAD_REF": (reference,), "FILE_PATH": paths}
    return any(all(filter_matches(each, facts[each.type]) for each in group) for group in groups)


def filter_matches(filter_: Filter, values: tuple[str, ...]) -> bool:
    """Return whether a filter matches as in CodeBuild: events are listed, other patterns search the values."""
    if filter_.type == "EVENT":
        return values[0] in filter_.pattern.split(", ")
    return any(re.search(filter_.pattern, value) for value in values)


def branch(name: str) -> dict[str, Any]:
    """Return the section that chooses that branch."""
    return {"source": {"version": name}}


@pytest.mark.parametrize("provider", GIT_HOSTS)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_webhook_starts_builds_on_tags_for_tag_strategies_and_otherwise_on_the_branch(
    provider: str, strategy: str
) -> None:
    reads_tags = strategy.startswith("tags")

    started = [
        starts(provider, reference=reference, **samples.reviewed(provider, strategy))
        for reference in ("refs/heads/main", "refs/tags/v1")
    ]
    assert started == [not reads_tags, reads_tags]


@pytest.mark.parametrize(
    ("version", "reference", "expected"),
    [
        ("main", "refs/heads/main", True),
        ("refs/heads/main", "refs/heads/main", True),
        ("main", "refs/heads/maintenance", False),
        ("main", "refs/heads/feature/main", False),
        ("main", "refs/heads/xmain", False),
        ("main", "refs/tags/main", False),
        ("main", "xrefs/heads/main", False),
        ("release/1.2", "refs/heads/release/1.2", True),
        ("release/1.2", "refs/heads/release/1x2", False),
        ("a+b", "refs/heads/a+b", True),
        ("a+b", "refs/heads/aab", False),
        ("a|b", "refs/heads/a|b", True),
        ("a|b", "refs/heads/a", False),
        ("(a)$", "refs/heads/(a)$", True),
        ("{a}", "refs/heads/{a}", True),
    ],
)
def test_a_branch_name_is_matched_literally(version: str, reference: str, *, expected: bool) -> None:
    """Without escapes and anchors, pushes to `maintenance` start builds of `main`."""
    assert starts(reference=reference, **branch(version)) is expected


@pytest.mark.parametrize(
    ("glob", "tag", "expected"),
    [
        (True, "v1", True),
        (True, "any/thing", True),
        ("*", "v1", True),
        ("v*", "v1.2.3", True),
        ("v*", "v", True),
        ("v*", "rev1", False),
        ("v*-rc", "v1/2-rc", True),
        ("v*-rc", "v1-rc2", False),
        ("v1.*", "v1.2", True),
        ("v1.*", "v1x2", False),
        ("v1", "v1", True),
        ("v1", "v10", False),
        ("v**", "v1", True),
        ("v1|v2", "v1", False),
        ("v1|v2", "v1|v2", True),
    ],
)
def test_a_tag_glob_is_literal_except_for_its_stars(glob: Any, tag: str, *, expected: bool) -> None:
    assert starts(reference=f"refs/tags/{tag}", triggers={"push": False, "tags": glob}) is expected


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("src/*.py", "src/a.py", True),
        ("src/*.py", "src/sub/a.py", False),
        ("src/*.py", "src/a.pyc", False),
        ("src/*.py", "lib/src/a.py", False),
        ("src/**", "src/a/b/c.py", True),
        ("src/**", "srcs/a.py", False),
        ("**/test_*.py", "a/b/test_x.py", True),
        ("**/test_*.py", "a/b/test_x/y.py", False),
        ("**/test_*.py", "test_x.py", True),
        ("**/test_*.py", "a_test_x.py", False),
        ("src/**/a.py", "src/a.py", True),
        ("src/**/a.py", "src/b/c/a.py", True),
        ("src**/a.py", "srca.py", False),
        ("a.b", "a.b", True),
        ("a.b", "axb", False),
        ("a|b", "a", False),
        ("a|b", "a|b", True),
        ("[ab]", "a", False),
        ("a?", "a?", True),
        ("a?", "ab", False),
        ("a\\b", "a\\b", True),
    ],
)
def test_only_two_stars_of_a_path_glob_match_across_folders(glob: str, path: str, *, expected: bool) -> None:
    triggers = {"push": {"filePaths": [glob]}}

    assert starts(reference="refs/heads/main", paths=(path,), triggers=triggers) is expected


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (("src/a.py",), True),
        (("deploy/x.tf",), True),
        (("docs/a.md",), False),
        (("docs/a.md", "src/a.py"), True),
    ],
    ids=short,
)
def test_one_matching_path_is_enough(paths: tuple[str, ...], *, expected: bool) -> None:
    push = {"filePaths": ["src/**", "deploy/*.tf"]}

    assert starts(reference="refs/heads/main", paths=paths, triggers={"push": push}) is expected


@pytest.mark.parametrize(
    ("provider", "event", "expected"),
    [
        ("github", "RELEASED", True),
        ("github", "PRERELEASED", True),
        ("github", "PULL_REQUEST_CREATED", False),
        ("gitlab", "RELEASED", True),
        ("gitlab", "PRERELEASED", False),
        ("gitlab-self-managed", "RELEASED", True),
    ],
)
@pytest.mark.parametrize("releases", [True, False])
def test_a_release_starts_a_build_if_releases_are_enabled(
    provider: str, event: str, *, releases: bool, expected: bool
) -> None:
    triggers = {"push": False, "releases": releases}

    started = starts(provider, event=event, reference="refs/tags/v1", triggers=triggers)
    assert started is (releases and expected)


def test_a_push_starts_no_build_if_only_releases_are_enabled() -> None:
    triggers = {"push": False, "releases": True}

    started = [starts(reference=each, triggers=triggers) for each in ("refs/heads/main", "refs/tags/v1")]
    assert started == [False, False]


def test_path_filters_do_not_apply_to_tags() -> None:
    """Without separate filter groups, a tag on a commit that changed other paths starts no build."""
    triggers = {"push": {"filePaths": ["src/**"]}, "tags": True}

    assert starts(reference="refs/tags/v1", paths=("docs/a.md",), triggers=triggers)


def test_a_webhook_has_exactly_these_inputs() -> None:
    triggers = {"push": {"filePaths": ["src/**", "a.b"]}, "tags": "v*", "releases": True}
    hook = build(settings(triggers=triggers)).one(WEBHOOK)

    assert hook.inputs == {
        "projectName": "conviso-dev-shop",
        "buildType": "BUILD",
        "filterGroups": [
            {
                "filters": [
                    {"type": "EVENT", "pattern": "PUSH"},
                    {"type": "HEAD_REF", "pattern": "^refs/heads/main$"},
                    {"type": "FILE_PATH", "pattern": r"^src/.*$|^a\.b$"},
                ]
            },
            {
                "filters": [
                    {"type": "EVENT", "pattern": "PUSH"},
                    {"type": "HEAD_REF", "pattern": "^refs/tags/v.*$"},
                ]
            },
            {"filters": [{"type": "EVENT", "pattern": "RELEASED, PRERELEASED"}]},
        ],
    }


TEXT = st.text(st.sampled_from("ab/.*+?|()[]{}^$\\-_ é"), min_size=1, max_size=8)
GLOB_AND_TEXT = st.tuples(TEXT, TEXT) | st.builds(
    lambda glob, run: (glob, re.sub(r"\*+", lambda _: run, glob)), TEXT, TEXT
)
"""A glob with any text, or with a text that it matches or almost matches."""


def glob_matches(glob: str, text: str, *, crosses: bool, begins: bool = True) -> bool:
    """Return whether a glob matches by trying every split: the reference that the patterns are compared with."""
    if not glob:
        return not text
    if glob[0] != "*":
        rest_matches = glob_matches(glob[1:], text[1:], crosses=crosses, begins=glob[0] == "/")
        return text[:1] == glob[0] and rest_matches
    if begins and not crosses and glob.startswith("**/") and glob_matches(glob[3:], text, crosses=crosses):
        return True
    stars = len(glob) - len(glob.lstrip("*"))
    rest = glob[stars:]
    over_folders = crosses or stars > 1
    for end in range(len(text) + 1):
        if not over_folders and "/" in text[:end]:
            return False
        if glob_matches(rest, text[end:], crosses=crosses, begins=False):
            return True
    return False


@given(GLOB_AND_TEXT)
def test_any_accepted_path_glob_matches_as_globs_do(case: tuple[str, str]) -> None:
    glob, path = case
    triggers = {"push": {"filePaths": [glob]}}
    assume(not samples.refusals_of(triggers=triggers))

    matched = starts(reference="refs/heads/main", paths=(path,), triggers=triggers)
    assert matched == glob_matches(glob, path, crosses=False)


@given(GLOB_AND_TEXT)
def test_any_accepted_tag_glob_matches_as_globs_do(case: tuple[str, str]) -> None:
    glob, tag = case
    triggers = {"push": False, "tags": glob}
    assume(not samples.refusals_of(triggers=triggers))

    assert starts(reference=f"refs/tags/{tag}", triggers=triggers) == glob_matches(glob, tag, crosses=True)


@given(TEXT, TEXT)
def test_any_accepted_branch_matches_only_itself(name: str, other: str) -> None:
    assume(not samples.refusals_of(**branch(name)))

    started = [starts(reference=f"refs/heads/{pushed}", **branch(name)) for pushed in (name, other)]
    assert started == [True, name == other]
