"""Runs a buildspec as AWS CodeBuild does: phases in order, with exported variables and the folder carried over.

Sources: "Build specification reference", "Shells and commands in build environments" and "Environment
variables in build environments" of the CodeBuild user guide. Values are not masked: a leak must be visible.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The loader in C does the same in a tenth of the time, but not every build of PyYAML has it.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
PHASES = ("install", "pre_build", "build", "post_build")
_ACCOUNT = "123456789012"
_REGION = "us-east-1"

# CodeBuild refuses a buildspec with a key that it does not know.
_TOP_KEYS = {"version", "run-as", "env", "proxy", "batch", "phases", "reports", "artifacts", "cache"}
_ENV_KEYS = {
    "shell",
    "variables",
    "parameter-store",
    "secrets-manager",
    "exported-variables",
    "git-credential-helper",
}
_PHASE_KEYS = {"run-as", "on-failure", "runtime-versions", "commands", "finally"}

# Runs one command in a shell of its own, then saves what the next command gets: the environment and the folder.
_RUNNER = """\
{allexport}
{command}
__status=$?
/usr/bin/env -0 >"$0.env"
pwd >"$0.cwd"
exit $__status
"""


@dataclass(frozen=True)
class Event:
    """What started the build, in the variables that CodeBuild sets for it."""

    source_version: str = ""
    resolved: str | None = None
    initiator: str = "someone"
    trigger: str | None = None
    event: str | None = None
    head_ref: str | None = None
    base_ref: str | None = None

    @property
    def variables(self) -> dict[str, str]:
        """The variables of this event; those that CodeBuild leaves unset are absent."""
        given = {
            "CODEBUILD_SOURCE_VERSION": self.source_version,
            "CODEBUILD_RESOLVED_SOURCE_VERSION": self.resolved,
            "CODEBUILD_INITIATOR": self.initiator,
            "CODEBUILD_WEBHOOK_TRIGGER": self.trigger,
            "CODEBUILD_WEBHOOK_EVENT": self.event,
            "CODEBUILD_WEBHOOK_HEAD_REF": self.head_ref,
            "CODEBUILD_WEBHOOK_BASE_REF": self.base_ref,
        }
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True)
class Build:
    """The result of a build."""

    phases: dict[str, str]
    output: str
    exported: dict[str, str]
    seconds: float

    @property
    def succeeded(self) -> bool:
        """Whether CodeBuild would call it SUCCEEDED."""
        return "FAILED" not in self.phases.values()


@dataclass
class CodeBuild:
    """A build environment: a home folder, and what the project gives to every build."""

    home: Path
    path: str
    variables: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    # CodeBuild's own shell exports every variable that a command assigns. That is not documented, so a buildspec
    # must work without it, and keep its secrets with it.
    exports_everything: bool = False
    # A build that takes longer counts as hanging: TimeoutError.
    seconds: float = 90
    # Called with the output of each command when the command has ended.
    watch: Callable[[str], None] | None = None

    def run(self, text: str, source: Path, event: Event) -> Build:
        """Run a buildspec's phases in the source folder."""
        spec = parsed(text)
        started = time.monotonic()
        with self.shell(spec, source, event) as shell:
            phases = _phases(spec, shell)
            wanted = spec.get("env", {}).get("exported-variables", [])
            exported = {name: shell.variables.get(name, "") for name in wanted}
            output = shell.output
        return Build(phases, output, exported, time.monotonic() - started)

    @contextmanager
    def shell(self, spec: dict[str, Any], source: Path, event: Event) -> Iterator[Shell]:
        """Provide a shell for the commands of one build; processes that they leave running end with it."""
        with tempfile.TemporaryDirectory(prefix="codebuild-") as work:
            # The build's own folder is temporary, too: the end of a real build removes it with its container.
            variables = {"TMPDIR": work, **self._environment(spec, source, event)}
            shell = Shell(self, Path(work), source, variables)
            try:
                yield shell
            finally:
                shell.close()

    def _environment(self, spec: dict[str, Any], source: Path, event: Event) -> dict[str, str]:
        env = spec.get("env", {})
        secrets = {name: self.secrets[reference] for name, reference in env.get("secrets-manager", {}).items()}
        project = "conviso-test-shop-api"
        build = f"{project}:5f0c1d7e-9b1a-4c8e-a2ad-0123456789ab"
        arn = f"arn:aws:codebuild:{_REGION}:{_ACCOUNT}"
        return {
            "PATH": self.path,
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "AWS_REGION": _REGION,
            "AWS_DEFAULT_REGION": _REGION,
            "CI": "true",
            "CODEBUILD_CI": "true",
            "CODEBUILD_BUILD_ARN": f"{arn}:build/{build}",
            "CODEBUILD_BUILD_ID": build,
            "CODEBUILD_BUILD_NUMBER": "12",
            "CODEBUILD_BUILD_IMAGE": "aws/codebuild/amazonlinux-x86_64-standard:5.0",
            "CODEBUILD_BUILD_SUCCEEDING": "1",
            "CODEBUILD_PROJECT_ARN": f"{arn}:project/{project}",
            "CODEBUILD_START_TIME": "1764000000000",
            "CODEBUILD_SRC_DIR": str(source),
            **event.variables,
            # Variables of the project and of the build's start take precedence over those of the buildspec.
            **{name: str(value) for name, value in env.get("variables", {}).items()},
            **secrets,
            **self.variables,
        }


class Shell:
    """Runs the commands of one build, each in a shell of its own."""

    def __init__(self, codebuild: CodeBuild, work: Path, source: Path, variables: dict[str, str]) -> None:
        self._log = work / "log"
        self._watch = codebuild.watch
        self.variables = variables
        self._cwd = source
        self._work = work
        self._allexport = "set -a" if codebuild.exports_everything else ""
        self._until = time.monotonic() + codebuild.seconds
        self._groups: list[int] = []

    @property
    def output(self) -> str:
        """What the commands have printed so far."""
        return self._log.read_text(errors="replace")

    def succeeds(self, command: str) -> bool:
        """Run a command with the variables and the folder that the last one left, and return whether it succeeds."""
        script = self._work / "script.sh"
        script.write_text(_RUNNER.format(allexport=self._allexport, command=command))
        with self._log.open("ab") as log:
            before = log.tell()
            process = subprocess.Popen(
                ["/bin/bash", str(script)],
                cwd=self._cwd,
                env=self.variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            self._groups.append(process.pid)
            # Popen.wait polls, and would notice the end of each command up to 50 ms late.
            ended = os.pidfd_open(process.pid)
            try:
                in_time, _, _ = select.select([ended], [], [], max(self._until - time.monotonic(), 0))
            finally:
                os.close(ended)
            if not in_time:
                raise TimeoutError(f"the build hangs at: {command}\n{self.output}")
            status = process.wait()
        if self._watch:
            self._watch(self._log.read_bytes()[before:].decode(errors="replace"))
        self._keep(script)
        return status == 0

    def _keep(self, script: Path) -> None:
        """Carry over the variables and folder of a command; one that called `exit` leaves none."""
        kept = Path(f"{script}.env")
        if kept.exists():
            pairs = (entry.partition("=") for entry in kept.read_text(errors="surrogateescape").split("\0") if entry)
            carried = {name: value for name, _, value in pairs if not name.startswith(("BASH_FUNC_", "_="))}
            self.variables = {name: value for name, value in carried.items() if name not in {"_", "__status", "SHLVL"}}
            self._cwd = Path(Path(f"{script}.cwd").read_text().removesuffix("\n"))
            kept.unlink()

    def close(self) -> None:
        """Kill the processes that the build left running, as the end of its container does."""
        for group in self._groups:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)


def _phases(spec: dict[str, Any], shell: Shell) -> dict[str, str]:
    outcome: dict[str, str] = {}
    for name in PHASES:
        phase = spec["phases"].get(name)
        # post_build runs after a failed build phase; nothing runs after a failed install or pre_build phase.
        if "FAILED" in (outcome.get("install"), outcome.get("pre_build")):
            outcome[name] = "SKIPPED"
            continue
        if phase is None:
            continue
        done = all(shell.succeeds(command) for command in phase.get("commands", []))
        finished = all(shell.succeeds(command) for command in phase.get("finally", []))
        outcome[name] = "SUCCEEDED" if done and finished else "FAILED"
        if outcome[name] == "FAILED":
            shell.variables["CODEBUILD_BUILD_SUCCEEDING"] = "0"
    return outcome


def parsed(text: str) -> dict[str, Any]:
    """Parse a buildspec, or raise ValueError where CodeBuild would refuse it."""
    spec: dict[str, Any] = yaml.load(text, Loader=_LOADER)  # noqa: S506 - makes nothing but text
    env, phases = spec.get("env", {}), spec["phases"]
    unknown = set(spec) - _TOP_KEYS | set(env) - _ENV_KEYS | set(phases) - set(PHASES)
    for phase in phases.values():
        unknown |= set(phase) - _PHASE_KEYS
    helper = env.get("git-credential-helper", "no")
    if unknown or spec["version"] != "0.2" or helper not in {"yes", "no"}:
        raise ValueError(f"YAML_FILE_ERROR: {sorted(unknown)} {spec['version']} {helper}")
    return spec
