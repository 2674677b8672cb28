"""What the report, the JSON graph and the diagram show of a stack."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi import ComponentResource, ResourceOptions
from pulumi_aws import cloudwatch, codebuild, iam, sns

from sandbox import export, report, wording
from tests.sandbox import programs

if TYPE_CHECKING:
    from sandbox import Result
    from tests.sandbox.conftest import Make

BRANCH = [
    {"type": "EVENT", "pattern": "PUSH"},
    {"type": "HEAD_REF", "pattern": "^refs/heads/main$"},
    {"type": "FILE_PATH", "pattern": "^docs/", "exclude_matched_pattern": True},
]
EVENT = {"source": ["aws.codecommit"], "detail": {"event": ["created", "updated"], "name": [{"prefix": "v"}]}}


class Integration(ComponentResource):
    def __init__(self, name: str, **project: Any) -> None:
        super().__init__("test:index:Integration", name)
        child = ResourceOptions(parent=self)
        role = programs.role(f"{name}-role", name=f"{name}-builder", opts=child)
        condition = {"StringEquals": {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}}
        text = programs.policy(action=["kms:Decrypt", "kms:Encrypt", "s3:GetObject"], Condition=condition)
        policy = iam.RolePolicy(f"{name}-role", name=f"{name}-may", role=role.name, policy=text, opts=child)
        options = ResourceOptions(parent=self, depends_on=[policy])
        programs.project(f"{name}-project", name=f"build-{name}", service_role=role.arn, opts=options, **project)


def one_integration() -> None:
    Integration("shop")
    filters: Any = [{"filters": BRANCH}]
    approval = codebuild.WebhookPullRequestBuildPolicyArgs(
        requires_comment_approval="ALL_PULL_REQUESTS", approver_roles=["GITHUB_MAINTAIN", "GITHUB_ADMIN"]
    )
    codebuild.Webhook("shop-hook", project_name="build-shop", filter_groups=filters, pull_request_build_policy=approval)
    cloudwatch.EventRule("pushed", event_pattern=json.dumps(EVENT))
    pulumi.export("names", {"shop": {"project": "build-shop", "rules": [], "bucket": None}})


@pytest.fixture(name="result", scope="module")
def _result(make: Make) -> Result:
    """Return one result for all tests, which only read it."""
    result = make(one_integration)
    assert result.problems == []
    return result


def text(result: Result) -> str:
    return "\n".join(report.lines(result))


@pytest.mark.parametrize(
    "expected",
    [
        "Stack dev of shop, in memory: region us-east-1, account 123456789012",
        "  shop:apiKey: placeholder (the stack file has none)",
        "      1 cloudwatch EventRule",
        "Resources: 5 in 1 components",
        "  shop                             Integration",
        "    shop-role                      iam Role                                        shop-builder",
        "    shop-project                   codebuild Project                               build-shop",
        "    source: GITHUB https://github.com/acme/api.git",
        "    machine: BUILD_GENERAL1_SMALL, aws/codebuild/amazonlinux-x86_64-standard:5.0",
        "    variable: CODE = k1 (PLAINTEXT)",
        "    install:\n      ./prepare",
        "    build:\n      conviso deploy create -f env_vars with tag-tracker sort-by time\n      conviso sast run",
        "shop: what starts a build\n  nothing here: a person or a pipeline starts it",
        "  webhook: PUSH where HEAD_REF matches ^refs/heads/main$ and FILE_PATH does not match ^docs/",
        "    ALL_PULL_REQUESTS wait for a comment of GITHUB_MAINTAIN or GITHUB_ADMIN",
        "  event\n    source is aws.codecommit\n    detail.event is created or updated\n    detail.name is {",
        "  shop-builder\n    may kms:Decrypt, Encrypt, s3:GetObject\n      on *\n      if kms:ViaService StringEquals",
        "Stack outputs\n  names:\n    shop:\n      bucket: -\n      project: build-shop\n      rules: -",
        "Checked against AWS's own model, not emulated (calls)\n  codebuild.CreateWebhook (1)",
        "Seconds: configuration 0.0",
    ],
)
def test_the_report_contains(result: Result, expected: str) -> None:
    """Without this, part of the report disappears, and nobody notices."""
    assert expected in text(result)


def test_the_report_has_no_color_codes(result: Result) -> None:
    """Without this, a log file contains codes that only a terminal understands."""
    assert "\x1b" not in text(result)


def test_what_could_not_be_checked_is_listed(result: Result) -> None:
    """Without this, people believe that everything was checked."""
    assert "Not checked\n  name: the pattern x" in text(replace(result, unchecked=["name: the pattern x"]))


def test_components_after_the_first_ten_are_only_counted(make: Make) -> None:
    """Without this, the report of a large stack has thousands of lines."""

    def program() -> None:
        for number in range(14):
            Integration(f"shop-{number:02}")
        pulumi.export("names", {f"shop-{number:02}": {"n": number} for number in range(14)})

    lines = text(make(program))
    assert "shop-09: what its build runs" in lines
    assert "shop-10: what its build runs" not in lines
    assert "... and 4 more components with 12 resources; --json FILE writes all of them" in lines
    assert "    ... and 4 more\n" in lines


def test_a_buildspec_in_the_repository_is_named(make: Make) -> None:
    """Without this, the report shows no commands, and does not say where they are."""
    source = {"type": "GITHUB", "location": "https://github.com/acme/api.git", "buildspec": "ci/build.yml"}
    lines = text(make(lambda: Integration("shop", source=source)))
    assert "runs the file ci/build.yml of the source; --buildspec NAME prints what it should hold" in lines


def test_the_clients_commands_stand_below_the_phase_that_runs_them(make: Make) -> None:
    """Without this, the report shows the client's commands where the script is written: in the phase `install`."""
    buildspec = (
        "phases:\n  install:\n    commands:\n    - |\n     cat >\"$W/b.sh\" <<'END'\n     conviso sca run\n"
        '     conviso deploy create\n     conviso sort-tags\n     END\n    - bash "$W/b.sh" prepare\n'
        '  build:\n    commands:\n    - bash "$W/b.sh" deploy\n    - bash "$W/b.sh" scan\n'
    )
    source = {"type": "GITHUB", "location": "https://github.com/acme/api.git", "buildspec": buildspec}

    assert (
        '    install:\n      bash "$W/b.sh" prepare\n'
        '    build:\n      bash "$W/b.sh" deploy\n        conviso deploy create\n'
        '      bash "$W/b.sh" scan\n        conviso sca run\n\n'
    ) in text(make(lambda: Integration("shop", source=source)))


def test_a_buildspec_that_is_not_yaml_is_reported(make: Make) -> None:
    """Without this, a broken buildspec ends the report in a stack trace."""
    source = {"type": "GITHUB", "location": "https://github.com/acme/api.git", "buildspec": "phases:\n  a: [\n"}
    assert "the buildspec is not valid YAML: line 3" in text(make(lambda: Integration("shop", source=source)))


@pytest.mark.parametrize(
    ("script", "commands"),
    [
        ("conviso sca run", ["conviso sca run"]),
        ("cd x && conviso  sca run || exit 1", ["conviso sca run"]),
        ('id=$(conviso deploy create with values -c "$C")', ['conviso deploy create with values -c "$C"']),
        ("# conviso sca run", []),
        ("pip install conviso-flowcli", []),
        ('printf "conviso: %s" x', []),
    ],
)
def test_the_commands_of_the_client_are_found_in_a_script(script: str, commands: list[str]) -> None:
    """Without this, the report omits a command of the client, or lists a comment as one."""
    assert list(wording.client_commands(script)) == commands


def test_the_json_graph_contains_everything_and_is_the_same_in_each_run(make: Make, result: Result) -> None:
    """Without this, other programs lack a value, or see differences where there are none."""
    graph = json.loads(export.as_json(result))
    project = next(resource for resource in graph["resources"] if resource["name"] == "shop-project")
    assert project["physicalName"] == "build-shop"
    assert project["inputs"]["environment"]["computeType"] == "BUILD_GENERAL1_SMALL"
    assert project["outputs"]["arn"] == project["id"]
    assert project["parent"].endswith("::test:index:Integration::shop")
    assert {urn.split("::")[-1] for urn in project["dependencies"]} == {"shop-role"}
    assert graph["outputs"] == {"names": {"shop": {"project": "build-shop", "rules": [], "bucket": None}}}
    assert graph["checkedNotEmulated"] == ["codebuild.CreateWebhook (1)"]
    assert export.as_json(make(one_integration)) == export.as_json(result)


def test_the_json_graph_contains_the_problems(make: Make) -> None:
    """Without this, a program that reads the graph takes a refused stack for a correct one."""
    graph = json.loads(export.as_json(make(lambda: cloudwatch.LogGroup("logs", retention_in_days=31))))
    assert [problem["name"] for problem in graph["problems"]] == ["logs"]


def test_the_diagram_has_one_box_for_each_component_and_no_redundant_arrows(make: Make) -> None:
    """Without this, a diagram of a real stack is unreadable."""
    assert export.as_mermaid(make(lambda: Integration("shop"))) == (
        "flowchart LR\n"
        '  subgraph c0["shop: Integration"]\n'
        '    r0["iam Role<br/>shop-builder"]\n'
        '    r1["iam RolePolicy<br/>shop-may"]\n'
        '    r2["codebuild Project<br/>build-shop"]\n'
        "  end\n"
        "  r1 --> r0\n"
        "  r2 --> r1\n"
    )


def test_a_rule_with_a_generated_name_is_shown_with_its_topic(make: Make) -> None:
    """Without this, the report of every stack with notifications ends in a stack trace."""

    def program() -> None:
        opts = ResourceOptions(parent=ComponentResource("test:index:Notifications", "stack"))
        topic = sns.Topic("reviews", opts=opts)
        prefix, pattern = "conviso-dev-builds-", json.dumps(EVENT)
        rule = cloudwatch.EventRule("builds", name_prefix=prefix, event_pattern=pattern, opts=opts)
        cloudwatch.EventTarget("builds", rule=rule.name, arn=topic.arn, opts=opts)

    assert "who hears of what\n  event\n    source is aws.codecommit" in text(make(program))
