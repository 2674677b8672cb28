"""The sandbox reads stack files as the engine does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pulumi import automation

from sandbox import stack_file
from sandbox.graph import SandboxError
from tests.engine.project import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.engine.project import Project

PROGRAM = """\
import json
from pathlib import Path

from pulumi.runtime.config import CONFIG

Path("seen.json").write_text(json.dumps(CONFIG.get()))
"""

UNUSUAL_VALUES = """\
config:
  odd:off: off
  odd:yes: yes
  odd:true: True
  odd:version: 1.10
  odd:quoted: "1.10"
  odd:exponent: 1e3
  odd:octal: 017
  odd:hexadecimal: 0x1F
  odd:underscores: 1_000
  odd:large: 12345678901234567890
  odd:clock: 12:30:00
  odd:date: 2024-01-01
  odd:moment: 2024-01-01T10:00:00+02:00
  odd:null: ~
  odd:empty: ""
  odd:emptyMap: {}
  odd:emptyList: []
  odd:folded: >-
    two
    lines
  odd:nested:
    switches: [off, on, yes, No, true, FALSE, ~]
    numbers: [1.10, 1.0, 1e3, 017, 0x1F, 1_000, 12345678901234567890, -0.5]
    texts: ["1.10", 'true', 12:30:00, 2024-01-01, "<&>\\u2028", é]
    empty: {map: {}, list: [], text: "", nothing: }
    1: number as a key
    on: switch as a key
    base: &base {a: 1, b: 1}
    merged: {<<: *base, b: 2}
"""

STACK_FILES = [*ROOT.glob("Pulumi.*.yaml"), *(ROOT / "cookbook").glob("Pulumi.*.yaml")]

REFUSED = {
    "duplicate key": "config:\n  odd:a: 1\n  odd:a: 2\n",
    "duplicate key within": "config:\n  odd:a: {b: 1, b: 2}\n",
    "question mark": "config:\n  odd:a: { b: cron(0 3 ? * SUN *) }\n",
    "not closed": "config:\n  odd:a: [1\n",
}


def parsed(texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of a configuration, with maps and lists parsed, so that JSON escapes do not matter."""
    return {key: json.loads(text) if text.startswith(("{", "[")) else text for key, text in texts.items()}


@pytest.fixture(scope="module")
def odd(shared_project: Project) -> tuple[Project, automation.Stack]:
    """A project whose program writes the configuration that it gets into a file."""
    project = shared_project.beside("odd", PROGRAM)
    return project, project.stack("dev", {})


def test_every_value_of_a_stack_file_is_read_as_by_the_engine(odd: tuple[Project, automation.Stack]) -> None:
    """Without this, a value that the sandbox accepts can mean something else to `pulumi up`."""
    project, stack = odd
    project.write_stack_file("dev", UNUSUAL_VALUES)

    stack.preview()

    seen = json.loads((project.folder / "seen.json").read_text())
    assert parsed(seen) == parsed(stack_file.load(project.folder, "dev").values)


def test_every_stack_file_in_this_repository_is_read_as_by_the_engine(odd: tuple[Project, automation.Stack]) -> None:
    """Without this, a file that works in the sandbox can be invalid YAML to the engine."""
    project, stack = odd
    for path in STACK_FILES:
        project.write_stack_file("dev", path.read_text())

        seen = {key: each.value for key, each in stack.get_all_config().items()}

        assert parsed(seen) == parsed(stack_file.load(project.folder, "dev").values), path.name


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_both_refuse_what_is_not_clear(odd: tuple[Project, automation.Stack], text: str) -> None:
    """Without this, a file that the sandbox reads in one way or another ends a deployment."""
    project, stack = odd
    project.write_stack_file("dev", text)

    with pytest.raises(SandboxError):
        stack_file.load(project.folder, "dev")
    with pytest.raises(automation.CommandError):
        stack.get_all_config()
