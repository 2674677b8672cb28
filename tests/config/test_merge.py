"""How an integration's own fields are merged with `defaults`."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.config.merge import CHOICES, merged, overlay
from tests.config import samples

Raw = dict[str, Any]

ANY = None
"""The type of a map with any keys."""


@pytest.mark.parametrize(
    ("defaults", "own", "expected"),
    [
        ({}, {}, {}),
        ({"tags": {"a": "1"}}, {}, {"tags": {"a": "1"}}),
        ({"tags": {"a": "1"}}, {"tags": {"b": "2"}}, {"tags": {"a": "1", "b": "2"}}),
        ({"tags": {"a": "1"}}, {"tags": {"a": "2"}}, {"tags": {"a": "2"}}),
        ({"tags": {"a": "1", "b": "2"}}, {"tags": {"a": None}}, {"tags": {"b": "2"}}),
        ({"tags": {"a": "1"}}, {"tags": None}, {}),
        ({"tags": None}, {"tags": {"a": "1"}}, {"tags": {"a": "1"}}),
        ({"description": "x"}, {"description": None}, {}),
        ({}, {"environment": {"vpc": None}}, {"environment": {}}),
        (
            {"scans": {"failOn": {"severity": "LOW", "count": 1}}},
            {"scans": {"failOn": {"count": 2}}},
            {"scans": {"failOn": {"severity": "LOW", "count": 2}}},
        ),
    ],
    ids=samples.short,
)
def test_maps_merge_key_by_key_and_null_removes(defaults: Raw, own: Raw, expected: Raw) -> None:
    assert merged(defaults, own) == expected


@pytest.mark.parametrize("own", [["c"], [], True, False, "", 0], ids=samples.short)
def test_a_value_that_is_no_map_replaces_a_whole_map(own: Any) -> None:
    defaults = {"triggers": {"push": {"filePaths": ["a", "b"]}}}

    assert merged(defaults, {"triggers": {"push": own}}) == {"triggers": {"push": own}}


def test_a_list_replaces_a_whole_list() -> None:
    assert merged({"a": ["x", "y"]}, {"a": ["z"]}) == {"a": ["z"]}


@pytest.mark.parametrize(
    ("defaults", "own", "path"),
    [
        (
            {"triggers": {"schedule": {"expression": "rate(1 day)"}}},
            {"triggers": {"shedule": None}},
            "triggers.shedule",
        ),
        ({}, {"source": {"auht": None}}, "source.auht"),
        ({}, {"secret": {"existingArn": samples.SECRET, "kmsKey": None}}, "secret.kmsKey"),
    ],
    ids=samples.short,
)
def test_a_null_for_an_unknown_key_is_a_mistake(defaults: Raw, own: Raw, path: str) -> None:
    """Without this, a misspelled key with a null, which should remove a default, silently leaves the default on."""
    raw = samples.stack(defaults=defaults, integrations={"shop": overlay(samples.integration(), own)})
    ((where, message),) = samples.problems_of(raw)

    assert (where, message.split(";")[0]) == (f"integrations.shop.{path}", "is not known here")


def test_a_null_for_a_key_of_another_alternative_removes_it() -> None:
    """Without this, an integration cannot remove a default that its own provider does not have."""
    source = {"provider": "codecommit", "repository": "billing", "version": "main", "auth": None}
    raw = samples.stack(
        defaults={"source": {"auth": {"connectionArn": samples.CONNECTION}}},
        integrations={"shop": {"projectKey": "kXyZ12", "source": source}},
    )

    assert samples.problems_of(raw) == []


ALTERNATIVES = [
    (
        ("source",),
        {"provider": "github", "repository": "r", "version": "main"},
        {"provider": "s3", "bucket": "b"},
    ),
    (("source", "auth"), {"connectionArn": "c"}, {"tokenSecretArn": "t"}),
    (("source", "auth"), {"tokenSecretArn": "t", "kmsKeyArn": "k"}, {"connectionArn": "c"}),
    (("source", "auth"), {"tokenSecretArn": "t", "kmsKeyArn": "k"}, {"tokenSecretArn": "another"}),
    (("client",), {"package": "conviso-ast", "autoClose": False}, {"package": "conviso-flowcli"}),
    (("client",), {"version": "2.1.17"}, {"package": "conviso-ast"}),
    (("buildspec",), {"location": "repository", "path": "p"}, {"location": "inline"}),
    (("logs",), {"destination": "s3", "bucket": "b"}, {"destination": "cloudwatch"}),
    (("logs",), {"retentionDays": 30, "kmsKeyArn": "k"}, {"destination": "s3"}),
    (("logs",), {"destination": "s3", "bucket": "b"}, {"destination": "both"}),
    (("secret",), {"existingArn": "a", "kmsKeyArn": "k"}, {"existingArn": "b"}),
]


def at(path: tuple[str, ...], value: Raw) -> Raw:
    """Return a map that holds `value` at that path."""
    for key in reversed(path):
        value = {key: value}
    return value


@pytest.mark.parametrize(("path", "default", "own"), ALTERNATIVES, ids=samples.short)
def test_choosing_another_alternative_drops_the_whole_default(path: tuple[str, ...], default: Raw, own: Raw) -> None:
    """Without this, fields of the alternative that was not chosen remain, and validation refuses them."""
    assert merged(at(path, default), at(path, own)) == at(path, own)


@pytest.mark.parametrize(
    ("path", "default", "own"),
    [
        (("source",), {"provider": "github", "version": "main"}, {"provider": "github", "repository": "r"}),
        (("source",), {"provider": "github", "version": "main"}, {"repository": "r"}),
        (("source",), {"version": "main"}, {"provider": "github"}),
        (("source", "auth"), {"tokenSecretArn": "t"}, {"tokenSecretArn": "t", "kmsKeyArn": "k"}),
        (("source", "auth"), {"tokenSecretArn": "t"}, {"kmsKeyArn": "k"}),
        (("client",), {"version": "2.1.17"}, {"package": "conviso-flowcli"}),
        (("buildspec",), {"location": "repository"}, {"path": "p"}),
        (("logs",), {"retentionDays": 30}, {"destination": "cloudwatch"}),
        (("logs",), {"destination": "s3", "bucket": "b"}, {"destination": "s3", "prefix": "p"}),
        (("secret",), {"existingArn": "a"}, {"existingArn": "a", "key": "k"}),
    ],
    ids=samples.short,
)
def test_maps_of_the_same_alternative_are_merged(path: tuple[str, ...], default: Raw, own: Raw) -> None:
    assert merged(at(path, default), at(path, own)) == at(path, {**default, **own})


def test_nested_maps_are_merged_when_both_choose_the_same_alternative() -> None:
    defaults = at(("source",), {"provider": "github", "auth": {"connectionArn": "c"}})

    assert merged(defaults, at(("source",), {"provider": "github", "repository": "r"})) == at(
        ("source",), {"provider": "github", "auth": {"connectionArn": "c"}, "repository": "r"}
    )


def test_choosing_another_provider_drops_the_inherited_login() -> None:
    """Without this, an integration on GitLab inherits a connection to GitHub."""
    defaults = at(("source",), {"provider": "github", "auth": {"connectionArn": "c"}})

    assert merged(defaults, at(("source",), {"provider": "gitlab", "version": "main"})) == at(
        ("source",), {"provider": "gitlab", "version": "main"}
    )


PLAIN = st.none() | st.booleans() | st.integers(0, 3) | st.text(max_size=3) | st.lists(st.integers(0, 3), max_size=2)


def maps(depth: int) -> st.SearchStrategy[Raw]:
    """Generate maps in which each key holds either always a plain value or always a map, and none is a choice."""
    plain = st.dictionaries(st.sampled_from(["p", "q", "r"]), PLAIN, max_size=3)
    if depth == 0:
        return plain
    nested = st.dictionaries(st.sampled_from(["m", "n"]), maps(depth - 1), max_size=2)
    return st.builds(lambda a, b: {**a, **b}, plain, nested)


ANY_MAPS = st.recursive(
    st.dictionaries(st.sampled_from(["p", "m", "source", "logs", "auth"]), PLAIN, max_size=3),
    lambda inner: st.dictionaries(st.sampled_from(["p", "m", "source", "logs", "auth"]), PLAIN | inner, max_size=3),
    max_leaves=6,
)


@given(maps(2), maps(2), maps(2))
def test_overlay_is_associative_for_maps_without_choices(a: Raw, b: Raw, c: Raw) -> None:
    assert overlay(overlay(a, b), c) == overlay(a, overlay(b, c))


@given(ANY_MAPS)
def test_merging_with_empty_defaults_equals_merging_onto_nothing(own: Raw) -> None:
    assert merged({}, own) == merged(own, {})


@given(ANY_MAPS, ANY_MAPS)
def test_no_null_is_left_after_merging(defaults: Raw, own: Raw) -> None:
    assert not holds_null(merged(defaults, own, ANY))


@given(ANY_MAPS, ANY_MAPS)
def test_merging_is_idempotent(defaults: Raw, own: Raw) -> None:
    once = merged(defaults, own, ANY)

    assert merged(once, {}, ANY) == once


@given(ANY_MAPS, st.sampled_from(["p", "m", "source", "logs"]))
def test_null_removes_whatever_was_inherited(defaults: Raw, key: str) -> None:
    assert key not in merged(defaults, {key: None}, ANY)


def holds_null(value: object) -> bool:
    """Return whether a map holds a null at any depth; a null in a list is an ordinary value."""
    return value is None or (isinstance(value, dict) and any(map(holds_null, value.values())))


@st.composite
def two_alternatives(draw: st.DrawFn) -> tuple[tuple[str, ...], Raw, Raw]:
    """Generate the path of a choice, and two maps that select different alternatives of it beside other keys."""
    path = draw(st.sampled_from(sorted(CHOICES)))
    others = st.dictionaries(st.sampled_from(["x", "y", "z"]), st.integers(0, 3), max_size=3)
    key = draw(st.sampled_from(CHOICES[path].keys))
    other = draw(st.sampled_from(CHOICES[path].keys))
    first, second = draw(st.tuples(st.text("ab", min_size=1), st.text("cd", min_size=1)))
    return path, {**draw(others), key: first}, {**draw(others), other: second}


@given(two_alternatives())
def test_two_alternatives_are_never_mixed(case: tuple[tuple[str, ...], Raw, Raw]) -> None:
    path, default, own = case

    assert merged(at(path, default), at(path, own)) == at(path, own)


def test_exactly_these_sections_are_choices() -> None:
    assert {".".join(path) for path in CHOICES} == {
        *("source", "source.auth", "client", "buildspec", "logs", "secret"),
        "triggers.pullRequests.secret",
    }
