"""How AWS's service models are read, and what is checked against them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.model import ServiceModel  # type: ignore[import-untyped]
from botocore.session import Session  # type: ignore[import-untyped]

from sandbox.model import ModelChecker, compiled_pattern

SERVICES = ("codebuild", "iam", "logs", "secretsmanager", "s3", "events", "kms", "sns", "scheduler")


def shape(**member: Any) -> Any:
    shapes = {"Input": {"type": "structure", "members": {"field": {"shape": "Field"}}}, "Field": member}
    return ServiceModel({"metadata": {}, "shapes": shapes}).shape_for("Input")


def test_every_pattern_of_the_services_in_use_can_be_checked() -> None:
    """Without this, Python cannot read some of AWS's patterns, and those values go unchecked."""
    session = Session()
    patterns = {
        pattern
        for service in SERVICES
        for model in [session.get_service_model(service)]
        for name in model.shape_names
        if (pattern := model.shape_for(name).metadata.get("pattern"))
    }
    assert len(patterns) > 100
    assert [pattern for pattern in sorted(patterns) if compiled_pattern(pattern) is None] == []


def test_a_pattern_that_python_cannot_read_is_listed_as_unchecked() -> None:
    """Without this, people believe that a value was checked."""
    checker = ModelChecker()
    assert list(checker.problems(shape(type="string", pattern=r"\p{Lu}+"), {"field": "x"})) == []
    assert list(checker.unchecked) == [r"field: the pattern \p{Lu}+"]


def test_a_pattern_must_match_the_whole_text() -> None:
    """Without this, a name that only begins well passes here, and AWS refuses it."""
    assert list(ModelChecker().problems(shape(type="string", pattern="[a-z]+"), {"field": "ab1"})) == [
        "field: must match [a-z]+, got ab1"
    ]


@pytest.mark.parametrize("text", ["é", "٣"])
def test_letters_and_digits_in_awss_patterns_are_ascii(text: str) -> None:
    """Without this, names with other letters pass here, and AWS refuses them."""
    assert list(ModelChecker().problems(shape(type="string", pattern=r"[\w]+"), {"field": text}))


def test_a_problem_never_contains_a_sensitive_value() -> None:
    """Without this, a message about a secret shows the secret."""
    (problem,) = ModelChecker().problems(shape(type="string", sensitive=True, enum=["a"]), {"field": "hunter2"})
    assert problem == "field: must be one of a"


def test_a_problem_contains_only_the_beginning_of_a_long_value() -> None:
    """Without this, a message about a buildspec fills the terminal with it."""
    (problem,) = ModelChecker().problems(shape(type="string", enum=["a"]), {"field": "x" * 500})
    assert problem.endswith(f"got {'x' * 60}... (500 characters)")


def test_the_keys_and_values_of_a_map_are_checked() -> None:
    """Without this, tags that AWS refuses pass here."""
    shapes = {
        "Tags": {"type": "map", "key": {"shape": "Key"}, "value": {"shape": "Value"}, "max": 1},
        "Key": {"type": "string", "max": 1},
        "Value": {"type": "string", "min": 1},
    }
    tags = ServiceModel({"metadata": {}, "shapes": shapes}).shape_for("Tags")
    assert list(ModelChecker().problems(tags, {"ab": "", "c": "x"}, "tags")) == [
        "tags: must be at most 1 entries, got 2",
        "tags key: must be at most 1 characters, got 2",
        "tags.ab: must be at least 1 characters, got 0",
    ]
