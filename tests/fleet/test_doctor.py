"""The doctor: a new stack has no finding, and every check is a row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fleet.doctor import FINDINGS, Extra, Row, State, examine
from tests.fleet.world import IMAGE, Denied, images

if TYPE_CHECKING:
    from fleet.stack import Stack
    from tests.fleet.world import World

SHOP, BILLING, ERP = "conviso-prod-shop-api", "conviso-prod-billing", "conviso-prod-legacy-erp"
RESTORE = "pulumi up --refresh --stack prod"


def rows(deployed: tuple[World, Stack], **extra: bool) -> list[Row]:
    world, stack = deployed
    return [row for group in examine(stack, world, Extra(**extra)) for row in group]


def findings(deployed: tuple[World, Stack], **extra: bool) -> list[Row]:
    return [row for row in rows(deployed, **extra) if row.state in FINDINGS]


def test_a_new_stack_has_no_finding(deployed: tuple[World, Stack]) -> None:
    """Without this, what the program creates and what the doctor expects could differ, in every stack."""
    assert findings(deployed, read_secret=True) == []


def test_every_check_of_every_integration_is_a_row(deployed: tuple[World, Stack]) -> None:
    """Without this, a check that is never made would look like one that passes."""
    everywhere = {"what starts a build", "secret", "log group", "logs", "privileged mode", "buildspec", "client"}
    everywhere |= {"image", "role", "last build", "concurrent builds", "api key"}
    of_a_project_for_pull_requests = {f"{each}-pr" for each in everywhere - {"what starts a build"}}
    expected = {
        "shop-api": everywhere
        | of_a_project_for_pull_requests
        | {"connection", "webhook", "webhook-pr", "approvals", "full clone", "full clone-pr"},
        "billing": everywhere | {"event rule", "event target", "event role", "full clone"},
        "legacy-erp": everywhere
        | {"event rule", "event target", "event role", "bucket events", "schedule", "schedule role"},
        "(stack)": {"quota"},
    }

    found: dict[str, set[str]] = {}
    for row in rows(deployed):
        found.setdefault(row.integration, set()).add(row.check)
    assert found == expected


@pytest.mark.parametrize("part", ["schedule", "pull_requests"])
@pytest.mark.parametrize("is_deployed", [True, False])
def test_a_part_that_only_the_stack_file_or_only_the_outputs_have_is_a_finding(
    deployed: tuple[World, Stack], part: str, *, is_deployed: bool
) -> None:
    """Without this, a schedule that was never deployed would start nothing, and no row would say so."""
    world, stack = deployed
    name = {"schedule": "legacy-erp", "pull_requests": "shop-api"}[part]
    if is_deployed:
        settings = stack.settings.integrations[name]
        settings = settings.model_copy(update={"triggers": settings.triggers.model_copy(update={part: None})})
        changed = replace(stack.settings, integrations={**stack.settings.integrations, name: settings})
        stack = replace(stack, settings=changed)
    else:
        field = {"schedule": "schedule_arn", "pull_requests": "pull_request_project_name"}[part]
        made = stack.outputs.integrations[name].model_copy(update={field: None})
        outputs = {**stack.outputs.integrations, name: made}
        stack = replace(stack, outputs=stack.outputs.model_copy(update={"integrations": outputs}))

    (row,) = (row for row in findings((world, stack)) if row.check == "stack")
    assert (row.integration, row.remedy) == (name, "pulumi up --stack prod")
    assert ("no longer in the stack file" in row.found) is is_deployed


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# Made by conviso-codebuild 0.0.1, whose\nversion: 0.2\n", "made by version 0.0.1"),
        ("version: 0.2\n", "another text than the rendered one"),
    ],
)
def test_another_buildspec_is_reported_with_its_version(deployed: tuple[World, Stack], text: str, says: str) -> None:
    """Without this, builds would keep running the text of an older version, and nobody would know."""
    deployed[0].projects[BILLING]["source"]["buildspec"] = text

    found = {row.check: row.found for row in findings(deployed)}
    assert found.keys() == {"buildspec", "client"}
    assert says in found["buildspec"]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("pasted-in-plain-text", "not JSON"),
        ('{"OTHER": "pasted-in-plain-text"}', "no key FLOW_API_KEY"),
        ('{"FLOW_API_KEY": "pasted in plain text"}', "spaces"),
    ],
)
def test_the_value_of_a_secret_is_read_only_on_request_and_never_shown(
    deployed: tuple[World, Stack], value: str, says: str
) -> None:
    """Without this, checking a stack would require the right to read its API key."""
    deployed[0].change("secretsmanager", "get_secret_value", SecretString=value)

    assert findings(deployed) == []
    assert "get_secret_value" not in {operation for _, operation, _ in deployed[0].asked}
    found = findings(deployed, read_secret=True)
    assert {row.check for row in found} == {"secret", "secret-pr"}
    assert all(says in row.found for row in found)
    assert "plain" not in str(found)


def test_a_missing_permission_is_a_row_and_the_other_checks_continue(deployed: tuple[World, Stack]) -> None:
    """Without this, one missing permission would hide everything else that is wrong."""
    deployed[0].say("codeconnections", "get_connection", Denied())

    (row,) = findings(deployed)
    assert (row.integration, row.check, row.state) == ("shop-api", "connection", State.UNKNOWN)
    assert "allow codeconnections:GetConnection" in row.remedy


def test_a_newer_image_is_reported_and_is_no_finding(deployed: tuple[World, Stack]) -> None:
    """Without this, every release of an image would turn all nightly checks red."""
    deployed[0].say("codebuild", "list_curated_environment_images", images("5.0", "6.0"))

    assert findings(deployed) == []
    told = [row.found for row in rows(deployed) if row.check == "image"]
    assert all(f"{IMAGE}:6.0 is newer" in found for found in told)
