"""Generates stack files with random structure or random text; the same seed gives the same file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from tests.components.program import ROOT
from tests.config.credentials import CREDENTIALS, RAW

if TYPE_CHECKING:
    from random import Random

SHIPPED = sorted([*ROOT.glob("Pulumi.?*.yaml"), *ROOT.glob("cookbook/*.yaml")])

_SCALARS: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 5, 60, 1.1, 10**12, 10**30, 10**300, 2**63, -(2**64), 1e300, float("inf")),
    *("", " ", "x", "main", "*", "**", "v*", "a b", "../x", "refs/heads/x", "refs/tags/x", "null", "~", "{}", "[]"),
    *(
        "\0",
        "\x1b[2J",
        "a\nb: c",
        "\u202e",
        "\u2028",
        "\ud800",
        "\U0001f600",
        "é" * 70,
        "x" * 5000,
        "/" * 5000,
        "%s{}{0}",
    ),
    *("2024-01-01 00:00:00 +0000 UTC", "arn:aws:s3:::x", "https://[", "https://a@b/c", "://", "12:30:00", "0x1F"),
    *CREDENTIALS.values(),
)
_KEYS = ("", "x", "<<", "[key]", "a.b", "source", "provider", "secure", "stack", "output", "\x1b[2J", "é\n", "k" * 300)
_TOKENS = (
    *("[", "]", "{", "}", ":", ": ", "- ", ", ", "#", "'", '"', "|", ">", "?", "%", "@", "`", "\t", "\r", "\n", "\0"),
    *("&a ", "*a", "<<: *a", "!!binary ", "!!str ", "!!float ", "!x ", "---\n", "...\n", "\\", "\x85", "\ufeff"),
    *("1e999", ".inf", ".nan", "0x", "9" * 400, "2024-01-01", "true", "~", "é", "\U0001f600", "conviso:", "  " * 60),
    *("[" * 300, "{a: " * 150, "secure: v1:x", "- - - - ", "a: b: c\n", *CREDENTIALS.values()),
)


def stack_file(random: Random) -> str:
    """Return the text of one stack file."""
    return random_structure(random) if random.random() < 0.6 else random_text(random)


def random_structure(random: Random) -> str:
    """Return a valid configuration in which some values, keys or subtrees are replaced."""
    config = json.loads(json.dumps(random.choice(list(RAW.values()))))
    for _ in range(random.choice((0, 1, 1, 2, 3, 8))):
        _change(random, config)
    document = {"config": {"aws:region": "us-east-1", **{f"conviso-codebuild:{key}": config[key] for key in config}}}
    if random.random() < 0.1:
        _change(random, document)
    return str(yaml.safe_dump(document, allow_unicode=True, width=1000, sort_keys=False))


def _change(random: Random, root: dict[str, Any]) -> None:
    """Change one random place inside a map."""
    parent: Any = random.choice(_collections(root))
    if isinstance(parent, list):
        parent.insert(random.randint(0, len(parent)), _value(random))
        return
    change = random.random()
    if change < 0.15 or not parent:
        parent[random.choice((*_KEYS, *CREDENTIALS.values()))] = _value(random)
        return
    key = random.choice(list(parent))
    if change < 0.3:
        del parent[key]
    elif change < 0.4:
        parent[key + random.choice(("x", "", "s", "\n"))] = parent.pop(key)
    else:
        parent[key] = _value(random)


def _collections(value: Any) -> list[Any]:
    """Return every map and list inside a value, including the value itself."""
    if not isinstance(value, dict | list):
        return []
    children = value.values() if isinstance(value, dict) else value
    return [value, *(each for child in children for each in _collections(child))]


def _value(random: Random, depth: int = 0) -> Any:
    kind = random.random()
    if kind < 0.7 or depth > 3:
        return random.choice(_SCALARS)
    if kind < 0.8:
        return [_value(random, depth + 1) for _ in range(random.choice((0, 1, 3)))]
    if kind < 0.97:
        return {random.choice(_KEYS): _value(random, depth + 1) for _ in range(random.choice((0, 1, 3)))}
    nested: Any = "x"
    for _ in range(random.choice((30, 60, 120))):
        nested = [nested] if random.random() < 0.5 else {"a": nested}
    return nested


def random_text(random: Random) -> str:
    """Return a shipped stack file in which some characters and lines are replaced."""
    text = random.choice(SHIPPED).read_text(encoding="utf-8")
    for _ in range(random.choice((1, 1, 2, 4, 10))):
        start = random.randint(0, len(text))
        end = min(len(text), start + random.choice((0, 0, 1, 1, 5, 80)))
        other = random.randint(0, len(text))
        inserted = random.choice(("", random.choice(_TOKENS), text[other : other + 40], chr(random.randint(0, 0x2FF))))
        text = text[:start] + inserted + text[end:]
    return text
