"""How problems are reported: all at once, each at its own path, with a way to fix it, and without secrets."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.config import ConfigError, parse_integration, parse_stack
from tests.config import samples
from tests.config.samples import integration, problems_of, refusals_of, short, stack

PASSWORD = "hunter2"
URL_WITH_PASSWORD = f"https://bob:{PASSWORD}@github.com/acme/shop.git"


def test_all_problems_of_a_stack_are_reported_at_once() -> None:
    wrong = stack(
        secret={"recoveryWindowDays": 3},
        defaults={"environment": {"timeoutMinutes": 1}},
        integrations={
            "Shop": integration(),
            "api": integration(source={"version": None}, review={"strategy": "git"}, logs={"bucket": "acme-logs"}),
        },
        extra=1,
    )

    assert [path for path, _ in problems_of(wrong)] == [
        "extra",
        "secret.recoveryWindowDays",
        "defaults.environment.timeoutMinutes",
        "integrations.Shop",
        "integrations.api.source.version",
        "integrations.api.review.strategy",
        "integrations.api.logs.bucket",
    ]


def test_an_error_reads_as_one_line_for_each_problem() -> None:
    with pytest.raises(ConfigError) as refused:
        parse_stack(stack(extra=1, integrations={"shop": integration(scans={"sca": "no"})}), "dev")

    assert str(refused.value).splitlines() == [
        "extra: is not known here; known: apiKey, secret, notifications, defaults, integrationFiles, integrations",
        "integrations.shop.scans.sca: must be true or false, without quotes",
    ]


def test_all_problems_of_one_integration_are_reported_at_once() -> None:
    with pytest.raises(ConfigError) as refused:
        parse_integration(integration(scans={"sca": "no"}, logs={"bucket": "acme-logs"}))

    assert [problem.path for problem in refused.value.problems] == ["scans.sca", "logs.bucket"]


@pytest.mark.parametrize(
    ("defaults", "path"),
    [
        ({"scans": {"sast": "all"}}, "defaults.scans.sast"),
        ({"environment": {"timeoutMinutes": 1}}, "defaults.environment.timeoutMinutes"),
        ({"nonsense": 1}, "defaults.nonsense"),
        ({"source": {"submodules": "yes"}}, "defaults.source.submodules"),
        ({"source": {"nonsense": 1}}, "defaults.source.nonsense"),
        ({"scans": {"failOn": {"severity": "LOW"}}}, "defaults.scans.failOn.count"),
        ({"review": {"tagPrefix": "v"}}, "defaults.review.tagPrefix"),
        ({"projectKey": "kXyZ12"}, "defaults.projectKey"),
    ],
    ids=short,
)
def test_a_mistake_in_the_defaults_is_reported_once_however_many_integrations_inherit_it(
    defaults: dict[str, Any], path: str
) -> None:
    """Without this, one typo in `defaults` produces an error for every integration of the stack."""
    three = {name: integration() for name in ("shop", "api", "web")}

    assert [found for found, _ in problems_of({"defaults": defaults, "integrations": three})] == [path]


def test_defaults_need_not_be_complete() -> None:
    defaults = {"source": {"provider": "github"}, "client": {"package": "conviso-flowcli"}}

    assert problems_of(stack(defaults=defaults)) == []


def test_a_mistake_in_a_default_that_every_integration_overrides_is_reported() -> None:
    """Without this, the mistake appears only when somebody adds an integration that inherits it."""
    shop = integration(scans={"sast": "none"})

    assert [
        path for path, _ in problems_of({"defaults": {"scans": {"sast": "all"}}, "integrations": {"shop": shop}})
    ] == ["defaults.scans.sast"]


def test_a_mistake_in_an_integrations_own_field_is_reported_there() -> None:
    shop = integration(scans={"sast": "all"})

    assert [path for path, _ in problems_of(stack(defaults={"scans": {"sca": True}}, integrations={"shop": shop}))] == [
        "integrations.shop.scans.sast"
    ]


@pytest.mark.parametrize("field", ["repository", "version"])
def test_a_missing_required_field_is_reported_at_the_integration_and_not_at_the_defaults(field: str) -> None:
    """Without this, `defaults` would have to contain fields that only integrations need."""
    source = {**samples.SOURCES["github"], "provider": "github"}
    inherited = {key: value for key, value in source.items() if key != field}

    found = problems_of({"defaults": {"source": inherited}, "integrations": {"shop": {"projectKey": "x"}}})
    assert found == [(f"integrations.shop.source.{field}", "is required")]


def test_a_missing_field_of_another_alternative_is_not_said_to_be_inherited() -> None:
    """Without this, whoever picks another provider is told to write `version: null` to get the version right."""
    raw = {"projectKey": "x", "source": {"provider": "codecommit", "repository": "billing"}}

    found = problems_of(
        {"defaults": {"source": samples.SOURCES["github"] | {"provider": "github"}}, "integrations": {"shop": raw}}
    )
    assert found == [("integrations.shop.source.version", "is required")]


@pytest.mark.parametrize(
    ("defaults", "own", "path", "key"),
    [
        ({"triggers": {"push": True}}, {"source": {"version": "refs/tags/v1"}}, "triggers.push", "push"),
        ({"scans": {"failOn": {"severity": "LOW", "count": 1}}}, {"scans": {"sast": "none"}}, "scans.failOn", "failOn"),
        (
            {"review": {"strategy": "tags-by-time", "tagPrefix": "v"}},
            {"review": {"strategy": "git-tree"}},
            "review.tagPrefix",
            "tagPrefix",
        ),
        (
            {"source": {"auth": {"connectionArn": samples.CONNECTION}}},
            {"provider": "codecommit"},
            "source.auth",
            "auth",
        ),
    ],
    ids=short,
)
def test_an_inherited_default_that_conflicts_with_an_own_choice_says_how_to_remove_it(
    defaults: dict[str, Any], own: dict[str, Any], path: str, key: str
) -> None:
    ((found, message),) = problems_of({"defaults": defaults, "integrations": {"shop": integration(**own)}})

    assert (found, message.split("; ")[-1]) == (
        f"integrations.shop.{path}",
        f"it is inherited from defaults: write `{key}: null` here to remove it",
    )


def test_a_default_that_no_provider_has_is_a_mistake_of_the_defaults() -> None:
    ((path, message),) = problems_of(stack(defaults={"source": {"branch": "main"}}))

    assert (path, message[:17]) == ("defaults.source.branch", "is not known here")


def test_a_default_goes_with_the_alternative_that_it_belongs_to() -> None:
    shop = integration(logs={"destination": "s3"})

    assert problems_of({"defaults": {"logs": {"kmsKeyArn": samples.KEY}}, "integrations": {"shop": shop}}) == []


def test_writing_null_removes_an_inherited_default_as_the_error_says() -> None:
    """Without this, the advice in the error leads to another error."""
    defaults = {"review": {"strategy": "tags-by-time", "tagPrefix": "v"}}
    own = integration(review={"strategy": "git-tree", "tagPrefix": None})

    assert problems_of({"defaults": defaults, "integrations": {"shop": own}}) == []


@pytest.mark.parametrize(
    ("sections", "hint"),
    [
        ({"Review": {}}, "did you mean review?"),
        ({"enviroment": {}}, "did you mean environment?"),
        ({"scans": {"failon": {}}}, "did you mean failOn?"),
        ({"source": {"submodule": True}}, "did you mean submodules?"),
        ({"environment": {"vpc": {**samples.VPC, "subnets": []}}}, "did you mean subnetIds?"),
        ({"review": {"strategy": "tag-by-time"}}, "did you mean tags-by-time?"),
        ({"environment": {"computeType": "BUILD_GENERAL_SMALL"}}, "did you mean BUILD_GENERAL1_SMALL?"),
    ],
    ids=short,
)
def test_a_near_miss_gets_a_suggestion(sections: dict[str, Any], hint: str) -> None:
    ((_, message),) = refusals_of(**sections)

    assert hint in message.split("; ")


def test_the_name_of_an_attribute_is_no_key() -> None:
    """Without this, `project_key` works in a stack file, and the checks that look for `projectKey` pass it over."""
    ((path, message),) = refusals_of(environment={"timeout_minutes": 10})

    assert (path, message.split("; ")[:2]) == (
        "environment.timeout_minutes",
        ["is not known here", "did you mean timeoutMinutes?"],
    )


def test_a_key_that_resembles_no_known_key_gets_no_suggestion() -> None:
    ((_, message),) = refusals_of(zzz=1)

    assert "did you mean" not in message


def test_an_unknown_key_names_the_known_ones_in_order() -> None:
    assert refusals_of(review={"zzz": 1}) == [("review.zzz", "is not known here; known: strategy, tagPrefix")]


@pytest.mark.parametrize("key", ["<b>", "[key]", "a.b", "", "$(x)"])
def test_an_unknown_key_is_named_however_it_is_spelled(key: str) -> None:
    assert [path for path, _ in refusals_of(review={key: 1})] == [f"review.{key}"]


@pytest.mark.parametrize(
    "sections",
    [
        {"nonsense": PASSWORD},
        {"secret": {"existingArn": samples.SECRET, "value": PASSWORD}},
        {"projectKey": f"my key {PASSWORD}"},
        {"secret": {"existingArn": samples.SECRET, "key": f"my key {PASSWORD}"}},
        {"environment": {"variables": {"AWS_SECRET_ACCESS_KEY": PASSWORD}}},
        {"environment": {"variables": {"TOKEN": f"{PASSWORD}\0"}}},
        {"environment": {"variables": {"TOKEN": [PASSWORD]}}},
        {"environment": {"variables": PASSWORD}},
        {"environment": {"image": f"bob:{PASSWORD}@registry.example/x y"}},
        {"source": {"repository": URL_WITH_PASSWORD}},
        {"source": {"repository": f"https://{PASSWORD}@github.com/acme/shop.git"}},
        {"source": {"version": URL_WITH_PASSWORD}},
        {"source": {"provider": URL_WITH_PASSWORD}},
        {"source": {"auth": {"connectionArn": URL_WITH_PASSWORD}}},
        {"source": {"auth": {"tokenSecretArn": URL_WITH_PASSWORD}}},
        {"source": {"auth": URL_WITH_PASSWORD}},
        {"source": {"password": PASSWORD}},
        {"platform": {"apiUrl": URL_WITH_PASSWORD}},
        {"platform": {"companyId": URL_WITH_PASSWORD}},
        {"tags": {"password": f"{PASSWORD}{{}}"}},
        {"scans": {"sca": PASSWORD}},
    ],
    ids=short,
)
def test_a_value_that_may_be_a_secret_is_never_repeated(sections: dict[str, Any]) -> None:
    """Without this, a password that somebody pasted into the wrong field ends up in CI logs."""
    found = refusals_of(**sections)

    assert (len(found), PASSWORD in str(found)) == (1, False)


@pytest.mark.parametrize(
    "sections",
    [
        {"projectKey": 20770077},
        {"secret": {"existingArn": samples.SECRET, "key": 20770077}},
        {"environment": {"variables": {"PIN": 20770077}}},
    ],
    ids=short,
)
def test_a_key_or_variable_that_is_a_number_is_never_repeated(sections: dict[str, Any]) -> None:
    """Without this, an all-digit secret appears in the error that asks for quotes."""
    found = refusals_of(**sections)

    assert (len(found), "20770077" in str(found)) == (1, False)


def test_a_url_in_place_of_a_repository_name_is_never_repeated() -> None:
    assert PASSWORD not in str(refusals_of("codecommit", source={"repository": URL_WITH_PASSWORD}))


def test_a_key_pasted_into_the_stacks_secret_is_never_repeated() -> None:
    found = problems_of(stack(secret={"key": f"the key is {PASSWORD}"}))

    assert (len(found), PASSWORD in str(found)) == (1, False)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=9),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=5,
)
SECTIONS = (
    *("review", "scans", "client", "platform", "buildspec", "triggers"),
    *("environment", "logs", "secret", "role", "tags"),
)


@given(st.fixed_dictionaries(dict.fromkeys(SECTIONS, JUNK)))
def test_any_value_of_a_section_is_accepted_or_refused_at_that_section(junk: dict[str, Any]) -> None:
    """Without this, an unexpected value ends in a stack trace instead of an error that names the field."""
    found = problems_of({"integrations": {"shop": integration(**junk)}})

    assert {path.split(".")[2] for path, _ in found} <= set(SECTIONS)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ([], "must be a map of keys and values"),
        ({1: "x"}, "must have text as the keys of its maps"),
        ({"tags": {"team": {"x"}}}, "must hold plain values: text, numbers, true, false, lists and maps"),
        ({"description": "\ud83d"}, "must be Unicode text; it holds half of a surrogate pair"),
        ({"tags": {"\ud83d": "x"}}, "must be Unicode text; it holds half of a surrogate pair"),
    ],
    ids=ascii,
)
def test_what_no_stack_file_can_hold_is_one_problem_without_a_stack_trace(raw: Any, message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_integration(raw)

    assert str(refused.value) == f"integration: {message}"


def test_a_program_may_leave_fields_out_by_null() -> None:
    """Without this, an optional value of a program in TypeScript, which is null when absent, is refused."""
    assert parse_integration(integration() | {"scans": {"failOn": None}, "role": None}) == parse_integration(
        integration()
    )
