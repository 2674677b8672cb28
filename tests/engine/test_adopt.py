"""Existing projects on a real engine: one import, and a preview that shows what `adopt` announced."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import yaml

from fleet.adopt import plan
from fleet.adopt import read as read_projects
from tests.engine.project import Steps
from tests.fleet.test_adopt import PROJECTS

if TYPE_CHECKING:
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
