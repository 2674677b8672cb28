"""Measures the program's cost in `make sandbox`, compared with the same number and types of plain resources."""

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from benchmarks.measure import Command, Cost, in_turn, median
from sandbox import run
from sandbox.graph import Resource

ROOT = Path(__file__).resolve().parent.parent
BASELINE = Path(__file__).with_name("baseline_program.py")
_CONNECTION = "arn:aws:codeconnections:us-east-1:123456789012:connection/1f0c2d3e-4b5a-4c6d-8e7f-901234567890"
_AUTO_NAMED = {
    "aws:cloudwatch/eventRule:EventRule": "name",
    "aws:iam/role:Role": "name",
    "aws:s3/bucket:Bucket": "bucket",
}


def compare(count: int, rounds: int, scratch: Path) -> dict[str, Cost]:
    """Return the costs of the `program` and of the `baseline` for a stack of `count` integrations."""
    program, baseline = scratch / f"program-{count}", scratch / f"baseline-{count}"
    for folder in (program, baseline):
        folder.mkdir()
        shutil.copy(ROOT / "Pulumi.yaml", folder)
        (folder / "Pulumi.bench.yaml").write_text(yaml.safe_dump({"config": stack_config(count)}))
    shutil.copy(ROOT / "__main__.py", program)
    shutil.copy(BASELINE, baseline / "__main__.py")
    (baseline / "resources.json").write_text(json.dumps(resources_of(program)))
    line = [sys.executable, "-m", "sandbox", "--stack", "bench"]
    environment = {"PYTHONPATH": str(ROOT)}
    commands = {"baseline": Command(line, baseline, environment), "program": Command(line, program, environment)}
    return {name: median(costs) for name, costs in in_turn(commands, rounds).items()}


def stack_config(count: int) -> dict[str, Any]:
    """Return a stack of `count` integrations, of three kinds in turn."""
    integrations = {f"service-{number:04}": _KINDS[number % 3](number) for number in range(count)}
    return {"aws:region": "us-east-1", "conviso-codebuild:integrations": integrations}


def _named(resource: Resource) -> Mapping[str, Any]:
    """Return the inputs with the physical name in place of its prefix."""
    if resource.type not in _AUTO_NAMED:
        return resource.inputs
    name = _AUTO_NAMED[resource.type]
    inputs = {key: value for key, value in resource.inputs.items() if key != f"{name}Prefix"}
    return {name: resource.physical_name, **inputs}


def resources_of(project: Path) -> list[Mapping[str, Any]]:
    """Return every resource that the program creates for the stack, each after those that it depends on."""
    return [
        {
            "urn": each.urn,
            "type": each.type,
            "name": each.name,
            # Generated names depend on the parent, and the baseline's resources have none.
            "inputs": _named(each),
            "dependencies": each.dependencies,
        }
        for each in run(project, "bench").resources
        if each.custom
    ]


def _github(number: int) -> dict[str, Any]:
    return {
        "projectKey": f"key{number}",
        "source": {
            "provider": "github",
            "repository": f"https://github.com/acme/service-{number}.git",
            "version": "main",
            "auth": {"connectionArn": _CONNECTION},
        },
        "tags": {"owner": "appsec"},
    }


def _codecommit(number: int) -> dict[str, Any]:
    return {
        "projectKey": f"key{number}",
        "source": {"provider": "codecommit", "repository": f"service-{number}", "version": "main"},
        "review": {"strategy": "tags-by-version"},
        "scans": {"iac": True},
    }


def _s3(number: int) -> dict[str, Any]:
    return {
        "projectKey": f"key{number}",
        "source": {"provider": "s3", "bucket": "acme-sources", "key": f"service-{number}.zip"},
        "logs": {"destination": "both", "retentionDays": 30},
    }


_KINDS = (_github, _codecommit, _s3)
