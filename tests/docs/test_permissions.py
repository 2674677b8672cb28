"""The deployer's policy allows what a deployment calls on its own resources, and nothing on those of others."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

import sandbox
from components.aws.names import MAX_STACK_LENGTH
from components.aws.stack_rights import boundaries
from docs import permissions
from docs.generate import ROOT
from sandbox import policy_grammar
from sandbox.account import ACCOUNT
from sandbox.cloud import Cloud
from tests.config import samples
from tests.docs.provider_calls import ACTIONS, LIVES, NO_RESOURCE, READS, SPELLED, WRITES
from tests.docs.stacks import BOUNDED, CONFIGURATIONS, policy
from tests.harness import HERE
from tests.iam import allows, as_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from components.aws.policies import Document
    from sandbox.graph import Resource

TAG = "conviso:stack"
ONLY_LOOKS = {"iam:ListInstanceProfilesForRole"}
"""Called to remove a role, and a look all the same."""
SERVICES = {service: f"{service}.amazonaws.com" for service in ("codebuild", "events", "scheduler")}


@cache
def made(configuration: str) -> tuple[list[Resource], set[str]]:
    """What a deployment makes, and the actions that the sandbox calls for it."""
    called = set()
    call = Cloud.call

    def recorded(self: Cloud, service: str, operation: str, parameters: dict[str, Any]) -> Any:
        called.add(f"{service}:{operation}")
        return call(self, service, operation, parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Cloud, "call", recorded)
        result = sandbox.run(ROOT, "prod", CONFIGURATIONS[configuration])
    return [each for each in result.resources if each.custom], {SPELLED.get(each, each) for each in called}


@dataclass(frozen=True)
class Request:
    """What a deployment asks for, and what IAM knows of it."""

    action: str
    resource: str
    context: Mapping[str, str]

    def is_allowed(self, document: Document) -> bool:
        return allows(document, self.action, self.resource, **self.context)


def requests(configuration: str) -> Iterator[Request]:
    """Each request in the life of what a deployment makes."""
    resources = [each for each in made(configuration)[0] if each.type in LIVES]
    owners = {
        key: each for each in resources for key in (each.id, each.physical_name) if key and not LIVES[each.type].of
    }
    for each in resources:
        life = LIVES[each.type]
        owner = owners[str(each.outputs[life.of])] if life.of else each
        arn = owner.outputs["arn"] + life.inside.format_map(each.inputs)
        boundary = owner.inputs.get("permissionsBoundary")
        bounded = {"iam:PermissionsBoundary": boundary} if boundary else {}
        tag = owner.inputs.get("tags", {}).get(TAG)
        has = {**({f"aws:ResourceTag/{TAG}": tag} if tag else {}), **bounded}
        asks = {**({f"aws:RequestTag/{TAG}": tag} if tag else {}), **bounded}
        calls = [(action, has if life.of else asks) for action in life.make]
        calls += [(action, has) for action in (*life.read, *life.then)]
        for action, context in calls:
            yield Request(action, "*" if action in NO_RESOURCE else arn, context)
        role = (
            each.inputs.get("serviceRole") or each.inputs.get("roleArn") or each.inputs.get("target", {}).get("roleArn")
        )
        if life.passes and role:
            yield Request("iam:PassRole", str(role), {"iam:PassedToService": SERVICES[life.passes]})


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_every_request_of_a_deployment_is_allowed(configuration: str) -> None:
    """Without each of these rights a deployment, a change or a removal ends in the middle."""
    assert [each for each in requests(configuration) if not each.is_allowed(policy(configuration))] == []


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_a_preview_may_read_all_of_it_and_write_nothing(configuration: str) -> None:
    """Without the former a preview with `--refresh` ends in the middle; without the latter any branch could deploy."""
    document = policy(configuration, "preview")
    asked = list(requests(configuration))
    assert [each for each in asked if each.action in READS and not each.is_allowed(document)] == []
    assert [each for each in asked if each.action in WRITES - ONLY_LOOKS and each.is_allowed(document)] == []


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_a_preview_names_no_action_that_writes(configuration: str) -> None:
    """Whatever the resource: without this, the requests above could miss what no deployment asks for."""
    actions = {action for each in policy(configuration, "preview")["Statement"] for action in as_list(each["Action"])}
    verbs = ("Get", "List", "Describe", "BatchGet")
    assert {each for each in actions if not each.split(":")[1].startswith(verbs)} <= {"kms:Decrypt"}


def test_the_table_of_requests_knows_all_that_the_sandbox_makes_and_calls() -> None:
    """Without this, a new kind of resource would be allowed to nobody, and no test would say so."""
    types = {each.type for name in CONFIGURATIONS for each in made(name)[0] if each.type.startswith("aws:")}
    called = {action for name in CONFIGURATIONS for action in made(name)[1]}
    assert types == set(LIVES)
    assert called <= ACTIONS


OWN = {f"aws:ResourceTag/{TAG}": "prod"}
OTHERS = {f"aws:ResourceTag/{TAG}": "prod-eu"}
CLAIM = {f"aws:RequestTag/{TAG}": "prod"}
KEY = samples.KEY
MANAGED_POLICY_CHARACTERS = 6_144
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""

# Resources that the deployer of the stack `prod` has no business with; `prod-eu` is another stack of the same account.
FOREIGN: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("kms:ScheduleKeyDeletion", KEY, {}),
    ("kms:ScheduleKeyDeletion", KEY, OTHERS),
    ("kms:PutKeyPolicy", KEY, {}),
    ("kms:DescribeKey", KEY, {}),
    # Tags open the way to all the rest, so no key that somebody uses may be given one.
    ("kms:TagResource", KEY, {**CLAIM, **OTHERS}),
    ("kms:TagResource", KEY, {**CLAIM, "kms:ResourceAliases": "alias/payments"}),
    ("kms:TagResource", KEY, {f"aws:RequestTag/{TAG}": "prod-eu"}),
    ("kms:CreateKey", "*", {}),
    ("kms:Decrypt", KEY, {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}),
    ("kms:Decrypt", KEY, OWN),
    ("s3:PutBucketPolicy", "arn:aws:s3:::acme-cloudtrail-logs-prod", {}),
    ("s3:DeleteBucket", "arn:aws:s3:::acme-cloudtrail-logs-prod", {}),
    ("s3:GetObject", "arn:aws:s3:::conviso-prod-shop-logs-0001/conviso-prod-shop/1.gz", {}),
    ("s3:PutObject", "arn:aws:s3:::conviso-prod-shop-logs-0001/conviso-prod-shop/1.gz", {}),
    ("s3:PutObject", "arn:aws:s3:::conviso-prod-eu-buildspecs-0001/1.yml", {}),
    ("secretsmanager:GetSecretValue", HERE.arn("secretsmanager", "secret:conviso/prod-eu-AbCdEf"), OTHERS),
    ("secretsmanager:GetSecretValue", HERE.arn("secretsmanager", "secret:conviso/prod-eu-AbCdEf"), OWN),
    ("secretsmanager:GetSecretValue", HERE.arn("secretsmanager", "secret:git-token-AbCdEf"), OWN),
    ("secretsmanager:PutSecretValue", HERE.arn("secretsmanager", "secret:conviso/prod-AbCdEf"), {}),
    ("events:PutTargets", HERE.arn("events", "rule/release-branch-pipeline"), {}),
    ("events:PutTargets", HERE.arn("events", "rule/release-branch-pipeline"), OWN),
    ("events:PutTargets", HERE.arn("events", "rule/conviso-prod-eu-shop-branch-01"), OTHERS),
    ("events:PutRule", HERE.arn("events", "rule/conviso-prod-eu-shop-branch-01"), OTHERS),
    ("codebuild:UpdateProject", HERE.arn("codebuild", "project/conviso-dev-shop"), {f"aws:ResourceTag/{TAG}": "dev"}),
    ("codebuild:UpdateProject", HERE.arn("codebuild", "project/conviso-prod-eu-shop"), OTHERS),
    ("codebuild:UpdateProject", HERE.arn("codebuild", "project/conviso-prod-release"), {}),
    ("codebuild:BatchGetProjects", HERE.arn("codebuild", "project/conviso-prod-eu-shop"), OTHERS),
    ("codebuild:CreateProject", HERE.arn("codebuild", "project/conviso-prod-shop"), {}),
    ("codebuild:StartBuild", HERE.arn("codebuild", "project/conviso-prod-shop"), OWN),
    ("logs:DeleteLogGroup", HERE.arn("logs", "log-group:/aws/codebuild/conviso-prod-eu-shop"), OTHERS),
    ("logs:DeleteLogGroup", HERE.arn("logs", "log-group:/aws/codebuild/release"), OWN),
    ("logs:GetLogEvents", HERE.arn("logs", "log-group:/aws/codebuild/conviso-prod-shop:log-stream:1"), OWN),
    ("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/conviso-prod-eu-shop-role-01", OTHERS),
    ("iam:TagRole", f"arn:aws:iam::{ACCOUNT}:role/conviso-prod-eu-shop-role-01", {**CLAIM, **OTHERS}),
    ("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/admin", OWN),
    ("iam:AttachRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/conviso-prod-shop-role-01", OWN),
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
    ("sns:SetTopicAttributes", HERE.arn("sns", "conviso-prod-eu-reviews-01"), OTHERS),
    ("sns:SetTopicAttributes", HERE.arn("sns", "payments"), OWN),
    ("sns:Subscribe", HERE.arn("sns", "conviso-prod-eu-reviews-01"), OTHERS),
    ("sns:Publish", HERE.arn("sns", "conviso-prod-reviews-01"), OWN),
    ("sqs:SetQueueAttributes", HERE.arn("sqs", "conviso-prod-eu-failed-starts-01"), OTHERS),
    ("sqs:DeleteQueue", HERE.arn("sqs", "payments"), OWN),
    ("sqs:ReceiveMessage", HERE.arn("sqs", "conviso-prod-failed-starts-01"), OWN),
    ("cloudwatch:PutMetricAlarm", HERE.arn("cloudwatch", "alarm:conviso-prod-eu-failed-starts-alarm"), OTHERS),
    ("cloudwatch:DeleteAlarms", HERE.arn("cloudwatch", "alarm:payments-are-late"), OWN),
    ("codebuild:UpdateProject", HERE.arn("codebuild", "project/appsec-shop"), OTHERS),
    ("codebuild:UpdateProject", HERE.arn("codebuild", "project/appsec-shop-other"), OWN),
    ("codebuild:UpdateProject", HERE.arn("codebuild", "project/conviso-prod-eu-shop-pr"), OTHERS),
    ("logs:DeleteLogGroup", HERE.arn("logs", "log-group:/aws/codebuild/appsec-shop-other"), OWN),
    ("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/mallory", CLAIM),
    ("codeconnections:UseConnection", HERE.arn("codeconnections", "connection/another"), {}),
)


@pytest.mark.parametrize(("action", "resource", "context"), FOREIGN, ids=lambda value: str(value)[:60])
def test_nothing_is_allowed_on_what_belongs_to_others(action: str, resource: str, context: dict[str, str]) -> None:
    """Without names and tags, whoever deploys one stack could delete keys and rewrite roles of the whole account."""
    documents = [policy(each, purpose) for each in CONFIGURATIONS for purpose in ("deploy", "preview")]
    assert [each for each in documents if allows(each, action, resource, **context)] == []


def test_each_foreign_request_would_be_allowed_on_the_stacks_own_resource_or_by_no_stack_at_all() -> None:
    """Without this, a misspelt action in the table above would be denied for being unknown, and prove nothing."""
    others = {"kms:Decrypt", "iam:PassRole", "codeconnections:UseConnection", "secretsmanager:GetSecretValue"}
    never = {"codebuild:StartBuild", "iam:AttachRolePolicy", "iam:CreateUser", "logs:GetLogEvents", "s3:GetObject"}
    never |= {"sns:Publish", "sqs:ReceiveMessage"}
    assert {action for action, *_ in FOREIGN} <= ACTIONS | others | never


@pytest.mark.parametrize("action", ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"])
def test_a_role_without_the_boundary_is_not_made_or_changed(action: str) -> None:
    """Without the condition, whoever deploys could give a role of the stack every right in the account."""
    role = f"arn:aws:iam::{ACCOUNT}:role/appsec/conviso-prod-shop-role-01"
    context = {**OWN, **CLAIM}
    assert allows(policy("bounded"), action, role, **context, **{"iam:PermissionsBoundary": samples.BOUNDARY})
    assert not allows(policy("bounded"), action, role, **context)
    other = {"iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"}
    assert not allows(policy("bounded"), action, role, **context, **other)


def test_a_boundary_is_not_removed() -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/appsec/conviso-prod-shop-role-01"
    context = {**OWN, "iam:PermissionsBoundary": samples.BOUNDARY}
    assert not allows(policy("bounded"), "iam:DeleteRolePermissionsBoundary", role, **context)


def test_a_boundary_of_some_roles_is_enforced_on_none() -> None:
    """A deployment of the others would be refused."""
    assert boundaries([samples.settings(**BOUNDED), samples.settings()]) == []


@pytest.mark.parametrize("purpose", ["deploy", "preview"])
def test_a_key_that_is_not_kept_in_the_state_is_not_read_back(purpose: str) -> None:
    secret = HERE.arn("secretsmanager", "secret:conviso/prod-AbCdEf")
    assert allows(policy("github-connection", purpose), "secretsmanager:GetSecretValue", secret, **OWN)
    assert not allows(policy("prod", purpose), "secretsmanager:GetSecretValue", secret, **OWN)
    assert not allows(policy("external-secret", purpose), "secretsmanager:GetSecretValue", secret, **OWN)


def test_a_preview_decrypts_what_it_reads_back_and_encrypts_nothing() -> None:
    """Without the former, a stack whose key is in the state and under a customer key can't be refreshed."""
    document = policy("everything", "preview")
    by_the_secret = {"kms:ViaService": HERE.endpoint("secretsmanager"), **OWN}
    assert allows(document, "kms:Decrypt", KEY, **by_the_secret)
    assert not allows(document, "kms:Decrypt", KEY, **OWN)
    assert not allows(document, "kms:GenerateDataKey", KEY, **by_the_secret)
    assert not allows(policy("prod", "preview"), "kms:Decrypt", KEY, **by_the_secret)


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
@pytest.mark.parametrize("purpose", ["deploy", "preview"])
def test_the_policy_names_every_action(configuration: str, purpose: str) -> None:
    of_all = {"MakeKey", "FindLogGroups", "KeepSubscriptions", "SeeSubscriptions"}
    for statement in policy(configuration, purpose)["Statement"]:
        assert not [action for action in as_list(statement["Action"]) if "*" in action]
        assert as_list(statement["Resource"]) != ["*"] or statement["Sid"] in of_all


def test_the_largest_policy_fits_into_a_role() -> None:
    """A longer one can't be attached at all: the documentation says that `put-role-policy` takes it."""
    largest = json.dumps(policy("everything", stack="a" * MAX_STACK_LENGTH))
    assert policy_grammar.size(largest) <= policy_grammar.ROLE_POLICIES_CHARACTERS


PROJECT = HERE.arn("codebuild", "project/conviso-prod-shop-api")


def test_a_person_starts_builds_of_one_stack_and_overrides_nothing() -> None:
    """Without the condition, whoever may start a build has the powers of its role."""
    document = policy("prod", "start")
    assert allows(document, "codebuild:StartBuild", PROJECT, **OWN)
    assert not allows(document, "codebuild:StartBuild", PROJECT, **OWN, **{"codebuild:source.buildspec": "x"})
    assert not allows(document, "codebuild:StartBuild", HERE.arn("codebuild", "project/conviso-prod-eu-shop"), **OTHERS)
    assert not allows(document, "codebuild:UpdateProject", PROJECT, **OWN)


def test_a_person_starts_builds_of_projects_with_chosen_names() -> None:
    chosen = [HERE.arn("codebuild", f"project/{name}") for name in ("appsec-shop", "appsec-shop-pr")]
    assert [allows(policy("everything", "start"), "codebuild:StartBuild", each, **OWN) for each in chosen] == [True] * 2


def test_the_denials_fit_into_a_managed_policy() -> None:
    denials = policy("everything", "deny-overrides", "a" * MAX_STACK_LENGTH)
    assert policy_grammar.size(json.dumps(denials)) <= MANAGED_POLICY_CHARACTERS


@pytest.mark.parametrize("purpose", permissions.POLICIES)
def test_the_command_prints_the_policy_of_a_stack_file(purpose: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert permissions.main(["--stack", "prod", "--account", ACCOUNT, "--to", purpose]) == 0
    assert json.loads(capsys.readouterr().out) == policy("prod", purpose)


def test_the_command_says_when_a_policy_is_too_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Many chosen project names make it long; without the line, only AWS would say so, when it is attached."""
    long = {"Version": "2012-10-17", "Statement": [{"Sid": "a" * policy_grammar.ROLE_POLICIES_CHARACTERS}]}
    monkeypatch.setattr(permissions, "policy", lambda *_: long)
    assert permissions.main(["--account", ACCOUNT]) == 0
    assert "split its statements" in capsys.readouterr().err


def test_the_command_names_the_stacks_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert permissions.main(["--stack", "nowhere", "--account", ACCOUNT]) == 1
    assert "Pulumi.nowhere.yaml" in capsys.readouterr().err


def test_the_command_refuses_what_is_no_account(capsys: pytest.CaptureFixture[str]) -> None:
    """A policy for another account's resources would allow nothing, and not say why."""
    with pytest.raises(SystemExit):
        permissions.main(["--stack", "prod", "--account", "acme"])
    assert "--account must have 12 digits" in capsys.readouterr().err
