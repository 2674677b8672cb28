"""Repositories that try to steal the API key: none of their code runs beside it, and it leaks nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rehearsal.conviso_platform import KEY
from rehearsal.repositories import git
from tests.build.scenario import configured, make_history

if TYPE_CHECKING:
    from pathlib import Path

    from tests.build.world import World

EVERYTHING = configured(scans={"sast": "deploy-range", "sca": True, "iac": True})
MODULES = ["venv", "pip", "ensurepip", "sitecustomize", "usercustomize", "yaml", "requests", "json", "convisoappsec"]
COMMANDS = ["conviso", "git", "docker", "python", "python3", "python3.12", "pip", "timeout", "env", "sed", "awk"]
SETTINGS = [
    "core.fsmonitor",
    "core.sshCommand",
    "core.pager",
    "core.editor",
    "core.askPass",
    "core.gitProxy",
    "core.alternateRefsCommand",
    "credential.helper",
    "diff.external",
    "diff.evil.textconv",
    "diff.evil.command",
    "filter.evil.clean",
    "filter.evil.smudge",
    "filter.evil.process",
    "merge.evil.driver",
    "gpg.program",
    "pager.log",
    "remote.origin.uploadpack",
    "remote.origin.vcs",
    "alias.rev-parse",
    "alias.diff",
]
HOOKS = ["post-checkout", "reference-transaction", "pre-auto-gc", "post-index-change", "fsmonitor-watchman"]
NAMES = [
    "$(touch${IFS}executed)",
    "`touch${IFS}executed`",
    ";touch${IFS}executed;",
    "'&touch${IFS}executed&'",
    "--upload-pack=x",
]


class Canaries:
    """Programs that record their own name when they run, so that a test sees whether any of them ran."""

    def __init__(self, world: World) -> None:
        self._log = world.folder / "executed"
        self._folder = world.folder / "canaries"
        self._folder.mkdir()

    def shell(self, name: str) -> str:
        """Return shell code that records this name when it runs."""
        return f"echo '{name}' >>{self._log}"

    def program(self, name: str, folder: Path | None = None) -> Path:
        """Write a program that records its name when it runs."""
        path = (folder or self._folder) / name
        path.write_text(f"#!/bin/bash\n{self.shell(name)}\nexit 1\n")
        path.chmod(0o755)
        return path

    @property
    def executed(self) -> set[str]:
        """The names of the programs that ran."""
        return set(self._log.read_text().split()) if self._log.exists() else set()


@pytest.mark.parametrize("folder", ["", "bin/", ".venv/bin/"])
def test_commands_and_modules_of_the_repository_do_not_run(world: World, folder: str) -> None:
    canaries = Canaries(world)
    history = make_history(world, "git-tree")
    modules = {f"{folder}{name}.py": f"import os\nos.system({canaries.shell(name)!r})\n" for name in MODULES}
    profiles = {name: canaries.shell(name) for name in (".bashrc", ".bash_profile", ".profile", ".env")}
    source = world.repository.check_out(world.folder / "source")
    for name, text in {**modules, **profiles}.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text)
    for name in COMMANDS:
        canaries.program(name, source / folder)
    build = world.review(EVERYTHING, source, history.event)
    assert not canaries.executed
    assert build.succeeded, build.output


def test_programs_in_the_git_configuration_of_an_archive_do_not_run(world: World) -> None:
    """Without a new `.git/config`, `diff.evil.command` and `filter.evil.process` run."""
    canaries = Canaries(world)
    history = make_history(world, "git-tree")
    source = world.repository.check_out(world.folder / "source")
    (source / ".gitattributes").write_text("* filter=evil diff=evil merge=evil\n")
    for setting in SETTINGS:
        program = str(canaries.program(setting))
        shell = setting.startswith("alias.") or setting == "credential.helper"
        git(source, "config", "--add", setting, f"!{program}" if shell else program)
    build = world.review(EVERYTHING, source, history.event)
    assert not canaries.executed
    assert build.succeeded, build.output


@pytest.mark.parametrize("address", ["ext::{}", "--upload-pack={}", "-oProxyCommand={}", "ssh://-oProxyCommand={}/x"])
def test_an_origin_that_is_a_program_does_not_run(world: World, address: str) -> None:
    """Without `--` before the address, git runs the program that `--upload-pack=PROGRAM` names."""
    canaries = Canaries(world)
    history = make_history(world, "tags-by-version")
    source = world.repository.check_out(world.folder / "source")
    git(source, "config", "remote.origin.url", address.format(canaries.program("origin")))
    world.command("sleep", "#!/bin/bash\n")
    world.review(configured(review={"strategy": "tags-by-version"}), source, history.event)
    assert not canaries.executed


def test_rules_that_are_code_do_not_run(world: World) -> None:
    """Without the safe YAML loader, the client runs the program that the rules name."""
    canaries = Canaries(world)
    world.repository.commit_files({"rules.yml": f'!!python/object/apply:os.system ["{canaries.program("rules")}"]\n'})
    history = make_history(world, "git-tree")
    build = world.review(configured(scans={"rulesFile": "rules.yml"}), event=history.event)
    assert not build.succeeded
    assert not canaries.executed


@pytest.mark.parametrize("place", [".git/hooks", "hooks-of-its-own"])
def test_hooks_of_an_archive_do_not_run(world: World, place: str) -> None:
    """Without a new `.git`, the fetch of tags runs the archive's `reference-transaction` hook."""
    canaries = Canaries(world)
    history = make_history(world, "tags-by-version")
    source = world.repository.check_out(world.folder / "source", tags=False)
    folder = source / place
    folder.mkdir(exist_ok=True)
    for hook in HOOKS:
        canaries.program(hook, folder)
    git(source, "config", "core.hooksPath", str(folder))
    build = world.review(configured(review={"strategy": "tags-by-version"}), source, history.event)
    assert not canaries.executed
    assert build.succeeded, build.output


@pytest.mark.parametrize("strategy", ["tags-by-time", "tags-by-version", "git-tree"])
def test_names_that_hold_shell_code_are_not_executed(world: World, strategy: str) -> None:
    history = make_history(world, strategy)
    for name in NAMES:
        # git refuses to make a tag that begins with a dash, but hosts hand out what they are given.
        git(world.repository.folder, "update-ref", f"refs/tags/{name}", history.before)
        git(world.repository.folder, "update-ref", f"refs/heads/{name}", history.before)
    source = world.repository.check_out(world.folder / "source", history.head)
    for name in NAMES:
        (source / f"{name} \" ' \\.py").write_text("x = 1\n")
    build = world.review(configured(review={"strategy": strategy}), source, history.event)
    assert not list(world.folder.rglob("executed"))
    assert build.succeeded, build.output
    assert [deploy.current_commit for deploy in world.api.deploys] == [history.head]


@pytest.mark.parametrize("exports_everything", [False, True])
@pytest.mark.parametrize("status", [None, 401, 500])
def test_the_key_is_in_no_output_and_no_file(world: World, status: int | None, *, exports_everything: bool) -> None:
    history = make_history(world, "git-tree")
    world.exports_everything = exports_everything
    if status:
        world.api.failures[""] = status
    source = world.repository.check_out(world.folder / "source")
    build = world.review(EVERYTHING, source, history.event)
    assert KEY not in build.output
    assert KEY not in str(build.exported)
    assert not [file for file in world.home.rglob("*") if file.is_file() and KEY in file.read_text(errors="replace")]
    assert not [file for file in source.rglob("*") if file.is_file() and KEY in file.read_text(errors="replace")]


@pytest.mark.parametrize("exports_everything", [False, True])
def test_the_installation_does_not_see_the_key(world: World, *, exports_everything: bool) -> None:
    """Without `unset FLOW_API_KEY`, pip and all that it starts can read the key."""
    history = make_history(world, "git-tree")
    world.exports_everything = exports_everything
    assert world.review(EVERYTHING, event=history.event).succeeded
    installation = world.installations.read_text()
    assert "-m pip" in installation
    assert KEY not in installation


def test_no_container_gets_the_key(world: World) -> None:
    history = make_history(world, "git-tree")
    assert world.review(EVERYTHING, event=history.event).succeeded
    assert KEY not in str([(container.command, container.environment) for container in world.docker.containers])
    assert world.api.keys == {KEY}
