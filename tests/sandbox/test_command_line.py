"""The command `python -m sandbox`: its exit codes, and what it prints and writes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox import stack_file
from sandbox.__main__ import main

ROOT = Path(__file__).parents[2]
PROGRAM = """\
import pulumi
from pulumi_aws import cloudwatch
from beside import RETENTION

config = pulumi.Config()
if config.get_int("count") == 0:
    raise pulumi.RunError("The configuration has problems:\\ncount: must be 1 or more, got 0")
if config.get_bool("wanted"):
    raise ValueError("a mistake in the program")
group = cloudwatch.LogGroup("logs", retention_in_days=RETENTION + config.require_int("count"))
pulumi.export("name", group.name)
"""


@pytest.fixture(name="folder")
def _folder(project: Path) -> Path:
    (project / "__main__.py").write_text(PROGRAM)
    (project / "beside.py").write_text("RETENTION = 27\n")
    (project / "Pulumi.dev.yaml").write_text("config: {}\n")
    return project


@dataclass(frozen=True)
class Ended:
    """The exit code of a command, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Ended]


@pytest.fixture(name="sandbox")
def _sandbox(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Return a function that runs the command in this process, which has already imported everything."""

    def run(folder: Path, *arguments: str, config: str = "{}") -> Ended:
        write_stack_file(folder, config)
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["sandbox", *arguments])
        return Ended(main(), *capsys.readouterr())

    return run


def process(folder: Path, *arguments: str, config: str = "{}") -> Ended:
    """Run the command in its own process, as a user does."""
    write_stack_file(folder, config)
    ended = subprocess.run(
        [sys.executable, "-m", "sandbox", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def write_stack_file(folder: Path, config: str) -> None:
    (folder / "Pulumi.dev.yaml").write_text(f"config: {config}\n")


def test_a_stack_that_aws_accepts_ends_with_0_and_a_report(folder: Path) -> None:
    """Without this, `make sandbox` fails for a correct stack, or says nothing about it."""
    run = process(folder, "--stack", "dev", "--diagram", "graph.mmd")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("Stack dev of shop, in memory")
    assert (folder / "graph.mmd").read_text().startswith("flowchart LR\n")


def test_with_json_standard_output_contains_only_the_graph(folder: Path, sandbox: Command) -> None:
    """Without this, a program that reads the graph from a pipe cannot parse it."""
    run = sandbox(folder, "--stack", "dev", "--json", "-")
    assert run.returncode == 0
    assert [resource["name"] for resource in json.loads(run.stdout)["resources"]] == ["logs"]


def test_a_stack_that_aws_refuses_ends_with_1_and_one_line_for_each_problem(folder: Path) -> None:
    """Without this, a pipeline takes a stack that AWS would refuse for a correct one."""
    run = process(folder, "--stack", "dev", "--json", "graph.json", config="{count: 4}")
    assert run.returncode == 1
    heading, problem = run.stderr.splitlines()
    assert heading == "AWS or Pulumi would refuse this; problems: 1"
    assert problem.startswith("  logs (aws:cloudwatch/logGroup:LogGroup): retentionInDays: must be one of 1, 3,")
    assert json.loads((folder / "graph.json").read_text())["problems"]


def test_a_configuration_that_the_program_refuses_ends_with_1_and_only_its_message(
    folder: Path, sandbox: Command
) -> None:
    """Without this, people look for a mistake in their stack file in a stack trace."""
    run = sandbox(folder, "--stack", "dev", "--json", "graph.json", config="{count: 0}")
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == "The configuration has problems:\ncount: must be 1 or more, got 0\n"
    assert not (folder / "graph.json").exists()


def test_a_stack_file_that_is_not_yaml_ends_with_1_and_one_line(folder: Path, sandbox: Command) -> None:
    """Without this, a typing error in a stack file ends in a stack trace."""
    run = sandbox(folder, "--stack", "dev", config="[")
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == "Pulumi.dev.yaml is not valid YAML: line 2: did not find expected node content\n"


def test_a_mistake_in_the_program_shows_where_it_is(folder: Path) -> None:
    """Without this, whoever changes the program does not learn which line failed."""
    run = process(folder, "--stack", "dev", config="{wanted: true}")
    assert run.returncode == 1
    assert "__main__.py" in run.stderr
    assert run.stderr.endswith("ValueError: a mistake in the program\n")


def test_a_file_that_cannot_be_written_ends_with_1_and_one_line(folder: Path, sandbox: Command) -> None:
    """Without this, a wrong path ends in a stack trace."""
    run = sandbox(folder, "--stack", "dev", "--json", "nowhere/graph.json")
    assert (run.returncode, run.stderr) == (1, "nowhere/graph.json can't be written: No such file or directory\n")


SHOP = """
  integrations:
    shop:
      projectKey: k1
      source: {provider: github, repository: "https://github.com/acme/shop.git", version: main}
"""


@pytest.fixture(name="own_folder")
def _own_folder(tmp_path: Path) -> Path:
    for name in ("Pulumi.yaml", "__main__.py"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    return tmp_path


def test_a_printed_buildspec_passes_its_own_check(own_folder: Path, sandbox: Command) -> None:
    """Without this, a repository that commits the printed text fails the check at once."""
    printed = sandbox(own_folder, "--stack", "dev", "--buildspec", "shop", config=SHOP)
    assert (printed.returncode, printed.stderr) == (0, "")
    assert printed.stdout.startswith("# Made by conviso-codebuild ")
    (own_folder / "ci.yml").write_text(printed.stdout)
    checked = sandbox(own_folder, "--stack", "dev", "--check-buildspec", "shop", "ci.yml", config=SHOP)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_a_stale_buildspec_ends_with_1_and_the_difference(own_folder: Path, sandbox: Command) -> None:
    """Without this, a repository keeps an old buildspec, and nobody notices."""
    (own_folder / "ci.yml").write_text("version: 0.2\n")
    run = sandbox(own_folder, "--stack", "dev", "--check-buildspec", "shop", "ci.yml", config=SHOP)
    assert (run.returncode, run.stderr) == (1, "")
    assert run.stdout.startswith("--- ci.yml\n+++ rendered from the configuration\n")


def test_a_region_that_does_not_exist_ends_with_1_and_one_line(own_folder: Path, sandbox: Command) -> None:
    """Without this, a misspelled region ends in a stack trace."""
    run = sandbox(own_folder, "--stack", "dev", config=f"{SHOP}  aws:region: us-east-9\n")
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == "aws:region: the in-memory AWS has no CodeBuild in a region us-east-9\n"


def test_an_encrypted_value_other_than_the_api_key_is_named_by_its_field(own_folder: Path, sandbox: Command) -> None:
    """Without this, people learn that something is encrypted, but not which field."""
    variables = SHOP + "      environment: {variables: {TOKEN: {secure: v1:abc}}}\n"
    run = sandbox(own_folder, "--stack", "dev", config=variables)
    assert (run.returncode, run.stdout) == (1, "")
    *_, problem, field = run.stderr.splitlines()
    assert problem.startswith("integrations: must not hold a secret: only apiKey may be one")
    assert field == "conviso-codebuild:integrations.shop.environment.variables.TOKEN is encrypted in Pulumi.dev.yaml"


@pytest.mark.parametrize("option", ["--json", "--diagram"])
@pytest.mark.parametrize("more", ["", "  secret: {value: nonsense}\n", "  aws:region: us-gov-west-1\n"])
def test_the_api_key_is_in_nothing_that_is_printed_or_written(
    own_folder: Path, sandbox: Command, option: str, more: str
) -> None:
    """Without this, the key leaks into a log, if only when the configuration or AWS refuses something."""
    run = sandbox(own_folder, "--stack", "dev", option, "written", config=f"{SHOP}{more}  apiKey: {{secure: v1:abc}}\n")

    written = own_folder / "written"
    texts = [run.stdout, run.stderr, written.read_text() if written.exists() else ""]
    assert [text for text in texts if stack_file.PLACEHOLDER in text or "v1:abc" in text] == []
