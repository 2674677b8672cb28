"""The arguments that `make` passes to programs, which stand-ins in a temporary folder record."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAKEFILE = ROOT / "Makefile"
STAND_IN = f"""#!{sys.executable}
import json, sys
with open("calls", "a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + "\\n")
"""
# Each of these creates the file `ran` if a shell or make itself evaluates it.
HOSTILE = [
    "x; touch ran",
    "x && touch ran",
    "$(touch ran)",
    "$(shell touch ran)",
    "${shell touch ran}",
    "$$(touch ran)",
    "`touch ran`",
    '"; touch ran; "',
    "'; touch ran; '",
    "x | touch ran",
    "x > ran",
    "x\ntouch ran",
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with this Makefile, an up-to-date virtual environment, and stand-ins for Python and Pulumi."""
    shutil.copy(MAKEFILE, tmp_path)
    programs = tmp_path / ".venv/bin"
    programs.mkdir(parents=True)
    for name in ("python", "pulumi"):
        (programs / name).write_text(STAND_IN)
        (programs / name).chmod(0o755)
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt", ".venv/.ready"):
        (tmp_path / name).touch()
    return tmp_path


def make(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    folders = [folder for folder in os.environ["PATH"].split(os.pathsep) if not Path(folder, "pulumi").exists()]
    path = os.pathsep.join([f"{project}/.venv/bin", *folders])
    return subprocess.run(
        ["make", *arguments],
        cwd=project,
        env={"PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def calls(project: Path) -> list[list[str]]:
    """Return the arguments of each program that make started."""
    return [json.loads(line) for line in (project / "calls").read_text().splitlines()]


@pytest.mark.parametrize("stack", ["prod", *HOSTILE, "a b", "*", "it's", "$HOME"])
@pytest.mark.parametrize("given_by", ["argument", "environment"])
def test_a_stack_name_reaches_the_sandbox_unchanged(project: Path, stack: str, given_by: str) -> None:
    """Without this, `make sandbox STACK='x; ...'` runs what follows the semicolon."""
    if given_by == "argument":
        made = make(project, "sandbox", f"STACK={stack}")
    else:
        made = make(project, "sandbox", STACK=stack)
    assert made.returncode == 0, made.stderr
    assert calls(project) == [["-m", "sandbox", f"--stack={stack}"]]
    assert not (project / "ran").exists()


@pytest.mark.parametrize("target", ["preview", "up", "destroy"])
def test_pulumi_gets_the_stack_and_the_arguments(project: Path, target: str) -> None:
    """Without ARGS, `pulumi up` refuses to run if there is no terminal on which to confirm."""
    assert make(project, target, "STACK=x; y", "ARGS=--yes --skip-preview").returncode == 0
    assert calls(project) == [[target, "--stack=x; y", "--yes", "--skip-preview"]]


@pytest.mark.parametrize("target", ["preview", "up", "destroy"])
def test_pulumi_gets_the_default_stack_and_no_empty_argument(project: Path, target: str) -> None:
    assert make(project, target).returncode == 0
    assert calls(project) == [[target, "--stack=dev"]]


@pytest.mark.parametrize("arguments", [*HOSTILE, "*", "$HOME"])
def test_arguments_for_pulumi_are_only_split_into_words(project: Path, arguments: str) -> None:
    """Without this, a shell or make executes or expands the value of ARGS."""
    made = make(project, "up", f"ARGS={arguments}")
    assert made.returncode == 0, made.stderr
    assert calls(project) == [["up", "--stack=dev", *arguments.split()]]
    assert not (project / "ran").exists()


def test_without_the_pulumi_cli_make_says_how_to_install_it_and_what_works_without_it(project: Path) -> None:
    """Without this, the shell that prints the advice evaluates the stack's name."""
    (project / ".venv/bin/pulumi").unlink()
    made = make(project, "up", "STACK=$(touch ran)")
    assert made.returncode != 0
    assert "https://www.pulumi.com/docs/install/" in made.stdout
    assert "make sandbox" in made.stdout
    assert not (project / "ran").exists()


def test_help_lists_every_target(project: Path) -> None:
    """Without this, nobody finds a target that lacks a description."""
    declared = re.search(r"^\.PHONY: (.+)$", MAKEFILE.read_text(), flags=re.MULTILINE)
    assert declared
    listed = re.findall(r"^  make ([a-z-]+) +\S", make(project, "help").stdout, flags=re.MULTILINE)
    assert sorted(listed) == sorted(declared[1].split())
