"""The deployer's policy allows no requests on resources of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.account import ACCOUNT
from tests.config import samples
from tests.docs.provider_calls import ACTIONS
from tests.docs.stacks import (
    CONFIGURATIONS,
    REQUESTS_TAG,
    SERVICES,
    TAG,
    TAGGED_BY_OTHER_STACK,
    TAGGED_BY_STACK,
    policy,
)
from tests.harness import HERE
from tests.iam import allows

if TYPE_CHECKING:
    from collections.abc import Mapping


KEY = samples.KEY

# Requests that the deployer of the stack `prod` must not make; `prod-eu` is another stack in the same account.
FOREIGN: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("kms:ScheduleKeyDeletion", KEY, {}),
    ("kms:ScheduleKeyDeletion", KEY, TAGGED_BY_OTHER_STACK),
    ("kms:PutKeyPolicy", KEY, {}),
    ("kms:DescribeKey", KEY, {}),
    # The stack's tag grants every other action, so the deployer must not be able to tag a key that exists already.
    ("kms:TagResource", KEY, {**REQUESTS_TAG, **TAGGED_BY_OTHER_STACK}),
    ("kms:TagResource", KEY, {**REQUESTS_TAG, "kms:ResourceAliases": "alias/payments"}),
    ("kms:TagResource", KEY, {f"aws:RequestTag/{TAG}": "prod-eu"}),
    ("kms:CreateKey", "*", {}),
    ("kms:Decrypt", KEY, {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}),
    ("kms:Decrypt", KEY, TAGGED_BY_STACK),
    ("s3:PutBucketPolicy", "arn:aws:s3:::acme-cloudtrail-logs-prod", {}),
    ("s3:DeleteBucket", "arn:aws:s3:::acme-cloudtrail-logs-prod", {}),
    ("s3:GetObject", "arn:aws:s3:::conviso-prod-shop-logs-0001/conviso-prod-shop/1.gz", {}),
    ("s3:PutObject", "arn:aws:s3:::conviso-prod-shop-logs-0001/conviso-prod-shop/1.gz", {}),
    ("s3:PutObject", "arn:aws:s3:::conviso-prod-eu-buildspecs-0001/1.yml", {}),
    (
        "secretsmanager:GetSecretValue",
        HERE.arn("secretsmanager", "secret:conviso/prod-eu-AbCdEf"),
        TAGGED_BY_OTHER_STACK,
    ),
    ("secretsmanager:GetSecretValue", HERE.arn("secretsmanager", "secret:conviso/prod-eu-AbCdEf"), TAGGED_BY_STACK),
    ("secretsmanager:GetSecretValue", HERE.arn("secretsmanager", "secret:git-token-AbCdEf"), TAGGED_BY_STACK),
    ("secretsmanager:PutSecretValue", HERE.arn("secretsmanager", "secret:conviso/prod-AbCdEf"), {}),
    ("events:PutTargets", HERE.arn("events", "rule/release-branch-pipeline"), {}),
    ("events:PutTargets", HERE.arn("events", "rule/release-branch-pipeline"), TAGGED_BY_STACK),
    ("events:PutTargets", HERE.arn("events", "rule/conviso-prod-eu-shop-branch-01"), TAGGED_BY_OTHER_STACK),
    ("events:PutRule", HERE.arn("events", "rule/conviso-prod-eu-shop-branch-01"), TAGGED_BY_OTHER_STACK),
    ("codebuild:UpdateProject", HERE.arn("codebuild", "project/conviso-dev-shop"), {f"aws:ResourceTag/{TAG}": "dev"}),
    ("codebuild:UpdateProject", HERE.arn("codebuild", "project/conviso-prod-eu-shop"), TAGGED_BY_OTHER_STACK),
    ("codebuild:UpdateProject", HERE.arn("codebuild", "project/conviso-prod-release"), {}),
    ("codebuild:BatchGetProjects", HERE.arn("codebuild", "project/conviso-prod-eu-shop"), TAGGED_BY_OTHER_STACK),
    ("codebuild:CreateProject", HERE.arn("codebuild", "project/conviso-prod-shop"), {}),
    ("codebuild:StartBuild", HERE.arn("codebuild", "project/conviso-prod-shop"), TAGGED_BY_STACK),
    ("logs:DeleteLogGroup", HERE.arn("logs", "log-group:/aws/codebuild/conviso-prod-eu-shop"), TAGGED_BY_OTHER_STACK),
    ("logs:DeleteLogGroup", HERE.arn("logs", "log-group:/aws/codebuild/release"), TAGGED_BY_STACK),
    ("logs:GetLogEvents", HERE.arn("logs", "log-group:/aws/codebuild/conviso-prod-shop:log-stream:1"), TAGGED_BY_STACK),
    ("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/conviso-prod-eu-shop-role-01", TAGGED_BY_OTHER_STACK),
    (
        "iam:TagRole",
        f"arn:aws:iam::{ACCOUNT}:role/conviso-prod-eu-shop-role-01",
        {**REQUESTS_TAG, **TAGGED_BY_OTHER_STACK},
    ),
    ("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/admin", TAGGED_BY_STACK),
    ("iam:AttachRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/conviso-prod-shop-role-01", TAGGED_BY_STACK),
    ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/admin", {"iam:PassedToService": SERVICES["codebuild"]}),
    (
        "iam:PassRole",
        f"arn:aws:iam::{ACCOUNT}:role/conviso-prod-shop-role-01",
        {"iam:PassedToService": "lambda.amazonaws.com"},
    ),
    ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/admin", {"iam:PassedToService": SERVICES["scheduler"]}),
    ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/admin", {"iam:PassedToService": SERVICES["events"]}),
    ("scheduler:UpdateSchedule", HERE.arn("scheduler", "schedule/default/conviso-dev-shop-schedule-01"), {}),
    ("scheduler:DeleteSchedule", HERE.arn("scheduler", "schedule/payments/conviso-prod-shop"), {}),
    ("sns:SetTopicAttributes", HERE.arn("sns", "conviso-prod-eu-reviews-01"), TAGGED_BY_OTHER_STACK),
    ("sns:SetTopicAttributes", HERE.arn("sns", "payments"), TAGGED_BY_STACK),
    ("sns:Subscribe", HERE.arn("sns", "conviso-prod-eu-reviews-01"), TAGGED_BY_OTHER_STACK),
    ("sns:Publish", HERE.arn("sns", "conviso-prod-reviews-01"), TAGGED_BY_STACK),
    ("sqs:SetQueueAttributes", HERE.arn("sqs", "conviso-prod-eu-failed-starts-01"), TAGGED_BY_OTHER_STACK),
    ("sqs:DeleteQueue", HERE.arn("sqs", "payments"), TAGGED_BY_STACK),
    ("sqs:ReceiveMessage", HERE.arn("sqs", "conviso-prod-failed-starts-01"), TAGGED_BY_STACK),
    (
        "cloudwatch:PutMetricAlarm",
        HERE.arn("cloudwatch", "alarm:conviso-prod-eu-failed-starts-alarm"),
        TAGGED_BY_OTHER_STACK,
    ),
    ("cloudwatch:DeleteAlarms", HERE.arn("cloudwatch", "alarm:payments-are-late"), TAGGED_BY_STACK),
    ("codebuild:UpdateProject", HERE.arn("codebuild", "project/appsec-shop"), TAGGED_BY_OTHER_STACK),
    ("codebuild:UpdateProject", HERE.arn("codebuild", "project/appsec-shop-other"), TAGGED_BY_STACK),
    ("codebuild:UpdateProject", HERE.arn("codebuild", "project/conviso-prod-eu-shop-pr"), TAGGED_BY_OTHER_STACK),
    ("logs:DeleteLogGroup", HERE.arn("logs", "log-group:/aws/codebuild/appsec-shop-other"), TAGGED_BY_STACK),
    ("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/mallory", REQUESTS_TAG),
    ("codeconnections:UseConnection", HERE.arn("codeconnections", "connection/another"), {}),
)


@pytest.mark.parametrize(("action", "resource", "context"), FOREIGN, ids=lambda value: str(value)[:60])
def test_no_request_is_allowed_on_resources_of_others(action: str, resource: str, context: dict[str, str]) -> None:
    """Without names and tags, the deployer of one stack can delete KMS keys and rewrite roles of the whole account."""
    documents = [policy(each, purpose) for each in CONFIGURATIONS for purpose in ("deploy", "preview")]
    assert [each for each in documents if allows(each, action, resource, **context)] == []


def test_every_foreign_request_has_a_known_action() -> None:
    """Without this, a misspelt action in the table above is denied because it is unknown, and proves nothing."""
    others = {"kms:Decrypt", "iam:PassRole", "codeconnections:UseConnection", "secretsmanager:GetSecretValue"}
    never = {"codebuild:StartBuild", "iam:AttachRolePolicy", "iam:CreateUser", "logs:GetLogEvents", "s3:GetObject"}
    never |= {"sns:Publish", "sqs:ReceiveMessage"}
    assert {action for action, *_ in FOREIGN} <= ACTIONS | others | never
