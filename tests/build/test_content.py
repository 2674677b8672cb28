"""Incomplete sources and unusual `.git` folders: each is reported in one line, and none passes in silence."""

from __future__ import annotations

import json
from shutil import rmtree
from typing import TYPE_CHECKING, Any

import pytest

from components.buildspec import render
from rehearsal.codebuild import Event
from rehearsal.repositories import git
from tests.build.scenario import configured, make_history

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rehearsal.codebuild import Build
    from tests.build.world import World

SCA: dict[str, Any] = {"review": {"strategy": "none"}, "scans": {"sast": "none", "sca": True}}


def lines(build: Build) -> list[str]:
    """Return all lines that a build prints."""
    return build.output.splitlines()


def test_a_source_without_files_fails(world: World) -> None:
    """Without the guard, the build succeeds although no file is scanned."""
    make_history(world, "none")
    source = world.repository.check_out(world.folder / "source")
    for path in source.iterdir():
        if path.name != ".git":
            path.unlink()
    build = world.review(configured(**SCA), source)
    assert lines(build) == ["conviso: ERROR: the source has no files. Build or upload more than .git."]


def test_files_that_no_scanner_sees_are_counted_in_a_warning(world: World) -> None:
    """Without the warnings, nobody learns that a scan covers only half of the repository."""
    library = world.folder / "library"
    library.mkdir()
    git(library, "init", "--quiet")
    git(library, "commit", "--quiet", "--allow-empty", "-m", "library")
    git(world.repository.folder, "-c", "protocol.file.allow=always", "submodule", "add", library.as_uri(), "library")
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n"
    world.repository.commit_files({"logo.png": pointer, "a/x.py": "\n", "b/x.py": "\n", "b/y.py": "\n"})
    source = world.repository.check_out(world.folder / "source")
    rmtree(source / "b")
    build = world.review(configured(**SCA), source)
    assert build.succeeded, build.output
    warnings = [line.removeprefix("conviso: WARNING: ") for line in lines(build) if "WARNING" in line]
    assert [warning.split(",")[0] for warning in warnings] == [
        "2 tracked files are not in the source (sparse checkout?)",
        "1 submodules were not fetched (source.submodules)",
        "1 files are pointers to Git LFS",
    ]


def linked(name: str) -> Callable[[Path], None]:
    """Return a change that moves a part of `.git` away and leaves a link to it."""

    def link(source: Path) -> None:
        part = source / ".git" / name
        part.rename(source.parent / name)
        part.symlink_to(source.parent / name)

    return link


def borrowing(source: Path) -> None:
    """Make the repository borrow its objects from another one."""
    objects = source / ".git" / "objects"
    (objects / "info").mkdir(exist_ok=True)
    (objects / "info" / "alternates").write_text(f"{source.parent}/elsewhere\n")


def with_reftable(source: Path) -> None:
    """Store the refs in the format of newer versions of git."""
    (source / ".git" / "reftable").mkdir()


def with_other_ids(source: Path) -> None:
    """Declare SHA-256 object ids."""
    git(source, "config", "extensions.objectFormat", "sha256")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        *((linked(name), "has links") for name in ("HEAD", "objects", "packed-refs")),
        (borrowing, "borrows objects (alternates)"),
        (with_reftable, "has a reftable"),
        (with_other_ids, "has SHA-256 ids"),
        (lambda source: (source / ".git" / "HEAD").write_text("nonsense\n"), "is damaged or has no commit"),
    ],
    ids=["HEAD", "objects", "packed-refs", "alternates", "reftable", "sha256", "damaged"],
)
def test_a_git_folder_that_the_build_cannot_use_is_refused_in_one_line(
    world: World, change: Callable[[Path], object], said: str
) -> None:
    """Without the guard, `cp` or git fails with its own message, which can quote a file of the machine."""
    make_history(world, "none")
    source = world.repository.check_out(world.folder / "source")
    change(source)
    build = world.review(configured(**SCA), source)
    assert not build.succeeded
    (line,) = lines(build)
    assert line.startswith(f"conviso: ERROR: the source's .git {said}.")


def test_a_replaced_commit_is_scanned_as_it_is(world: World) -> None:
    """Without the setting, the scanner's git compares the replacement, which has nothing new, and finds nothing."""
    history = make_history(world, "git-tree")
    source = world.repository.as_archive(world.folder / "source", keep_empty_folders=True)
    git(source, "replace", history.head, history.before)
    build = world.review(configured(scans={"sca": False}), source, Event())
    assert build.succeeded, build.output
    assert [finding.title for finding in world.api.findings] == ["weak hash"]


@pytest.mark.parametrize("lacks", [True, False])
def test_a_partial_clone_is_accepted_only_with_all_of_its_files(world: World, *, lacks: bool) -> None:
    history = make_history(world, "none")
    git(world.repository.folder, "rm", "--quiet", "login.py")
    world.repository.commit_files({})
    world.repository.push()
    bare = world.folder / "host" / "acme" / "shop.git"
    git(bare, "config", "uploadpack.allowFilter", "true")
    git(bare, "config", "uploadpack.allowAnySHA1InWant", "true")
    source = world.folder / "source"
    git(world.folder, "clone", "--quiet", "--filter=blob:none", bare.as_uri(), str(source))
    if not lacks:
        git(source, "show", f"{history.head}:login.py")
    build = world.review(configured(**SCA), source)
    assert build.succeeded != lacks, build.output
    assert ("is partial (--filter)" in build.output) == lacks


def test_variables_of_the_image_do_not_redirect_git(world: World) -> None:
    """Without `unset GIT_DIR`, git reads another repository or none."""
    make_history(world, "none")
    world.variables |= {"GIT_DIR": "/nowhere", "GIT_WORK_TREE": "/nowhere", "GIT_INDEX_FILE": "/nowhere/index"}
    build = world.review(configured(**SCA))
    assert build.succeeded, build.output


def test_what_git_says_about_a_commit_is_not_part_of_its_id(world: World) -> None:
    """Without the filter, the traces of git become part of the built commit's id, and no deploy can be made of it."""
    history = make_history(world, "git-tree")
    world.variables["GIT_TRACE"] = "1"
    build = world.review(configured(scans={"sca": False}), event=history.event)
    assert build.succeeded, build.output
    assert [(d.current_commit, d.previous_commit) for d in world.api.deploys] == [(history.head, history.before)]


def test_variables_of_the_image_do_not_redirect_pip(world: World) -> None:
    """Without the build's own values, pip fails: `--target` excludes a virtual environment and the user's folder."""
    make_history(world, "none")
    world.variables |= {"PIP_REQUIRE_VIRTUALENV": "1", "PIP_USER": "1"}
    assert world.review(configured(**SCA)).succeeded
    installed = world.installations.read_text().split("\0")
    assert {"PIP_REQUIRE_VIRTUALENV=0", "PIP_USER=0"} <= {entry.split("\n")[-1] for entry in installed}


@pytest.mark.parametrize(
    ("scans", "name"),
    [
        ({"failOn": {"severity": "HIGH", "count": 1}}, "CONVISO_FAIL_ON_SEVERITY"),
        ({"rulesFile": "rules.yml"}, "CONVISO_RULES_FILE"),
    ],
)
def test_a_gate_in_a_project_without_its_variables_fails(world: World, scans: dict[str, Any], name: str) -> None:
    """Without the guard, a build in a project that was not made for it reports `GATE open`."""
    history = make_history(world, "git-tree")
    build = world.build(render(configured(scans=scans)), event=history.event)
    assert not build.succeeded
    assert f"{name} is missing" in build.output


def test_each_scan_of_conviso_ast_gets_the_same_clean_tree(world: World) -> None:
    """Without a folder outside of the source, each scan also scans the reports of the scans before it."""
    make_history(world, "none")
    build = world.review(
        configured(review={"strategy": "none"}, client={"package": "conviso-ast"}, scans={"iac": True})
    )
    assert build.succeeded, build.output
    uploaded = [{name for name in c.uploaded if ".git/" not in name} for c in world.docker.containers]
    assert len(uploaded) == 6
    assert len({len(names) for names in uploaded}) == 1
    assert not [name for names in uploaded for name in names if "conviso-output" in name]


def test_a_killed_scanner_of_conviso_ast_does_not_stop_the_others(world: World) -> None:
    """Without the separation, IaC does not run, and SAST counts as failed although its findings are sent."""
    world.repository.commit_files({"main.tf": "bucket  # flaw: HIGH open bucket\n"})
    make_history(world, "none")
    world.docker.killed.add("osv_scanner")
    build = world.review(
        configured(review={"strategy": "none"}, client={"package": "conviso-ast"}, scans={"iac": True})
    )
    assert not build.succeeded
    assert [build.exported[f"CONVISO_{name}"] for name in ("SAST", "SCA", "IAC")] == ["done", "failed", "done"]
    assert {finding.kind for finding in world.api.findings} == {"sast", "iac"}
    assert "POST /graphql issues" not in world.api.requests


def test_the_summary_ends_with_durations_and_a_link(world: World) -> None:
    history = make_history(world, "git-tree")
    build = world.review(configured(scans={"sast": "none", "sca": True}), event=history.event)
    *_, seconds, last = lines(build)
    words = seconds.removeprefix("conviso:   seconds ").split(", ")
    assert [word.split()[0] for word in words] == ["source", "client", "range", "images", "deploy", "SCA"]
    assert json.loads(f"[{', '.join(word.split()[1] for word in words)}]")
    assert last.startswith(f"conviso:   see {world.api.url}/scopes/3/projects/11")
