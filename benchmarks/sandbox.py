"""What our code costs in `make sandbox`: against bare pulumi-aws resources, as many and of the same kinds."""

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
FLOOR = Path(__file__).with_name("floor_program.py")
_CONNECTION = "arn:aws:codeconnections:us-east-1:123456789012:connection/1f0c2d3e-4b5a-4c6d-8e7f-901234567890"
_AUTO_NAMED = {
    "aws:cloudwatch/eventRule:EventRule": "name",
    "aws:iam/role:Role": "name",
    "aws:s3/bucket:Bucket": "bucket",
}


def compare(count: int, rounds: int, scratch: Path) -> dict[str, Cost]:
    """The costs of `ours` and of the `floor` for a stack of `count` integrations."""
    ours, floor = scratch / f"ours-{count}", scratch / f"floor-{count}"
    for folder in (ours, floor):
        folder.mkdir()
        shutil.copy(ROOT / "Pulumi.yaml", folder)
        (folder / "Pulumi.bench.yaml").write_text(yaml.safe_dump({"config": stack_config(count)}))
    shutil.copy(ROOT / "__main__.py", ours)
    shutil.copy(FLOOR, floor / "__main__.py")
    (floor / "resources.json").write_text(json.dumps(resources_of(ours)))
    line = [sys.executable, "-m", "sandbox", "--stack", "bench"]
    environment = {"PYTHONPATH": str(ROOT)}
    commands = {"floor": Command(line, floor, environment), "ours": Command(line, ours, environment)}
    return {name: median(costs) for name, costs in in_turn(commands, rounds).items()}


def stack_config(count: int) -> dict[str, Any]:
    """A stack of `count` integrations, of three kinds in turn."""
    integrations = {f"service-{number:04}": _KINDS[number % 3](number) for number in range(count)}
    return {"aws:region": "us-east-1", "conviso-codebuild:integrations": integrations}


def _named(resource: Resource) -> Mapping[str, Any]:
    """The inputs, with the physical name in place of its prefix."""
    if resource.type not in _AUTO_NAMED:
        return resource.inputs
    name = _AUTO_NAMED[resource.type]
    inputs = {key: value for key, value in resource.inputs.items() if key != f"{name}Prefix"}
    return {name: resource.physical_name, **inputs}


def resources_of(project: Path) -> list[Mapping[str, Any]]:
    """What is known of every resource that our program makes for the stack, each after those that it needs."""
    return [
        {
            "urn": each.urn,
            "type": each.type,
            "name": each.name,
            # An auto-name follows from the resource's place in the tree, where the floor has another.
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
