"""The report that people read after a run."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Any

from sandbox import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.graph import Resource, Result

DETAILED = 10
"""After this many components, the report only counts them; the JSON graph has everything."""


def lines(result: Result) -> Iterator[str]:
    """Yield the lines of the report."""
    children: dict[str | None, list[Resource]] = defaultdict(list)
    known = {resource.urn for resource in result.resources}
    for resource in result.resources:
        children[resource.parent if resource.parent in known else None].append(resource)
    roots = sorted(children[None], key=lambda resource: resource.custom)
    shown = roots[:DETAILED]
    created = sum(resource.custom for resource in result.resources)
    yield f"Stack {result.stack} of {result.project}, in memory: region {result.region}, account {result.account}"
    yield from _section("Notes", iter(result.notes))
    yield from _section("What was made, by type", _counts(result.resources))
    yield from _section(
        f"Resources: {created} in {len(result.resources) - created} components",
        (line for root in shown for line in _tree(root, children)),
        _rest(roots, children),
    )
    for root in shown:
        inside = list(_descendants(root, children))
        yield from _section(f"{root.name}: what its build runs", _builds(inside))
        yield from _section(f"{root.name}: what starts a build", _triggers(inside))
        yield from _section(f"{root.name}: who hears of what", _messages(inside))
        yield from _section(f"{root.name}: what its roles may do", _permissions(inside))
    yield from _section("Stack outputs", _output_lines(result.outputs))
    yield from _section(
        "Checked against AWS's own model, not emulated (calls)",
        iter(result.checked_not_emulated),
    )
    yield from _section("Not checked", iter(result.unchecked))
    yield ""
    yield "Seconds: " + ", ".join(f"{name} {seconds:.2f}" for name, seconds in result.timings.items())


def _section(title: str, body: Iterator[str], rest: str = "") -> Iterator[str]:
    content = list(body)
    if content:
        yield ""
        yield title
        yield from (f"  {line}" for line in content)
        if rest:
            yield f"  {rest}"


def _counts(resources: list[Resource]) -> Iterator[str]:
    counts = Counter(wording.short_type(resource.type) for resource in resources if resource.custom)
    yield from (f"{count:>5} {type_}" for type_, count in sorted(counts.items()))


def _rest(roots: list[Resource], children: dict[str | None, list[Resource]]) -> str:
    hidden = roots[DETAILED:]
    if not hidden:
        return ""
    resources = sum(1 for root in hidden for _ in _descendants(root, children))
    return f"... and {len(hidden)} more components with {resources} resources; --json FILE writes all of them"


def _tree(resource: Resource, children: dict[str | None, list[Resource]], depth: int = 0) -> Iterator[str]:
    left = f"{'  ' * depth}{resource.name}"
    physical = f"  {resource.physical_name}" if resource.physical_name else ""
    yield f"{left:<32} {wording.short_type(resource.type):<46}{physical}".rstrip()
    for child in children[resource.urn]:
        yield from _tree(child, children, depth + 1)


def _descendants(resource: Resource, children: dict[str | None, list[Resource]]) -> Iterator[Resource]:
    if resource.custom:
        yield resource
    for child in children[resource.urn]:
        yield from _descendants(child, children)


def _builds(resources: list[Resource]) -> Iterator[str]:
    for resource in resources:
        if resource.type == "aws:codebuild/project:Project":
            yield str(resource.physical_name)
            yield from (f"  {line}" for line in wording.build(resource))


def _triggers(resources: list[Resource]) -> Iterator[str]:
    """Yield what starts the build of a component; nothing for a component without a build."""
    tells = {rule.urn for rule, _ in _messages_of(resources)}
    found: list[str] = []
    for resource in resources:
        if resource.urn not in tells and (describe := wording.TRIGGERS.get(resource.type)):
            found += describe(resource)
    if not found and any(resource.type == "aws:codebuild/project:Project" for resource in resources):
        yield "nothing here: a person or a pipeline starts it"
    yield from found


def _messages(resources: list[Resource]) -> Iterator[str]:
    """Yield what a component publishes to a topic, and who has subscribed to it."""
    for rule, target in _messages_of(resources):
        yield from wording.event_rule(rule)
        yield from wording.message(target)
    for resource in resources:
        if resource.type == "aws:sns/topicSubscription:TopicSubscription":
            yield f"to {resource.inputs.get('endpoint')} by {resource.inputs.get('protocol')}"


def _messages_of(resources: list[Resource]) -> Iterator[tuple[Resource, Resource]]:
    """Yield each rule that publishes to a topic, with its target."""
    rules = {resource.physical_name: resource for resource in resources if resource.type == wording.EVENT_RULE}
    for resource in resources:
        if resource.type == "aws:cloudwatch/eventTarget:EventTarget" and ":sns:" in str(resource.inputs.get("arn")):
            rule = rules.get(resource.inputs.get("rule"))
            if rule is not None:
                yield rule, resource


def _permissions(resources: list[Resource]) -> Iterator[str]:
    for resource in resources:
        if resource.type == "aws:iam/rolePolicy:RolePolicy":
            yield str(resource.inputs.get("role"))
            yield from (f"  {line}" for line in wording.permissions(resource.inputs.get("policy")))


def _output_lines(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield nested maps as indented lines; of a long map of maps, only the first entries."""
    indent = "  " * depth
    for key, child in islice(value.items(), DETAILED if _is_long(value) else None):
        if isinstance(child, dict):
            yield f"{indent}{key}:"
            yield from _output_lines(child, depth + 1)
        else:
            yield f"{indent}{key}: {_text(child)}"
    if _is_long(value):
        yield f"{indent}... and {len(value) - DETAILED} more"


def _is_long(value: dict[str, Any]) -> bool:
    return len(value) > DETAILED and all(isinstance(child, dict) for child in value.values())


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "-"
    return "-" if value is None else str(value)
