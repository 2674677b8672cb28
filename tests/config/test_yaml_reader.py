"""YAML as Pulumi's engine reads it; the expected values come from a real engine (pulumi 3.272)."""

from __future__ import annotations

from typing import Any

import pytest

from components.config import yaml_reader


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("off", "off"),
        ("on", "on"),
        ("yes", "yes"),
        ("NO", "NO"),
        ("y", "y"),
        ("12:30:00", "12:30:00"),
        ("1.2.3", "1.2.3"),
        ("1e", "1e"),
        ("0x", "0x"),
        ("0b102", "0b102"),
        ("=", "="),
        ("a?b", "a?b"),
        ("['a?b']", ["a?b"]),
        ('"1.10"', "1.10"),
        ("'true'", "true"),
        ("!!str 12", "12"),
        ("!!binary aGVsbG8=", "hello"),
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("~", None),
        ("Null", None),
        ("", None),
        ("1.10", 1.1),
        ("1.0", 1.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("+1.5", 1.5),
        ("1_0.5", 10.5),
        ("-5", -5),
        ("0o17", 15),
        ("0O17", 15),
        ("017", 15),
        ("09", 9.0),
        ("0x1F", 31),
        ("-0x1f", -31),
        ("0b11", 3),
        ("1_000", 1000),
        ("12345678901234567890", 12345678901234567890),
        ("2024-01-01", "2024-01-01 00:00:00 +0000 UTC"),
        ("2024-1-1", "2024-01-01 00:00:00 +0000 UTC"),
        ("2024-01-01 10:00:00", "2024-01-01 10:00:00 +0000 UTC"),
        ("2024-01-01T10:20:30.50Z", "2024-01-01 10:20:30.5 +0000 UTC"),
        ("2024-01-01T10:00:00+02:00", "2024-01-01 10:00:00 +0200 +0200"),
        ("2024-13-01", "2024-13-01"),
        ("[on, 1.10]", ["on", 1.1]),
        ("{1: a, true: b}", {"1": "a", "true": "b"}),
        ("|\n  two\n  lines\n", "two\nlines\n"),
        (">-\n  folded\n  text\n", "folded text"),
        ("a: 1\n---\na: 2\n", {"a": 1}),
    ],
)
def test_a_value_has_the_type_that_the_engine_gives_it(text: str, value: Any) -> None:
    """Without the engine's rules, the sandbox accepts stack files that `pulumi up` reads differently."""
    read = yaml_reader.read(text)
    assert (read, type(read)) == (value, type(value))


def test_a_merge_key_adds_only_keys_that_the_map_does_not_set() -> None:
    text = "base: &base {a: 1, b: 1}\nchild: {<<: *base, b: 2}\n"
    assert yaml_reader.read(text)["child"] == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", 'line 3: the key "a" is already used in line 1'),
        ("a:\n  b:\n    c: 1\n    c: 2\n", 'line 4: the key "c" is already used in line 3'),
        ("a: .inf\n", "line 1: a number of 4 characters is too large"),
        ("a: [1\nb: 2\n", "line 2: did not find expected ',' or ']'"),
        ("a:\n\tb: 1\n", "line 2: found character that cannot start any token"),
        (
            "a:\n  b: { c: cron(0 3 ? * SUN *) }\n",
            "line 2: between braces or brackets, cron(0 3 ? * SUN *) must be quoted, because it contains a ?",
        ),
        ("a: b: c\n", "line 1: mapping values are not allowed in this context"),
        ("a: *nothing\n", "line 1: found undefined alias"),
        ("&a [*a]\n", "line 1: an anchor contains itself"),
        ("a: !secret x\n", "line 1: the tag !secret is not supported here"),
        ("a: !!binary '*'\n", "line 1: !!binary does not hold base64 of text"),
        ("[a]: 1\n", "line 1: a key must be text"),
        ("a: {<<: 1}\n", "line 1: << can merge maps only"),
    ],
)
def test_a_syntax_error_is_reported_with_its_line(text: str, message: str) -> None:
    with pytest.raises(yaml_reader.YamlError, match=r"^line") as caught:
        yaml_reader.read(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (1.1, "1.1"),
        (1000.0, "1000"),
        (1e-7, "1e-7"),
        (1e23, "1e+23"),
        (123456789.123, "123456789.123"),
        (1.2345678901234567e19, "12345678901234567000"),
        (12345678901234567890, "12345678901234567890"),
        ("off", "off"),
    ],
)
def test_a_scalar_is_formatted_as_the_engine_formats_it(value: Any, text: str) -> None:
    """Without this, a number in the sandbox differs from the text that the engine passes to the program."""
    assert yaml_reader.config_text(value) == text


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)
CHAIN = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 1000))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"a: {'9' * 400}\n", "line 1: a number of 400 characters is too large"),
        (f"a: {'9' * 5000}\n", "line 1: a number of 5000 characters is too large"),
        (f"a: 0x{'f' * 400}\n", "line 1: a number of 402 characters is too large"),
        ("a: 1e999\n", "line 1: a number of 5 characters is too large"),
        ("[" * 400 + "]" * 400, "line 1: nested deeper than 100 levels"),
        ("[" * 100_000, "line 1: nested deeper than 100 levels"),
        ("\n".join(" " * n + "a:" for n in range(400)), "line 101: nested deeper than 100 levels"),
        ("- " * 100_000 + "x", "line 1: nested deeper than 100 levels"),
        (BOMB, "line 6: its aliases repeat more than 100,000 values"),
        (CHAIN, "line 100: nested deeper than 100 levels once its aliases are expanded"),
        ('"a\\e[2J\\nb": 1\n"a\\e[2J\\nb": 2\n', r'line 2: the key "a\x1b[2J\nb" is already used in line 1'),
        (f"a: !{'t' * 100} x\n", f"line 1: the tag !{'t' * 56}... is not supported here"),
    ],
    ids=lambda value: value[:40],
)
def test_hostile_yaml_is_one_error(text: str, message: str) -> None:
    """Without limits, hostile YAML causes a stack trace, crashes the interpreter, or exhausts memory."""
    with pytest.raises(yaml_reader.YamlError) as caught:
        yaml_reader.read(text)
    assert str(caught.value) == message


def test_yaml_within_the_limits_is_read() -> None:
    """Without this, limits that are too strict refuse valid files."""
    deep: Any = "x"
    for _ in range(99):
        deep = [deep]

    assert yaml_reader.read("[" * 99 + "x" + "]" * 99) == deep
    assert yaml_reader.read(f"a: {'9' * 255}") == {"a": int("9" * 255)}
    assert yaml_reader.read(f"a: &a [{'x, ' * 90}x]\nb: [{', '.join(['*a'] * 900)}]\n")["b"] == [["x"] * 91] * 900


def test_a_second_document_is_ignored() -> None:
    """Without this, the sandbox refuses files that the engine, which stops after the first document, accepts."""
    assert yaml_reader.read("a: 1\n---\n[") == {"a": 1}
