"""`examples/platform_team` reads the outputs of a stack of this program, with the library from the wheel."""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

import sandbox
from tests.package.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sandbox.graph import Result

PROD = "organization/conviso-codebuild/prod"
TOPIC = "arn:aws:sns:us-east-1:123456789012:platform"


@pytest.fixture(scope="module")
def exported() -> dict[str, Any]:
    """Return the outputs of the stack `prod` of this repository."""
    result = sandbox.run(ROOT, "prod")
    assert result.ok, result.problems
    return result.outputs


@pytest.fixture(scope="module")
def run(library: Path, tmp_path_factory: pytest.TempPathFactory, exported: dict[str, Any]) -> Callable[..., Result]:
    """Return a function that runs the example in the sandbox, with the library from the wheel."""
    del library
    program = shutil.copytree(ROOT / "examples" / "platform_team", tmp_path_factory.mktemp("team") / "platform_team")
    defaults = {"reviewStack": PROD, "repositories": [*exported["integrations"]], "topicArn": TOPIC}

    def made(**config: Any) -> Result:
        values = {f"review-watch:{key}": value for key, value in {**defaults, **config}.items()}
        stack = {"aws:region": "us-east-1", **values}
        return sandbox.run(program, "prod", stack, stack_outputs={PROD: exported})

    return made


@pytest.fixture(scope="module")
def graph(run: Callable[..., Result]) -> Result:
    """Return the result of the example for all repositories of the stack."""
    return run()


def test_the_example_uses_the_library_of_the_wheel(graph: Result, library: Path) -> None:
    """Without this, the example may rely on a file of this repository that the wheel lacks."""
    del graph
    assert sys.modules["conviso_codebuild.reader"].__file__ == str(library / "reader.py")


def test_every_repository_has_an_alarm_on_its_own_project(graph: Result, exported: dict[str, Any]) -> None:
    """Without this, an alarm watches a project that does not exist, and so always or never goes off."""
    projects = {name: entry["projectName"] for name, entry in exported["integrations"].items()}
    alarms = [each.inputs for each in graph.resources if each.type.endswith(":MetricAlarm")]

    assert graph.problems == []
    assert graph.outputs["watched"] == projects
    assert Counter(each["dimensions"]["ProjectName"] for each in alarms) == Counter(projects.values())
    for each in alarms:
        assert each["metricName"] == "SucceededBuilds"
        assert each["treatMissingData"] == "breaching"
        assert each["alarmActions"] == [TOPIC]
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
        assert each["period"] * each["evaluationPeriods"] == 7 * 24 * 60 * 60


def test_the_dashboard_has_a_line_for_each_repository(graph: Result, exported: dict[str, Any]) -> None:
    """Without this, the dashboard omits a repository, or shows it under another name."""
    (dashboard,) = [each for each in graph.resources if each.type.endswith(":Dashboard")]

    body = json.loads(dashboard.inputs["dashboardBody"])
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
def test_a_mistake_is_reported_without_a_stack_trace(
    run: Callable[..., Result], config: dict[str, Any], message: str
) -> None:
    """Without this, a team has to read the library to find the mistake in its configuration."""
    with pytest.raises(sandbox.SandboxError) as raised:
        run(**config)
    assert str(raised.value).startswith(message)
