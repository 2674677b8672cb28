"""The inputs of the build project, for each provider and each choice."""

from __future__ import annotations

import re
from typing import Any

import pytest

from components import buildspec
from components.config import ConfigError
from tests.components.building import PROJECT, build, project
from tests.config import samples
from tests.config.samples import GIT_HOSTS, PROVIDERS, SOURCE_TYPES, SOURCES, settings, short
from tests.harness import CHINA, arn

FULL_HISTORY = {"gitCloneDepth": 0, "gitSubmodulesConfig": {"fetchSubmodules": False}}
ECR_IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/build:1"


def source(provider: str = "github", **choices: Any) -> dict[str, Any]:
    """Return the project's source without the text of the buildspec."""
    block = dict(project(provider, **choices)["source"])
    block.pop("buildspec")
    return block


def test_a_project_has_exactly_these_inputs_by_default() -> None:
    chosen = settings()

    assert build(chosen).one(PROJECT).inputs == {
        "name": "conviso-dev-shop",
        "description": "conviso-dev-shop: review of github https://github.com/acme/shop-api.git",
        "source": {
            "type": "GITHUB",
            "location": "https://github.com/acme/shop-api.git",
            "buildspec": buildspec.render(chosen),
            "reportBuildStatus": True,
            **FULL_HISTORY,
        },
        "sourceVersion": "main",
        "artifacts": {"type": "NO_ARTIFACTS"},
        "serviceRole": arn("Role", "shop-role"),
        "environment": {
            "type": "LINUX_CONTAINER",
            "computeType": "BUILD_GENERAL1_MEDIUM",
            "image": "aws/codebuild/amazonlinux-x86_64-standard:5.0",
            "imagePullCredentialsType": "CODEBUILD",
            "privilegedMode": True,
            "environmentVariables": [
                {"name": "CODEBUILD_CONFIG_AUTO_DISCOVER", "value": "false", "type": "PLAINTEXT"},
                {"name": "FLOW_PROJECT_CODE", "value": "kXyZ12", "type": "PLAINTEXT"},
                {"name": "FLOW_API_KEY", "value": f"{samples.SECRET}:FLOW_API_KEY", "type": "SECRETS_MANAGER"},
            ],
        },
        "logsConfig": {
            "cloudwatchLogs": {"status": "ENABLED", "groupName": "/aws/codebuild/conviso-dev-shop"},
            "s3Logs": {"status": "DISABLED", "encryptionDisabled": False},
        },
        "cache": {"type": "NO_CACHE"},
        "buildTimeout": 60,
        "queuedTimeout": 480,
        "autoRetryLimit": 0,
        "tags": {"conviso:stack": "dev"},
    }


@pytest.mark.parametrize("provider", GIT_HOSTS)
def test_a_repository_on_a_git_host_is_cloned_in_full_and_gets_build_statuses(provider: str) -> None:
    """Without the full history, the client finds neither the last deploy nor its tags."""
    found = source(provider)
    found.pop("gitSubmodulesConfig", None)
    assert found == {
        "type": SOURCE_TYPES[provider],
        "location": SOURCES[provider]["repository"],
        "reportBuildStatus": True,
        "gitCloneDepth": 0,
    }


def test_a_codecommit_repository_is_cloned_in_full_from_the_stacks_region() -> None:
    assert source("codecommit") == {
        "type": "CODECOMMIT",
        "location": "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/billing",
        **FULL_HISTORY,
    }


def test_codecommit_has_the_host_name_of_its_partition() -> None:
    location = build(settings("codecommit"), location=CHINA).one(PROJECT).inputs["source"]["location"]

    assert location == "https://git-codecommit.cn-north-1.amazonaws.com.cn/v1/repos/billing"


@pytest.mark.parametrize("key", ["erp/legacy.zip", "exports/erp/"])
def test_s3_is_read_from_its_bucket_and_key(key: str) -> None:
    assert source("s3", source={"key": key}) == {"type": "S3", "location": f"acme-exports/{key}"}


@pytest.mark.parametrize("provider", ["github", "github-enterprise", "bitbucket"])
def test_submodules_are_cloned_if_they_are_enabled(provider: str) -> None:
    assert source(provider, source={"submodules": True})["gitSubmodulesConfig"] == {"fetchSubmodules": True}


@pytest.mark.parametrize("provider", GIT_HOSTS)
def test_no_status_is_reported_if_report_status_is_off(provider: str) -> None:
    """Without this choice, builds with a read-only token fail to report their status."""
    assert source(provider, source={"reportStatus": False})["reportBuildStatus"] is False


@pytest.mark.parametrize("provider", ["gitlab", "gitlab-self-managed"])
def test_gitlab_gets_no_submodules_block(provider: str) -> None:
    """Without this, every preview of a GitLab project shows a change, since the AWS provider drops the block."""
    assert "gitSubmodulesConfig" not in source(provider)


@pytest.mark.parametrize(
    ("auth", "block"),
    [
        ({"connectionArn": samples.CONNECTION}, {"type": "CODECONNECTIONS", "resource": samples.CONNECTION}),
        ({"connectionArn": samples.OLD_CONNECTION}, {"type": "CODECONNECTIONS", "resource": samples.OLD_CONNECTION}),
        ({"tokenSecretArn": samples.TOKEN}, {"type": "SECRETS_MANAGER", "resource": samples.TOKEN}),
        (
            {"tokenSecretArn": samples.TOKEN, "kmsKeyArn": samples.KEY},
            {"type": "SECRETS_MANAGER", "resource": samples.TOKEN},
        ),
    ],
    ids=short,
)
def test_the_login_is_set_on_the_project(auth: dict[str, str], block: dict[str, str]) -> None:
    """Without this, CodeBuild uses the account's default credentials for that git host."""
    assert source(source={"auth": auth})["auth"] == block


def test_a_connection_of_the_same_program_replaces_the_configured_login() -> None:
    chosen = settings(source={"auth": {"tokenSecretArn": samples.TOKEN}})
    made = build(chosen, connection_arn=samples.CONNECTION).one(PROJECT)

    assert made.inputs["source"]["auth"] == {"type": "CODECONNECTIONS", "resource": samples.CONNECTION}


@pytest.mark.parametrize(
    ("provider", "logins", "message"),
    [
        ("codecommit", ["connection_arn"], "source.provider: is codecommit, which takes no connection_arn or token"),
        ("s3", ["token_secret_arn"], "source.provider: is s3, which takes no connection_arn or token_secret_arn"),
        ("github", ["connection_arn", "token_secret_arn"], "source.auth: must be either connection_arn or token_secr"),
        ("gitlab", ["token_secret_arn"], "source.auth: is not supported for gitlab by token_secret_arn; use conn"),
    ],
)
def test_a_login_of_the_same_program_that_the_provider_cannot_use_is_refused(
    provider: str, logins: list[str], message: str
) -> None:
    """Without this, it is ignored, or AWS refuses the project in the middle of the deployment."""
    arns: dict[str, Any] = {"connection_arn": samples.CONNECTION, "token_secret_arn": samples.TOKEN}

    with pytest.raises(ConfigError, match=f"^{re.escape(message)}"):
        build(settings(provider), **{login: arns[login] for login in logins})


@pytest.mark.parametrize(
    ("bucket", "message"),
    [
        ("source_bucket", "source.provider: is github, which takes no source_bucket"),
        ("log_bucket", "logs.destination: is cloudwatch, which takes no log_bucket; use s3 or both"),
    ],
)
def test_a_bucket_of_the_same_program_that_nothing_would_use_is_refused(bucket: str, message: str) -> None:
    """Without this, logs go to CloudWatch although the program made a bucket for them."""
    made: dict[str, Any] = {bucket: "acme-bucket"}

    with pytest.raises(ConfigError, match=f"^{re.escape(message)}$"):
        build(settings(), **made)


def test_a_token_of_the_same_program_takes_the_place_of_the_configured_login() -> None:
    chosen = settings(source={"auth": {"connectionArn": samples.CONNECTION}})
    made = build(chosen, token_secret_arn=samples.TOKEN).one(PROJECT)

    assert made.inputs["source"]["auth"] == {"type": "SECRETS_MANAGER", "resource": samples.TOKEN}


def test_a_source_bucket_of_the_same_program_replaces_the_configured_one() -> None:
    made = build(settings("s3"), source_bucket="made-here").one(PROJECT)

    assert made.inputs["source"]["location"] == "made-here/erp/legacy.zip"


@pytest.mark.parametrize(
    ("provider", "version"),
    [
        ("github", "refs/heads/main"),
        ("github", "refs/tags/v1"),
        ("codecommit", samples.COMMIT),
        ("s3", "3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY"),
    ],
)
def test_a_build_without_an_event_uses_the_configured_version(provider: str, version: str) -> None:
    assert project(provider, source={"version": version})["sourceVersion"] == version


def test_the_newest_object_is_built_if_no_version_is_configured() -> None:
    assert "sourceVersion" not in project("s3")


@pytest.mark.parametrize(
    ("location", "text"),
    [
        ({"location": "repository"}, "conviso-buildspec.yml"),
        ({"location": "repository", "path": "ci/conviso.yml"}, "ci/conviso.yml"),
    ],
    ids=short,
)
def test_a_buildspec_in_the_repository_is_named_by_its_path(location: dict[str, str], text: str) -> None:
    assert project(buildspec=location)["source"]["buildspec"] == text


def test_a_configured_description_is_kept_unchanged() -> None:
    assert project(description="Reviews the shop")["description"] == "Reviews the shop"


def test_a_generated_description_is_cut_to_the_length_that_codebuild_allows() -> None:
    """Without this, a long object key makes CodeBuild refuse the project."""
    made = project("s3", source={"key": "x" * 1000 + ".zip"})["description"]

    assert made == ("conviso-dev-shop: review of s3 acme-exports/" + "x" * 1000)[:255]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"computeType": "BUILD_GENERAL1_LARGE"}, {"computeType": "BUILD_GENERAL1_LARGE"}),
        ({"image": "public.ecr.aws/acme/build:1"}, {"image": "public.ecr.aws/acme/build:1"}),
        ({"image": ECR_IMAGE}, {"image": ECR_IMAGE, "imagePullCredentialsType": "SERVICE_ROLE"}),
        ({"certificate": samples.CERTIFICATE}, {"certificate": samples.CERTIFICATE}),
    ],
    ids=short,
)
def test_a_choice_of_machine_changes_only_its_own_input(environment: dict[str, Any], expected: dict[str, Any]) -> None:
    assert project(environment=environment)["environment"] == project()["environment"] | expected


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"timeoutMinutes": 2160}, {"buildTimeout": 2160}),
        ({"queuedTimeoutMinutes": 5}, {"queuedTimeout": 5}),
        ({"concurrentBuilds": 3}, {"concurrentBuildLimit": 3}),
        ({"autoRetries": 2}, {"autoRetryLimit": 2}),
        ({"dockerLayerCache": True}, {"cache": {"type": "LOCAL", "modes": ["LOCAL_DOCKER_LAYER_CACHE"]}}),
        (
            {"vpc": samples.VPC},
            {
                "vpcConfig": {
                    "vpcId": "vpc-0abc1234",
                    "subnets": ["subnet-0bbb2222", "subnet-0aaa1111"],
                    "securityGroupIds": ["sg-0ccc3333"],
                }
            },
        ),
    ],
    ids=short,
)
def test_a_choice_of_environment_changes_only_its_own_input(
    environment: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert project(environment=environment) == project() | expected


@pytest.mark.parametrize("strategy", samples.STRATEGIES)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_provider_and_strategy_gets_its_own_buildspec(provider: str, strategy: str) -> None:
    chosen = settings(provider, **samples.reviewed(provider, strategy))

    assert build(chosen).one(PROJECT).inputs["source"]["buildspec"] == buildspec.render(chosen)
