"""Each thing that breaks is one row with its remedy."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from fleet.doctor import State
from tests.fleet.test_doctor import BILLING, ERP, RESTORE, SHOP, findings, rows
from tests.fleet.world import IMAGE, Denied, Gone, build, quota

if TYPE_CHECKING:
    from collections.abc import Callable

    from fleet.stack import Stack
    from tests.fleet.world import World

POLICY: dict[str, Any] = {"Version": "2012-10-17", "Statement": []}


def _of(project: str, part: str, **values: Any) -> Callable[[World], None]:
    return lambda world: world.projects[project][part].update(values)


def _without_webhook(world: World) -> None:
    del world.projects[SHOP]["webhook"]


def _webhook_of_another_branch(world: World) -> None:
    world.projects[SHOP]["webhook"]["filterGroups"][0][1]["pattern"] = "^refs/heads/develop$"


def _no_builds(world: World) -> None:
    del world.builds[BILLING]


def _failed(world: World) -> None:
    phase = {"phaseType": "BUILD", "phaseStatus": "FAILED", "contexts": [{"message": "exit status 1"}]}
    world.builds[BILLING] = build(BILLING, "FAILED") | {"phases": [phase]}


def _gone(world: World) -> None:
    del world.projects[ERP]


def _saying(service: str, operation: str, answer: dict[str, Any] | Denied) -> Callable[[World], None]:
    return lambda world: world.say(service, operation, answer)


def _changing(service: str, operation: str, **values: Any) -> Callable[[World], None]:
    return lambda world: world.change(service, operation, **values)


def _connection(status: str) -> Callable[[World], None]:
    return _saying("codeconnections", "get_connection", {"Connection": {"ConnectionStatus": status}})


def _attached(world: World) -> None:
    policy = {"PolicyName": "Admin", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}
    world.change("iam", "list_attached_role_policies", AttachedPolicies=[policy])


def _inline(world: World) -> None:
    """Give each role a second policy beside its own."""

    def policy(asked: dict[str, Any]) -> dict[str, Any]:
        is_further = asked["PolicyName"] == "further"
        document = POLICY if is_further else world.made("iam", "get_role_policy", asked)["PolicyDocument"]
        return {**asked, "PolicyDocument": json.dumps(document)}

    world.changes["iam", "list_role_policies"] = lambda answer: answer["PolicyNames"].append("further")
    world.answers["iam", "get_role_policy"] = policy


def _bounded(world: World) -> None:
    boundary = {"PermissionsBoundary": {"PermissionsBoundaryArn": "arn:aws:iam::aws:policy/Bounds"}}
    world.changes["iam", "get_role"] = lambda answer: answer["Role"].update(boundary)


def _limited(world: World) -> None:
    world.projects[BILLING]["concurrentBuildLimit"] = 1


def _variable(**values: str) -> Callable[[World], None]:
    variable = {"name": "FLOW_API_KEY", "value": "pasted-in-plain-text", **values}
    return _of(BILLING, "environment", environmentVariables=[variable])


BROKEN: dict[str, tuple[Callable[[World], None], str, str, str]] = {
    "a connection that nobody finished": (_connection("PENDING"), "shop-api", "connection", "settings/connections"),
    "a webhook that is gone": (_without_webhook, "shop-api", "webhook", RESTORE),
    "a webhook with other filters": (_webhook_of_another_branch, "shop-api", "webhook", RESTORE),
    "a webhook that the host refused": (
        _of(SHOP, "webhook", status="CREATE_FAILED", statusMessage="20 webhooks at most"),
        "shop-api",
        "webhook",
        "pulumi up --stack prod --replace '**::shop-api-webhook'",
    ),
    "pull requests without approval": (
        _of(f"{SHOP}-pr", "webhook", pullRequestBuildPolicy={"requiresCommentApproval": "DISABLED"}),
        "shop-api",
        "approvals",
        RESTORE,
    ),
    "privileged mode off": (_of(BILLING, "environment", privilegedMode=False), "billing", "privileged mode", RESTORE),
    "a shallow clone": (_of(BILLING, "source", gitCloneDepth=1), "billing", "full clone", RESTORE),
    "another image": (
        _of(BILLING, "environment", image=f"{IMAGE}:1.0"),
        "billing",
        "image",
        f"environment.image to {IMAGE}:5.0",
    ),
    "a project that is gone": (_gone, "legacy-erp", "project", RESTORE),
    "no build at all": (_no_builds, "billing", "last build", f"aws codebuild start-build --project-name {BILLING}"),
    "a build that failed": (_failed, "billing", "last build", f"https://logs.example/{BILLING}"),
    "another role": (lambda world: world.projects[BILLING].update(serviceRole="arn:x/y"), "billing", "role", RESTORE),
    "logs switched off": (
        _of(BILLING, "logsConfig", cloudWatchLogs={"status": "DISABLED"}),
        "billing",
        "logs",
        RESTORE,
    ),
    "a rule that is disabled": (
        _changing("events", "describe_rule", State="DISABLED"),
        "billing",
        "event rule",
        "aws events enable-rule --name conviso-prod-billing-",
    ),
    "a rule for another event": (
        _changing("events", "describe_rule", EventPattern="{}"),
        "billing",
        "event rule",
        RESTORE,
    ),
    "a rule without target": (
        _changing("events", "list_targets_by_rule", Targets=[]),
        "billing",
        "event target",
        RESTORE,
    ),
    "a schedule that is disabled": (
        _changing("scheduler", "get_schedule", State="DISABLED"),
        "legacy-erp",
        "schedule",
        RESTORE,
    ),
    "a bucket that sends nothing": (
        _saying("s3", "get_bucket_notification_configuration", {}),
        "legacy-erp",
        "bucket events",
        "put-bucket-notification-configuration",
    ),
    "a secret that is being deleted": (
        _changing("secretsmanager", "describe_secret", DeletedDate="2026-11-25"),
        "billing",
        "secret",
        "aws secretsmanager restore-secret",
    ),
    "a secret without value": (
        _changing("secretsmanager", "describe_secret", VersionIdsToStages={}),
        "billing",
        "secret",
        "pulumi up --stack prod --replace '**::conviso-value'",
    ),
    "a secret that is gone": (_saying("secretsmanager", "describe_secret", Gone()), "billing", "secret", RESTORE),
    "a key in plaintext": (_variable(type="PLAINTEXT"), "billing", "api key", "make a new key"),
    "a key from elsewhere": (_variable(type="PARAMETER_STORE"), "billing", "api key", RESTORE),
    "a limit that nobody configured": (_limited, "billing", "concurrent builds", RESTORE),
    "a trust that lets others in": (
        _changing("iam", "get_role", AssumeRolePolicyDocument=POLICY),
        "billing",
        "role",
        RESTORE,
    ),
    "a policy that was changed": (
        _changing("iam", "get_role_policy", PolicyDocument=POLICY),
        "billing",
        "role",
        RESTORE,
    ),
    "a further policy": (_attached, "billing", "role", "aws iam detach-role-policy"),
    "a further policy of the role's own": (_inline, "billing", "role", "aws iam delete-role-policy"),
    "a boundary": (_bounded, "billing", "role", RESTORE),
    "logs kept for ever": (_changing("logs", "describe_log_groups", logGroups=[]), "billing", "log group", RESTORE),
    "a quota of one": (
        _saying("service-quotas", "list_service_quotas", {"Quotas": [quota(1)]}),
        "(stack)",
        "quota",
        "request-service-quota-increase",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_broken_is_a_row_with_its_remedy(deployed: tuple[World, Stack], case: str) -> None:
    """Without this, nobody would find a build that fails or never starts."""
    break_it, integration, check, remedy = BROKEN[case]
    break_it(deployed[0])

    found = [row for row in findings(deployed) if row.integration == integration]
    assert {row.state for row in found} == {State.WRONG}
    # A change of every role is also one of the role that starts builds.
    assert {row.check.removeprefix("event ") if check == "role" else row.check for row in found} == {check}
    assert remedy in found[0].remedy


def test_a_configured_limit_is_a_note_and_no_finding(deployed: tuple[World, Stack]) -> None:
    """Without this, nobody would connect builds that never started with a number that somebody once chose."""
    world, stack = deployed
    _limited(world)
    billing = stack.settings.integrations["billing"]
    environment = billing.environment.model_copy(update={"concurrent_builds": 1})
    changed = {"billing": billing.model_copy(update={"environment": environment})}
    settings = replace(stack.settings, integrations={**stack.settings.integrations, **changed})
    limited = world, replace(stack, settings=settings)

    assert findings(limited) == []
    (row,) = (row for row in rows(limited) if row.check == "concurrent builds" and row.integration == "billing")
    assert (row.state, row.found) == (State.NOTE, "1 at a time: any more fail instead of waiting")


def test_the_remedy_for_a_pending_connection_names_only_a_webhook_that_exists(deployed: tuple[World, Stack]) -> None:
    """Without this, the command would name a resource that does not exist, and fail."""
    world, stack = deployed
    _connection("PENDING")(world)
    shop = stack.settings.integrations["shop-api"]
    triggers = shop.triggers.model_copy(update={"push": False})
    changed = {"shop-api": shop.model_copy(update={"triggers": triggers})}
    settings = replace(stack.settings, integrations={**stack.settings.integrations, **changed})

    (row,) = (row for row in findings((world, replace(stack, settings=settings))) if row.check == "connection")
    assert row.remedy.endswith("settings/connections")
