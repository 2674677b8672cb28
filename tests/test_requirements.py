"""The packages that `make` and `pulumi up` install: each is locked to one version and its hashes."""

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
    """Return the requirements in a lock file, each on one line, by package."""
    text = (ROOT / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", "")
    lines = [" ".join(line.split()) for line in text.splitlines() if line and not line.startswith("#")]
    return {canonicalize_name(Requirement(HASH.sub("", line)).name): line for line in lines}


def chosen_requirements(name: str) -> dict[str, Requirement]:
    """Return the requirements that people chose, by package."""
    lines = (ROOT / f"{name}.in").read_text(encoding="utf-8").splitlines()
    chosen = [Requirement(line) for line in lines if line and not line.startswith(("#", "-r "))]
    return {canonicalize_name(each.name): each for each in chosen}


@pytest.mark.parametrize("name", FILES)
def test_every_requirement_has_one_version_and_its_hashes(name: str) -> None:
    """Without a hash, pip refuses a package if others have hashes, and otherwise installs whatever the index serves."""
    without = [
        line
        for line in locked(name).values()
        if not HASH.search(line) or not re.fullmatch(r"[a-z0-9.-]+==[0-9a-z.]+( ; .+)?", HASH.sub("", line))
    ]

    assert without == []


@pytest.mark.parametrize("name", FILES)
def test_every_chosen_requirement_is_locked_to_that_version(name: str) -> None:
    """Without this, nobody notices that `make lock` was forgotten after a change."""
    lines = locked(name)

    chosen = {key: f"{key}{requirement.specifier} " for key, requirement in chosen_requirements(name).items()}
    assert [each for key, each in chosen.items() if not lines.get(key, "").startswith(each)] == []


def test_the_program_and_its_tests_are_locked_to_the_same_versions() -> None:
    """Without this, the tests run other versions than `pulumi up` does."""
    program, everything = locked("requirements"), locked("requirements-dev")

    assert {key: everything.get(key) for key in program} == program


@pytest.mark.parametrize("name", FILES)
def test_every_dependency_of_a_locked_package_is_locked(name: str) -> None:
    """Without this, pip, which needs a hash for every package, refuses the whole file."""
    lines = locked(name)
    needed = [
        requirement
        for line in lines.values()
        if applies(HASH.sub("", line))
        for requirement in map(Requirement, metadata.requires(Requirement(HASH.sub("", line)).name) or ())
        if applies(str(requirement))
    ]

    assert needed, "no locked package has any dependency, so this test checked nothing"
    assert {each.name for each in needed if canonicalize_name(each.name) not in lines} == set()


def applies(line: str) -> bool:
    """Return whether a requirement applies to this machine without any extra."""
    marker = Requirement(line).marker
    return marker is None or marker.evaluate({"extra": ""})
