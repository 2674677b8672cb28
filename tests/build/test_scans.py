"""Scans and gates: a scan that does not finish fails the build, and a closed gate stops nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from components import buildspec
from rehearsal.conviso_platform import PROJECT
from rehearsal.repositories import git
from tests.build.scenario import configured, make_history

if TYPE_CHECKING:
    from rehearsal.codebuild import Build
    from tests.build.world import World

SHELL = Path(buildspec.__file__).parent / "shell"
OPEN_BUCKET = "bucket  # flaw: HIGH open bucket\n"
ALL = {"sast": "repository", "sca": True, "iac": True}
IMAGES = {
    "sast": "docker.convisoappsec.com/sastbox_v2:latest",
    "sca": "docker.convisoappsec.com/osv_scanner:latest",
    "iac": "docker.convisoappsec.com/iac_scanner_checkov:latest",
}


def review(world: World, **scans: Any) -> Build:
    """Build a history in which every scanner has findings."""
    world.repository.commit_files({"main.tf": OPEN_BUCKET})
    history = make_history(world, "git-tree")
    return world.review(configured(scans=scans), event=history.event)


def spoil(world: World, scanner: str, end: str) -> None:
    """Let a scanner be killed or fail."""
    (world.docker.killed if end == "killed" else world.docker.broken).add(scanner)


def found(world: World) -> set[str]:
    """Return the titles of the findings that arrived."""
    return {finding.title for finding in world.api.findings}


def test_every_scan_sends_what_it_finds(world: World) -> None:
    build = review(world, **ALL)
    assert build.succeeded, build.output
    assert found(world) == {"sql injection", "weak hash", "CVE-1", "open bucket"}


@pytest.mark.parametrize("script", sorted(SHELL.rglob("*.sh")), ids=lambda script: script.stem)
def test_no_script_changes_the_case_of_a_name(script: Path) -> None:
    """Without this test, an image with a Turkish locale turns `iac` into `İAC`: the scan fails after its deploy."""
    assert not re.search(r"\$\{\w+(\^|,)", script.read_text())


def test_a_company_without_the_new_management_gets_the_same_findings(world: World) -> None:
    world.api.has_new_management = False
    assert review(world, **ALL).succeeded
    assert found(world) == {"sql injection", "weak hash", "CVE-1", "open bucket"}


@pytest.mark.parametrize("reports_when_clean", [True, False])
def test_scanners_that_find_nothing_are_a_success(world: World, *, reports_when_clean: bool) -> None:
    world.docker.reports_when_clean = reports_when_clean
    world.repository.commit_files({"app.py": "fine()\n"})
    settings = configured(review={"strategy": "none"}, scans={"sast": "none", "sca": True, "iac": True})
    build = world.review(settings)
    assert build.succeeded, build.output
    assert {container.scanner for container in world.docker.containers} >= {"osv_scanner", "iac_scanner_checkov"}


@pytest.mark.parametrize("scanner", ["sastbox_v2", "osv_scanner", "iac_scanner_checkov", "sastbox-converter-tool"])
@pytest.mark.parametrize("end", ["killed", "broken"])
def test_a_failing_scanner_fails_the_build_but_no_other_scan(world: World, scanner: str, end: str) -> None:
    spoil(world, scanner, end)
    build = review(world, **ALL)
    assert not build.succeeded
    missing = {
        "sastbox_v2": {"sql injection", "weak hash"},
        "osv_scanner": {"CVE-1"},
        "iac_scanner_checkov": {"open bucket"},
        "sastbox-converter-tool": {"open bucket"},
    }[scanner]
    assert found(world) == {"sql injection", "weak hash", "CVE-1", "open bucket"} - missing


@pytest.mark.parametrize("part", ["findings", "auth"])
def test_results_that_the_platform_rejects_fail_the_build(world: World, part: str) -> None:
    world.api.failures[part] = 500
    assert not review(world, **ALL).succeeded


@pytest.mark.parametrize("part", ["deploys", "new deploys"])
def test_a_deploy_that_the_platform_rejects_fails_the_build(world: World, part: str) -> None:
    world.api.failures[part] = 500
    assert not review(world, **ALL).succeeded
    assert not world.api.deploys


def test_a_repository_with_a_submodule_is_reviewed(world: World) -> None:
    """Without this test, a build can fail where git follows the submodule's `.git` to a folder that the copy lacks."""
    library = world.folder / "library"
    library.mkdir()
    git(library, "init", "--quiet", "--initial-branch=main")
    git(library, "commit", "--quiet", "--allow-empty", "-m", "library")
    allowed = ("-c", "protocol.file.allow=always", "submodule", "--quiet")
    git(world.repository.folder, *allowed, "add", library.as_uri(), "library")
    history = make_history(world, "git-tree", deployed=0)
    source = world.repository.check_out(world.folder / "source")
    git(source, *allowed, "update", "--init")

    build = world.review(configured(scans=ALL), source, history.event)

    assert build.succeeded, build.output
    assert {finding.kind for finding in world.api.findings} == {"sast", "sca"}


def test_a_deploy_counts_the_lines_of_the_repository_alone(world: World) -> None:
    """Without a working folder outside of the source, the lines of the client's log count as source."""
    assert review(world).succeeded
    assert [deploy.total_lines for deploy in world.api.deploys] == [4]


def test_no_scanner_sees_what_the_client_leaves_behind(world: World) -> None:
    """Without the cleanup, IaC scans `conviso-output-*/osv_scanner.json`, the report of the scan before it."""
    assert review(world, **ALL).succeeded
    # The converter reads a report of the client by design.
    scanners = [c for c in world.docker.containers if c.scanner != "sastbox-converter-tool"]
    uploaded = {name for container in scanners for name in container.uploaded}
    assert len(scanners) == 4
    assert not [name for name in uploaded if "output.log" in name or "conviso-output" in name]


def test_results_of_another_build_do_not_count_as_those_of_this_one(world: World) -> None:
    """Without this, a pipeline that passes on a build's exported variables hides that the next build scans nothing."""
    history = make_history(world, "git-tree")
    world.variables |= {"CONVISO_SAST": "skipped", "CONVISO_SCA": "done", "CONVISO_IAC": "done"}
    world.docker.killed |= {"osv_scanner", "iac_scanner_checkov"}
    build = world.review(configured(scans={"iac": True}), event=history.event)
    assert not build.succeeded
    assert [build.exported[f"CONVISO_{name}"] for name in ("SAST", "SCA", "IAC")] == ["done", "failed", "failed"]


def test_a_killed_scanner_leads_to_advice_about_the_compute_type(world: World) -> None:
    """Without the check of the container, the build only says that SCA left no report."""
    world.docker.killed.add("osv_scanner")
    assert "environment.computeType" in review(world, **ALL).output


def test_a_project_that_the_platform_does_not_know_fails_the_build(world: World) -> None:
    world.variables["FLOW_PROJECT_CODE"] = "another"
    assert not review(world, **ALL).succeeded
    assert not found(world)


def test_findings_go_to_the_configured_asset(world: World) -> None:
    world.api.project_assets = []
    history = make_history(world, "none")
    settings = configured(review={"strategy": "none"}, platform={"assetName": "the shop"})
    build = world.review(settings, event=history.event)
    assert build.succeeded, build.output
    assert set(world.api.assets) == {"the shop"}


def test_an_asset_without_a_configured_name_keeps_its_name_from_build_to_build(world: World) -> None:
    """Without a name from the build, the client creates an asset for each folder."""
    world.api.project_assets = []
    world.repository.commit_files({"app.py": "\n"})
    settings = configured(review={"strategy": "none"}, scans={"sast": "none", "sca": True})
    for folder in ("one", "another"):
        source = world.repository.as_archive(world.folder / folder, keep_empty_folders=True)
        build = world.review(settings, source)
        assert build.succeeded, build.output
    assert len(world.api.assets) == 2
    assert len(set(world.api.assets)) == 1


@pytest.mark.parametrize("scanner", ["sastbox_v2", "osv_scanner", "iac_scanner_checkov", "sastbox-converter-tool"])
def test_a_scanner_that_cannot_be_pulled_fails_the_build_before_its_deploy(world: World, scanner: str) -> None:
    world.docker.unpullable[scanner] = 404
    assert not review(world, **ALL).succeeded
    assert not world.api.deploys
    assert not found(world)


def test_only_the_images_in_use_are_pulled(world: World) -> None:
    assert review(world, sast="none", sca=True).succeeded
    assert set(world.docker.pulls) == {"convisoappsec/scc:latest", IMAGES["sca"]}


@pytest.mark.parametrize(
    ("severity", "count", "passes"), [("HIGH", 1, False), ("HIGH", 2, True), ("LOW", 2, False), ("CRITICAL", 1, True)]
)
def test_the_build_fails_at_the_configured_number_of_findings_of_a_severity(
    world: World, severity: str, count: int, *, passes: bool
) -> None:
    build = review(world, **ALL, failOn={"severity": severity, "count": count})
    assert build.succeeded == passes, build.output
    assert found(world) == {"sql injection", "weak hash", "CVE-1", "open bucket"}


@pytest.mark.parametrize("locked", [True, False])
def test_the_security_gate_is_asked_last_and_decides(world: World, *, locked: bool) -> None:
    world.api.gate_locked = locked
    world.repository.commit_files({"gate/rules.yml": "rules: []\n"})
    build = review(world, **ALL, rulesFile="gate/rules.yml")
    assert build.succeeded != locked, build.output
    assert world.api.gates == [{"rules": [], "api_code": PROJECT}]
    assert world.api.requests[-1] == "POST /api/v3/security_gate/vulnerabilities"


def test_the_security_gate_is_asked_after_a_closed_gate_of_sast(world: World) -> None:
    """Without the correction, the client ends at its own gate, and nothing asks the security gate."""
    world.repository.commit_files({"rules.yml": "rules: []\n"})
    build = review(world, **ALL, failOn={"severity": "LOW", "count": 1}, rulesFile="rules.yml")
    assert not build.succeeded
    assert len(world.api.gates) == 1


def test_rules_outside_of_the_repository_are_not_read(world: World) -> None:
    """Without the check of the path, the client sends a file of the machine to the platform."""
    (world.folder / "rules.yml").write_text("secret: of the machine\n")
    source = world.repository.folder
    world.repository.commit_files({"app.py": "\n"})
    (source / "rules.yml").symlink_to(world.folder / "rules.yml")
    build = review(world, rulesFile="rules.yml")
    assert not build.succeeded
    assert "of the machine" not in build.output
    assert not world.api.gates


def test_rules_that_are_not_in_the_repository_fail_the_build(world: World) -> None:
    assert not review(world, rulesFile="rules.yml").succeeded
