"""The build project for pull requests, in which code that may not be trusted runs with access to an API key."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from components.aws import pull_requests
from components.aws.triggers import Filter, webhook_filter_groups
from components.config import Provider, PullRequests
from tests.components.building import INTEGRATION, LOG_GROUP, PROJECT, ROLE, ROLE_POLICY, WEBHOOK, build
from tests.config import samples
from tests.config.samples import GIT_HOSTS, refusals_of, settings

if TYPE_CHECKING:
    from components.aws.pull_requests import BuildPolicy
    from tests.harness import Graph

RESTRICTED_SECRET = samples.SECRET.replace("shared", "lesser")


def with_pull_requests(provider: str = "github", asked: dict[str, Any] | None = None, **choices: Any) -> Graph:
    """Return the graph of an integration that reviews pull requests."""
    return build(settings(provider, triggers={"pullRequests": asked or {}}, **choices))


def granted(graph: Graph, role: str) -> dict[str, list[str]]:
    """Return the resources of each statement of a role's policy, by Sid."""
    document = json.loads(graph.one(ROLE_POLICY, role).inputs["policy"])
    return {each["Sid"]: each["Resource"] for each in document["Statement"]}


def test_pull_requests_have_a_project_role_log_group_and_webhook_of_their_own() -> None:
    each_twice = Counter((PROJECT, ROLE, ROLE_POLICY, LOG_GROUP, WEBHOOK) * 2)

    assert with_pull_requests().types() == each_twice + Counter([INTEGRATION])


def test_pull_requests_change_no_resource_of_the_integration_itself() -> None:
    """Without this, enabling pull requests changes how pushes are reviewed."""
    before = {(each.type, each.name): each.inputs for each in build(settings()).resources}
    after = {(each.type, each.name): each.inputs for each in with_pull_requests().resources}

    assert {key: after[key] for key in before} == before


def test_names_are_derived_from_the_projects_name() -> None:
    graph = with_pull_requests(logs={"destination": "both", "prefix": "builds"})
    project = graph.one(PROJECT, "shop-project-pr").inputs

    assert project["name"] == "conviso-dev-shop-pr"
    assert project["logsConfig"]["cloudwatchLogs"]["groupName"] == "/aws/codebuild/conviso-dev-shop-pr"
    assert project["logsConfig"]["s3Logs"]["location"].endswith("/builds/conviso-dev-shop-pr")
    assert graph.one(WEBHOOK, "shop-webhook-pr").inputs["projectName"] == "conviso-dev-shop-pr"
    (outputs,) = graph.outputs.values()
    assert outputs["pull_request_project_name"] == "conviso-dev-shop-pr"


def test_only_builds_of_this_project_may_assume_its_role() -> None:
    """Without separate roles, a build of a pull request has the permissions of the integration's own builds."""
    graph = with_pull_requests()
    trusted = {
        role: json.loads(graph.one(ROLE, role).inputs["assumeRolePolicy"])["Statement"][0]["Condition"]["ArnEquals"]
        for role in ("shop-role", "shop-role-pr")
    }

    arn = "arn:aws:codebuild:us-east-1:123456789012:project/conviso-dev-shop"
    assert trusted == {"shop-role": {"aws:SourceArn": [arn]}, "shop-role-pr": {"aws:SourceArn": [f"{arn}-pr"]}}
    assert graph.one(PROJECT, "shop-project-pr").inputs["serviceRole"].endswith("shop-role-pr")


def test_neither_role_may_write_the_others_logs() -> None:
    """Without this, a pull request can forge the logs of the integration's own builds."""
    graph = with_pull_requests(logs={"destination": "both", "bucket": "acme-logs"})
    log = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/codebuild/conviso-dev-shop"

    written = {role: granted(graph, role) for role in ("shop-role", "shop-role-pr")}
    assert {role: (each["WriteLogs"], each["StoreLogs"]) for role, each in written.items()} == {
        "shop-role": ([f"{log}:*"], ["arn:aws:s3:::acme-logs/conviso-dev-shop/*"]),
        "shop-role-pr": ([f"{log}-pr:*"], ["arn:aws:s3:::acme-logs/conviso-dev-shop-pr/*"]),
    }


def test_a_separate_secret_is_the_only_one_that_pull_requests_may_read() -> None:
    """Without this, code from a pull request can read the integration's own API key."""
    graph = with_pull_requests(
        asked={"secret": {"existingArn": RESTRICTED_SECRET, "key": "K", "kmsKeyArn": samples.KEY}}
    )

    assert granted(graph, "shop-role-pr")["ReadApiKey"] == [RESTRICTED_SECRET]
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
    assert keys == {"shop-project": [f"{samples.SECRET}:FLOW_API_KEY"], "shop-project-pr": [f"{RESTRICTED_SECRET}:K"]}


def test_pull_requests_share_no_cached_docker_layers() -> None:
    """Without this, a pull request can leave a manipulated layer for the next one."""
    graph = with_pull_requests(environment={"dockerLayerCache": True})

    caches = [graph.one(PROJECT, project).inputs["cache"]["type"] for project in ("shop-project", "shop-project-pr")]
    assert caches == ["LOCAL", "NO_CACHE"]


def test_the_webhook_waits_for_the_roles_policy_and_is_replaced_like_the_other_one() -> None:
    """Without this, a pull request can start a build whose role may not read the API key yet."""
    graph = with_pull_requests()
    hooks = [graph.one(WEBHOOK, name) for name in ("shop-webhook", "shop-webhook-pr")]

    assert graph.one(ROLE_POLICY, "shop-role-pr") in graph.waits_for(hooks[1])
    assert hooks[0].replacement_trigger == hooks[1].replacement_trigger
    assert hooks[1].delete_before_replace


BITBUCKET_EVENTS = "PULL_REQUEST_CREATED, PULL_REQUEST_UPDATED"
EVENTS = f"{BITBUCKET_EVENTS}, PULL_REQUEST_REOPENED"


@pytest.mark.parametrize(
    ("provider", "events", "roles", "approvers"),
    [
        ("github", EVENTS, ["write", "admin"], ["GITHUB_WRITE", "GITHUB_ADMIN"]),
        ("github-enterprise", EVENTS, ["maintain"], ["GITHUB_MAINTAIN"]),
        ("bitbucket", BITBUCKET_EVENTS, ["write", "admin"], ["BITBUCKET_WRITE", "BITBUCKET_ADMIN"]),
        ("gitlab", EVENTS, ["developer", "maintainer"], ["GITLAB_DEVELOPER", "GITLAB_MAINTAINER"]),
        ("gitlab-self-managed", EVENTS, ["owner"], ["GITLAB_OWNER"]),
    ],
)
@pytest.mark.parametrize(("approval", "required"), [("all", "ALL_PULL_REQUESTS"), ("forks", "FORK_PULL_REQUESTS")])
def test_the_webhook_has_exactly_these_inputs(
    provider: str, events: str, roles: list[str], approvers: list[str], approval: str, required: str
) -> None:
    graph = with_pull_requests(
        provider, {"approval": approval, "approverRoles": roles}, source={"version": "release/1.x"}
    )

    assert graph.one(WEBHOOK, "shop-webhook-pr").inputs == {
        "projectName": "conviso-dev-shop-pr",
        "buildType": "BUILD",
        "filterGroups": [
            {
                "filters": [
                    {"type": "EVENT", "pattern": events},
                    {"type": "BASE_REF", "pattern": r"^refs/heads/release/1\.x$"},
                ]
            }
        ],
        "pullRequestBuildPolicy": {"requiresCommentApproval": required, "approverRoles": approvers},
    }


ROLES = {
    "github": ("read", "triage", "write", "maintain", "admin"),
    "bitbucket": ("read", "write", "admin"),
    "gitlab": ("guest", "planner", "reporter", "developer", "maintainer", "owner"),
}
MAY_PUSH = {"write", "maintain", "admin", "developer", "maintainer", "owner"}


@dataclass(frozen=True)
class PullRequestEvent:
    """An event about a pull request from a fork."""

    event: str
    base: str
    head: str
    role: str
    """The author's role on the git host."""

    def passes(self, groups: list[list[Filter]]) -> bool:
        """Return whether all filters of at least one group match."""
        facts = {"BASE_REF": self.base, "HEAD_REF": self.head, "FILE_PATH": "src/a.py"}
        return any(all(self._holds(each, facts) for each in group) for group in groups)

    def needs_no_approval(self, policy: BuildPolicy) -> bool:
        """Return whether its author is an approver; if not, both approval modes hold back a fork's pull request."""
        assert policy.requires_comment_approval in {"ALL_PULL_REQUESTS", "FORK_PULL_REQUESTS"}
        return self.role.upper() in {role.partition("_")[2] for role in policy.approver_roles}

    def _holds(self, filter_: Filter, facts: dict[str, str]) -> bool:
        if filter_.type == "EVENT":
            return self.event in {event.strip() for event in filter_.pattern.split(",")}
        return bool(re.search(filter_.pattern, facts[filter_.type]))


BRANCHES = st.sampled_from(("main", "release/1.x", "a|b", "x+", "PULL_REQUEST_CREATED", "main$", "(main)"))


@st.composite
def configurations(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Generate a git host and sections, most of which are valid."""
    provider = draw(st.sampled_from(GIT_HOSTS))
    roles = draw(st.lists(st.sampled_from(ROLES[host_of(provider)]), max_size=3, unique=True))
    section = {
        "approval": draw(st.sampled_from(("all", "forks", "none"))),
        **({"approverRoles": roles} if roles else {}),
    }
    push = draw(st.sampled_from((True, False, {"filePaths": ["src/**"]})))
    tags = draw(st.sampled_from((True, False, "v*", "*", "PULL_REQUEST_*")))
    return provider, {
        "source": {"version": draw(BRANCHES)},
        "triggers": {"pullRequests": section, "push": push, "tags": tags},
    }


def host_of(provider: str) -> str:
    """Return the git host whose names of roles a provider uses."""
    return next(name for name in ROLES if provider.startswith(name))


@given(st.data(), configurations())
@hypothesis.settings(max_examples=200)
def test_no_valid_configuration_builds_a_pull_request_from_a_fork_without_approval(
    data: st.DataObject, configuration: tuple[str, dict[str, Any]]
) -> None:
    """Without this, some combination of settings runs a stranger's code with access to the API key."""
    provider, choices = configuration
    assume(not refusals_of(provider, **choices))
    chosen = settings(provider, **choices)
    asked, branch = chosen.triggers.pull_requests, choices["source"]["version"]
    assert asked is not None
    event = PullRequestEvent(
        event=f"PULL_REQUEST_{data.draw(st.sampled_from(('CREATED', 'UPDATED', 'REOPENED', 'CLOSED', 'MERGED')))}",
        base=f"refs/heads/{data.draw(st.just(branch) | BRANCHES)}",
        head=f"refs/heads/{data.draw(st.just(branch) | BRANCHES)}",
        role=data.draw(st.sampled_from(("none", *ROLES[host_of(provider)]))),
    )

    groups = pull_requests.filter_groups(chosen.source.provider, branch)
    starts = event.passes(groups) and event.needs_no_approval(pull_requests.build_policy(chosen.source.provider, asked))

    assert not event.passes(webhook_filter_groups(chosen)), "the main project must build no pull request at all"
    if event.role not in MAY_PUSH or event.base != f"refs/heads/{branch}":
        assert not starts


def test_a_maintainers_pull_request_from_a_fork_needs_no_approval() -> None:
    """Without this, the test above passes even if no event ever starts a build."""
    event = PullRequestEvent("PULL_REQUEST_CREATED", "refs/heads/main", "refs/heads/x", "maintain")

    assert event.passes(pull_requests.filter_groups(Provider.GITHUB, "main"))
    assert event.needs_no_approval(pull_requests.build_policy(Provider.GITHUB, PullRequests()))
