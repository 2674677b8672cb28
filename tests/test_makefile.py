"""What `make` hands to the programs that it starts, tried in a folder where stand-ins write down their arguments."""

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
# Each would make the file `ran` if a shell or make itself took the text for one of its own.
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
    """A folder with this Makefile, a virtual environment that is up to date, and stand-ins for Python and pulumi."""
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
    """The arguments of each program that was started."""
    return [json.loads(line) for line in (project / "calls").read_text().splitlines()]


@pytest.mark.parametrize("stack", ["prod", *HOSTILE, "a b", "*", "it's", "$HOME"])
@pytest.mark.parametrize("given_by", ["argument", "environment"])
def test_a_stack_s_name_reaches_the_sandbox_as_it_was_written(project: Path, stack: str, given_by: str) -> None:
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
    """Without ARGS, `pulumi up` refuses to run where there is no terminal to ask."""
    assert make(project, target, "STACK=x; y", "ARGS=--yes --skip-preview").returncode == 0
    assert calls(project) == [[target, "--stack=x; y", "--yes", "--skip-preview"]]


@pytest.mark.parametrize("target", ["preview", "up", "destroy"])
def test_pulumi_gets_the_default_stack_and_no_empty_argument(project: Path, target: str) -> None:
    assert make(project, target).returncode == 0
    assert calls(project) == [[target, "--stack=dev"]]


@pytest.mark.parametrize("arguments", [*HOSTILE, "*", "$HOME"])
def test_arguments_for_pulumi_are_split_and_nothing_else(project: Path, arguments: str) -> None:
    """Without this, a shell or make would run or expand what stands in ARGS."""
    made = make(project, "up", f"ARGS={arguments}")
    assert made.returncode == 0, made.stderr
    assert calls(project) == [["up", "--stack=dev", *arguments.split()]]
    assert not (project / "ran").exists()


def test_without_the_pulumi_cli_make_says_how_to_get_it_and_what_works_meanwhile(project: Path) -> None:
    """Without this, the name of the stack would be run by the shell that prints the advice."""
    (project / ".venv/bin/pulumi").unlink()
    made = make(project, "up", "STACK=$(touch ran)")
    assert made.returncode != 0
    assert "https://www.pulumi.com/docs/install/" in made.stdout
    assert "make sandbox" in made.stdout
    assert not (project / "ran").exists()


def test_help_lists_every_target(project: Path) -> None:
    """Without this, a target that nobody described would be one that nobody finds."""
    declared = re.search(r"^\.PHONY: (.+)$", MAKEFILE.read_text(), flags=re.MULTILINE)
    assert declared
    listed = re.findall(r"^  make ([a-z-]+) +\S", make(project, "help").stdout, flags=re.MULTILINE)
    assert sorted(listed) == sorted(declared[1].split())
