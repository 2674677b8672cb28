"""What the commands of the vendor's guide do with the real client, without the guards of our build.

The first tests validate the stand-ins: the client works with them, and the right data arrives. The others show the
client's defects, each of which has a guard in our build. When a later client fixes one, its test here fails, and the
guard can go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from rehearsal.clients import ast_env, flowcli_env
from rehearsal.conviso_platform import PROJECT, Deploy, Finding

if TYPE_CHECKING:
    from rehearsal.codebuild import Build
    from tests.build.world import World

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
SQL = "query()  # flaw: HIGH sql injection\n"
HASH = "md5()  # flaw: LOW weak hash\n"

REVIEW_AND_SCAN = (
    'deploy_create_output_vars="$(mktemp)"',
    'conviso deploy create -f env_vars with values > "$deploy_create_output_vars"',
    '. "$deploy_create_output_vars"',
    """conviso sast run --start-commit "$FLOW_DEPLOY_PREVIOUS_VERSION_COMMIT" \\
                       --end-commit "$FLOW_DEPLOY_CURRENT_VERSION_COMMIT" """,
    "conviso sca run",
)
LAST_COMMIT = (
    "export START_COMMIT=`git rev-parse @~1`",
    "conviso sast run --start-commit $START_COMMIT --end-commit $CODEBUILD_RESOLVED_SOURCE_VERSION",
)
BY_TIME = "conviso deploy create with tag-tracker sort-by time"
BY_VERSION = "conviso deploy create with tag-tracker sort-by versioning-style"


def run(world: World, *commands: str) -> Build:
    """Run the commands as the guide's buildspecs do, with the client already installed."""
    world.tools.append(flowcli_env() / "bin")
    # The guide assigns a variable in one command and reads it in the next one.
    world.exports_everything = True
    return world.build(yaml.safe_dump({"version": 0.2, "phases": {"pre_build": {"commands": list(commands)}}}))


def two_commits(world: World) -> tuple[str, str]:
    """Commit twice, and let the platform know the first commit as deployed; return both ids."""
    first = world.repository.commit_files({"app.py": SQL})
    world.api.last_deploy = Deploy(PROJECT, first, EMPTY_TREE)
    return first, world.repository.commit_files({"login.py": HASH, "requirements.txt": "x # flaw: HIGH CVE-1\n"})


def test_the_whole_job_sends_the_deploy_and_the_findings_of_its_range(world: World) -> None:
    first, second = two_commits(world)
    assert run(world, *REVIEW_AND_SCAN).succeeded
    assert [(d.current_commit, d.previous_commit) for d in world.api.deploys] == [(second, first)]
    assert world.api.findings == [
        Finding("sast", "weak hash", "LOW", "login.py", second, "41"),
        Finding("sca", "CVE-1", "HIGH", "requirements.txt"),
    ]


def test_a_company_without_the_new_management_gets_the_same_findings_as_reports(world: World) -> None:
    _, second = two_commits(world)
    world.api.has_new_management = False
    assert run(world, *REVIEW_AND_SCAN).succeeded
    assert world.api.reports == ["sast", "sca"]
    assert [(f.title, f.commit) for f in world.api.findings] == [("weak hash", second), ("CVE-1", None)]


def test_the_tag_trackers_send_the_commits_of_lightweight_tags(world: World) -> None:
    old, new = tagged(world, annotated=False)
    assert run(world, BY_TIME, BY_VERSION).succeeded
    pairs = [(d.current_commit, d.previous_commit, d.current_tag, d.previous_tag) for d in world.api.deploys]
    assert pairs == [(new, old, "v1.0.1", "v1.0.0")] * 2


def test_the_tag_trackers_send_the_ids_of_annotated_tags_instead_of_commits(world: World) -> None:
    old, new = tagged(world, annotated=True)
    assert run(world, BY_TIME, BY_VERSION).succeeded
    assert {old, new}.isdisjoint({d.current_commit for d in world.api.deploys})


def tagged(world: World, *, annotated: bool) -> tuple[str, str]:
    """Commit and tag two releases, and return the ids of their commits."""
    old = world.repository.commit_files({"app.py": SQL})
    world.repository.tag("v1.0.0", annotated=annotated)
    new = world.repository.commit_files({"login.py": HASH})
    world.repository.tag("v1.0.1", annotated=annotated)
    return old, new


def test_the_guides_spelling_of_sort_by_is_no_command(world: World) -> None:
    tagged(world, annotated=False)
    assert not run(world, "conviso deploy create with tag-tracker sort by time").succeeded


def test_a_head_that_is_already_deployed_is_scanned_from_the_beginning(world: World) -> None:
    _, second = two_commits(world)
    world.api.last_deploy = Deploy(PROJECT, second, EMPTY_TREE)
    assert run(world, *REVIEW_AND_SCAN).succeeded
    assert [c.sast_range for c in world.docker.ran("sastbox_v2")] == [(EMPTY_TREE, second)]


def test_the_only_commit_of_a_repository_is_compared_with_a_literal_text(world: World) -> None:
    only = world.repository.commit_files({"app.py": SQL})
    assert run(world, 'export CODEBUILD_RESOLVED_SOURCE_VERSION="$(git rev-parse HEAD)"', *LAST_COMMIT).succeeded
    assert [c.sast_range for c in world.docker.ran("sastbox_v2")] == [("@~1", only)]


def test_sca_succeeds_although_its_image_cannot_be_pulled(world: World) -> None:
    two_commits(world)
    world.docker.unpullable["osv_scanner"] = 500
    assert run(world, "conviso sca run").succeeded
    assert not world.docker.ran("osv_scanner")


def test_sca_succeeds_although_its_scanner_is_killed(world: World) -> None:
    two_commits(world)
    world.docker.killed.add("osv_scanner")
    assert run(world, "conviso sca run").succeeded
    assert not world.api.findings


def test_the_client_counts_its_own_log_as_source(world: World) -> None:
    two_commits(world)
    run(world, "conviso deploy create with values")
    assert world.api.deploys[0].total_lines not in {None, 3}


def test_a_history_without_the_last_deploy_fails(world: World) -> None:
    two_commits(world)
    world.api.last_deploy = Deploy(PROJECT, "5" * 40, EMPTY_TREE)
    assert not run(world, "conviso deploy create with values").succeeded


@pytest.mark.parametrize("ended", ["deploy refused", "nothing new"])
def test_ast_run_of_flowcli_succeeds_without_a_scan(world: World, ended: str) -> None:
    _, second = two_commits(world)
    if ended == "deploy refused":
        world.api.failures["new deploys"] = 500
    else:
        world.api.last_deploy = Deploy(PROJECT, second, EMPTY_TREE)
    assert run(world, "conviso ast run").succeeded
    assert not world.docker.ran("sastbox_v2")


def test_the_newer_client_reviews_and_scans_in_one_command(world: World) -> None:
    first, second = two_commits(world)
    world.tools.append(ast_env() / "bin")
    assert run(world, "conviso ast run").succeeded
    assert [(d.current_commit, d.previous_commit) for d in world.api.deploys] == [(second, first)]
    assert [f.title for f in world.api.findings] == ["weak hash", "CVE-1"]


def test_the_newer_client_succeeds_although_its_scanners_are_killed(world: World) -> None:
    two_commits(world)
    world.docker.killed |= {"osv_scanner", "iac_scanner_checkov"}
    world.tools.append(ast_env() / "bin")
    assert run(world, "conviso ast run").succeeded
    assert [f.title for f in world.api.findings] == ["weak hash"]
