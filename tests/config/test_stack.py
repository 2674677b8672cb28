"""The keys of a stack: its secret, the names of its integrations, and unknown keys."""

from __future__ import annotations

from typing import Any

import pytest

from components.config import ConfigError, MadeSecret, mixed_deploys, parse_stack
from tests.config import samples
from tests.config.samples import integration, problems_of, short, stack

NAME_RULE = "the name must be 2 to 40 of a-z, 0-9 and -, starting with a letter"


def test_a_stack_without_secret_settings_creates_a_secret_with_these_defaults() -> None:
    secret = parse_stack(stack(), "dev").secret

    assert secret.model_dump(by_alias=True) == {
        "name": None,
        "key": "FLOW_API_KEY",
        "kmsKeyArn": None,
        "createKey": False,
        "recoveryWindowDays": 30,
        "value": "state",
        "valueVersion": 1,
        "tags": {},
    }


@pytest.mark.parametrize("empty", [None, "", {}, [], {"existingArn": None}])
def test_an_empty_secret_counts_as_absent(empty: object) -> None:
    """Without this, a stack file with an empty `secret:` is refused, although YAML allows it."""
    assert parse_stack(stack(secret=empty), "dev").secret == MadeSecret()


@pytest.mark.parametrize("empty", [None, "", {}])
def test_empty_defaults_count_as_absent(empty: object) -> None:
    assert problems_of(stack(defaults=empty)) == []


@pytest.mark.parametrize(
    "secret",
    [
        {"name": "conviso/api-key"},
        {"name": "a" * 256},
        {"key": "api_key"},
        {"kmsKeyArn": samples.KEY},
        {"createKey": True},
        {"recoveryWindowDays": 0},
        {"recoveryWindowDays": 7},
        {"recoveryWindowDays": 30},
        {"value": "external"},
        {"value": "writeOnly", "valueVersion": 3},
        {"tags": {"owner": "appsec"}},
        {"existingArn": samples.SECRET, "key": "apiKey", "kmsKeyArn": samples.KEY},
    ],
    ids=short,
)
def test_a_valid_secret_is_kept_unchanged(secret: dict[str, Any]) -> None:
    kept = parse_stack(stack(secret=secret), "dev").secret.model_dump(by_alias=True, mode="json")

    assert kept | secret == kept


@pytest.mark.parametrize(
    ("secret", "path", "message"),
    [
        ({"name": "a b"}, "secret.name", "must be letters, digits and / _ + = . @ -, not ending in"),
        ({"name": "conviso-AbCdEf"}, "secret.name", "must be letters, digits and / _ + = . @ -, not ending in"),
        ({"name": "a" * 257}, "secret.name", "must be letters, digits and"),
        ({"key": ""}, "secret.key", "must be letters, digits, `.`, - and _"),
        ({"recoveryWindowDays": 1}, "secret.recoveryWindowDays", "must be 0, or 7 to 30; got 1"),
        ({"recoveryWindowDays": 6}, "secret.recoveryWindowDays", "must be 0, or 7 to 30; got 6"),
        ({"recoveryWindowDays": 31}, "secret.recoveryWindowDays", "must be 0, or 7 to 30; got 31"),
        ({"value": "plain"}, "secret.value", "must be one of state, writeOnly, external"),
        ({"value": "writeOnly", "valueVersion": 0}, "secret.valueVersion", "must be at least 1; got 0"),
        ({"existingArn": "conviso"}, "secret.existingArn", "must be an ARN such as"),
        ({"tags": {"owner": 1}}, "secret.tags.owner", "must be text"),
        ({"rotation": True}, "secret.rotation", "is not known here"),
        ("FLOW_API_KEY", "secret", "must be a map of keys and values"),
    ],
    ids=short,
)
def test_an_invalid_secret_is_one_problem(secret: object, path: str, message: str) -> None:
    ((found, said),) = problems_of(stack(secret=secret))

    assert (found, said[: len(message)]) == (path, message)


@pytest.mark.parametrize("name", ["ab", "a1", "shop-api", "a--b", "x" * 40])
def test_a_valid_name_of_an_integration_is_accepted(name: str) -> None:
    assert list(parse_stack({"integrations": {name: integration()}}, "dev").integrations) == [name]


@pytest.mark.parametrize("name", ["", "a", "1a", "-a", "Shop", "shop_api", "shop.api", "shop api", "ü-shop", "x" * 41])
def test_an_invalid_name_of_an_integration_is_one_problem(name: str) -> None:
    ((path, message),) = problems_of({"integrations": {name: integration()}})

    assert (path, message[: len(NAME_RULE)]) == (f"integrations.{name}", NAME_RULE)


@pytest.mark.parametrize(
    ("defaults", "own", "expected"),
    [
        ({"team": "appsec"}, {}, {"team": "appsec"}),
        ({"team": "appsec", "cost": "1"}, {"team": "platform"}, {"team": "platform", "cost": "1"}),
        ({"team": "appsec"}, {"tags": None}, {}),
    ],
    ids=short,
)
def test_the_stacks_secret_has_the_default_tags_and_its_own(
    defaults: dict[str, Any], own: dict[str, Any], expected: dict[str, str]
) -> None:
    secret = own if "tags" in own else {"tags": own}
    made = parse_stack(stack(defaults={"tags": defaults}, secret=secret), "dev").secret

    assert isinstance(made, MadeSecret)
    assert made.tags == expected


def test_a_default_tag_can_be_kept_off_the_secret() -> None:
    raw = stack(defaults={"tags": {"team": "appsec"}}, secret={"tags": {"team": None}})

    assert parse_stack(raw, "dev").secret == MadeSecret(tags={})


def test_an_existing_secret_gets_no_default_tags() -> None:
    """Without this, default tags make every stack with an existing secret invalid."""
    raw = stack(defaults={"tags": {"team": "appsec"}}, secret={"existingArn": samples.SECRET})

    assert problems_of(raw) == []


@pytest.mark.parametrize("tags", [{"a;b": "x"}, {"team": 1}, "appsec"], ids=short)
def test_a_mistake_in_the_default_tags_is_reported_once(tags: object) -> None:
    """Without this, the secret, which inherits the default tags, reports each mistake again."""
    ((path, _),) = problems_of(stack(defaults={"tags": tags}))

    assert path.startswith("defaults.tags")


@pytest.mark.parametrize("name", ["dev", "Prod_1", "a-b", "x" * 28])
def test_a_valid_stack_name_is_accepted(name: str) -> None:
    assert list(parse_stack(stack(), name).integrations) == ["shop"]


@pytest.mark.parametrize(
    ("name", "logs", "is_refused"),
    [
        ("Prod", {"destination": "s3"}, True),
        ("prod_1", {"destination": "both"}, True),
        ("prod-1", {"destination": "both"}, False),
        ("Prod", {"destination": "both", "bucket": "acme-logs"}, False),
        ("Prod", {"destination": "cloudwatch"}, False),
    ],
)
def test_a_stack_name_that_no_bucket_may_have_is_refused_if_the_stack_creates_a_bucket(
    name: str, logs: dict[str, Any], *, is_refused: bool
) -> None:
    """Without this rule, S3 refuses the bucket in the middle of the deployment."""
    raw = stack(integrations={"shop": integration(logs=logs)})
    try:
        parse_stack(raw, name)
        paths = []
    except ConfigError as error:
        paths = [each.path for each in error.problems]

    assert paths == ["integrations.shop.logs.destination"] * is_refused


@pytest.mark.parametrize("name", ["team.dev", "a b", "", "x" * 29, "ü", "a/b"])
def test_a_stack_name_that_aws_does_not_allow_is_one_problem(name: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_stack(stack(), name)

    assert [problem.path for problem in refused.value.problems] == ["stack"]


@pytest.mark.parametrize("empty", [None, "", {}])
def test_a_stack_without_integrations_is_one_problem(empty: object) -> None:
    assert problems_of({"integrations": empty}) == [("integrations", "must name at least one repository")]


@pytest.mark.parametrize("wrong", [["shop"], "shop", 5, True], ids=short)
def test_integrations_that_are_not_a_map_are_one_problem(wrong: object) -> None:
    assert problems_of({"integrations": wrong}) == [("integrations", "must be a map from names to integrations")]


@pytest.mark.parametrize("wrong", [["shop"], "shop", 5, True], ids=short)
def test_an_integration_that_is_not_a_map_is_one_problem(wrong: object) -> None:
    assert problems_of({"integrations": {"shop": wrong}}) == [("integrations.shop", "must be a map of keys and values")]


@pytest.mark.parametrize("key", ["secret", "notifications", "defaults", "integrationFiles"])
@pytest.mark.parametrize("wrong", [False, 0, 1.5, "x"], ids=short)
def test_a_key_of_another_type_is_one_problem(key: str, wrong: object) -> None:
    """Without this, `secret: false` counts as absent, and a secret is made all the same."""
    assert [path for path, _ in problems_of(stack(**{key: wrong}))] == [key]


def test_a_default_tag_that_is_null_is_no_tag() -> None:
    """Without this, the stack's topic has a tag without a value, which AWS refuses."""
    assert parse_stack(stack(defaults={"tags": {"team": None, "cost": "1"}}), "dev").tags == {"cost": "1"}


def test_integrations_that_share_a_conviso_project_and_make_deploys_are_named() -> None:
    """Without this, each takes the other's last deploy for its own, and analysts review everything again and again."""
    integrations = {
        "shop": integration(projectKey="a"),
        "web": integration(projectKey="b"),
        "shop-v2": integration(projectKey="a"),
        "scans": integration(projectKey="a", review={"strategy": "none"}),
    }
    (warning,) = mixed_deploys(parse_stack({"integrations": integrations}, "dev").integrations)

    assert warning.message.startswith("shop, shop-v2 make deploys with the same projectKey")


@pytest.mark.parametrize("wrong", [["shop"], "shop", 5, True], ids=short)
def test_defaults_that_are_not_a_map_are_one_problem(wrong: object) -> None:
    assert problems_of(stack(defaults=wrong)) == [("defaults", "must be a map of keys and values")]


def test_a_source_that_is_not_a_map_is_one_problem() -> None:
    assert problems_of({"integrations": {"shop": {"projectKey": "x", "source": "github"}}}) == [
        ("integrations.shop.source", "must be a map of keys and values")
    ]


def test_an_integration_without_a_source_is_one_problem() -> None:
    assert problems_of({"integrations": {"shop": {"projectKey": "x"}}}) == [("integrations.shop.source", "is required")]


def test_an_unknown_key_of_a_stack_names_the_known_ones() -> None:
    assert problems_of(stack(integration={})) == [
        (
            "integration",
            (
                "is not known here; did you mean integrations?; "
                "known: apiKey, secret, notifications, defaults, integrationFiles, integrations"
            ),
        )
    ]
