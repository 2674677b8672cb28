"""Limits that AWS enforces, but that no service model contains, because AWS publishes them only as prose.

They are listed by operation, then by the path of the member. Each check yields what is wrong, without the path.
"""

from __future__ import annotations

import ipaddress
import json
import re
from typing import TYPE_CHECKING, Any

from sandbox import policy_grammar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Check = Callable[[Any], Iterator[str]]


def _one_of(*allowed: int) -> Check:
    def check(value: Any) -> Iterator[str]:
        if value not in allowed:
            yield f"must be one of {', '.join(map(str, allowed))}, got {value}"

    return check


def between(low: int, high: int, *also: int) -> Check:
    """Return a check that a number is in a range, or one of several others."""
    words = f"{' or '.join(map(str, also))}{' or ' if also else ''}{low} to {high}"

    def check(value: Any) -> Iterator[str]:
        if value not in also and not low <= value <= high:
            yield f"must be {words}, got {value}"

    return check


def _matches(pattern: str, words: str) -> Check:
    compiled = re.compile(pattern)

    def check(value: Any) -> Iterator[str]:
        if not compiled.fullmatch(value):
            yield f"must be {words}"

    return check


def _at_most(characters: int) -> Check:
    def check(text: str) -> Iterator[str]:
        if len(text) > characters:
            yield f"must have at most {characters} characters, has {len(text)}"

    return check


def _bucket_name(name: str) -> Iterator[str]:
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name):
        yield "a bucket's name has 3 to 63 of a-z, 0-9, `-` and `.`, and starts and ends with a letter or digit"
    if ".." in name:
        yield "a bucket's name must not have two dots side by side"
    if name.startswith(("xn--", "sthree-", "amzn-s3-demo-")) or name.endswith(
        ("-s3alias", "--ol-s3", ".mrap", "--x-s3")
    ):
        yield "a bucket's name must not start or end with a word that AWS keeps for itself"
    try:
        ipaddress.IPv4Address(name)
        yield "a bucket's name must not look like an IP address"
    except ValueError:
        pass


_EVENTS = {
    "PUSH",
    "PULL_REQUEST_CREATED",
    "PULL_REQUEST_UPDATED",
    "PULL_REQUEST_CLOSED",
    "PULL_REQUEST_REOPENED",
    "PULL_REQUEST_MERGED",
    "RELEASED",
    "PRERELEASED",
    "WORKFLOW_JOB_QUEUED",
}


def _filter_groups(groups: list[list[dict[str, Any]]]) -> Iterator[str]:
    for index, group in enumerate(groups):
        if not any(entry.get("type") == "EVENT" for entry in group):
            yield f"group {index} must have a filter of type EVENT"
        for entry in group:
            pattern = entry.get("pattern", "")
            if entry.get("type") == "EVENT":
                unknown = sorted({event.strip() for event in pattern.split(",")} - _EVENTS)
                if unknown:
                    yield f"group {index} has the unknown event {unknown[0]}"
                continue
            try:
                re.compile(pattern)
            except re.error as error:
                yield f"group {index} has a pattern that is no regular expression: {pattern} ({error})"


def _build_policy(policy: dict[str, Any]) -> Iterator[str]:
    if policy.get("requiresCommentApproval") == "DISABLED" and policy.get("approverRoles"):
        yield "approverRoles must be absent where requiresCommentApproval is DISABLED"


def _json_object(text: str) -> Iterator[str]:
    try:
        if not isinstance(json.loads(text), dict):
            yield "must be a JSON object"
    except ValueError as error:
        yield f"is not JSON: {error}"


def _role_policy(text: str) -> Iterator[str]:
    yield from policy_grammar.check(policy_grammar.IDENTITY)(text)
    size, most = policy_grammar.size(text), policy_grammar.ROLE_POLICIES_CHARACTERS
    if size > most:
        yield f"has {size} characters; a role's inline policies have {most}"


LIMITS: dict[str, dict[str, Check]] = {
    "codebuild.CreateProject": {
        # https://docs.aws.amazon.com/codebuild/latest/userguide/auto-retry-build.html
        "autoRetryLimit": between(0, 10),
        # https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html (the console refuses 0 as well)
        "concurrentBuildLimit": between(1, 10_000),
        # AWS's answer "Max buildspec length is 25600": aws-cdk issue 30326 and PR 14974
        "source.buildspec": _at_most(25_600),
    },
    "codebuild.CreateWebhook": {
        # https://docs.aws.amazon.com/codebuild/latest/APIReference/API_WebhookFilter.html
        "filterGroups": _filter_groups,
        # https://docs.aws.amazon.com/codebuild/latest/APIReference/API_PullRequestBuildPolicy.html
        "pullRequestBuildPolicy": _build_policy,
    },
    "logs.PutRetentionPolicy": {
        # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
        "retentionInDays": _one_of(
            *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545),
            *(731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
        ),
    },
    "s3.CreateBucket": {
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
        "Bucket": _bucket_name,
    },
    "secretsmanager.CreateSecret": {
        # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
        "Name": _matches(r"[A-Za-z0-9/_+=.@-]+", "ASCII letters, digits and /_+=.@-"),
    },
    # The grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
    "iam.CreateRole": {"AssumeRolePolicyDocument": policy_grammar.check(policy_grammar.TRUST)},
    "iam.PutRolePolicy": {"PolicyDocument": _role_policy},
    "kms.CreateKey": {"Policy": policy_grammar.check(policy_grammar.RESOURCE)},
    "s3.PutBucketPolicy": {"Policy": policy_grammar.check(policy_grammar.RESOURCE)},
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
    "events.PutRule": {"EventPattern": _json_object},
}


def problems(operation: str, parameters: dict[str, Any], already: list[str]) -> Iterator[str]:
    """Yield one sentence for each limit that the parameters break, except for members that have a problem `already`."""
    for path, check in LIMITS.get(operation, {}).items():
        value = _at(parameters, path)
        if value is not None and not any(problem.startswith(path) for problem in already):
            yield from (f"{path}: {problem}" for problem in check(value))


def _at(parameters: Any, path: str) -> Any:
    for member in path.split("."):
        parameters = parameters.get(member) if isinstance(parameters, dict) else None
    return parameters
