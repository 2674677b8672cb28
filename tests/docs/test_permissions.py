"""Each policy allows the calls that its purpose needs, and no more."""

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
from tests.docs.provider_calls import ACTIONS, CALLS, IAM_ACTIONS, READS, WITHOUT_RESOURCE, WRITES
from tests.docs.stacks import (
    CONFIGURATIONS,
    REQUESTS_TAG,
    SERVICES,
    TAG,
    TAGGED_BY_OTHER_STACK,
    TAGGED_BY_STACK,
    WITH_BOUNDARY,
    policy,
)
from tests.harness import HERE
from tests.iam import allows, as_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from components.aws.policies import Document
    from sandbox.graph import Resource

READS_DURING_DELETION = {"iam:ListInstanceProfilesForRole"}
"""Reads, although the provider calls it to delete a role."""


@cache
def made(configuration: str) -> tuple[list[Resource], set[str]]:
    """Return the resources that a deployment creates, and the actions that the sandbox calls for them."""
    called = set()
    call = Cloud.call

    def recorded(self: Cloud, service: str, operation: str, parameters: dict[str, Any]) -> Any:
        called.add(f"{service}:{operation}")
        return call(self, service, operation, parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Cloud, "call", recorded)
        result = sandbox.run(ROOT, "prod", CONFIGURATIONS[configuration])
    return [each for each in result.resources if each.custom], {IAM_ACTIONS.get(each, each) for each in called}


@dataclass(frozen=True)
class Request:
    """A request of a deployment, with the context that IAM evaluates."""

    action: str
    resource: str
    context: Mapping[str, str]

    def is_allowed(self, document: Document) -> bool:
        return allows(document, self.action, self.resource, **self.context)


def requests(configuration: str) -> Iterator[Request]:
    """Yield every request that creates, reads, updates or deletes a resource of a deployment."""
    resources = [each for each in made(configuration)[0] if each.type in CALLS]
    owners = {
        key: each for each in resources for key in (each.id, each.physical_name) if key and not CALLS[each.type].of
    }
    for each in resources:
        provider_calls = CALLS[each.type]
        owner = owners[str(each.outputs[provider_calls.of])] if provider_calls.of else each
        arn = owner.outputs["arn"] + provider_calls.inside.format_map(each.inputs)
        boundary = owner.inputs.get("permissionsBoundary")
        bounded = {"iam:PermissionsBoundary": boundary} if boundary else {}
        tag = owner.inputs.get("tags", {}).get(TAG)
        has = {**({f"aws:ResourceTag/{TAG}": tag} if tag else {}), **bounded}
        asks = {**({f"aws:RequestTag/{TAG}": tag} if tag else {}), **bounded}
        calls = [(action, has if provider_calls.of else asks) for action in provider_calls.create]
        calls += [(action, has) for action in (*provider_calls.read, *provider_calls.update_and_delete)]
        for action, context in calls:
            yield Request(action, "*" if action in WITHOUT_RESOURCE else arn, context)
        role = (
            each.inputs.get("serviceRole") or each.inputs.get("roleArn") or each.inputs.get("target", {}).get("roleArn")
        )
        if provider_calls.passes and role:
            yield Request("iam:PassRole", str(role), {"iam:PassedToService": SERVICES[provider_calls.passes]})


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_every_request_of_a_deployment_is_allowed(configuration: str) -> None:
    """Without any one of these permissions, a deployment, an update or a deletion stops in the middle."""
    assert [each for each in requests(configuration) if not each.is_allowed(policy(configuration))] == []


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_a_preview_may_read_every_resource_and_write_none(configuration: str) -> None:
    """Without this, a preview with `--refresh` stops in the middle, or any branch can deploy."""
    document = policy(configuration, "preview")
    asked = list(requests(configuration))
    assert [each for each in asked if each.action in READS and not each.is_allowed(document)] == []
    assert [each for each in asked if each.action in WRITES - READS_DURING_DELETION and each.is_allowed(document)] == []


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_the_policy_of_a_preview_contains_only_actions_that_read(configuration: str) -> None:
    """Without this, the policy may allow writes on resources that the requests above do not cover."""
    actions = {action for each in policy(configuration, "preview")["Statement"] for action in as_list(each["Action"])}
    verbs = ("Get", "List", "Describe", "BatchGet")
    assert {each for each in actions if not each.split(":")[1].startswith(verbs)} <= {"kms:Decrypt"}


def test_the_table_of_calls_covers_all_types_and_calls_of_the_sandbox() -> None:
    """Without this, a new type of resource lacks permissions, and no test notices."""
    types = {each.type for name in CONFIGURATIONS for each in made(name)[0] if each.type.startswith("aws:")}
    called = {action for name in CONFIGURATIONS for action in made(name)[1]}
    assert types == set(CALLS)
    assert called <= ACTIONS


KEY = samples.KEY
MANAGED_POLICY_CHARACTERS = 6_144
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""


@pytest.mark.parametrize("action", ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"])
def test_a_role_without_the_boundary_cannot_be_created_or_changed(action: str) -> None:
    """Without the condition, the deployer can give a role of the stack every permission in the account."""
    role = f"arn:aws:iam::{ACCOUNT}:role/appsec/conviso-prod-shop-role-01"
    context = {**TAGGED_BY_STACK, **REQUESTS_TAG}
    assert allows(policy("bounded"), action, role, **context, **{"iam:PermissionsBoundary": samples.BOUNDARY})
    assert not allows(policy("bounded"), action, role, **context)
    other = {"iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"}
    assert not allows(policy("bounded"), action, role, **context, **other)


def test_a_boundary_cannot_be_removed() -> None:
    """Without this, the deployer can remove the boundary that limits a role."""
    role = f"arn:aws:iam::{ACCOUNT}:role/appsec/conviso-prod-shop-role-01"
    context = {**TAGGED_BY_STACK, "iam:PermissionsBoundary": samples.BOUNDARY}
    assert not allows(policy("bounded"), "iam:DeleteRolePermissionsBoundary", role, **context)


def test_a_boundary_that_only_some_roles_have_is_not_enforced() -> None:
    """Without this, the policy refuses to create the roles that have no boundary."""
    assert boundaries([samples.settings(**WITH_BOUNDARY), samples.settings()]) == []


@pytest.mark.parametrize("purpose", ["deploy", "preview"])
def test_an_api_key_that_is_not_in_the_state_may_not_be_read_back(purpose: str) -> None:
    """Without this, whoever previews a stack can read an API key that the stack never stores."""
    secret = HERE.arn("secretsmanager", "secret:conviso/prod-AbCdEf")
    assert allows(policy("github-connection", purpose), "secretsmanager:GetSecretValue", secret, **TAGGED_BY_STACK)
    assert not allows(policy("prod", purpose), "secretsmanager:GetSecretValue", secret, **TAGGED_BY_STACK)
    assert not allows(policy("external-secret", purpose), "secretsmanager:GetSecretValue", secret, **TAGGED_BY_STACK)


def test_a_preview_may_decrypt_the_secret_that_it_reads_and_encrypt_nothing() -> None:
    """Without decryption, a stack whose API key is in the state under a customer key cannot be refreshed."""
    document = policy("everything", "preview")
    by_the_secret = {"kms:ViaService": HERE.endpoint("secretsmanager"), **TAGGED_BY_STACK}
    assert allows(document, "kms:Decrypt", KEY, **by_the_secret)
    assert not allows(document, "kms:Decrypt", KEY, **TAGGED_BY_STACK)
    assert not allows(document, "kms:GenerateDataKey", KEY, **by_the_secret)
    assert not allows(policy("prod", "preview"), "kms:Decrypt", KEY, **by_the_secret)


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
@pytest.mark.parametrize("purpose", ["deploy", "preview"])
def test_the_policy_contains_no_wildcard_actions(configuration: str, purpose: str) -> None:
    of_all = {"MakeKey", "FindLogGroups", "KeepSubscriptions", "SeeSubscriptions"}
    for statement in policy(configuration, purpose)["Statement"]:
        assert not [action for action in as_list(statement["Action"]) if "*" in action]
        assert as_list(statement["Resource"]) != ["*"] or statement["Sid"] in of_all


def test_the_largest_policy_fits_in_a_role() -> None:
    """Without this, `put-role-policy`, which the documentation tells you to use, refuses the policy."""
    largest = json.dumps(policy("everything", stack="a" * MAX_STACK_LENGTH))
    assert policy_grammar.size(largest) <= policy_grammar.ROLE_POLICIES_CHARACTERS


PROJECT = HERE.arn("codebuild", "project/conviso-prod-shop-api")


def test_a_person_may_start_builds_of_one_stack_without_overrides() -> None:
    """Without the condition, whoever may start a build has the permissions of its role."""
    document = policy("prod", "start")
    assert allows(document, "codebuild:StartBuild", PROJECT, **TAGGED_BY_STACK)
    assert not allows(
        document, "codebuild:StartBuild", PROJECT, **TAGGED_BY_STACK, **{"codebuild:source.buildspec": "x"}
    )
    assert not allows(
        document, "codebuild:StartBuild", HERE.arn("codebuild", "project/conviso-prod-eu-shop"), **TAGGED_BY_OTHER_STACK
    )
    assert not allows(document, "codebuild:UpdateProject", PROJECT, **TAGGED_BY_STACK)


def test_a_person_may_start_builds_of_projects_with_chosen_names() -> None:
    chosen = [HERE.arn("codebuild", f"project/{name}") for name in ("appsec-shop", "appsec-shop-pr")]
    assert [
        allows(policy("everything", "start"), "codebuild:StartBuild", each, **TAGGED_BY_STACK) for each in chosen
    ] == [True] * 2


def test_the_denials_fit_in_a_managed_policy() -> None:
    denials = policy("everything", "deny-overrides", "a" * MAX_STACK_LENGTH)
    assert policy_grammar.size(json.dumps(denials)) <= MANAGED_POLICY_CHARACTERS


@pytest.mark.parametrize("purpose", permissions.POLICIES)
def test_the_command_prints_the_policy_of_a_stack_file(purpose: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert permissions.main(["--stack", "prod", "--account", ACCOUNT, "--to", purpose]) == 0
    assert json.loads(capsys.readouterr().out) == policy("prod", purpose)


def test_the_command_warns_of_a_policy_that_is_too_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the warning, you learn only from AWS that a policy with many project names is too long."""
    long = {"Version": "2012-10-17", "Statement": [{"Sid": "a" * policy_grammar.ROLE_POLICIES_CHARACTERS}]}
    monkeypatch.setattr(permissions, "policy", lambda *_: long)
    assert permissions.main(["--account", ACCOUNT]) == 0
    assert "split its statements" in capsys.readouterr().err


def test_the_command_refuses_an_unknown_stack(capsys: pytest.CaptureFixture[str]) -> None:
    assert permissions.main(["--stack", "nowhere", "--account", ACCOUNT]) == 1
    assert "Pulumi.nowhere.yaml" in capsys.readouterr().err


def test_the_command_refuses_an_invalid_account(capsys: pytest.CaptureFixture[str]) -> None:
    """Without this check, the policy names resources of another account, and allows nothing."""
    with pytest.raises(SystemExit):
        permissions.main(["--stack", "prod", "--account", "acme"])
    assert "--account must have 12 digits" in capsys.readouterr().err
