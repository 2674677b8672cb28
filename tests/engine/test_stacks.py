"""Stacks that share an account with other stacks, other teams' programs, and existing resources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pulumi import automation

from tests.components.building import PROJECT, WEBHOOK
from tests.config import samples
from tests.docs.test_runbooks import OPERATIONS, json_parts
from tests.engine.configurations import logged_in, stack
from tests.engine.project import ROOT, Steps

if TYPE_CHECKING:
    from tests.engine.project import Project

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


def test_two_stacks_in_one_account_share_no_resources(project: Project) -> None:
    """Without this, destroying one environment can delete resources of another."""
    dev, prod = (project.stack(name, stack(shop=logged_in())) for name in ("dev", "prod"))
    dev.up()
    prod.up()

    dev.destroy()

    assert [each.rsplit("/", 1)[-1] for each in project.account.ids(PROJECT)] == ["conviso-prod-shop"]
    prod.refresh(expect_no_changes=True)
    prod.destroy()
    assert project.account.is_empty


def test_another_teams_program_reads_the_outputs(project: Project) -> None:
    """Without this, the outputs on a real engine could differ from those that the README documents."""
    project.stack("prod", stack(**{"shop-api": logged_in()})).up()
    (program,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), flags=re.DOTALL)

    outputs = project.beside("other-team", program).stack("dev", {}).up().outputs

    assert outputs
    assert all("conviso-prod-shop-api" in str(each.value) for each in outputs.values())


def test_a_platform_team_watches_the_reviews_of_another_stack(project: Project) -> None:
    """Without this, `examples/platform_team` may fail, or watch no project, where an engine hands the outputs over."""
    project.stack("prod", stack(**{"shop-api": logged_in()})).up()
    config = {
        "review-watch:reviewStack": "organization/conviso-codebuild/prod",
        "review-watch:repositories": ["shop-api"],
        "review-watch:topicArn": "arn:aws:sns:us-east-1:123456789012:platform",
    }

    outputs = project.example("platform_team").stack("prod", config).up().outputs

    assert outputs["watched"].value == {"shop-api": "conviso-prod-shop-api"}
    (alarm,) = (project.account.find(ALARM, id_) for id_ in project.account.ids(ALARM))
    assert alarm
    assert alarm["inputs"]["dimensions"] == {"ProjectName": "conviso-prod-shop-api"}


def test_a_stack_logs_in_with_what_another_teams_program_made(project: Project) -> None:
    """Without this, what `examples/own_program` exports may not be what a field with `stack` and `output` takes."""
    team = project.example("own_program").stack("dev", {})
    team.set_config("apiKey", automation.ConfigValue("key-of-the-team", secret=True))
    connection = team.up().outputs["connection"].value
    from_team = {"stack": "organization/shop-platform/dev", "output": "connection"}

    project.stack("prod", stack(shop=logged_in(source={"auth": {"connectionArn": from_team}}))).up()

    made = {arn.rsplit("/", 1)[-1]: project.account.find(PROJECT, arn) for arn in project.account.ids(PROJECT)}
    assert {name: project["inputs"]["source"]["auth"]["resource"] for name, project in made.items() if project} == {
        "conviso-dev-shop-api": connection,
        "conviso-prod-shop": connection,
    }


def test_a_login_that_another_stack_exports_as_a_secret_does_not_replace_the_webhook(project: Project) -> None:
    """Without this, every update deletes the webhook, because the engine takes a secret trigger to change each time."""
    program = f"import pulumi\npulumi.export('login', pulumi.Output.secret({samples.CONNECTION!r}))\n"
    project.beside("logins", program).stack("prod", {}).up()
    from_team = {"stack": "organization/logins/prod", "output": "login"}
    deployed = project.stack("prod", stack(shop=logged_in(source={"auth": {"connectionArn": from_team}})))
    deployed.up()

    deployed.preview(expect_no_changes=True)

    assert samples.CONNECTION not in "".join(project.backend_files()), "the state shows the secret"


def test_what_exists_is_taken_over_with_the_file_of_the_runbook(project: Project) -> None:
    """Without this, a take-over ends in a second project, or in the loss of the first one."""
    (document,) = json_parts(OPERATIONS)
    name = "conviso-prod-shop-api"
    arn = f"arn:aws:codebuild:us-east-1:123456789012:project/{name}"
    by_hand = {"name": name, "description": "made by hand"}
    project.account.keep(PROJECT, arn, by_hand, {**by_hand, "arn": arn})
    project.account.keep(WEBHOOK, name, {"projectName": name}, {"projectName": name, "url": "https://hooks.example"})
    prod = project.stack("prod", stack(**{"shop-api": logged_in()}))

    prod.import_resources(resources=document["resources"], protect=False, generate_code=False)

    steps = Steps()
    prod.up(on_event=steps)
    assert steps.changes.keys() == {"create", "update"}
    assert steps.changes["update"] == {"shop-api-project", "shop-api-webhook"}
    assert project.account.ids(PROJECT) == [arn]
    prod.destroy()
    assert project.account.is_empty
