"""The login with which builds read the repository, and the webhook that reports pushes to AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from components.aws.sources import SOURCE_TYPES
from components.aws.triggers import pushed_branch, pushed_tags
from components.config import GitSource
from fleet.doctor import secrets
from fleet.doctor.row import Check

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fleet.aws import Aws
    from fleet.doctor.expected import Expected
    from fleet.doctor.row import Row
    from fleet.stack import Stack


def login(stack: Stack, expected: Expected, aws: Aws) -> Iterator[Row]:
    """The connection is available, or the token's secret or the account's credential exists."""
    if not isinstance(expected.settings.source, GitSource):
        return
    inputs, known = expected.inputs, stack.other_stacks.required
    if inputs.connection_arn:
        yield _connection(stack, expected, known(inputs.connection_arn), aws)
    elif inputs.token_secret_arn:
        yield secrets.token(Check(expected.integration, "token"), known(inputs.token_secret_arn), aws)
    else:
        yield _account_credential(expected, aws)


def _connection(stack: Stack, expected: Expected, arn: str, aws: Aws) -> Row:
    check, service = Check(expected.integration, "connection"), arn.split(":")[2]
    found = aws.find("ResourceNotFoundException", service, "get_connection", ConnectionArn=arn)
    if found is None:
        return check.wrong(f"{arn} does not exist", "create a connection, and name it in source.auth.connectionArn")
    status = found["Connection"]["ConnectionStatus"]
    console = stack.location.console
    where = f"at {console}/codesuite/settings/connections" if console else "in the AWS console"
    # A webhook that was made meanwhile may never have reached the host.
    then = f"; then: {webhook_again(stack, expected)}" if expected.filter_groups else ""
    return check.same(
        holds=status == "AVAILABLE",
        found="AVAILABLE",
        otherwise=f"{status}: builds cannot read the repository, and pushes start none",
        remedy=f"finish it {where}{then}",
    )


def _account_credential(expected: Expected, aws: Aws) -> Row:
    check, kind = Check(expected.integration, "login"), SOURCE_TYPES[expected.settings.source.provider]
    known = aws.ask("codebuild", "list_source_credentials").get("sourceCredentialsInfos", [])
    return check.same(
        holds=any(each.get("serverType") == kind for each in known),
        found=f"the account has a credential for {kind}",
        otherwise=f"source.auth is absent, and the account has no credential for {kind}",
        remedy="name a connection in source.auth.connectionArn",
    )


def starts(expected: Expected) -> Iterator[Row]:
    """What starts a build, in words."""
    if expected.is_second:
        return
    check, settings = Check(expected.integration, "what starts a build"), expected.settings
    ways = []
    if branch := pushed_branch(settings):
        paths = getattr(settings.triggers.push, "file_paths", None)
        ways.append(f"pushes to {branch}" + (f" that touch {', '.join(paths)}" if paths else ""))
    if tags := pushed_tags(settings):
        ways.append("pushed tags" if tags == "*" else f"pushed tags like {tags}")
    ways += ["releases"] if settings.triggers.releases else []
    ways += ["pull requests"] if settings.triggers.pull_requests else []
    if settings.triggers.schedule:
        ways.append(settings.triggers.schedule.expression)
    if settings.triggers.object_created:
        ways.append("a new object in S3")
    if ways:
        yield check.ok("; ".join(ways))
    else:
        yield check.note(
            "nothing but a manual start", f"aws codebuild start-build --project-name {expected.project_name}"
        )


def webhook(stack: Stack, expected: Expected, project: dict[str, Any]) -> Iterator[Row]:
    """The webhook exists on CodeBuild's side and reached the host, with the configured filters and approvals."""
    check, found = Check(expected.integration, "webhook" + expected.suffix), project.get("webhook")
    wanted = _words(((each.type, each.pattern, False) for each in group) for group in expected.filter_groups)
    if found is None:
        if wanted:
            yield check.wrong("is gone: no push starts a build", stack.restore)
        return
    if not wanted:
        yield check.wrong("exists, but the stack file asks for none", stack.restore)
        return
    if found.get("status") == "CREATE_FAILED":
        reason = found.get("statusMessage") or "the host refused it"
        yield check.wrong(f"could not be created on the host: {reason}", webhook_again(stack, expected))
        return
    there = _words(
        ((each["type"], each["pattern"], each.get("excludeMatchedPattern", False)) for each in group)
        for group in found.get("filterGroups", [])
    )
    yield check.same(
        holds=there == wanted,
        found=f"filters as configured: {wanted}",
        otherwise=f"its filters are {there or 'none'}; configured: {wanted}",
        remedy=stack.restore,
    )
    if expected.build_policy:
        yield _approvals(stack, expected, found)


def _approvals(stack: Stack, expected: Expected, webhook: dict[str, Any]) -> Row:
    wanted, found = expected.build_policy, webhook.get("pullRequestBuildPolicy", {})
    approval, roles = found.get("requiresCommentApproval", "none"), sorted(found.get("approverRoles", []))
    return Check(expected.integration, "approvals").same(
        holds=wanted is not None
        and approval == wanted.requires_comment_approval
        and roles == sorted(wanted.approver_roles),
        found=f"{approval} by {', '.join(roles)}",
        otherwise=f"{approval} by {', '.join(roles) or 'nobody'}: pull requests may run beside the key unseen",
        remedy=stack.restore,
    )


def webhook_again(stack: Stack, expected: Expected) -> str:
    """The command that replaces the webhook."""
    return f"pulumi up --stack {stack.name} --replace '**::{expected.integration}-webhook{expected.suffix}'"


def _words(groups: Iterable[Iterable[tuple[str, str, bool]]]) -> str:
    """The filters of each group (type, pattern, whether it excludes) in words; their order has no meaning."""
    words = (
        sorted(f"{kind}{' not' if excludes else ''} {pattern}" for kind, pattern, excludes in group) for group in groups
    )
    return " or ".join(sorted(" and ".join(group) for group in words))
