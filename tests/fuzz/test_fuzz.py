"""A short run of `make fuzz`, and checks that it recognizes faults."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.config.credentials import CREDENTIALS
from tests.fuzz import stack_files, trial
from tests.fuzz.trial import Outcome

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("first", range(0, 100, 20))
def test_a_random_stack_file_creates_a_stack_or_gets_an_error_for_people(tmp_path: Path, first: int) -> None:
    """Without limits and escapes, such files cause stack traces, forged lines, and tokens in CI logs."""
    texts = {seed: stack_files.stack_file(Random(seed)) for seed in range(first, first + 20)}

    found = {seed: trial.faults(trial.run(text, tmp_path)) for seed, text in texts.items()}
    assert {seed: each for seed, each in found.items() if each} == {}


def test_the_same_seed_gives_the_same_stack_file() -> None:
    """Without this, you cannot reproduce a failure from the seed that `make fuzz` prints."""
    assert [stack_files.stack_file(Random(7)) for _ in range(2)] == [stack_files.stack_file(Random(7))] * 2


@pytest.mark.parametrize(
    "error",
    ["a\x1b[2J", "x" * 701, f"got {CREDENTIALS['a GitHub token']}", f"got {CREDENTIALS['a URL with a password']}"],
)
def test_an_unreadable_error_is_a_fault(error: str) -> None:
    """Without this, fuzzing finds nothing because it recognizes nothing."""
    assert len(trial.faults(Outcome(0, error))) == 1


@pytest.mark.parametrize("error", [None, "source.provider: is required\nsecret.value: must be one of state"])
def test_an_error_for_people_is_not_a_fault(error: str | None) -> None:
    assert trial.faults(Outcome(0, error)) == []
