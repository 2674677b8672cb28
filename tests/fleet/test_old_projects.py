"""What `adopt` reads of old projects: their variables, sources, buildspecs and webhooks."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from components.config import yaml_reader
from fleet.adopt import old_buildspec, old_webhook, plan
from tests.fleet.test_adopt import SHOP, entries, everything, texts


def variables(**values: str) -> dict[str, Any]:
    """The shop's environment with these plaintext variables added."""
    more = [{"name": name, "value": value, "type": "PLAINTEXT"} for name, value in values.items()]
    return {
        "environment": SHOP["environment"]
        | {"environmentVariables": [*SHOP["environment"]["environmentVariables"], *more]}
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SONAR_TOKEN", "short"),
        ("DB_PASSWORD", "letmein"),
        ("API_KEY", "a1"),
        ("NAME_THAT_TELLS_NOTHING", "xK3vQ9pL2mN8rT5wY7zB"),
        ("REGISTRY", "https://ci:letmein@registry.acme.example/"),
        ("REGISTRY", "https://letmein@registry.acme.example/"),
    ],
)
def test_a_variable_that_may_be_a_secret_is_neither_copied_nor_shown(name: str, value: str) -> None:
    """Without this, a token that only users of CodeBuild could see would be committed with the stack file."""
    found = plan([SHOP | variables(**{name: value})], "prod")

    assert any(name in text for text in texts(found, SHOP["name"], "lost"))
    assert value not in f"{found.stack_file}{found.import_list}{found.remarks}"


def test_a_variable_that_looks_like_a_number_stays_text() -> None:
    """Without this, the engine, which reads YAML 1.2, would take it for a number, and the program would refuse it."""
    found = plan([SHOP | variables(RELEASE="1e5", MODE="0o14")], "prod")

    read: Any = yaml_reader.read(found.stack_file)
    kept = read["config"]["conviso-codebuild:integrations"]["shopapi-conviso"]["environment"]["variables"]
    assert kept == {"LOG_LEVEL": "info", "RELEASE": "1e5", "MODE": "0o14"}


def shop_with_source(**values: Any) -> dict[str, Any]:
    return SHOP | {"source": SHOP["source"] | values}


def test_a_login_in_the_url_is_neither_copied_nor_shown() -> None:
    """Without this, a password would be committed with the stack file."""
    found = plan([shop_with_source(location="https://ci:letmein@github.com/acme/shop-api.git")], "prod")

    assert entries(found)["shopapi-conviso"]["source"]["repository"] == "https://github.com/acme/shop-api.git"
    assert "letmein" not in f"{found.stack_file}{found.import_list}{found.remarks}"


@pytest.mark.parametrize(
    ("buildspec", "place"),
    [
        ("", "buildspec.yml in the repository"),
        ("ci/version-check.yml", "ci/version-check.yml in the repository"),
        ("arn:aws:s3:::acme-build/specs/review.yml", "arn:aws:s3:::acme-build/specs/review.yml is not read"),
    ],
)
def test_a_buildspec_that_is_kept_elsewhere_is_named(buildspec: str, place: str) -> None:
    """Without this, a project would seem to have done nothing, although its buildspec is only out of reach."""
    (lost,) = old_buildspec.read(buildspec).lost
    assert place in lost


def test_a_buildspec_that_is_not_yaml_is_reported() -> None:
    """Without this, one broken buildspec would end the command with a stack trace."""
    assert "not valid YAML" in old_buildspec.read("version: 0.2\nphases: [").lost[0]


def test_no_word_of_a_command_that_may_be_a_secret_is_shown() -> None:
    """Without this, the password in a command would appear in the terminal and in logs."""
    commands = ["vault login s3cr3t", "deploy now letmein", "registry-login ci0letmein", "npm ci"]
    text = yaml.safe_dump({"phases": {"build": {"commands": commands}}})

    said = [each.removeprefix("buildspec: command in build: ") for each in old_buildspec.read(text).lost]
    assert said == ["vault login …", "deploy now …", "registry-login …", "npm ci"]


def test_rare_settings_are_reported_as_lost_line_by_line() -> None:
    """Without this, a badge, a file system or a second source would disappear unnoticed."""
    odd = SHOP | {
        "environment": SHOP["environment"]
        | {"registryCredential": {"credential": "arn"}, "fleet": {"fleetArn": "arn"}},
        "secondarySources": [{"sourceIdentifier": "docs"}, {"sourceIdentifier": "tools"}],
        "secondaryArtifacts": [{"artifactIdentifier": "report"}],
        "fileSystemLocations": [{"identifier": "efs"}],
        "buildBatchConfig": {"serviceRole": "arn"},
        "badge": {"badgeEnabled": True},
        "projectVisibility": "PUBLIC_READ",
        "cache": {"type": "S3", "location": "acme-cache/npm"},
    }

    lost = texts(plan([odd], "prod"), SHOP["name"], "lost")
    assert set(lost) - set(texts(everything(), SHOP["name"], "lost")) == {
        "environment: registryCredential",
        "environment: fleet",
        "secondarySources: docs",
        "secondarySources: tools",
        "secondaryArtifacts: report",
        "fileSystemLocations: efs",
        "buildBatchConfig: there are no batch builds",
        "badge: its URL stops working",
        "projectVisibility: PUBLIC_READ: logs of reviews are not public",
        "cache: S3 acme-cache/npm",
    }


def test_a_network_and_the_lack_of_a_webhook_and_of_reports_are_kept() -> None:
    """Without this, builds would leave their network, start at other times, or write to the repository."""
    vpc = {"vpcId": "vpc-0abc1234", "subnets": ["subnet-0abc1234"], "securityGroupIds": ["sg-0abc1234"]}
    quiet = shop_with_source(reportBuildStatus=False) | {"vpcConfig": vpc}
    del quiet["webhook"]

    entry = entries(plan([quiet], "prod"))["shopapi-conviso"]
    assert entry["environment"]["vpc"] == {
        "id": "vpc-0abc1234",
        "subnetIds": ["subnet-0abc1234"],
        "securityGroupIds": ["sg-0abc1234"],
    }
    assert entry["source"]["reportStatus"] is False
    assert entry["triggers"] == {"push": False, "tags": False}


def test_submodules_that_the_program_cannot_fetch_are_reported_as_lost() -> None:
    """Without this, the program would refuse the entry."""
    gitlab = shop_with_source(type="GITLAB", location="https://gitlab.com/acme/shop.git")
    gitlab["source"]["gitSubmodulesConfig"] = {"fetchSubmodules": True}

    found = plan([gitlab], "prod")
    assert "source: submodules" in texts(found, SHOP["name"], "lost")
    assert texts(found, SHOP["name"], "fill in") == []


def test_a_secret_of_another_account_is_named_and_not_imported() -> None:
    """Without this, the whole import would fail because of a secret that this account does not have."""
    away = [dict(each) for each in SHOP["environment"]["environmentVariables"]]
    away[0]["value"] = away[0]["value"].replace("123456789012", "210987654321")

    found = plan([SHOP | {"environment": SHOP["environment"] | {"environmentVariables": away}}], "prod")
    assert "210987654321" in entries(found)["shopapi-conviso"]["secret"]["existingArn"]
    assert "210987654321" not in json.dumps(found.import_list)


@pytest.mark.parametrize(
    ("commands", "strategy", "sast"),
    [
        ("conviso deploy create with tag-tracker sort-by time\nconviso sast run", "tags-by-time", "repository"),
        ("conviso deploy create with tag-tracker sort by time", "tags-by-time", "none"),
        ("conviso deploy create with tag-tracker sort-by versioning-style", "tags-by-version", "none"),
        ("conviso ast run", "git-tree", "deploy-range"),
        ("conviso sast run --start-commit $(git rev-parse @~1)", "none", "last-commit"),
        ("pip install conviso-ast\nconviso ast run --vulnerability-auto-close", "none", "repository"),
    ],
)
def test_the_strategies_of_the_vendors_snippets_are_recognized(commands: str, strategy: str, sast: str) -> None:
    """Without this, projects that follow the vendor's guide would get another strategy."""
    lines = "".join(f"      - {line}\n" for line in commands.splitlines())
    found = old_buildspec.read(f"version: 0.2\nphases:\n  build:\n    commands:\n{lines}")

    assert (found.settings["review"]["strategy"], found.settings["scans"]["sast"]) == (strategy, sast)
    assert found.lost == []


@pytest.mark.parametrize(
    ("groups", "triggers", "branch", "lost"),
    [
        ([[("EVENT", "PUSH"), ("HEAD_REF", "^refs/tags/v.*$")]], {"push": False, "tags": "v*"}, None, 0),
        ([[("EVENT", "PUSH"), ("HEAD_REF", "refs/heads/main")]], {"push": True, "tags": False}, "main", 0),
        ([[("EVENT", "PUSH")]], {"push": True, "tags": False}, None, 1),
        ([[("EVENT", "PUSH"), ("HEAD_REF", "^refs/heads/(a|b)$")]], {"push": True, "tags": False}, None, 1),
        ([[("EVENT", "PUSH"), ("FILE_PATH", "^src/")]], {"push": True, "tags": False}, None, 2),
        ([[("EVENT", "WORKFLOW_JOB_QUEUED")]], {"push": False, "tags": False}, None, 1),
        ([[("EVENT", "PUSH"), ("HEAD_REF", r"^refs/heads/v1\.2$")]], {"push": True, "tags": False}, "v1.2", 0),
        ([[("EVENT", "PUSH"), ("FILE_PATH", "^a/"), ("FILE_PATH", "^b/")]], {"push": True, "tags": False}, None, 3),
    ],
)
def test_the_filters_of_a_webhook_become_triggers(
    groups: list[list[tuple[str, str]]], triggers: dict[str, Any], branch: str | None, lost: int
) -> None:
    """Without this, other pushes than before would start builds."""
    raw = {"filterGroups": [[{"type": kind, "pattern": pattern} for kind, pattern in group] for group in groups]}

    found = old_webhook.read(raw)
    assert (found.triggers, found.branch, len(found.lost)) == (triggers, branch, lost)


def test_a_branch_that_a_filter_excludes_is_not_chosen() -> None:
    """Without this, only the branch that nobody wanted to build would be built."""
    reference = {"type": "HEAD_REF", "pattern": "^refs/heads/main$", "excludeMatchedPattern": True}

    found = old_webhook.read({"filterGroups": [[{"type": "EVENT", "pattern": "PUSH"}, reference]]})
    assert found.branch is None
    assert "every reference but ^refs/heads/main$" in found.lost[0]


def test_a_webhook_for_an_organization_or_for_batches_is_reported_as_lost() -> None:
    """Without this, repositories of the organization would no longer be built, and nobody would know."""
    found = old_webhook.read(
        {"scopeConfiguration": {"name": "acme"}, "buildType": "BUILD_BATCH", "branchFilter": "main"}
    )

    assert len(found.lost) == 2


@pytest.mark.parametrize(("version", "expected"), [("main", "develop"), ("refs/heads/develop", "refs/heads/develop")])
def test_the_branch_of_the_webhook_wins_over_the_branch_of_other_builds(version: str, expected: str) -> None:
    """Without this, pushes to another branch than before would start builds."""
    group = [{"type": "EVENT", "pattern": "PUSH"}, {"type": "HEAD_REF", "pattern": "^refs/heads/develop$"}]

    found = plan([SHOP | {"sourceVersion": version, "webhook": {"filterGroups": [group]}}], "prod")
    assert entries(found)["shopapi-conviso"]["source"]["version"] == expected
