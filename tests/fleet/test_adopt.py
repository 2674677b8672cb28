"""Old projects become entries and a list of imports that fit the program, and whatever is lost is said."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import sandbox
from fleet.__main__ import COULD_NOT_RUN, FINDINGS, FINE, main
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


def test_what_cannot_be_carried_over_is_said_line_by_line() -> None:
    assert texts(everything(), "ShopAPI-conviso", "lost") == [
        "environment: variable NPM_TOKEN of type PARAMETER_STORE",
        "buildspec: variable TEAM of env.variables; plaintext ones can stand in environment.variables",
        "buildspec: command in install: npm ci",
        "buildspec: command in build: curl …",
        "webhook: PULL_REQUEST_CREATED (see triggers.pullRequests)",
        "artifacts: S3 acme-artifacts",
    ]
    assert len(texts(everything(), "from-a-pipeline", "left out")) == 1


def test_a_key_in_plaintext_is_told_and_appears_nowhere() -> None:
    """Without it, a key that the old project held open would be copied into a file that is committed."""
    found = everything()

    assert any("plaintext" in text for text in texts(found, "billing", "lost"))
    assert "pasted" not in f"{found.stack_file}{found.import_list}{found.remarks}"


def test_what_a_person_must_fill_in_is_marked_in_the_file_and_told_in_the_programs_words() -> None:
    found = everything()

    assert found.stack_file.count("# fill in") == 2
    told = "\n".join(texts(found, "billing", "fill in"))
    assert "integrations.billing.projectKey: is required" in told
    assert "integrations.billing.source.version: is required" in told


@cache
def deployed() -> Result:
    """What the program makes of the written stack file."""
    return sandbox.run(ROOT, "prod", yaml.safe_load(plan([SHOP], "prod").stack_file)["config"])


def test_every_import_stands_for_a_resource_of_the_program() -> None:
    """Without it, `pulumi up` would make a second project beside the old one, or refuse the import."""
    types = {each.urn: each.type for each in deployed().resources}
    names = {each.urn: each.name for each in deployed().resources}
    made = {(each.type, each.name, names.get(each.parent or "")) for each in deployed().resources}

    for each in plan([SHOP], "prod").import_list["resources"]:
        if each.get("component"):
            assert (each["type"], each["name"]) in {(types[urn], names[urn]) for urn in types}
        else:
            assert (each["type"], each["name"], each["parent"]) in made


def test_every_difference_of_the_project_is_announced() -> None:
    """Without it, the first preview would hold a surprise, in a project that somebody relies on."""
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


def test_projects_of_another_region_are_left_out() -> None:
    other = SHOP | {"name": "other", "arn": SHOP["arn"].replace("us-east-1", "eu-west-1")}

    found = plan([SHOP, other], "prod")
    assert list(entries(found)) == ["shopapi-conviso"]
    assert "one stack is in one region" in texts(found, "other", "left out")[0]


def test_a_second_secret_is_named_by_its_integration() -> None:
    """Without it, an old project would read the key of another one."""
    variables = [{**SHOP["environment"]["environmentVariables"][0]}, *SHOP["environment"]["environmentVariables"][1:]]
    variables[0]["value"] = variables[0]["value"].replace("appsec/conviso", "other/key")
    other = SHOP | {"name": "other", "environment": SHOP["environment"] | {"environmentVariables": variables}}

    found = entries(plan([SHOP, SHOP | {"name": "same"}, other], "prod"))
    assert "secret" not in found["same"]
    assert found["other"]["secret"] == {
        "existingArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:other/key-AbCdEf",
        "key": "FLOW_API_KEY",
    }


def test_the_command_writes_two_files_and_overwrites_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["adopt", str(PROJECTS), "--stack", "old", "--out", str(tmp_path)]

    assert main(arguments) == FINDINGS
    assert "pulumi import --stack old --file" in capsys.readouterr().out
    assert json.loads((tmp_path / "import.old.json").read_text()) == everything().import_list
    (tmp_path / "Pulumi.old.yaml").unlink()
    assert main(arguments) == COULD_NOT_RUN
    assert "is left as it is" in capsys.readouterr().err
    assert not (tmp_path / "Pulumi.old.yaml").exists()


def test_the_page_shows_what_the_command_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without it, the example on the page would show messages that nobody sees."""
    main(["adopt", str(PROJECTS), "--stack", "old", "--out", str(tmp_path)])
    table, _, _ = capsys.readouterr().out.partition("\nWritten")

    page = (ROOT / "docs" / "fleet.md").read_text().splitlines()
    assert [line for line in table.splitlines() if line not in page] == []


def test_a_project_that_loses_nothing_is_fine(tmp_path: Path) -> None:
    keyed = [each for each in SHOP["environment"]["environmentVariables"] if each["name"] != "NPM_TOKEN"]
    text = "version: 0.2\nphases:\n  build:\n    commands:\n      - conviso sca run\n"
    plain = SHOP | {"artifacts": {"type": "NO_ARTIFACTS"}, "source": SHOP["source"] | {"buildspec": text}}
    plain |= {"environment": SHOP["environment"] | {"environmentVariables": keyed}}
    del plain["webhook"]
    (tmp_path / "projects.json").write_text(json.dumps({"projects": [plain]}))

    assert main(["adopt", str(tmp_path / "projects.json"), "--stack", "new", "--out", str(tmp_path)]) == FINE


def test_a_project_that_codebuild_does_not_know_is_left_out_by_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without it, a misspelled name would be a project that nobody takes over."""
    printed = json.loads(PROJECTS.read_text()) | {"projectsNotFound": ["biling"]}
    (tmp_path / "projects.json").write_text(json.dumps(printed))

    main(["adopt", str(tmp_path / "projects.json"), "--stack", "new", "--out", str(tmp_path), "--json"])
    assert {"project": "biling", "kind": "left out", "text": "CodeBuild has no project with this name"} in json.loads(
        capsys.readouterr().out
    )


@pytest.mark.parametrize(
    "text", ["[]", "{}", "nonsense", '{"projects": []}', '{"projects": [{"name": "x"}]}', '{"projects": [1]}']
)
def test_a_file_that_holds_no_projects_is_a_message(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "projects.json").write_text(text)

    assert main(["adopt", str(tmp_path / "projects.json"), "--stack", "new", "--out", str(tmp_path)]) == COULD_NOT_RUN
    assert "projects.json" in capsys.readouterr().err
