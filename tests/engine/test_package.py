"""The component package on a real engine: its schema, and a program that uses it by its token alone."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from pulumi import automation

from tests.components.building import PROJECT
from tests.config import samples
from tests.engine.project import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.project import Project

# Like the SDK that Pulumi generates for the package, for the one output that is looked at.
PROGRAM = """
import json
import pulumi

class ConvisoIntegration(pulumi.ComponentResource):
    def __init__(self, name, inputs):
        super().__init__("conviso:index:ConvisoIntegration", name, {**inputs, "projectName": None}, remote=True)

inputs = json.loads(pulumi.Config().require("inputs"))
pulumi.export("project", ConvisoIntegration("shop", inputs).projectName)
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package that runs with the Python of these tests, and has the library under its installed name."""
    folder = shutil.copytree(ROOT / "package", tmp_path / "package", ignore=shutil.ignore_patterns(".*"))
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "conviso_codebuild").symlink_to(ROOT / "components")
    return folder


@pytest.fixture
def consumer(project: Project, package: Path) -> Project:
    """A program that has the package, and not the library."""
    consumer = project.beside("consumer", PROGRAM)
    (consumer.folder / "conviso_codebuild").unlink()
    file = consumer.folder / "Pulumi.yaml"
    settings = yaml.safe_load(file.read_text())
    settings["plugins"]["providers"].append({"name": "conviso", "path": str(package)})
    file.write_text(yaml.safe_dump(settings))
    return consumer


def inputs(settings: dict[str, Any]) -> dict[str, str]:
    return {"consumer:inputs": json.dumps({"settings": settings, "secretArn": samples.SECRET})}


def test_a_program_without_the_library_makes_an_integration_and_keeps_it(consumer: Project) -> None:
    """Without it, teams with programs in other languages would be the first to run the package on an engine."""
    stack = consumer.stack("dev", inputs(samples.integration()))

    assert stack.up().outputs["project"].value == "conviso-dev-shop"
    stack.preview(expect_no_changes=True)
    (project,) = (each.rsplit("/", 1)[-1] for each in consumer.account.ids(PROJECT))
    assert project == "conviso-dev-shop"


def test_a_mistake_in_the_settings_is_told_by_its_field_and_without_a_stack_trace(consumer: Project) -> None:
    stack = consumer.stack("dev", inputs(samples.integration(review={"strategy": "git-tre"})))

    with pytest.raises(automation.CommandError) as raised:
        stack.preview()
    assert "settings.review.strategy" in str(raised.value)
    assert "did you mean git-tree?" in str(raised.value)
    assert "integration.py" not in str(raised.value)
