"""Builds of pull requests: they scan what the pull request adds, by rules that its author cannot change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from components.buildspec import pull_request_variables, render_pull_request
from rehearsal.codebuild import Event
from rehearsal.conviso_platform import KEY
from rehearsal.repositories import git
from tests.build.scenario import EMPTY_TREE, FIRST, SECOND, configured

if TYPE_CHECKING:
    from pathlib import Path

    from components.config import IntegrationSettings
    from rehearsal.codebuild import Build
    from tests.build.world import World

# conviso-ast sends the platform more where it knows the company.
AST: dict[str, Any] = {
    "review": {"strategy": "none"},
    "client": {"package": "conviso-ast"},
    "platform": {"companyId": "3"},
}
CLIENTS: dict[str, dict[str, Any]] = {"conviso-flowcli": {}, "conviso-ast": AST}
EACH_CLIENT = pytest.mark.parametrize("client", CLIENTS)
CONTRIBUTION = {"main.tf": "bucket  # flaw: HIGH open bucket\n", **SECOND}
ALL = {"sast": "repository", "sca": True, "iac": True}


def reviewed(*, report: bool = False, client: str = "conviso-flowcli", **scans: Any) -> IntegrationSettings:
    """Return the settings of an integration that reviews pull requests to main."""
    return configured(scans={**ALL, **scans}, triggers={"pullRequests": {"report": report}}, **CLIENTS[client])


def contribute(world: World, **files: str) -> str:
    """Commit to main, open a pull request from there, commit to main again, and return the first commit's id."""
    base = world.repository.commit_files(FIRST)
    world.repository.branch("contribution")
    world.repository.commit_files({**CONTRIBUTION, **files})
    world.repository.switch("main")
    world.repository.commit_files({"later.py": "old()  # flaw: HIGH merged since\n"})
    world.repository.switch("contribution")
    return base


def event(world: World, base_ref: str = "refs/heads/main", head_ref: str = "refs/heads/contribution") -> Event:
    """Return the event of an opened pull request."""
    return Event("pr/7", world.repository.head, "GitHub-Hookshot/1", "pr/7", "PULL_REQUEST_CREATED", head_ref, base_ref)


def review(
    world: World, settings: IntegrationSettings, started_by: Event | None = None, source: Path | None = None
) -> Build:
    """Run the build of the pull request that is checked out."""
    world.use_client(settings)
    variables = {**pull_request_variables(settings), "CONVISO_BASE_REPOSITORY": world.repository.url}
    return world.build(render_pull_request(settings), source, started_by or event(world), variables)


def found(world: World) -> set[str]:
    """Return the titles of the findings that arrived."""
    return {finding.title for finding in world.api.findings}


@EACH_CLIENT
def test_a_pull_request_is_scanned_without_a_report_to_the_platform(world: World, client: str) -> None:
    """Without the corrections, the client looks for an asset, creates one, and sends the technologies in use."""
    base = contribute(world)

    build = review(world, reviewed(client=client))

    assert build.succeeded, build.output
    assert build.exported["CONVISO_SAST_RANGE"] == f"{base}..{world.repository.head}"
    assert [build.exported[f"CONVISO_{scan}_FINDINGS"] for scan in ("SAST", "SCA", "IAC")] == ["1", "1", "1"]
    assert {request.rpartition("/")[0] for request in world.api.requests} == {"GET /auth"}


@EACH_CLIENT
def test_findings_are_sent_without_a_deploy_where_the_settings_say_so(world: World, client: str) -> None:
    contribute(world)

    build = review(world, reviewed(client=client, report=True))

    assert build.succeeded, build.output
    assert found(world) == {"weak hash", "CVE-1", "open bucket"}
    assert (world.api.deploys, world.api.last_deploy) == ([], None)
    assert "POST /graphql issues" not in world.api.requests, "the client lists issues to close them"


def test_findings_of_a_branch_named_like_the_base_stay_apart(world: World) -> None:
    """Without a branch name from the build, conviso-ast takes HEAD_REF and files the findings under the base branch."""
    contribute(world)

    build = review(world, reviewed(client="conviso-ast", report=True), event(world, head_ref="refs/heads/main"))

    assert build.succeeded, build.output
    assert world.api.branches == {"pr/7"}


def test_a_closed_gate_fails_the_build_although_nothing_is_sent(world: World) -> None:
    contribute(world)

    build = review(world, reviewed(failOn={"severity": "LOW", "count": 1}))

    assert not build.succeeded
    assert build.exported["CONVISO_GATE"] == "closed"
    assert "the gate is closed. All results were kept in this build." in build.output
    assert not world.api.findings


def test_findings_of_the_base_do_not_close_the_gate(world: World) -> None:
    """Without the merge base as start, a HIGH finding that is already on main fails every pull request."""
    contribute(world)

    build = review(world, reviewed(failOn={"severity": "HIGH", "count": 1}))

    assert build.succeeded, build.output
    assert build.exported["CONVISO_GATE"] == "open"


def test_the_rules_are_those_of_the_base_as_it_is_now(world: World) -> None:
    """Without the guard, a pull request brings its own rules, or starts from a commit with laxer ones."""
    world.repository.commit_files({"rules.yml": "rules: [old]\n"})
    world.repository.branch("contribution")
    world.repository.commit_files({"rules.yml": "rules: []\n", **CONTRIBUTION})
    world.repository.switch("main")
    world.repository.commit_files({"rules.yml": "rules: [now]\n"})
    world.repository.switch("contribution")

    build = review(world, reviewed(rulesFile="rules.yml"))

    assert build.succeeded, build.output
    assert [gate["rules"] for gate in world.api.gates] == [["now"]]


def test_rules_that_only_the_pull_request_has_fail_the_build(world: World) -> None:
    contribute(world, **{"rules.yml": "rules: []\n"})

    build = review(world, reviewed(rulesFile="rules.yml"))

    assert not build.succeeded
    assert "conviso: ERROR: scans.rulesFile names no file of main: rules.yml" in build.output
    assert not world.api.gates


def test_a_symbolic_link_in_the_base_is_no_rules_file(world: World) -> None:
    """Without the check of the file mode, the client reads the path in the link as rules."""
    (world.repository.folder / "rules.yml").symlink_to("elsewhere.yml")
    contribute(world)

    build = review(world, reviewed(rulesFile="rules.yml"))

    assert not build.succeeded
    assert "conviso: ERROR: scans.rulesFile names no file of main: rules.yml" in build.output


def test_a_pull_request_to_another_branch_is_not_built(world: World) -> None:
    """Without the guard, a webhook that is changed by hand compares the pull request with the wrong branch."""
    contribute(world)

    build = review(world, reviewed(), event(world, base_ref="refs/heads/release"))

    assert not build.succeeded
    assert "ERROR: the pull request is for refs/heads/release. This project reviews those for refs/heads/main." in (
        build.output
    )
    assert not world.docker.containers


def test_the_base_comes_from_the_configured_repository_whatever_the_origin(world: World) -> None:
    """Without the guard, a fork decides what its own changes are compared with, and which rules apply to them."""
    base = contribute(world)
    source = world.repository.check_out(world.folder / "source")
    git(source, "remote", "set-url", "origin", "https://127.0.0.1:1/contributor/shop.git")
    for ref in git(source, "for-each-ref", "--format=%(refname)", "refs/remotes").split():
        git(source, "update-ref", "-d", ref)

    build = review(world, reviewed(), source=source)

    assert build.succeeded, build.output
    assert build.exported["CONVISO_SAST_RANGE"] == f"{base}..{world.repository.head}"


def test_a_base_that_cannot_be_fetched_fails_the_build(world: World) -> None:
    contribute(world)
    world.repository.origin.private = True

    build = review(world, reviewed())

    assert not build.succeeded
    assert "ERROR: the branch main could not be fetched. Check source.auth and the network." in build.output


def test_a_pull_request_without_a_commit_of_the_base_is_scanned_whole(world: World) -> None:
    contribute(world)
    git(world.repository.folder, "checkout", "--quiet", "--orphan", "unrelated")
    world.repository.commit_files({"app.py": "query()  # flaw: HIGH sql injection\n"})

    build = review(world, reviewed())

    assert build.succeeded, build.output
    assert build.exported["CONVISO_SAST_RANGE"] == f"{EMPTY_TREE}..{world.repository.head}"


def test_a_pull_request_that_changes_nothing_skips_sast(world: World) -> None:
    """Without the guard, the client takes the empty range for the whole repository."""
    world.repository.commit_files(FIRST)
    world.repository.branch("contribution")
    world.repository.commit_files({})

    build = review(world, reviewed())

    assert build.succeeded, build.output
    assert (build.exported["CONVISO_SAST"], build.exported["CONVISO_SCA"]) == ("skipped", "done")


def test_a_build_that_is_started_by_hand_compares_with_the_same_branch(world: World) -> None:
    base = contribute(world)

    build = review(world, reviewed(), Event("pr/7", world.repository.head))

    assert build.succeeded, build.output
    assert build.exported["CONVISO_SAST_RANGE"] == f"{base}..{world.repository.head}"


@EACH_CLIENT
def test_the_key_stays_out_of_the_log(world: World, client: str) -> None:
    contribute(world)
    world.exports_everything = True

    assert KEY not in review(world, reviewed(client=client)).output
