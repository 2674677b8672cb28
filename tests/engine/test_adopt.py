"""Existing projects on a real engine: one import, and a preview that shows what `adopt` announced."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import yaml

from fleet.__main__ import main
from fleet.adopt import plan
from fleet.adopt import read as read_projects
from tests.engine.project import Steps
from tests.fleet.test_adopt import PROJECTS

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.engine.project import Project

SHOP = dict(read_projects(PROJECTS).projects[0])


def put_into_account(project: Project, imports: list[dict[str, Any]]) -> None:
    """Put the resources to import into the account, with the inputs that the provider would read."""
    source, environment = SHOP["source"], SHOP["environment"]
    inputs = {
        "aws:codebuild/project:Project": {
            "name": SHOP["name"],
            "description": SHOP["description"],
            "artifacts": {"type": "S3", "location": "acme-artifacts"},
            "environment": {key: environment[key] for key in ("type", "image", "computeType", "privilegedMode")},
            "source": {key: source[key] for key in ("type", "location", "buildspec", "gitCloneDepth")},
            "sourceVersion": SHOP["sourceVersion"],
            "serviceRole": SHOP["serviceRole"],
            "tags": {"team": "shop"},
        },
        "aws:codebuild/webhook:Webhook": {"projectName": SHOP["name"]},
        "aws:cloudwatch/logGroup:LogGroup": {"name": f"/aws/codebuild/{SHOP['name']}"},
        "aws:secretsmanager/secret:Secret": {"name": "appsec/conviso"},
    }
    for each in imports:
        if "id" in each:
            given = inputs[each["type"]]
            project.account.keep(each["type"], each["id"], given, {**given, "arn": each["id"]})


def test_after_one_import_the_preview_shows_what_adopt_announced(project: Project) -> None:
    """Without this, you learn in a real account that a name or a parent in the import file is wrong."""
    found = plan([SHOP], "prod")
    put_into_account(project, found.import_list["resources"])
    (project.folder / "import.json").write_text(json.dumps(found.import_list))
    stack = project.stack("prod", yaml.safe_load(found.stack_file)["config"])

    options = ["--protect=false", "--generate-code=false", "--yes", "--non-interactive"]
    done = subprocess.run(
        ["pulumi", "import", "--stack", "prod", "--file", "import.json", *options],
        cwd=project.folder,
        env={**project.environment, "PULUMI_HOME": str(project.cli.home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    steps = Steps()
    stack.preview(on_event=steps)

    assert steps.changes == {
        "create": {"shopapi-conviso-role"},
        "update": {"conviso-secret", *(f"shopapi-conviso-{each}" for each in ("logs", "project", "webhook"))},
    }


def test_the_printed_steps_work_as_they_stand(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, one of the commands that `adopt` tells you to run could fail, or do nothing."""
    monkeypatch.chdir(project.folder)
    without_branch = {key: value for key, value in SHOP.items() if key not in {"sourceVersion", "webhook"}}
    variables = [each for each in SHOP["environment"]["environmentVariables"] if each["name"] != "FLOW_API_KEY"]
    old = without_branch | {"environment": SHOP["environment"] | {"environmentVariables": variables}}
    out, printed = tmp_path / "for review", tmp_path / "old.json"
    out.mkdir()
    printed.write_text(json.dumps({"projects": [old]}))

    main(["adopt", str(printed), "--stack", "legacy", "--out", str(out)])
    steps = [line.strip() for line in capsys.readouterr().out.partition("Written: ")[2].splitlines()[1:]]
    stack_file = out / "Pulumi.legacy.yaml"
    stack_file.write_text(stack_file.read_text().replace("# fill in", "main"))
    put_into_account(project, json.loads((out / "import.legacy.json").read_text())["resources"])
    environment = {
        **project.environment,
        "PULUMI_HOME": str(project.cli.home),
        "PULUMI_SKIP_CONFIRMATIONS": "true",  # in place of the person who answers the import's question
    }
    for step in steps:
        done = subprocess.run(
            ["/bin/sh", "-c", step], env=environment, input="made-up-key\n", capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{step}\n{done.stdout}{done.stderr}"

    assert len(steps) == 5
    assert "shopapi-conviso-project" in done.stdout
