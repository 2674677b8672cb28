"""The build project itself: privileged mode, clone depth, buildspec, variables and image."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from components.buildspec.version import VERSION
from components.config import BucketBuildspec, RepositoryBuildspec, S3Source
from fleet.doctor.row import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleet.aws import Aws
    from fleet.doctor.expected import Expected
    from fleet.doctor.row import Row
    from fleet.stack import Stack

_HEADER = re.compile(r"^# Made by conviso-codebuild (\S+),")


def settings(stack: Stack, expected: Expected, project: dict[str, Any]) -> Iterator[Row]:
    """Privileged mode, the number of builds at a time, and the whole history of git sources."""
    privileged = Check(expected.integration, "privileged mode" + expected.suffix)
    yield privileged.same(
        holds=project["environment"].get("privilegedMode") is True,
        found="on",
        otherwise="off: builds have no Docker, and no scan runs (an automatic remediation of CodeBuild.5?)",
        remedy=stack.restore,
    )
    yield _concurrent_builds(stack, expected, project.get("concurrentBuildLimit"))
    if isinstance(expected.settings.source, S3Source):
        return
    depth = project["source"].get("gitCloneDepth", 0)
    yield Check(expected.integration, "full clone" + expected.suffix).same(
        holds=depth == 0,
        found="the whole history",
        otherwise=f"depth {depth}: deploys and diffs need the whole history",
        remedy=stack.restore,
    )


def _concurrent_builds(stack: Stack, expected: Expected, limit: int | None) -> Row:
    wanted = expected.settings.environment.concurrent_builds
    check = Check(expected.integration, "concurrent builds" + expected.suffix)
    if limit != wanted:
        return check.wrong(f"{limit or 'no limit'}; configured: {wanted or 'no limit'}", stack.restore)
    if limit is None:
        return check.ok("no limit of its own")
    raise_it = f"raise environment.concurrentBuilds; then: pulumi up --stack {stack.name}"
    return check.note(f"{limit} at a time: any more fail instead of waiting", raise_it)


def api_key(stack: Stack, expected: Expected, project: dict[str, Any]) -> Iterator[Row]:
    """Builds read the API key from its secret, and no variable contains it in plaintext."""
    check, secret = Check(expected.integration, "api key" + expected.suffix), expected.inputs
    variables = {each["name"]: each for each in project["environment"].get("environmentVariables", [])}
    found = variables.get("FLOW_API_KEY", {})
    if found and found.get("type", "PLAINTEXT") == "PLAINTEXT":
        lost = f"{stack.restore}; then make a new key: docs/operations.md, Rotate the API key"
        yield check.wrong("FLOW_API_KEY contains it in plaintext", lost)
        return
    wanted = ("SECRETS_MANAGER", f"{stack.other_stacks.required(secret.secret_arn)}:{secret.secret_key}")
    yield check.same(
        holds=(found.get("type"), found.get("value")) == wanted,
        found=f"FLOW_API_KEY comes from the secret, under {secret.secret_key}",
        otherwise="FLOW_API_KEY is missing, or comes from another place than the secret",
        remedy=stack.restore,
    )


def buildspec(stack: Stack, expected: Expected, project: dict[str, Any], aws: Aws) -> Iterator[Row]:
    """The project runs the text that this version renders, with the client that the stack file names."""
    check, there = Check(expected.integration, "buildspec" + expected.suffix), project["source"].get("buildspec", "")
    if isinstance(expected.settings.buildspec, RepositoryBuildspec) and not expected.is_second:
        path = expected.buildspec
        yield check.same(
            holds=there == path,
            found=f"read from {path} in the repository",
            otherwise=f"read from another place than {path}",
            remedy=stack.restore,
        )
        command = f"python -m sandbox --stack {stack.name} --check-buildspec {expected.integration} {path}"
        yield check.note("only a clone can show whether that file is up to date", command)
        return
    deploy, in_bucket = f"pulumi up --stack {stack.name}", there.startswith("arn:")
    text = _object(there, aws) if in_bucket else there
    if text is None:
        yield check.wrong(f"{there} does not exist: builds fail", stack.restore)
        return
    if in_bucket != isinstance(expected.settings.buildspec, BucketBuildspec):
        yield check.wrong("in a bucket, not inline" if in_bucket else "inline, not in the stack's bucket", deploy)
    yield check.same(
        holds=text == expected.buildspec,
        found="as rendered",
        otherwise=_difference(text),
        remedy=deploy,
    )
    yield _client(stack, expected, text)


def _object(arn: str, aws: Aws) -> str | None:
    """The text of an object in S3, or None."""
    bucket, _, key = arn.split(":::", 1)[-1].partition("/")
    found = aws.find("NoSuchKey", "s3", "get_object", Bucket=bucket, Key=key)
    return str(found["Body"].decode(errors="replace")) if found else None


def _difference(there: str) -> str:
    made = _HEADER.match(there)
    if made is None:
        return "another text than the rendered one"
    if made[1] != VERSION:
        return f"made by version {made[1]}; this is {VERSION}"
    return "another text than the stack file renders: changed by hand, or not deployed since"


def _client(stack: Stack, expected: Expected, text: str) -> Row:
    wanted = f"{expected.settings.client.package}=={expected.settings.client.version}"
    found = re.search(r"\bconviso-(?:flowcli|ast)==\S+", text)
    return Check(expected.integration, "client" + expected.suffix).same(
        holds=found is not None and found[0] == wanted,
        found=wanted,
        otherwise=f"{found[0] if found else 'none'} is installed; configured: {wanted}",
        remedy=f"pulumi up --stack {stack.name}",
    )


def image(expected: Expected, project: dict[str, Any], aws: Aws) -> Iterator[Row]:
    """AWS still maintains the image."""
    check, name = Check(expected.integration, "image" + expected.suffix), project["environment"].get("image", "")
    if not name.startswith("aws/codebuild/"):
        yield check.note(f"{name} is not an image of AWS: its owner maintains it")
        return
    known = _curated(aws)
    family, _, version = name.partition(":")
    newer = sorted((each for each in known.get(family, set()) if _number(each) > _number(version)), key=_number)
    if version not in known.get(family, set()):
        named = f"{family}:{newer[-1]}" if newer else "one that `aws codebuild list-curated-environment-images` prints"
        yield check.wrong(f"{name} is no longer maintained by AWS", f"set environment.image to {named}")
    else:
        yield check.ok(f"{name} is maintained" + (f"; {family}:{newer[-1]} is newer" if newer else ""))


def _curated(aws: Aws) -> dict[str, set[str]]:
    """Versions of AWS's images by their family, such as `aws/codebuild/amazonlinux-x86_64-standard`."""
    found: dict[str, set[str]] = {}
    for platform in aws.ask("codebuild", "list_curated_environment_images").get("platforms", []):
        for language in platform.get("languages", []):
            for each in language.get("images", []):
                family, _, version = each["name"].partition(":")
                found.setdefault(family, set()).add(version)
    return found


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
