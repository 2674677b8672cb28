"""Every field of an integration: its default, and valid values up to the limits of their ranges."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import pytest

from components.config import GitSource, Provider
from components.config.merge import overlay
from tests.config import samples
from tests.config.samples import settings, short

HUNDRED_VARIABLES = {f"NAME_{number}": "x" for number in range(100)}
MOST_TAGS = {f"key{number}": "x" for number in range(49)}


@pytest.mark.parametrize(
    ("field", "default"),
    [
        ("description", None),
        ("source.auth", None),
        ("source.submodules", False),
        ("source.report_status", True),
        ("review.strategy", "git-tree"),
        ("review.tag_prefix", None),
        ("scans.sast", "deploy-range"),
        ("scans.sca", True),
        ("scans.iac", False),
        ("scans.fail_on", None),
        ("scans.rules_file", None),
        ("client.package", "conviso-flowcli"),
        ("client.version", "2.1.17"),
        ("platform.api_url", None),
        ("platform.company_id", None),
        ("platform.asset_name", None),
        ("buildspec.location", "inline"),
        ("triggers.push", True),
        ("triggers.tags", False),
        ("environment.compute_type", "BUILD_GENERAL1_MEDIUM"),
        ("environment.image", "aws/codebuild/amazonlinux-x86_64-standard:5.0"),
        ("environment.timeout_minutes", 60),
        ("environment.queued_timeout_minutes", 480),
        ("environment.concurrent_builds", None),
        ("environment.auto_retries", 0),
        ("environment.vpc", None),
        ("environment.certificate", None),
        ("environment.docker_layer_cache", False),
        ("environment.variables", {}),
        ("logs.destination", "cloudwatch"),
        ("logs.retention_days", 365),
        ("logs.kms_key_arn", None),
        ("logs.bucket", None),
        ("logs.prefix", None),
        ("secret", None),
        ("role.path", "/"),
        ("role.permissions_boundary_arn", None),
        ("tags", {}),
    ],
)
def test_an_omitted_field_has_its_default(field: str, default: Any) -> None:
    assert attrgetter(field)(settings()) == default


@pytest.mark.parametrize(
    ("provider", "field"), [("s3", "source.version"), ("s3", "source.kms_key_arn")], ids=lambda text: text
)
def test_an_omitted_field_of_one_provider_has_its_default(provider: str, field: str) -> None:
    assert attrgetter(field)(settings(provider)) is None


def test_sast_scans_the_whole_repository_when_there_are_no_deploys() -> None:
    """Without this default, `strategy: none` alone is refused, since it has no range of a deploy to scan."""
    assert settings(review={"strategy": "none"}).scans.sast == "repository"


def test_a_chosen_sast_range_is_kept_when_there_are_no_deploys() -> None:
    assert settings(review={"strategy": "none"}, scans={"sast": "last-commit"}).scans.sast == "last-commit"


def test_conviso_ast_closes_findings_by_default() -> None:
    chosen = settings(client={"package": "conviso-ast"}, review={"strategy": "none"})

    assert chosen.client.model_dump() == {"package": "conviso-ast", "version": "3.1.14", "auto_close": True}


def test_conviso_ast_closes_no_findings_when_sast_is_off() -> None:
    """Without this default, a build that scans nothing closes every open finding."""
    chosen = settings(client={"package": "conviso-ast"}, review={"strategy": "none"}, scans={"sast": "none"})

    assert chosen.client.model_dump() == {"package": "conviso-ast", "version": "3.1.14", "auto_close": False}


def test_conviso_ast_needs_no_project_key() -> None:
    chosen = settings(projectKey=None, client={"package": "conviso-ast"}, review={"strategy": "none"})

    assert chosen.project_key is None


@pytest.mark.parametrize("provider", samples.PROVIDERS)
def test_every_provider_is_accepted(provider: str) -> None:
    assert settings(provider).source.provider == provider


@pytest.mark.parametrize(
    "sections",
    [
        {"projectKey": "a"},
        {"projectKey": "Az09-_" + "x" * 122},
        {"description": "x" * 255},
        {"description": "Überprüfung; $(none) `of` *this*"},
        {"review": {"strategy": "tags-by-time"}},
        {"review": {"strategy": "tags-by-version", "tagPrefix": "v"}},
        {"scans": {"sast": "none"}},
        {"scans": {"sast": "last-commit"}},
        {"scans": {"sca": False}},
        {"scans": {"iac": True}},
        {"scans": {"failOn": {"severity": "LOW", "count": 1}}},
        {"scans": {"failOn": {"severity": "CRITICAL", "count": 1_000_000}}},
        {"scans": {"rulesFile": ".conviso/rules.yml"}},
        {"client": {"package": "conviso-flowcli", "version": "2.1.17"}},
        {"client": {"package": "conviso-ast", "autoClose": False}, "review": {"strategy": "none"}},
        {"platform": {"apiUrl": "https://conviso.acme.example:8443/api"}},
        {"platform": {"companyId": "42"}},
        {"platform": {"assetName": "shop / api (ü)"}},
        {"buildspec": {"location": "bucket"}},
        {"buildspec": {"location": "repository"}},
        {"buildspec": {"location": "repository", "path": "ci/spec.yml"}},
        {"triggers": {"push": False}},
        {"triggers": {"push": {"filePaths": ["docs/**"]}}},
        {"triggers": {"releases": True}},
        {"buildspec": {"location": "repository", "path": "ci/a_b@1+2.yaml"}},
        {"triggers": {"push": {"filePaths": ["src/*.py"] * 20}}},
        {"triggers": {"tags": "v*"}},
        {"triggers": {"tags": False}},
        {"environment": {"computeType": "BUILD_GENERAL1_SMALL"}},
        {"environment": {"computeType": "BUILD_GENERAL1_2XLARGE"}},
        *({"description": text} for text in ("👩\u200d💻", "店舗\u3000API")),
        {"environment": {"image": "registry.acme.example:5000/a__b/c--d.e:1.2_3"}},
        {"environment": {"image": "aws/codebuild/amazonlinux-x86_64-standard:6.0"}},
        {"environment": {"image": f"public.ecr.aws/acme/build@sha256:{'0f' * 32}"}},
        {"environment": {"timeoutMinutes": 5}},
        {"environment": {"timeoutMinutes": 2160}},
        {"environment": {"queuedTimeoutMinutes": 5}},
        {"environment": {"queuedTimeoutMinutes": 480}},
        {"environment": {"concurrentBuilds": 1}},
        {"environment": {"autoRetries": 10}},
        {"environment": {"vpc": samples.VPC}},
        {"environment": {"certificate": samples.CERTIFICATE}},
        {"environment": {"dockerLayerCache": True}},
        {"environment": {"variables": HUNDRED_VARIABLES}},
        {"environment": {"variables": {"PATHS": "", "env": "b", "_": "c" * 4096}}},
        {"logs": {"retentionDays": 1}},
        {"logs": {"retentionDays": 3653}},
        {"logs": {"kmsKeyArn": samples.KEY}},
        {"logs": {"destination": "s3", "retentionDays": 31}},
        {"logs": {"destination": "s3", "bucket": "acme-logs"}},
        {"logs": {"destination": "both", "prefix": "a/b"}},
        {"secret": {"existingArn": samples.SECRET}},
        {"secret": {"existingArn": samples.SECRET, "key": "api.key-1_a", "kmsKeyArn": samples.KEY}},
        {"role": {"path": "/a/b/"}},
        {"role": {"permissionsBoundaryArn": samples.BOUNDARY}},
        {"role": {"permissionsBoundaryArn": "arn:aws:iam::aws:policy/PowerUserAccess"}},
        {"tags": MOST_TAGS},
        {"tags": {"k" * 127: "v" * 255}},
        {"tags": {"cost center": ""}},
    ],
    ids=short,
)
def test_a_valid_value_is_kept_unchanged(sections: dict[str, Any]) -> None:
    kept = settings(**sections).model_dump(by_alias=True, mode="json")

    assert overlay(kept, sections) == kept


def test_a_company_id_may_be_written_as_a_number() -> None:
    assert settings(platform={"companyId": 42}).platform.company_id == "42"


def test_your_own_log_bucket_goes_together_with_a_retention_of_the_log_group() -> None:
    logs = {"destination": "both", "bucket": "acme-logs", "retentionDays": 7}

    assert settings(logs=logs).logs.retention_days == 7


@pytest.mark.parametrize(
    ("version", "branch"),
    [
        ("main", "main"),
        ("feature/new+login_1.2", "feature/new+login_1.2"),
        ("refs/heads/main", "main"),
        ("refs/heads/refs/tags/x", "refs/tags/x"),
        ("refs/tags/v1.2.3", None),
        (samples.COMMIT, None),
        (samples.COMMIT.upper(), None),
        ("a" * 39, "a" * 39),
        ("1.10", "1.10"),
    ],
)
def test_only_a_version_that_is_a_branch_has_a_branch_name(version: str, branch: str | None) -> None:
    source = GitSource(provider=Provider.GITHUB, repository="https://github.com/acme/shop", version=version)

    assert (source.version, source.branch) == (version, branch)


@pytest.mark.parametrize(
    "repository",
    [
        "https://github.com/acme/shop-api",
        "https://github.com/acme/shop-api.git",
        "https://github.com/Acme/shop.api_2~x",
    ],
)
def test_an_https_url_on_the_providers_host_is_accepted(repository: str) -> None:
    assert problems_with_repository("github", repository) == []


@pytest.mark.parametrize("provider", ["github-enterprise", "gitlab-self-managed"])
def test_a_self_managed_host_may_have_a_port(provider: str) -> None:
    assert problems_with_repository(provider, "https://git.acme.example:8443/acme/repo.git") == []


def problems_with_repository(provider: str, repository: str) -> list[tuple[str, str]]:
    """Return the problems with that clone URL."""
    return samples.refusals_of(provider, source={"repository": repository})


@pytest.mark.parametrize(
    "source",
    [
        {"key": "a.zip"},
        {"key": "folder/"},
        {"key": "Exports 2026/ünï (1).zip"},
        {"version": "3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY"},
        {"kmsKeyArn": samples.KEY},
        {"bucket": "abc"},
        {"bucket": "a.b-" + "c" * 59},
    ],
    ids=short,
)
def test_a_valid_s3_source_is_kept_unchanged(source: dict[str, Any]) -> None:
    kept = settings("s3", source=source).source.model_dump(by_alias=True)

    assert kept | source == kept


@pytest.mark.parametrize("arn", [samples.CONNECTION, samples.OLD_CONNECTION])
def test_an_arn_with_either_service_prefix_of_connections_is_accepted(arn: str) -> None:
    source = settings(source={"auth": {"connectionArn": arn}}).source.model_dump(by_alias=True)

    assert source["auth"]["connectionArn"] == arn


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov", "aws-iso-b", "aws-eusc"])
def test_an_arn_of_any_partition_is_accepted(partition: str) -> None:
    arn = samples.CONNECTION.replace("arn:aws:", f"arn:{partition}:")

    assert samples.refusals_of(source={"auth": {"connectionArn": arn}}) == []
