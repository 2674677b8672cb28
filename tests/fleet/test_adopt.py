"""Old projects become entries and a list of imports that fit the program, and everything lost is reported."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

import sandbox
from fleet.adopt import plan, read
from tests.components.building import PROJECT
from tests.components.program import ROOT

if TYPE_CHECKING:
    from fleet.adopt import Plan
    from sandbox.graph import Result

PROJECTS = Path(__file__).parent / "lists" / "projects.json"
SHOP: dict[str, Any] = dict(read(PROJECTS).projects[0])


@cache
def everything() -> Plan:
    return plan(read(PROJECTS).projects, "prod")


def entries(found: Plan) -> dict[str, Any]:
    config: dict[str, Any] = yaml.safe_load(found.stack_file)["config"]
    integrations: dict[str, Any] = config["conviso-codebuild:integrations"]
    return integrations


def texts(found: Plan, project: str, kind: str) -> list[str]:
    return [remark.text for remark in found.remarks if (remark.project, remark.kind) == (project, kind)]


def test_an_entry_does_what_the_old_project_did() -> None:
    """Without this, an adopted project would review, scan or build something else than before."""
    assert entries(everything())["shopapi-conviso"] == {
        "projectName": "ShopAPI-conviso",
        "description": "AppSec review",
        "projectKey": "kXyZ12",
        "source": {
            "provider": "github",
            "repository": "https://github.com/acme/shop-api.git",
            "version": "main",
            "auth": {"connectionArn": SHOP["source"]["auth"]["resource"]},
        },
        "review": {"strategy": "git-tree"},
        "scans": {"sast": "deploy-range", "sca": True, "iac": False, "failOn": {"severity": "HIGH", "count": 1}},
        "triggers": {"push": True, "tags": False},
        "environment": {
            "variables": {"LOG_LEVEL": "info"},
            "computeType": "BUILD_GENERAL1_SMALL",
            "image": "aws/codebuild/amazonlinux2-x86_64-standard:5.0",
            "timeoutMinutes": 60,
            "queuedTimeoutMinutes": 480,
        },
        "tags": {"team": "shop"},
    }


def test_what_cannot_be_carried_over_is_reported_line_by_line() -> None:
    """Without this, you would notice what is lost only when somebody misses it."""
    assert texts(everything(), "ShopAPI-conviso", "lost") == [
        "environment: variable NPM_TOKEN of type PARAMETER_STORE",
        "buildspec: variable TEAM of env.variables; plaintext ones can stand in environment.variables",
        "buildspec: command in install: npm ci",
        "buildspec: command in build: curl …",
        "webhook: PULL_REQUEST_CREATED (see triggers.pullRequests)",
        "artifacts: S3 acme-artifacts",
    ]
    assert len(texts(everything(), "from-a-pipeline", "left out")) == 1


def test_a_key_in_plaintext_is_reported_and_not_copied() -> None:
    """Without this, an exposed API key would end up in a stack file that is committed."""
    found = everything()

    assert any("plaintext" in text for text in texts(found, "billing", "lost"))
    assert "pasted" not in f"{found.stack_file}{found.import_list}{found.remarks}"


def test_what_a_person_must_fill_in_is_marked_in_the_file_and_reported_in_the_programs_words() -> None:
    """Without this, you would have to search the stack file for what is missing."""
    found = everything()

    assert found.stack_file.count("# fill in") == 2
    told = "\n".join(texts(found, "billing", "fill in"))
    assert "integrations.billing.projectKey: is required" in told
    assert "integrations.billing.source.version: is required" in told


@cache
def deployed() -> Result:
    """What the program creates from the stack file."""
    return sandbox.run(ROOT, "prod", yaml.safe_load(plan([SHOP], "prod").stack_file)["config"])


def test_every_import_is_a_resource_of_the_program() -> None:
    """Without this, the import would be refused, or `pulumi up` would create a second project beside the old one."""
    types = {each.urn: each.type for each in deployed().resources}
    names = {each.urn: each.name for each in deployed().resources}
    made = {(each.type, each.name, names.get(each.parent or "")) for each in deployed().resources}

    for each in plan([SHOP], "prod").import_list["resources"]:
        if each.get("component"):
            assert (each["type"], each["name"]) in {(types[urn], names[urn]) for urn in types}
        else:
            assert (each["type"], each["name"], each["parent"]) in made


def test_every_difference_of_the_project_is_announced() -> None:
    """Without this, the first preview would hold a surprise for a project that somebody relies on."""
    (made,) = (each.inputs for each in deployed().resources if each.type == PROJECT)
    old_environment, old_source = SHOP["environment"], SHOP["source"]
    differences = {
        "privilegedMode": made["environment"]["privilegedMode"] != old_environment["privilegedMode"],
        "environment.image": made["environment"]["image"] != old_environment["image"],
        "environment.computeType": made["environment"]["computeType"] != old_environment["computeType"],
        "gitCloneDepth": made["source"].get("gitCloneDepth", 0) != old_source["gitCloneDepth"],
        "buildspec": made["source"]["buildspec"] != old_source["buildspec"],
        "sourceVersion": made["sourceVersion"] != SHOP["sourceVersion"],
        "serviceRole": made["serviceRole"] != SHOP["serviceRole"],
        "artifacts": made["artifacts"]["type"] != SHOP["artifacts"]["type"],
        "cache": made["cache"]["type"] != SHOP["cache"]["type"],
        "description": made["description"] != SHOP["description"],
        # The old project named no group, and had neither this tag nor these variables.
        "logsConfig": True,
        "tags": True,
        "environmentVariables": True,
    }

    announced = [
        text.split(": ")[1]
        for text in texts(plan([SHOP], "prod"), SHOP["name"], "changes")
        if text.startswith("project")
    ]
    assert set(announced) == {name for name, differs in differences.items() if differs}


def test_projects_in_another_region_are_left_out() -> None:
    """Without this, the import would look for those projects in the stack's region and fail."""
    other = SHOP | {"name": "other", "arn": SHOP["arn"].replace("us-east-1", "eu-west-1")}

    found = plan([SHOP, other], "prod")
    assert list(entries(found)) == ["shopapi-conviso"]
    assert "one stack is in one region" in texts(found, "other", "left out")[0]


def test_the_region_is_that_of_the_first_project_that_is_taken_over() -> None:
    """Without this, a project that has no entry anyway would keep all others of its list from having one."""
    pipeline = SHOP | {"source": {"type": "NO_SOURCE"}, "arn": SHOP["arn"].replace("us-east-1", "eu-west-1")}

    found = plan([pipeline | {"name": "pipeline"}, SHOP], "prod")
    assert list(entries(found)) == ["shopapi-conviso"]
    assert yaml.safe_load(found.stack_file)["config"]["aws:region"] == "us-east-1"


def test_an_integration_names_a_secret_that_differs_from_the_stacks() -> None:
    """Without this, one project would read the API key of another."""
    variables = [{**SHOP["environment"]["environmentVariables"][0]}, *SHOP["environment"]["environmentVariables"][1:]]
    variables[0]["value"] = variables[0]["value"].replace("appsec/conviso", "other/key")
    other = SHOP | {"name": "other", "environment": SHOP["environment"] | {"environmentVariables": variables}}

    found = entries(plan([SHOP, SHOP | {"name": "same"}, other], "prod"))
    assert "secret" not in found["same"]
    assert found["other"]["secret"] == {
        "existingArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:other/key-AbCdEf",
        "key": "FLOW_API_KEY",
    }
