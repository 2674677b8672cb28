"""Values that are invalid on their own: each is one problem that names the field and the rule."""

from __future__ import annotations

from typing import Any

import pytest

from tests.config import samples
from tests.config.samples import refusals_of, short

MUST_BE_TEXT = "must be text: put a number, true or false in quotes"
A_REF = "must be a branch, refs/heads/..., refs/tags/... or a full commit"
MUST_BE_INSIDE = "must be a path inside the repository"
A_CLONE_URL = "must be the URL to clone, with a path such as /owner/repository.git"
SHADOWS = "would override a variable that controls the build; choose another name"


def check(found: list[tuple[str, str]], path: str, message: str) -> None:
    """Assert that there is exactly one problem, at that path, whose message begins with that text."""
    assert [(at, said[: len(message)]) for at, said in found] == [(path, message)]


@pytest.mark.parametrize(
    ("sections", "path", "message"),
    [
        ({"projectKey": "a b"}, "projectKey", "must be letters, digits, - and _"),
        ({"projectKey": ""}, "projectKey", "must be letters, digits, - and _"),
        ({"projectKey": 12}, "projectKey", MUST_BE_TEXT),
        ({"description": ""}, "description", "must not be empty"),
        ({"description": "x" * 256}, "description", "must be at most 255 characters"),
        ({"description": "a\nb"}, "description", "must not contain control characters or line breaks"),
        ({"description": "a\u202eb"}, "description", "must not contain invisible characters"),
        ({"review": []}, "review", "must be a map of keys and values"),
        ({"review": {"strategy": True}}, "review.strategy", "must be one of tags-by-time, tags-by-version"),
        ({"review": {"strategy": ["git-tree"]}}, "review.strategy", "must be one of tags-by-time, tags-by-version"),
        ({"scans": {"sast": "deploy_range"}}, "scans.sast", "must be one of deploy-range, repository, last-commit"),
        ({"scans": {"sca": "yes"}}, "scans.sca", "must be true or false, without quotes"),
        ({"scans": {"iac": 1}}, "scans.iac", "must be true or false, without quotes; got 1"),
        ({"scans": {"failOn": {"severity": "HIGH"}}}, "scans.failOn.count", "is required"),
        ({"scans": {"failOn": {"count": 1}}}, "scans.failOn.severity", "is required"),
        (
            {"scans": {"failOn": {"severity": "HIGH", "count": 0}}},
            "scans.failOn.count",
            "must be at least 1; got 0",
        ),
        (
            {"scans": {"failOn": {"severity": "high", "count": 1}}},
            "scans.failOn.severity",
            'must be one of LOW, MEDIUM, HIGH, CRITICAL; got "high"; did you mean HIGH?',
        ),
        ({"scans": {"rulesFile": "/etc/rules.yml"}}, "scans.rulesFile", MUST_BE_INSIDE),
        ({"scans": {"rulesFile": "a/../../rules.yml"}}, "scans.rulesFile", MUST_BE_INSIDE),
        ({"client": {"package": "conviso"}}, "client.package", "must be one of conviso-flowcli, conviso-ast"),
        ({"client": {"version": "2.1.16"}}, "client.version", "must be '2.1.17'"),
        ({"client": {"version": 2.1}}, "client.version", "must be '2.1.17'"),
        ({"client": {"autoClose": True}}, "client.autoClose", "exists only with package conviso-ast"),
        ({"platform": {"apiUrl": "http://conviso.example"}}, "platform.apiUrl", "must be an https URL"),
        ({"platform": {"apiUrl": "https://a.example/?k=v"}}, "platform.apiUrl", "must not contain a query or fragment"),
        ({"platform": {"apiUrl": "https://a.example/b c"}}, "platform.apiUrl", "must be an https URL"),
        ({"platform": {"apiUrl": "https://a@b.example"}}, "platform.apiUrl", "must not contain a user or password"),
        ({"platform": {"companyId": "acme"}}, "platform.companyId", "must be the company's number"),
        ({"platform": {"companyId": -1}}, "platform.companyId", "must be the company's number"),
        ({"platform": {"companyId": 2**53}}, "platform.companyId", MUST_BE_TEXT),
        ({"platform": {"companyId": True}}, "platform.companyId", MUST_BE_TEXT),
        ({"platform": {"assetName": ""}}, "platform.assetName", "must not be empty"),
        ({"platform": {"assetName": "x" * 256}}, "platform.assetName", "must be at most 255 characters"),
        ({"buildspec": {"location": "s3"}}, "buildspec.location", "must be one of inline, bucket, repository"),
        (
            {"buildspec": {"location": "bucket", "path": "a.yml"}},
            "buildspec.path",
            "needs buildspec.location repository",
        ),
        ({"buildspec": {"location": "bucket", "bucket": "acme"}}, "buildspec.bucket", "is not known here"),
        ({"buildspec": {"location": "repository", "path": "~/a"}}, "buildspec.path", MUST_BE_INSIDE),
        ({"buildspec": {"location": "repository", "path": "a//b"}}, "buildspec.path", MUST_BE_INSIDE),
        *(
            ({"buildspec": {"location": "repository", "path": path}}, "buildspec.path", "must be a path of letters")
            for path in (
                "arn:aws:s3:::acme/buildspec.yml",
                "version: 0.2 #.yml",
                "{version: 0.2}.yml",
                "buildspec",
                "buildspec.json",
                "buildspec.yml.sh",
                "a b.yml",
            )
        ),
        *(
            ({"buildspec": {"location": "repository", "path": path}}, "buildspec.path", "must not contain control")
            for path in ("version: 0.2\nphases: {}\n#.yml", "buildspec.yml\n")
        ),
        ({"triggers": {"push": "main"}}, "triggers.push", "must be true or false"),
        ({"triggers": {"push": {}}}, "triggers.push.filePaths", "is required"),
        ({"triggers": {"push": {"filePaths": []}}}, "triggers.push.filePaths", "must have at least 1; it has 0"),
        ({"triggers": {"releases": "v*"}}, "triggers.releases", "must be true or false"),
        ({"triggers": {"push": {"filePaths": "src"}}}, "triggers.push.filePaths", "must be a list"),
        (
            {"triggers": {"push": {"filePaths": ["a"] * 21}}},
            "triggers.push.filePaths",
            "must have at most 20 entries; it has 21",
        ),
        ({"triggers": {"push": {"filePaths": ["a", "/b"]}}}, "triggers.push.filePaths[1]", "must be a path from"),
        *(
            (
                {"triggers": {"push": {"filePaths": [path]}}},
                "triggers.push.filePaths[0]",
                "must be a path from the repository's root",
            )
            for path in ("src/", "./src/**", "a//b", "a/../b")
        ),
        (
            {"triggers": {"push": {"filePaths": ["src/**"], "excludePaths": ["docs/**"]}}},
            "triggers.push.excludePaths",
            "would lose reviews: AWS excludes the whole push",
        ),
        ({"triggers": {"tags": ""}}, "triggers.tags", "must not be empty"),
        *(
            ({"triggers": {"tags": text}}, "triggers.tags", "must be true or false, without quotes, or a tag's name")
            for text in ("true", "on", "yes", "No")
        ),
        (
            {"triggers": {"tags": "v *"}},
            "triggers.tags",
            "must be a tag's name without refs/tags/, in which * matches any text",
        ),
        ({"triggers": {"tags": "refs/tags/v*"}}, "triggers.tags", "must be a tag's name without refs/tags/"),
        *(
            ({"triggers": {"tags": text}}, "triggers.tags", "must be a pattern that names of tags in git can match")
            for text in ("/v*", "v*/", "v..*", "-v*", "v*.lock")
        ),
        ({"triggers": {"tags": 1}}, "triggers.tags", "must be true or false"),
        ({"triggers": {"push": {"filePaths": [" b/**"]}}}, "triggers.push.filePaths[0]", "must not begin or end with"),
        ({"source": {"version": "main\u00a0"}}, "source.version", "must not begin or end with a space"),
        ({"scans": {"rulesFile": "rules.yml "}}, "scans.rulesFile", "must not begin or end with a space"),
        ({"environment": {"timeoutMinutes": 4}}, "environment.timeoutMinutes", "must be at least 5; got 4"),
        ({"environment": {"timeoutMinutes": 2161}}, "environment.timeoutMinutes", "must be at most 2160; got 2161"),
        ({"environment": {"timeoutMinutes": 5.5}}, "environment.timeoutMinutes", "must be a whole number"),
        ({"environment": {"timeoutMinutes": "60"}}, "environment.timeoutMinutes", "must be a whole number, without"),
        ({"environment": {"queuedTimeoutMinutes": 4}}, "environment.queuedTimeoutMinutes", "must be at least 5"),
        ({"environment": {"queuedTimeoutMinutes": 481}}, "environment.queuedTimeoutMinutes", "must be at most 480"),
        ({"environment": {"concurrentBuilds": 0}}, "environment.concurrentBuilds", "must be at least 1; got 0"),
        ({"environment": {"autoRetries": -1}}, "environment.autoRetries", "must be at least 0; got -1"),
        ({"environment": {"autoRetries": 11}}, "environment.autoRetries", "must be at most 10; got 11"),
        ({"environment": {"image": "-x"}}, "environment.image", "must be the name of a Docker image"),
        *(
            ({"environment": {"image": image}}, "environment.image", "must be the name of a Docker image")
            for image in ("a b", "python:", "python@sha256:0f", "Python", "acme.example//build", "a:5000/b:c:d")
        ),
        *(
            ({"environment": {"image": image}}, "environment.image", "must not be an ARM image")
            for image in ("arm64v8/python:3.12", "aws/codebuild/macos-arm-base:14")
        ),
        (
            {"environment": {"image": "aws/codebuild/amazonlinux-aarch64-standard:3.0"}},
            "environment.image",
            "must not be an ARM image: the Conviso scanners are published for x86 only",
        ),
        (
            {"environment": {"image": "aws/codebuild/amazonlinux-x86_64-lambda-standard:python3.12"}},
            "environment.image",
            "must not be a Lambda image: Lambda compute has no Docker",
        ),
        (
            {"environment": {"image": "aws/codebuild/windows-base:2022-1.0"}},
            "environment.image",
            "must not be a Windows image",
        ),
        (
            {"environment": {"type": "ARM_CONTAINER"}},
            "environment.type",
            "is not an option: it is always LINUX_CONTAINER",
        ),
        ({"environment": {"dockerLayerCache": "local"}}, "environment.dockerLayerCache", "must be true or false"),
        ({"environment": {"certificate": "arn:aws:s3:::b"}}, "environment.certificate", "must be the ARN of a .pem"),
        ({"environment": {"variables": {"1A": "x"}}}, "environment.variables.1A", "must be letters, digits and _"),
        ({"environment": {"variables": {"A": 1}}}, "environment.variables.A", MUST_BE_TEXT),
        ({"environment": {"variables": {"A": "a\0b"}}}, "environment.variables.A", "must not hold a NUL"),
        ({"environment": {"variables": {"A": "x" * 4097}}}, "environment.variables.A", "must be at most 4096"),
        ({"logs": {"destination": "none"}}, "logs.destination", "must be one of cloudwatch, s3, both"),
        ({"logs": {"retentionDays": 0}}, "logs.retentionDays", "must be at least 1; got 0"),
        ({"logs": {"destination": "s3", "bucket": "Acme"}}, "logs.bucket", "must be a bucket's name"),
        ({"logs": {"destination": "s3", "prefix": "/a"}}, "logs.prefix", "must be a prefix of S3 keys"),
        ({"secret": {"existingArn": samples.SECRET[:-7]}}, "secret.existingArn", "must be an ARN such as"),
        ({"secret": {"existingArn": samples.SECRET, "key": "a:b"}}, "secret.key", "must be letters, digits"),
        ({"role": {"path": "appsec"}}, "role.path", "must be a path such as /appsec/"),
        ({"role": {"path": "/" + ("a" * 128 + "/") * 4}}, "role.path", "must be"),
        ({"role": {"permissionsBoundaryArn": "boundary"}}, "role.permissionsBoundaryArn", "must be an ARN such as"),
        ({"tags": {"aws:x": "y"}}, "tags.aws:x", "must be 1 to 127 letters, digits"),
        ({"tags": {"conviso:stack": "x"}}, "tags.conviso:stack", "must be 1 to 127 letters, digits"),
        ({"tags": {"Conviso:Stack": "x"}}, "tags.Conviso:Stack", "must be 1 to 127 letters, digits"),
        ({"tags": {"team": "a", "Team": "b"}}, "tags", "must not have two keys that differ in upper and lower case"),
        ({"tags": {"k" * 128: "y"}}, "tags." + "k" * 57 + "...", "must be 1 to 127 letters, digits"),
        ({"tags": {"k": "v" * 256}}, "tags.k", "must be up to 255 letters, digits"),
        ({"tags": {"k": "{}"}}, "tags.k", "must be up to 255 letters, digits"),
        ({"tags": {"k": 1}}, "tags.k", MUST_BE_TEXT),
        ({"tags": {f"k{number}": "" for number in range(50)}}, "tags", "must have at most 49 entries; it has 50"),
        ({"tags": ["a"]}, "tags", "must be a map of keys and values"),
    ],
    ids=short,
)
def test_an_invalid_value_is_one_problem(sections: dict[str, Any], path: str, message: str) -> None:
    check(refusals_of(**sections), path, message)


@pytest.mark.parametrize(
    ("vpc", "path", "message"),
    [
        ({"id": "vpc-1"}, "environment.vpc.id", "must be a VPC's id"),
        ({"subnetIds": []}, "environment.vpc.subnetIds", "must have at least 1; it has 0"),
        ({"subnetIds": ["subnet-0abc1234"] * 17}, "environment.vpc.subnetIds", "must have at most 16 entries"),
        ({"subnetIds": ["sg-0abc1234"]}, "environment.vpc.subnetIds[0]", "must be a subnet's id"),
        ({"securityGroupIds": []}, "environment.vpc.securityGroupIds", "must have at least 1; it has 0"),
        ({"securityGroupIds": ["sg-0abc1234"] * 6}, "environment.vpc.securityGroupIds", "must have at most 5"),
        ({"securityGroupIds": ["default"]}, "environment.vpc.securityGroupIds[0]", "must be a security group's id"),
    ],
    ids=short,
)
def test_an_invalid_vpc_is_one_problem(vpc: dict[str, Any], path: str, message: str) -> None:
    check(refusals_of(environment={"vpc": {**samples.VPC, **vpc}}), path, message)


@pytest.mark.parametrize(
    "name",
    [
        *("FLOW_API_KEY", "CONVISO_X", "CODEBUILD_X", "AWS_REGION", "DOCKER_HOST", "GIT_DIR", "PIP_INDEX_URL"),
        *("PYTHONPATH", "PYTHON_X", "LD_PRELOAD", "PATH", "ENV", "BASH_ENV", "SHELLOPTS"),
    ],
)
def test_a_variable_must_not_shadow_one_that_controls_the_build(name: str) -> None:
    """Without this rule, a variable such as PATH or FLOW_API_KEY replaces the one that the build relies on."""
    check(refusals_of(environment={"variables": {name: "x"}}), f"environment.variables.{name}", SHADOWS)


@pytest.mark.parametrize(
    "version",
    [
        *("", "-x", ".x", "/x", "x/", "x.", "x.lock", "a..b", "a//b", "a/.b", "a.lock/b", "a b", "a\tb", "a\x7fb"),
        *(
            "a~b",
            "a^b",
            "a:b",
            "a?b",
            "a*b",
            "a[b",
            "a\\b",
            "@",
            "a@{b",
            "HEAD",
            "refs/heads/",
            "refs/pull/1/head",
            "refs/x",
        ),
        *("a\u2028", "a\u2029b", "a\u200bb", "a\u202eb", "\ufeffa"),
        "a" * 64,
    ],
)
def test_a_version_that_git_does_not_accept_is_one_problem(version: str) -> None:
    ((path, _),) = refusals_of(source={"version": version})

    assert path == "source.version"


@pytest.mark.parametrize(
    ("provider", "repository", "message"),
    [
        ("github", "https://github.com/acme/shop?x=1", "must not contain a query or fragment"),
        ("github", "https://github.com/acme/shop#x", "must not contain a query or fragment"),
        ("github", "https://github.com/acme", A_CLONE_URL),
        ("github", "https://github.com/acme/shop/", A_CLONE_URL),
        ("github", "https://github.com/acme/../shop", A_CLONE_URL),
        ("github", "https://github.com/acme/a%20b", A_CLONE_URL),
        ("github", "https://github.com/acme/shop/tree/main", A_CLONE_URL),
        ("gitlab", "https://gitlab.com/acme/team/shop/-/tree/main", A_CLONE_URL),
        ("github-enterprise", "https://git.acme.example:65536/acme/shop", "must be an https URL"),
        ("github", "https://github.com:8443/acme/shop", "must be on github.com for provider github"),
        ("github", "https://github.com.evil.example/acme/shop", "must be on github.com for provider github"),
        ("github", "https:///acme/shop", "must be an https URL"),
        ("github", "https://[::1/acme/shop", "must be an https URL"),
        ("github", "git@github.com:acme/shop.git", "must be an https URL"),
        ("github", "acme/shop", "must be an https URL"),
        ("bitbucket", "https://github.com/acme/shop", "must be on bitbucket.org for provider bitbucket"),
        ("gitlab", "https://gitlab.acme.example/acme/shop", "must be on gitlab.com for provider gitlab"),
        ("github-enterprise", "https://github.com/acme/shop", "must not be on github.com for provider"),
        ("github-enterprise", "https://www.github.com/acme/shop", "must not be on github.com for provider"),
        ("github-enterprise", "https://github.com./acme/shop", "must not be on github.com for provider"),
        ("gitlab-self-managed", "https://GitLab.com/acme/shop", "must not be on gitlab.com for provider"),
        ("codecommit", "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/x", "must be the repository's name"),
        ("codecommit", "billing.git", "must be the repository's name"),
        ("codecommit", "*", "must be the repository's name"),
    ],
)
def test_an_invalid_repository_is_one_problem(provider: str, repository: str, message: str) -> None:
    check(refusals_of(provider, source={"repository": repository}), "source.repository", message)


@pytest.mark.parametrize(
    ("source", "path", "message"),
    [
        ({"bucket": "ab"}, "source.bucket", "must be a bucket's name"),
        ({"bucket": "a..b"}, "source.bucket", "must be a bucket's name"),
        ({"bucket": "a*b"}, "source.bucket", "must be a bucket's name"),
        ({"key": "legacy.tar"}, "source.key", "must be a .zip object, or a folder ending in /"),
        ({"key": "/legacy.zip"}, "source.key", "must not start with /"),
        ({"key": "*.zip"}, "source.key", "must not contain *, ?, $ or \\"),
        ({"key": "?.zip"}, "source.key", "must not contain *, ?, $ or \\"),
        ({"key": "${aws:username}/"}, "source.key", "must not contain *, ?, $ or \\"),
        ({"key": "x" * 1021 + ".zip"}, "source.key", "must be at most 1024 characters"),
        ({"key": "é" * 511 + ".zip"}, "source.key", "must be at most 1024 bytes"),
        ({"version": "a b"}, "source.version", "must be an object's version id"),
        ({"repository": "x"}, "source.repository", "is not used for s3: set bucket and key"),
        ({"kmsKeyArn": "alias/x"}, "source.kmsKeyArn", "must be an ARN such as"),
    ],
    ids=short,
)
def test_an_invalid_s3_source_is_one_problem(source: dict[str, Any], path: str, message: str) -> None:
    check(refusals_of("s3", source=source), path, message)


@pytest.mark.parametrize("field", ["version", "repository"])
def test_a_missing_required_field_of_the_source_is_one_problem(field: str) -> None:
    check(refusals_of(source={field: None}), f"source.{field}", "is required")
