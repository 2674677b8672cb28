"""The workflows and the buildspec for teams to copy, and this repository's own workflow."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components.config import yaml_reader
from docs.generate import ROOT

TEMPLATES = sorted((ROOT / "examples/ci/github").iterdir())
LIVE = ROOT / ".github/workflows/ci.yml"
BUILDSPEC = ROOT / "examples/ci/codebuild/buildspec.yml"
WORKFLOWS = [*TEMPLATES, LIVE]
PAGE = (ROOT / "docs/ci-cd.md").read_text()


def read(path: Path) -> dict[str, Any]:
    """Return the parsed file."""
    document: dict[str, Any] = yaml_reader.read(path.read_text())
    return document


def jobs(workflow: Path) -> list[dict[str, Any]]:
    return list(read(workflow)["jobs"].values())


def steps(workflow: Path) -> list[dict[str, Any]]:
    return [step for job in jobs(workflow) for step in job.get("steps", [])]


def scripts(path: Path) -> Iterator[str]:
    """Yield every script in the file that a shell runs."""
    if path == BUILDSPEC:
        for phase in read(path)["phases"].values():
            yield from phase["commands"]
    else:
        yield from (step["run"] for step in steps(path) if "run" in step)


def file_name(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=file_name)
def test_every_action_is_pinned_to_a_commit_that_names_its_version(workflow: Path) -> None:
    """Without pinning, whoever moves an action's tag runs code that can log in to AWS."""
    lines = re.findall(r"uses: (.+)", workflow.read_text())
    assert lines
    for line in lines:
        assert re.fullmatch(r"\./\S+|[\w-]+/[\w-]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+", line), line


def test_all_workflows_use_the_same_version_of_an_action() -> None:
    """Without this, an action is updated in one file and forgotten in another."""
    uses = {line for path in WORKFLOWS for line in re.findall(r"uses: ([\w-]+/.+)", path.read_text())}
    actions = [line.partition("@")[0] for line in uses]
    assert len(actions) == len(set(actions))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=file_name)
def test_a_workflow_requests_only_the_permissions_that_it_needs(workflow: Path) -> None:
    """Without this, a job gets the repository's default token, which may have write access."""
    document = read(workflow)
    if "workflow_call" in document["on"]:
        return  # A called workflow has its caller's permissions.
    assert document["permissions"]["contents"] == "read"
    assert {name for name, right in document["permissions"].items() if right == "write"} <= {
        "id-token",
        "pull-requests",
    }


@pytest.mark.parametrize("workflow", TEMPLATES, ids=file_name)
def test_a_called_workflow_exists_and_gets_the_inputs_that_it_declares(workflow: Path) -> None:
    for job in jobs(workflow):
        if "uses" not in job:
            continue
        called = read(ROOT / "examples/ci/github" / Path(job["uses"]).name)
        inputs = called["on"]["workflow_call"]["inputs"]
        assert job["with"].keys() <= inputs.keys()
        assert {name for name, each in inputs.items() if each.get("required")} <= job["with"].keys()
        # Secrets of an environment reach a called workflow only when the caller passes them on:
        # https://github.com/actions/runner/issues/4453
        assert job["secrets"] == "inherit"


def test_every_stack_that_a_template_names_has_a_stack_file() -> None:
    named = {job["with"]["stack"] for path in TEMPLATES for job in jobs(path) if "uses" in job}
    listed = {stack for path in TEMPLATES for job in jobs(path) for stack in _matrix(job)}
    stacks = {name for name in named if "${{" not in name} | listed
    assert stacks
    assert [stack for stack in sorted(stacks) if not (ROOT / f"Pulumi.{stack}.yaml").exists()] == []


def _matrix(job: dict[str, Any]) -> list[str]:
    stacks: list[str] = job.get("strategy", {}).get("matrix", {}).get("stack", [])
    return stacks


@pytest.mark.parametrize("path", [*WORKFLOWS, BUILDSPEC], ids=file_name)
def test_every_script_is_valid_shell_and_contains_no_expressions(path: Path) -> None:
    """Without this, the title of a pull request can become part of a script."""
    for script in scripts(path):
        assert "${{" not in script
        checked = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("path", [*TEMPLATES, BUILDSPEC], ids=file_name)
def test_every_make_target_and_file_that_a_script_names_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    for script in scripts(path):
        assert set(re.findall(r"\bmake ([a-z-]+)", script)) <= targets
        assert all((ROOT / name).exists() for name in re.findall(r"--requirement (\S+)", script))


@pytest.mark.parametrize("path", [ROOT / "examples/ci/github/conviso-stack.yml", BUILDSPEC, LIVE], ids=file_name)
def test_the_pulumi_cli_has_the_version_of_the_library(path: Path) -> None:
    """Without this, pipelines run the program with a version of Pulumi that nobody has tested."""
    pinned = re.search(r"^pulumi==(\S+)", (ROOT / "requirements.txt").read_text(), flags=re.MULTILINE)
    assert pinned
    assert re.findall(r"(?:pulumi-version:|--version) ([0-9.]+)", path.read_text()) == [pinned[1]]


@pytest.mark.parametrize(
    ("action", "made"),
    [
        ("preview", ["preview", "ARGS=--diff"]),
        ("up", ["up", "ARGS=--yes --diff"]),
    ],
)
def test_the_buildspec_runs_the_make_target_that_its_variable_selects(action: str, made: list[str]) -> None:
    assert _build(action).stdout.splitlines() == made


@pytest.mark.parametrize(("preview", "doctor", "code"), [(0, 0, 0), (1, 0, 1), (0, 1, 1)])
def test_a_nightly_build_always_runs_the_doctor_and_fails_if_either_check_fails(
    tmp_path: Path, preview: int, doctor: int, code: int
) -> None:
    """Without this, a doctor that finds nothing hides a difference, or a difference keeps the doctor from running."""
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\necho "$*"\nexit {doctor}\n')
    python.chmod(0o755)

    built = _build("nightly", folder=tmp_path, preview=preview)
    assert built.returncode == code
    assert built.stdout.splitlines() == [
        *("preview", "ARGS=--diff --refresh --expect-no-changes", "-m fleet doctor --stack prod")
    ]


def test_a_nightly_workflow_always_runs_the_doctor() -> None:
    """Without the condition, GitHub skips the doctor after a preview that found a difference."""
    (asking,) = (
        step for step in steps(ROOT / "examples/ci/github/conviso-stack.yml") if "doctor" in step.get("run", "")
    )
    assert "!cancelled()" in asking["if"]


def test_the_buildspec_refuses_an_unknown_action() -> None:
    """Without this, a misspelled action succeeds and does nothing."""
    built = _build("destroy")
    assert built.returncode == 1
    assert built.stdout == "ACTION must be preview, up or nightly; it is: destroy\n"


def _build(action: str, folder: Path = ROOT, preview: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the build phase in a folder; its `make` prints its arguments and ends with the exit code `preview`."""
    (command,) = read(BUILDSPEC)["phases"]["build"]["commands"]
    return subprocess.run(
        ["bash", "-c", f"make() {{ printf '%s\\n' \"$@\"; return {preview}; }}\n{command}"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "ACTION": action, "STACK": "prod"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_this_repositorys_workflow_runs_only_the_script_that_people_run() -> None:
    """Without this, CI and people run different checks."""
    assert [path.name for path in LIVE.parent.iterdir()] == ["ci.yml"]
    assert list(scripts(LIVE)) == [".ci/run"]
    assert os.access(ROOT / ".ci/run", os.X_OK)


@pytest.mark.parametrize("path", [*TEMPLATES, BUILDSPEC], ids=file_name)
def test_the_page_on_ci_names_every_template(path: Path) -> None:
    assert str(path.relative_to(ROOT)) in PAGE


def test_the_page_on_ci_explains_every_variable_of_the_templates() -> None:
    """Without this, a copied workflow fails because of a variable that no page mentions."""
    read_names = {name for path in TEMPLATES for name in re.findall(r"(?:vars|secrets)\.([A-Z_]+)", path.read_text())}
    assert len(read_names) > 3
    assert [name for name in sorted(read_names) if f"`{name}`" not in PAGE] == []
