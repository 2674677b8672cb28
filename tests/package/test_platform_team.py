"""`examples/platform_team` reads what a stack of this program exports, with the library of the wheel."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import sandbox
from tests.package.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PROD = "organization/conviso-codebuild/prod"
TOPIC = "arn:aws:sns:us-east-1:123456789012:platform"

RUN = """
import json, sys
from pathlib import Path
import sandbox
from sandbox.export import as_json

given = json.load(sys.stdin)
try:
    print(as_json(sandbox.run(Path.cwd(), "prod", stack_outputs=given)))
except sandbox.SandboxError as error:
    print(json.dumps({"refused": str(error)}))
"""


@pytest.fixture(scope="module")
def exported() -> dict[str, Any]:
    """What the stack `prod` of this repository exports."""
    result = sandbox.run(ROOT, "prod")
    assert result.ok, result.problems
    return result.outputs


def run(installed: Path, folder: Path, outputs: dict[str, Any], **config: Any) -> dict[str, Any]:
    """What the sandbox makes of the example, in a folder where nothing of this repository is at hand."""
    program = shutil.copytree(ROOT / "examples" / "platform_team", folder / "platform_team")
    values = {"reviewStack": PROD, "repositories": [*outputs["integrations"]], "topicArn": TOPIC, **config}
    stack = {"aws:region": "us-east-1", **{f"review-watch:{key}": value for key, value in values.items()}}
    (program / "Pulumi.prod.yaml").write_text(yaml.safe_dump({"config": stack}))
    done = subprocess.run(
        [installed, "-c", RUN],
        cwd=program,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=json.dumps({PROD: outputs}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_repository_has_an_alarm_on_its_own_project(
    installed: Path, tmp_path: Path, exported: dict[str, Any]
) -> None:
    """Without it, an alarm watches a project that does not exist, and so goes off or stays silent for ever."""
    graph = run(installed, tmp_path, exported)
    projects = {name: entry["projectName"] for name, entry in exported["integrations"].items()}
    alarms = [each["inputs"] for each in graph["resources"] if each["type"].endswith(":MetricAlarm")]

    assert graph["problems"] == []
    assert graph["outputs"]["watched"] == projects
    assert Counter(each["dimensions"]["ProjectName"] for each in alarms) == Counter(projects.values())
    for each in alarms:
        assert each["metricName"] == "SucceededBuilds"
        assert each["treatMissingData"] == "breaching"
        assert each["alarmActions"] == [TOPIC]
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
        assert each["period"] * each["evaluationPeriods"] == 7 * 24 * 60 * 60


def test_the_dashboard_has_a_line_for_each_repository(
    installed: Path, tmp_path: Path, exported: dict[str, Any]
) -> None:
    graph = run(installed, tmp_path, exported)
    (dashboard,) = [each for each in graph["resources"] if each["type"].endswith(":Dashboard")]

    body = json.loads(dashboard["inputs"]["dashboardBody"])
    names = {name: entry["projectName"] for name, entry in exported["integrations"].items()}
    for widget in body["widgets"]:
        lines = widget["properties"]["metrics"]
        assert {line[-1]["label"]: line[3] for line in lines} == names


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"quietDays": 8}, "quietDays must be 1 to 7: a CloudWatch alarm looks back no further"),
        ({"repositories": ["shop-app"]}, f"stack {PROD} has no integration shop-app"),
    ],
)
def test_a_mistake_is_told_without_a_stack_trace(
    installed: Path, tmp_path: Path, exported: dict[str, Any], config: dict[str, Any], message: str
) -> None:
    graph = run(installed, tmp_path, exported, **config)

    assert message in (graph.get("refused") or str(graph["problems"]))
