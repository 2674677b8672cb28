"""`triggers.pullRequests`: invalid values, and the default approvers."""

from __future__ import annotations

from typing import Any

import pytest

from components.config import IntegrationSettings
from tests.config import samples
from tests.config.samples import integration, problems_of, refusals_of, settings, short, stack

WHERE = "triggers.pullRequests"
MAY_NOT_PUSH = "may not push to the repository, and so may not decide what runs beside the API key"


@pytest.mark.parametrize(
    ("provider", "wanted", "path", "message"),
    [
        ("github", True, WHERE, "must be a map of keys and values; got true"),
        ("github", {"approval": "none"}, f"{WHERE}.approval", 'must be one of all, forks; got "none"'),
        ("github", {"approval": False}, f"{WHERE}.approval", "must be one of all, forks; got false"),
        ("github", {"approve": "all"}, f"{WHERE}.approve", "is not known here"),
        ("github", {"approverRoles": []}, f"{WHERE}.approverRoles", "must have at least 1"),
        ("github", {"approverRoles": "admin"}, f"{WHERE}.approverRoles", "must be a list"),
        ("github", {"approverRoles": ["admin", "admin"]}, f"{WHERE}.approverRoles", "must name each role once"),
        *(
            (provider, {"approverRoles": [role]}, f"{WHERE}.approverRoles[0]", MAY_NOT_PUSH)
            for provider, roles in {
                "github": ("read", "triage"),
                "gitlab": ("guest", "planner", "reporter"),
                "bitbucket": ("read",),
            }.items()
            for role in roles
        ),
        (
            "github",
            {"approverRoles": ["admin", "owner"]},
            f"{WHERE}.approverRoles",
            "must be one of write, maintain, admin for github; got owner",
        ),
        (
            "bitbucket",
            {"approverRoles": ["maintain"]},
            f"{WHERE}.approverRoles",
            "must be one of write, admin for bitbucket; got maintain",
        ),
        (
            "gitlab-self-managed",
            {"approverRoles": ["write"]},
            f"{WHERE}.approverRoles",
            "must be one of developer, maintainer, owner for gitlab-self-managed; got write",
        ),
        ("github", {"secret": {"existingArn": "conviso"}}, f"{WHERE}.secret.existingArn", "must be an ARN such as"),
        ("github", {"secret": {"name": "conviso"}}, f"{WHERE}.secret.existingArn", "is required"),
        ("codecommit", {}, WHERE, "is not supported for codecommit, which sends no such event"),
        ("s3", {}, WHERE, "is not supported for s3, which sends no such event"),
    ],
    ids=short,
)
def test_an_invalid_value_is_reported_at_its_field(provider: str, wanted: Any, path: str, message: str) -> None:
    found = [(at, said) for at, said in refusals_of(provider, triggers={"pullRequests": wanted}) if at == path]

    assert [said[: len(message)] for _, said in found] == [message]


@pytest.mark.parametrize("version", ["refs/tags/v1", samples.COMMIT])
def test_pull_requests_need_a_base_branch(version: str) -> None:
    ((path, message),) = refusals_of(source={"version": version}, triggers={"pullRequests": {}})

    assert (path, message.split(",")[0]) == (WHERE, "needs a branch as source.version")


def test_a_buildspec_in_the_repository_is_refused_with_the_reason() -> None:
    """Without this rule, every pull request brings its own commands, which run with access to the API key."""
    ((path, message),) = refusals_of(buildspec={"location": "repository"}, triggers={"pullRequests": {}})

    assert path == WHERE
    assert message.startswith("is not supported with buildspec.location repository: each pull request would bring")


def test_pull_requests_without_any_scan_are_refused() -> None:
    ((path, message),) = refusals_of(scans={"sast": "none", "sca": False}, triggers={"pullRequests": {}})

    assert (path, message) == (
        WHERE,
        "has nothing to do: it makes no deploy, and every scan is off; turn a scan on",
    )


@pytest.mark.parametrize(
    ("provider", "roles"),
    [
        ("github", ["maintain", "admin"]),
        ("github-enterprise", ["maintain", "admin"]),
        ("bitbucket", ["admin"]),
        ("gitlab", ["maintainer", "owner"]),
        ("gitlab-self-managed", ["maintainer", "owner"]),
    ],
)
def test_maintainers_approve_all_pull_requests_by_default(provider: str, roles: list[str]) -> None:
    """Without these defaults, a pull request could run beside the API key with nobody's approval."""
    wanted = settings(provider, triggers={"pullRequests": {}}).triggers.pull_requests

    assert wanted is not None
    assert (wanted.approval, wanted.approver_roles, wanted.report, wanted.secret) == ("all", roles, False, None)


def test_validating_complete_settings_again_changes_nothing() -> None:
    """Without this, settings that a program passes on end up with other approvers than it chose."""
    chosen = settings("gitlab", triggers={"pullRequests": {"approverRoles": ["owner"], "approval": "forks"}})

    assert IntegrationSettings.model_validate(chosen.model_dump(by_alias=True)) == chosen


def test_pull_requests_are_not_reviewed_by_default() -> None:
    assert [settings(provider).triggers.pull_requests for provider in samples.PROVIDERS] == [None] * 7


def test_a_name_that_clashes_with_a_pull_request_project_is_refused() -> None:
    """Without this rule, two integrations manage one build project."""
    raw = stack(
        integrations={"shop": integration(triggers={"pullRequests": {}}), "shop-pr": integration(projectKey="other")}
    )

    ((path, message),) = problems_of(raw)
    assert path == "integrations.shop-pr.projectName"
    assert message.split(";")[0] == (
        "gives a build project the name conviso-dev-shop-pr, "
        "which integrations.shop.triggers.pullRequests already gives to another"
    )


def test_two_integrations_with_the_same_project_name_are_refused() -> None:
    """Without this rule, both integrations manage one build project, and one repository is never reviewed."""
    names = {"shop": integration(projectName="billing"), "web": integration(projectName="billing")}

    ((path, message),) = problems_of(stack(integrations=names))
    assert (path, message.split(",")[0]) == ("integrations.web.projectName", "gives a build project the name billing")


def test_a_project_name_in_the_defaults_is_refused() -> None:
    found = dict(problems_of(stack(defaults={"projectName": "billing"})))

    assert found["defaults.projectName"] == "belongs to one integration: two build projects cannot share a name"


def test_an_integration_may_end_in_pr_when_no_pull_request_project_has_its_name() -> None:
    assert problems_of(stack(integrations={"shop": integration(), "shop-pr": integration()})) == []


def test_an_inherited_role_that_the_git_host_lacks_says_how_to_remove_it() -> None:
    raw = stack(
        defaults={"triggers": {"pullRequests": {"approverRoles": ["maintain"]}}},
        integrations={"shop": integration("gitlab")},
    )

    ((path, message),) = problems_of(raw)
    assert path == "integrations.shop.triggers.pullRequests.approverRoles"
    assert message.endswith("it is inherited from defaults: write `approverRoles: null` here to remove it")


def test_choosing_another_secret_drops_the_inherited_kms_key() -> None:
    """Without this, a build may decrypt with the KMS key of a secret that it does not read."""
    other = samples.SECRET.replace("shared", "other")
    inherited = {"existingArn": samples.SECRET, "kmsKeyArn": samples.KEY}
    raw = stack(
        defaults={"triggers": {"pullRequests": {"secret": inherited}}},
        integrations={"shop": integration(triggers={"pullRequests": {"secret": {"existingArn": other}}})},
    )

    assert problems_of(raw) == []
