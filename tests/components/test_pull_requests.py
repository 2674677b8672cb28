"""The build project for pull requests: code of somebody who may not be trusted, beside a secret."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.buildspec import (
    MAX_INLINE_CHARACTERS,
    compose,
    pull_request_variables,
    render,
    render_pull_request,
    variables,
)
from tests.components.building import INTEGRATION, LOG_GROUP, PROJECT, ROLE, ROLE_POLICY, WEBHOOK, build
from tests.components.rendered import AST, EVERYTHING
from tests.components.test_buildspec import SHELLCHECK
from tests.config import samples
from tests.config.samples import GIT_HOSTS, refusals_of, settings, short

if TYPE_CHECKING:
    from components.config import IntegrationSettings
    from tests.harness import Graph

LESSER_KEY = samples.SECRET.replace("shared", "lesser")
CLIENTS: dict[str, dict[str, Any]] = {
    "conviso-flowcli": {},
    "conviso-ast": {"review": {"strategy": "none"}, "client": AST},
}
TEXTS: dict[str, IntegrationSettings] = {
    f"{name}, {'report' if report else 'no report'}": settings(
        scans=EVERYTHING, triggers={"pullRequests": {"report": report}}, **client
    )
    for name, client in CLIENTS.items()
    for report in (False, True)
}
"""The fullest text of each client."""


def wanted(provider: str = "github", pull_requests: dict[str, Any] | None = None, **choices: Any) -> Graph:
    """The graph of an integration that reviews pull requests."""
    return build(settings(provider, triggers={"pullRequests": pull_requests or {}}, **choices))


def granted(graph: Graph, role: str) -> dict[str, list[str]]:
    """The resources of each statement of a role's policy."""
    document = json.loads(graph.one(ROLE_POLICY, role).inputs["policy"])
    return {each["Sid"]: each["Resource"] for each in document["Statement"]}


def test_pull_requests_have_a_project_role_log_group_and_webhook_of_their_own() -> None:
    each_twice = Counter((PROJECT, ROLE, ROLE_POLICY, LOG_GROUP, WEBHOOK) * 2)

    assert wanted().types() == each_twice + Counter([INTEGRATION])


def test_the_integrations_own_resources_stay_as_they_are() -> None:
    """Without this, to switch pull requests on changes what is reviewed already."""
    before = {(each.type, each.name): each.inputs for each in build(settings()).resources}
    after = {(each.type, each.name): each.inputs for each in wanted().resources}

    assert {key: after[key] for key in before} == before


def test_names_follow_the_project() -> None:
    graph = wanted(logs={"destination": "both", "prefix": "builds"})
    project = graph.one(PROJECT, "shop-project-pr").inputs

    assert project["name"] == "conviso-dev-shop-pr"
    assert project["logsConfig"]["cloudwatchLogs"]["groupName"] == "/aws/codebuild/conviso-dev-shop-pr"
    assert project["logsConfig"]["s3Logs"]["location"].endswith("/builds/conviso-dev-shop-pr")
    assert graph.one(WEBHOOK, "shop-webhook-pr").inputs["projectName"] == "conviso-dev-shop-pr"
    (outputs,) = graph.outputs.values()
    assert outputs["pull_request_project_name"] == "conviso-dev-shop-pr"


def test_only_builds_of_this_project_may_assume_its_role() -> None:
    graph = wanted()
    trusted = {
        role: json.loads(graph.one(ROLE, role).inputs["assumeRolePolicy"])["Statement"][0]["Condition"]["ArnEquals"]
        for role in ("shop-role", "shop-role-pr")
    }

    arn = "arn:aws:codebuild:us-east-1:123456789012:project/conviso-dev-shop"
    assert trusted == {"shop-role": {"aws:SourceArn": [arn]}, "shop-role-pr": {"aws:SourceArn": [f"{arn}-pr"]}}
    assert graph.one(PROJECT, "shop-project-pr").inputs["serviceRole"].endswith("shop-role-pr")


def test_neither_role_writes_the_others_log() -> None:
    """Without this, a pull request can forge the log of the build that counts."""
    graph = wanted(logs={"destination": "both", "bucket": "acme-logs"})
    log = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/codebuild/conviso-dev-shop"

    written = {role: granted(graph, role) for role in ("shop-role", "shop-role-pr")}
    assert {role: (each["WriteLogs"], each["StoreLogs"]) for role, each in written.items()} == {
        "shop-role": ([f"{log}:*"], ["arn:aws:s3:::acme-logs/conviso-dev-shop/*"]),
        "shop-role-pr": ([f"{log}-pr:*"], ["arn:aws:s3:::acme-logs/conviso-dev-shop-pr/*"]),
    }


def test_a_lesser_key_is_the_only_one_within_reach() -> None:
    graph = wanted(pull_requests={"secret": {"existingArn": LESSER_KEY, "key": "K", "kmsKeyArn": samples.KEY}})

    assert granted(graph, "shop-role-pr")["ReadApiKey"] == [LESSER_KEY]
    assert granted(graph, "shop-role-pr")["DecryptApiKey"] == [samples.KEY]
    assert granted(graph, "shop-role")["ReadApiKey"] == [samples.SECRET]
    keys = {
        project: [
            each["value"]
            for each in graph.one(PROJECT, project).inputs["environment"]["environmentVariables"]
            if each["name"] == "FLOW_API_KEY"
        ]
        for project in ("shop-project", "shop-project-pr")
    }
    assert keys == {"shop-project": [f"{samples.SECRET}:FLOW_API_KEY"], "shop-project-pr": [f"{LESSER_KEY}:K"]}


def test_no_docker_layer_goes_from_one_pull_request_to_the_next() -> None:
    graph = wanted(environment={"dockerLayerCache": True})

    caches = [graph.one(PROJECT, project).inputs["cache"]["type"] for project in ("shop-project", "shop-project-pr")]
    assert caches == ["LOCAL", "NO_CACHE"]


def test_the_hook_waits_for_the_roles_policy_and_is_made_anew_like_the_other() -> None:
    graph = wanted()
    hooks = [graph.one(WEBHOOK, name) for name in ("shop-webhook", "shop-webhook-pr")]

    assert graph.one(ROLE_POLICY, "shop-role-pr") in graph.waits_for(hooks[1])
    assert hooks[0].replacement_trigger == hooks[1].replacement_trigger
    assert hooks[1].delete_before_replace


OPENED = "PULL_REQUEST_CREATED, PULL_REQUEST_UPDATED"
REOPENED = f"{OPENED}, PULL_REQUEST_REOPENED"


@pytest.mark.parametrize(
    ("provider", "events", "roles", "approvers"),
    [
        ("github", REOPENED, ["write", "admin"], ["GITHUB_WRITE", "GITHUB_ADMIN"]),
        ("github-enterprise", REOPENED, ["maintain"], ["GITHUB_MAINTAIN"]),
        ("bitbucket", OPENED, ["write", "admin"], ["BITBUCKET_WRITE", "BITBUCKET_ADMIN"]),
        ("gitlab", REOPENED, ["developer", "maintainer"], ["GITLAB_DEVELOPER", "GITLAB_MAINTAINER"]),
        ("gitlab-self-managed", REOPENED, ["owner"], ["GITLAB_OWNER"]),
    ],
)
@pytest.mark.parametrize(("approval", "required"), [("all", "ALL_PULL_REQUESTS"), ("forks", "FORK_PULL_REQUESTS")])
def test_the_hook_consists_of_exactly_these_inputs(
    provider: str, events: str, roles: list[str], approvers: list[str], approval: str, required: str
) -> None:
    graph = wanted(provider, {"approval": approval, "approverRoles": roles}, source={"version": "release/1.x"})

    assert graph.one(WEBHOOK, "shop-webhook-pr").inputs == {
        "projectName": "conviso-dev-shop-pr",
        "buildType": "BUILD",
        "filterGroups": [
            {
                "filters": [
                    {"type": "EVENT", "pattern": events, "excludeMatchedPattern": False},
                    {"type": "BASE_REF", "pattern": r"^refs/heads/release/1\.x$", "excludeMatchedPattern": False},
                ]
            }
        ],
        "pullRequestBuildPolicy": {"requiresCommentApproval": required, "approverRoles": approvers},
    }


ROLES = {
    "github": ("READ", "TRIAGE", "WRITE", "MAINTAIN", "ADMIN"),
    "bitbucket": ("READ", "WRITE", "ADMIN"),
    "gitlab": ("GUEST", "PLANNER", "REPORTER", "DEVELOPER", "MAINTAINER", "OWNER"),
}
MAY_PUSH = {"WRITE", "MAINTAIN", "ADMIN", "DEVELOPER", "MAINTAINER", "OWNER"}
EVENTS = ("CREATED", "UPDATED", "REOPENED", "CLOSED", "MERGED")


@dataclass(frozen=True)
class Opened:
    """A pull request from a fork, as CodeBuild hears of it."""

    event: str
    base: str
    head: str
    role: str | None
    """Of its author, on the host; None for a stranger."""

    def starts(self, hook: dict[str, Any]) -> bool:
        """Whether a webhook builds it before anybody has written a comment."""
        told = {"EVENT": self.event, "BASE_REF": self.base, "HEAD_REF": self.head, "FILE_PATH": "src/a.py"}
        if not any(all(self._holds(each, told) for each in group["filters"]) for group in hook["filterGroups"]):
            return False
        policy = hook.get("pullRequestBuildPolicy", {"requiresCommentApproval": "DISABLED"})
        if policy["requiresCommentApproval"] == "DISABLED":
            return True
        return self.role in {role.partition("_")[2] for role in policy["approverRoles"]}

    @staticmethod
    def _holds(filter_: dict[str, Any], told: dict[str, str]) -> bool:
        if filter_["type"] == "EVENT":
            return told["EVENT"] in {event.strip() for event in filter_["pattern"].split(",")}
        return bool(re.search(filter_["pattern"], told[filter_["type"]])) is not filter_["excludeMatchedPattern"]


WORDS = ("write", "maintain", "admin", "developer", "maintainer", "owner", "read", "triage", "guest", "reporter")
PULL_REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "approval": st.sampled_from(("all", "forks", "none", "disabled")),
        "approverRoles": st.lists(st.sampled_from(WORDS), max_size=3),
        "report": st.booleans(),
    },
)
TRIGGERS = st.fixed_dictionaries(
    {"pullRequests": PULL_REQUESTS},
    optional={
        "push": st.sampled_from((True, False, {"filePaths": ["src/**"]})),
        "tags": st.sampled_from((True, False, "v*", "*", "PULL_REQUEST_*")),
    },
)
BRANCHES = st.sampled_from(("main", "release/1.x", "a|b", "x+", "PULL_REQUEST_CREATED", "main$", "(main)"))


@given(st.data(), st.sampled_from(GIT_HOSTS), TRIGGERS, BRANCHES)
def test_no_accepted_configuration_builds_a_fork_that_nobody_approved(
    data: st.DataObject, provider: str, triggers: dict[str, Any], branch: str
) -> None:
    """Without this, some choice of triggers, roles or branch lets a stranger's code run beside the API key."""
    choices: dict[str, Any] = {"source": {"version": branch}, "triggers": triggers}
    if refusals_of(provider, **choices):
        return
    host = next(name for name in ROLES if provider.startswith(name))
    role = data.draw(st.sampled_from((None, *ROLES[host])), label="role of the author")
    base, head = (f"refs/heads/{data.draw(BRANCHES)}" for _ in range(2))
    opened = Opened(f"PULL_REQUEST_{data.draw(st.sampled_from(EVENTS))}", base, head, role)

    started = [
        hook.inputs["projectName"]
        for hook in build(settings(provider, **choices)).of(WEBHOOK)
        if opened.starts(hook.inputs)
    ]

    if role not in MAY_PUSH or base != f"refs/heads/{branch}":
        assert started == []
    assert set(started) <= {"conviso-dev-shop-pr"}


def test_a_fork_of_a_maintainer_is_built_at_once() -> None:
    """Without this, the test above could pass because nothing ever starts."""
    hook = wanted().one(WEBHOOK, "shop-webhook-pr").inputs
    opened = Opened("PULL_REQUEST_CREATED", "refs/heads/main", "refs/heads/x", "MAINTAIN")

    assert opened.starts(hook)


@pytest.mark.parametrize("name", TEXTS)
def test_the_text_makes_no_deploy_and_closes_nothing(name: str) -> None:
    text = render_pull_request(TEXTS[name])

    assert [
        word for word in ("deploy create", "ast run", "auto-close", "last-deploy") if f"conviso {word}" in text
    ] == []
    assert "--vulnerability-auto-close" not in text


@pytest.mark.parametrize("name", TEXTS)
def test_the_text_is_one_that_aws_accepts_inline(name: str) -> None:
    assert len(render_pull_request(TEXTS[name])) <= MAX_INLINE_CHARACTERS


@pytest.mark.parametrize("name", TEXTS)
def test_shellcheck_finds_nothing(name: str) -> None:
    text = f"#!/bin/bash\n{compose.commented_script(compose.Choices.of_pull_request(TEXTS[name]))}"
    done = subprocess.run(
        [SHELLCHECK, "--severity=style", "-"], input=text, capture_output=True, text=True, check=False
    )
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ({"scans": {"sca": False}}, {"scanners/sast", "sast_range/pull_request", "report/unsent"}),
        ({"scans": {"sast": "none"}}, {"scanners/sca", "report/unsent"}),
        (
            {"scans": {"sast": "none"}, "triggers": {"pullRequests": {"report": True}}},
            {"scanners/sca", "report/sent"},
        ),
        (
            {"scans": {"sast": "none", "rulesFile": "r.yml"}},
            {"scanners/sca", "report/unsent", "gates/rules_of_base"},
        ),
    ],
    ids=short,
)
@pytest.mark.parametrize("strategy", samples.STRATEGIES)
def test_a_choice_brings_just_its_own_files(strategy: str, choices: dict[str, Any], expected: set[str]) -> None:
    """Without this, a build could carry or lack a step that nobody chose."""
    chosen = settings(review={"strategy": strategy}, **{"triggers": {"pullRequests": {}}, **choices})

    parts = compose.parts(compose.Choices.of_pull_request(chosen))
    slots = {"deploy", "fetch", "base", "sast_range", "report", "scanners", "gates"}
    assert {part for part in parts if part.split("/")[0] in slots} == expected | {"base/pull_request"}


def test_the_integrations_own_text_does_not_change() -> None:
    chosen = settings(triggers={"pullRequests": {"report": True}}, scans=EVERYTHING)

    assert render(chosen) == render(settings(scans=EVERYTHING))


def test_the_build_knows_the_branch_from_the_project_and_not_from_the_event() -> None:
    chosen = settings(
        source={"version": "refs/heads/main"},
        review={"strategy": "tags-by-time", "tagPrefix": "v"},
        triggers={"pullRequests": {}},
    )

    assert pull_request_variables(chosen) == {
        "FLOW_PROJECT_CODE": "kXyZ12",
        "CONVISO_BASE_BRANCH": "main",
        "CONVISO_BASE_REPOSITORY": "https://github.com/acme/shop-api.git",
    }
    assert "CONVISO_BASE_BRANCH" not in variables(chosen)
