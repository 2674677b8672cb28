"""The baseline: a Pulumi program that creates the resources in `resources.json` from plain values."""

import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pulumi

# Maps whose keys come from the user and not from the provider.
_DATA = {"tags", "input_paths"}


def snake(name: str) -> str:
    """Convert `camelCase` to the names in the Python SDK."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def arguments(value: Any) -> Any:
    """Convert registered inputs to the keyword arguments that produce them."""
    if isinstance(value, list):
        return [arguments(each) for each in value]
    if isinstance(value, dict):
        return {snake(key): each if snake(key) in _DATA else arguments(each) for key, each in value.items()}
    return value


made: dict[str, pulumi.Resource] = {}
for resource in json.loads(Path("resources.json").read_text(encoding="utf-8")):
    package, module, class_name = resource["type"].split(":")
    home = import_module(f"pulumi_{package}.{module.split('/')[0]}")
    needed = [made[urn] for urn in resource["dependencies"] if urn in made]
    made[resource["urn"]] = getattr(home, class_name)(
        resource["name"], **arguments(resource["inputs"]), opts=pulumi.ResourceOptions(depends_on=needed)
    )
