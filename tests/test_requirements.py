"""What `make` and `pulumi up` install: fixed versions with hashes of every package, down to the last."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
FILES = ("requirements", "requirements-dev")
HASH = re.compile(r" --hash=sha256:[0-9a-f]{64}")


def locked(name: str) -> dict[str, str]:
    """Each requirement of a lock, on one line, by the name of its package."""
    text = (ROOT / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", "")
    lines = [" ".join(line.split()) for line in text.splitlines() if line and not line.startswith("#")]
    return {canonicalize_name(Requirement(HASH.sub("", line)).name): line for line in lines}


def asked_for(name: str) -> dict[str, Requirement]:
    """What people chose, by the name of the package."""
    lines = (ROOT / f"{name}.in").read_text(encoding="utf-8").splitlines()
    chosen = [Requirement(line) for line in lines if line and not line.startswith(("#", "-r "))]
    return {canonicalize_name(each.name): each for each in chosen}


@pytest.mark.parametrize("name", FILES)
def test_every_requirement_has_one_version_and_its_hashes(name: str) -> None:
    """With a hash at one of them, pip refuses what has none; with none at all, it takes what an index hands out."""
    without = [
        line
        for line in locked(name).values()
        if not HASH.search(line) or not re.fullmatch(r"[a-z0-9.-]+==[0-9a-z.]+( ; .+)?", HASH.sub("", line))
    ]

    assert without == []


@pytest.mark.parametrize("name", FILES)
def test_what_was_chosen_is_locked_in_that_version(name: str) -> None:
    """Else `make lock` was forgotten after a change."""
    lines = locked(name)

    chosen = {key: f"{key}{requirement.specifier} " for key, requirement in asked_for(name).items()}
    assert [each for key, each in chosen.items() if not lines.get(key, "").startswith(each)] == []


def test_the_program_and_its_tests_are_locked_alike() -> None:
    """Else the tests would try another program than `pulumi up` runs."""
    program, everything = locked("requirements"), locked("requirements-dev")

    assert {key: everything.get(key) for key in program} == program


@pytest.mark.parametrize("name", FILES)
def test_whatever_a_locked_package_needs_is_locked(name: str) -> None:
    """Else pip, which wants a hash for each package, refuses the whole file."""
    lines = locked(name)
    needed = [
        requirement
        for line in lines.values()
        if applies(HASH.sub("", line))
        for requirement in map(Requirement, metadata.requires(Requirement(HASH.sub("", line)).name) or ())
        if applies(str(requirement))
    ]

    assert needed, "no package needs another: nothing was looked at"
    assert {each.name for each in needed if canonicalize_name(each.name) not in lines} == set()


def applies(line: str) -> bool:
    """Whether a requirement counts on this machine, without any extra."""
    marker = Requirement(line).marker
    return marker is None or marker.evaluate({"extra": ""})
