"""Describes resources in words: what a build runs, what a role may do, and what starts a build."""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sandbox import policy_grammar, product
from sandbox.product import yaml_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sandbox.graph import Resource


_WRITTEN = re.compile(r"cat >(\S+) <<'?\w+'?\n(.*)", re.DOTALL)
"""A command that writes a file, and the file's text."""
_RUN = re.compile(r"bash (\S+) (\w+)")
"""The run of a script with the name of one of its phases."""


def short_type(type_: str) -> str:
    """Return `codebuild Project` for `aws:codebuild/project:Project`, and the class for the type of a component."""
    package, module, name = [*type_.split(":"), "", ""][:3]
    return f"{module.split('/')[0]} {name}" if package == "aws" else name or type_


def build(project: Resource) -> Iterator[str]:
    """Yield what the project builds, and what it runs."""
    source = project.inputs.get("source", {})
    environment = project.inputs.get("environment", {})
    version = project.inputs.get("sourceVersion")
    yield f"source: {source.get('type')} {source.get('location', '')}{f' at {version}' if version else ''}"
    yield f"machine: {environment.get('computeType')}, {environment.get('image')}"
    for variable in environment.get("environmentVariables", []):
        yield f"variable: {variable.get('name')} = {variable.get('value')} ({variable.get('type', 'PLAINTEXT')})"
    yield from _steps(str(source.get("buildspec", "")))


def _steps(buildspec: str) -> Iterator[str]:
    if buildspec.startswith("arn:"):
        yield f"runs the object {buildspec}; --buildspec NAME prints it"
        return
    if "\n" not in buildspec:
        yield f"runs the file {buildspec or 'buildspec.yml'} of the source; --buildspec NAME prints what it should hold"
        return
    try:
        document = yaml_reader.read(buildspec)
    except yaml_reader.YamlError as error:
        yield f"the buildspec is not valid YAML: {error}"
        return
    phases = document.get("phases", {}) if isinstance(document, dict) else {}
    files: dict[str, list[str]] = {}
    for name, phase in phases.items():
        yield f"{name}:"
        for command in policy_grammar.as_list(phase.get("commands")):
            yield from (f"  {line}" for line in _shown_lines(str(command).strip(), files))


def _shown_lines(command: str, files: dict[str, list[str]]) -> Iterator[str]:
    """Yield a command of one line unchanged, and of a script only the commands of the client, where the script runs.

    `files` holds the client's commands of each script that the build has written, by its path. A command that writes a
    script adds an entry.
    """
    if written := _WRITTEN.match(command):
        files[written[1]] = list(client_commands(written[2]))
    elif "\n" in command:
        yield from client_commands(command)
    else:
        yield command
        if run := _RUN.match(command):
            yield from (f"  {line}" for line in files.get(run[1], []) if product.runs_in(line, run[2]))


def client_commands(script: str) -> Iterator[str]:
    """Yield the command lines in a shell script that are worth showing."""
    for line in script.replace("\\\n", " ").splitlines():
        if not line.lstrip().startswith("#"):
            yield from (" ".join(match.split()) for match in product.CLIENT_COMMAND.findall(line))


def permissions(document: Any) -> Iterator[str]:
    """Yield the actions of each statement of a policy, each followed by its resources and conditions."""
    try:
        parsed = json.loads(document)
    except (TypeError, ValueError):
        return
    for statement in policy_grammar.statements(parsed):
        verb = "may not" if statement.get("Effect") == "Deny" else "may"
        yield f"{verb} {_listed(policy_grammar.as_list(statement.get('Action')))}"
        yield from (f"  on {resource}" for resource in policy_grammar.as_list(statement.get("Resource")))
        yield from (f"  if {condition}" for condition in _conditions(statement.get("Condition")))


def _listed(names: Iterable[Any]) -> str:
    """Name the service once: `logs:CreateLogStream, PutLogEvents`."""
    shown, last = [], ""
    for each in map(str, names):
        service, _, name = each.partition(":")
        shown.append(name if service == last else each)
        last = service
    return ", ".join(shown)


def _conditions(condition: Any) -> Iterator[str]:
    """Yield one line for each operator and value, with all keys that are compared in this way."""
    for operator, keys in condition.items() if isinstance(condition, dict) else ():
        for value, alike in groupby(keys, key=keys.get):
            yield f"{_listed(alike)} {operator} {' or '.join(map(str, policy_grammar.as_list(value)))}"


def webhook(resource: Resource) -> Iterator[str]:
    """Yield one line for each filter group, any of which starts a build, and one for who approves pull requests."""
    for group in resource.inputs.get("filterGroups", []):
        filters = group.get("filters", [])
        events = [str(entry.get("pattern")) for entry in filters if entry.get("type") == "EVENT"]
        tests = [
            f"{entry.get('type')} {'does not match' if entry.get('excludeMatchedPattern') else 'matches'} "
            f"{entry.get('pattern')}"
            for entry in filters
            if entry.get("type") != "EVENT"
        ]
        yield f"webhook: {', '.join(events)}{' where ' if tests else ''}{' and '.join(tests)}"
    policy = resource.inputs.get("pullRequestBuildPolicy")
    if policy:
        approvers = " or ".join(policy.get("approverRoles", []))
        yield f"  {policy.get('requiresCommentApproval')} wait for a comment of {approvers}"


def event_rule(resource: Resource) -> Iterator[str]:
    """Yield what an EventBridge rule waits for."""
    try:
        pattern = json.loads(resource.inputs.get("eventPattern", ""))
    except ValueError:
        return
    yield "event"
    yield from (f"  {test}" for test in _event_tests(pattern))


def schedule(resource: Resource) -> Iterator[str]:
    """Yield when a schedule starts a build."""
    window = resource.inputs.get("flexibleTimeWindow", {}).get("maximumWindowInMinutes")
    spread = f", spread over {window} minutes" if window else ""
    zone = resource.inputs.get("scheduleExpressionTimezone", "UTC")
    yield f"schedule: {resource.inputs.get('scheduleExpression')} {zone}{spread}"


def message(target: Resource) -> Iterator[str]:
    """Yield the text that a rule sends, with its placeholders."""
    template = str(target.inputs.get("inputTransformer", {}).get("inputTemplate", ""))
    yield from (f"  > {line.strip(chr(34))}" for line in template.splitlines())


def _event_tests(pattern: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in pattern.items():
        if isinstance(value, dict):
            yield from _event_tests(value, f"{prefix}{key}.")
        else:
            words = [entry if isinstance(entry, str) else json.dumps(entry) for entry in policy_grammar.as_list(value)]
            yield f"{prefix}{key} is {' or '.join(words)}"


EVENT_RULE = "aws:cloudwatch/eventRule:EventRule"
TRIGGERS: Mapping[str, Callable[[Resource], Iterator[str]]] = {
    "aws:codebuild/webhook:Webhook": webhook,
    EVENT_RULE: event_rule,
    "aws:scheduler/schedule:Schedule": schedule,
}
"""The function that describes how a resource of this type starts a build."""
