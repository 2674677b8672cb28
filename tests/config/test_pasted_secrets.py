"""An API key or token that is pasted anywhere into the configuration is refused and never repeated."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from components.config.redaction import kind_of_credential
from tests.config import samples
from tests.config.credentials import CREDENTIALS, NO_KNOWN_FORM, RAW
from tests.config.samples import problems_of, short, stack

if TYPE_CHECKING:
    from collections.abc import Iterator


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value inside nested maps and lists."""
    if path:
        yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from paths(child, (*path, key))


PATHS = [(name, path) for name, raw in RAW.items() for path in paths(raw)]


def with_value(raw: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return a copy of the configuration with another value at that path."""
    changed = copy.deepcopy(raw)
    inside = changed
    for part in path[:-1]:
        inside = inside[part]
    inside[path[-1]] = value
    return changed


def is_repeated(secret: str, raw: Any) -> bool:
    """Return whether the configuration's errors contain seven consecutive characters of the secret."""
    told = "\n".join(f"{path}: {message}" for path, message in problems_of(raw))
    return any(secret[start : start + 7] in told for start in range(len(secret) - 6))


@pytest.mark.parametrize("kind", CREDENTIALS)
def test_a_credential_is_recognized_by_its_format(kind: str) -> None:
    assert kind_of_credential(CREDENTIALS[kind]) == kind


@pytest.mark.parametrize(
    "text",
    [
        "akia",
        "ghp",
        "https://github.com/acme/shop.git",
        "ssh://git@github.com/acme/shop",
        "8ac1b9f0d2e3c4b5a697887766554433221100ff",
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:conviso/shared-GhIjKl",
        "-----BEGIN CERTIFICATE-----",
        "a sentence: with a colon@and an at sign",
        "/usr/local/Acme1/share/java/lib/extension",
    ],
)
def test_ordinary_text_is_not_taken_for_a_credential(text: str) -> None:
    """Without this, valid ARNs, commits and URLs are refused."""
    assert kind_of_credential(text) is None


@pytest.mark.parametrize(("name", "path"), PATHS, ids=short)
def test_no_field_repeats_a_secret(name: str, path: tuple[Any, ...]) -> None:
    """Without this, a secret that is pasted into the wrong field appears in the terminal and in CI logs."""
    told = [
        secret
        for secret in (CREDENTIALS["a GitHub token"], CREDENTIALS["a private key"], *NO_KNOWN_FORM)
        for pasted in (secret, {secret: [secret]})
        if is_repeated(secret, with_value(RAW[name], path, pasted))
    ]

    assert told == []


@pytest.mark.parametrize(("name", "path"), PATHS, ids=short)
def test_no_field_accepts_a_known_credential(name: str, path: tuple[Any, ...]) -> None:
    """Without this, a token in `projectKey` or in a variable is readable by everyone who can see the build project."""
    assert problems_of(with_value(RAW[name], path, CREDENTIALS["a GitHub token"])) != []


@pytest.mark.parametrize("kind", CREDENTIALS)
@pytest.mark.parametrize(
    ("section", "path"),
    [("environment", ("variables", "MODE")), ("description", ()), ("tags", ("team",))],
    ids=short,
)
def test_a_credential_in_free_text_is_refused_with_the_reason(kind: str, section: str, path: tuple[str, ...]) -> None:
    raw = with_value(RAW["git"], ("integrations", "shop", section, *path), CREDENTIALS[kind])

    ((_, message),) = problems_of(raw)
    assert message.startswith(f"looks like {kind}, but values here are not kept secret; remove it, revoke it")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("states", '; got "states"; did you mean state?'),
        ("vault", '; got "vault"'),
        (12, "; got 12"),
        (True, "; got true"),
        (samples.TOKEN, f'; got "{samples.TOKEN[:57]}..."'),
        (10**30, ""),
        ("x" * 500, ""),
        ("\x1b[2Jstate", "; did you mean state?"),
        (["state"], ""),
        ("hunter2", ""),
    ],
    ids=short,
)
def test_a_wrong_value_is_shown_only_if_it_looks_like_a_choice(given: Any, shown: str) -> None:
    message = "must be one of state, writeOnly, external"

    assert problems_of(stack(secret={"value": given})) == [("secret.value", f"{message}{shown}")]


def test_a_credential_of_letters_alone_is_not_taken_for_a_choice() -> None:
    """Without this, an access key without digits is repeated where a longer choice belongs."""
    raw = stack(defaults={"environment": {"computeType": "AKIAABCDEFGHIJKLMNOP"}})

    ((_, message),) = problems_of(raw)
    assert "AKIA" not in message


@pytest.mark.parametrize("where", ["", "defaults", "integrations", "secret"])
@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("\x1b[2J\x1b]0;owned\x07", r"\x1b[2J\x1b]0;owned\x07"),
        ("x: fine\nintegrations.shop", r"x: fine\nintegrations.shop"),
        ("a\u202eb\u2028c", r"a\u202eb\u2028c"),
        ("ключ", "ключ"),
        ("web-eu-west-1-v2-api-x", "web-eu-west-1-v2-api-x"),
        ("permissionsBoundary", "permissionsBoundary"),
        ("0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d", "[36 characters that may be a secret]"),
        ("k" * 1000, "k" * 57 + "..."),
        (CREDENTIALS["a GitHub token"], "[40 characters that may be a secret]"),
        (f"tokenSecretArn:{CREDENTIALS['a GitLab token']}", "[41 characters that may be a secret]"),
        (NO_KNOWN_FORM[0], "[40 characters that may be a secret]"),
    ],
    ids=short,
)
def test_an_unknown_key_is_shortened_and_escaped(where: str, key: str, shown: str) -> None:
    """Without this, a key can clear the terminal, forge a line of the report, or leak a token."""
    raw = stack(**({where: {key: 1}} if where else {key: 1}))

    assert {path for path, _ in problems_of(raw)} == {f"{where}.{shown}".removeprefix(".")}


def test_a_long_value_is_checked_in_linear_time() -> None:
    """Without bounded patterns, a value of 100,000 characters takes five seconds."""
    for text in ("/" * 100_000, "eyJaaaaaa-" * 10_000, "://a" * 25_000, "a:" * 50_000 + "@", "Aa1" * 33_000):
        assert problems_of(stack(secret={"value": text, text: 1}))
