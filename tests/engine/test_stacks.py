"""Stacks that share an account with other stacks, other teams' programs, and existing resources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.components.building import PROJECT, WEBHOOK
from tests.docs.test_runbooks import OPERATIONS, json_parts
from tests.engine.configurations import logged_in, stack
from tests.engine.project import ROOT, Steps

if TYPE_CHECKING:
    from tests.engine.project import Project


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


def test_the_runbooks_import_file_adopts_an_existing_project(project: Project) -> None:
    """Without this, following the runbook creates a second project, or deletes the first one."""
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
