"""The graph of a run as JSON for programs, and as a Mermaid flowchart for people."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sandbox.wording import short_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.graph import Resource, Result


def as_json(result: Result) -> str:
    """Return the whole graph; two runs of the same program and configuration return the same text."""
    graph = {
        "project": result.project,
        "stack": result.stack,
        "region": result.region,
        "account": result.account,
        "resources": [_resource(resource) for resource in result.resources],
        "problems": [vars(problem) for problem in result.problems],
        "outputs": result.outputs,
        "checkedNotEmulated": result.checked_not_emulated,
        "unchecked": result.unchecked,
        "notes": result.notes,
    }
    return json.dumps(graph, indent=2, ensure_ascii=False) + "\n"


def _resource(resource: Resource) -> dict[str, Any]:
    return {
        "urn": resource.urn,
        "type": resource.type,
        "name": resource.name,
        "physicalName": resource.physical_name,
        "id": resource.id,
        "custom": resource.custom,
        "parent": resource.parent,
        "dependencies": list(resource.dependencies),
        "deleteBeforeReplace": resource.delete_before_replace,
        "replacementTrigger": resource.replacement_trigger,
        "inputs": resource.inputs,
        "outputs": resource.outputs,
    }


def as_mermaid(result: Result) -> str:
    """Return a flowchart with a box for each component, and an arrow from each resource to those that it depends on."""
    made = [resource for resource in result.resources if resource.custom]
    numbers = {resource.urn: f"r{index}" for index, resource in enumerate(made)}
    components = {resource.urn: resource for resource in result.resources if not resource.custom}
    by_component: dict[str | None, list[Resource]] = defaultdict(list)
    for resource in made:
        by_component[resource.parent if resource.parent in components else None].append(resource)
    lines = ["flowchart LR"]
    for index, (urn, component) in enumerate(components.items()):
        lines.append(f'  subgraph c{index}["{_label(component.name)}: {short_type(component.type)}"]')
        lines += [f"    {_node(resource, numbers)}" for resource in by_component[urn]]
        lines.append("  end")
    lines += [f"  {_node(resource, numbers)}" for resource in by_component[None]]
    lines += [f"  {numbers[start]} --> {numbers[end]}" for start, end in _edges(made)]
    return "\n".join(lines) + "\n"


def _node(resource: Resource, numbers: dict[str, str]) -> str:
    label = _label(resource.physical_name or resource.name)
    return f'{numbers[resource.urn]}["{short_type(resource.type)}<br/>{label}"]'


def _label(text: str) -> str:
    return text.replace('"', "#quot;")


def _edges(resources: list[Resource]) -> Iterator[tuple[str, str]]:
    """Yield the dependencies that do not follow from others, because all of them would hide the few that matter."""
    reachable: dict[str, set[str]] = {}
    for resource in resources:  # in the order of their creation, so that each comes after its dependencies
        needs = [urn for urn in resource.dependencies if urn in reachable]
        beyond = set().union(*(reachable[urn] for urn in needs))
        reachable[resource.urn] = beyond.union(needs)
        yield from ((resource.urn, urn) for urn in needs if urn not in beyond)
