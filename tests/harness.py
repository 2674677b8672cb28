"""Runs a program on the sandbox's engine, and records everything that it registers.

Tests inspect the graph after the program has ended: only then can they see what is missing, and an assertion inside
`apply` never runs if the value is unknown.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from components.aws.location import AwsLocation
from sandbox import engine
from sandbox.graph import reveal
from sandbox.stack_file import EngineConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

HERE = AwsLocation(partition="aws", dns_suffix="amazonaws.com", region="us-east-1", account="123456789012")
CHINA = AwsLocation(partition="aws-cn", dns_suffix="amazonaws.com.cn", region="cn-north-1", account="123456789012")
GOVERNMENT = AwsLocation(
    partition="aws-us-gov", dns_suffix="amazonaws.com", region="us-gov-west-1", account="123456789012"
)

_SERVICES = {"Project": "codebuild", "Secret": "secretsmanager"}
"""The services in the ARNs of the resource types whose ARNs the program uses."""


@dataclass(frozen=True, kw_only=True)
class Registered(engine.Registration):
    """A resource as the program registered it; secret inputs are unwrapped, and listed in `secret_inputs`."""

    secret_inputs: frozenset[str]


@dataclass
class Graph:
    """The resources that a program registered, its exports, and its log messages."""

    resources: list[Registered] = field(default_factory=list)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The outputs that components registered, by URN."""
    exports: dict[str, Any] = field(default_factory=dict)
    secret_exports: frozenset[str] = frozenset()
    messages: list[str] = field(default_factory=list)
    stacks_read: list[str] = field(default_factory=list)
    """The other stacks whose outputs the program read, once for each read."""

    def types(self) -> Counter[str]:
        """Return the number of resources of each type."""
        return Counter(each.type for each in self.resources)

    def of(self, type_: str) -> list[Registered]:
        """Return all resources of a type, in the order of their registration."""
        return [each for each in self.resources if each.type == type_]

    def one(self, type_: str, name: str | None = None) -> Registered:
        """Return the only resource with a type, or with a type and logical name."""
        (found,) = (each for each in self.of(type_) if name is None or each.name == name)
        return found

    def waits_for(self, resource: Registered) -> list[Registered]:
        """Return every resource that this one depends on, directly or through others."""
        by_urn = {each.urn: each for each in self.resources}
        found: dict[str, Registered] = {}
        pending = [resource]
        while pending:
            for urn in pending.pop().dependencies:
                if urn in by_urn and urn not in found:
                    found[urn] = by_urn[urn]
                    pending.append(by_urn[urn])
        return list(found.values())


@dataclass(frozen=True, kw_only=True)
class World:
    """The surroundings of a program: its project, stack and configuration, and the answers of AWS."""

    project: str = "conviso-codebuild"
    stack: str = "dev"
    config: Mapping[str, str] = field(default_factory=dict)
    secret_keys: Collection[str] = ()
    location: AwsLocation = HERE
    invokes: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    """Answers to data sources other than the three that tell the stack's location."""
    preview: bool = False
    stack_outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The outputs of other stacks, by full stack name; a `Secret` is a secret output."""


def run(program: Callable[[], object], world: World | None = None) -> Graph:
    """Run a program and return what it registered; exceptions of the program propagate."""
    graph = Graph()
    _run(program, world or World(), graph)
    return graph


def refused(program: Callable[[], object], world: World | None = None) -> tuple[list[str], Graph]:
    """Run a program that must end with an error for people; return the error's lines and what it registered before."""
    graph = Graph()
    with pytest.raises(pulumi.RunError) as raised:
        _run(program, world or World(), graph)
    return str(raised.value).splitlines(), graph


def _run(program: Callable[[], object], world: World, graph: Graph) -> None:
    config = EngineConfig(
        project=world.project,
        stack=world.stack,
        values=world.config,
        secret_keys=frozenset(world.secret_keys),
        encrypted_keys=frozenset(),
    )
    engine.run(program, config, _Recorder(world, graph), preview=world.preview)


class _Recorder:
    """The engine's host, which raises errors instead of collecting problems as the sandbox's host does."""

    def __init__(self, world: World, graph: Graph) -> None:
        self._graph = graph
        self._location = world.location
        self._preview = world.preview
        self._stack_outputs = world.stack_outputs
        self._invokes = {**_answers(world.location), **world.invokes}

    def register(self, request: engine.Registration) -> tuple[str, dict[str, Any]]:
        if any(each.urn == request.urn for each in self._graph.resources):
            raise ValueError(f"duplicate URN {request.urn}")
        unwrapped = {"inputs": reveal(request.inputs), "secret_inputs": _secret_keys(request.inputs)}
        self._graph.resources.append(Registered(**{**vars(request), **unwrapped}))
        return _made(request, self._location, preview=self._preview) if request.custom else ("", {})

    def outputs(self, urn: str, outputs: dict[str, Any]) -> None:
        if any(each.urn == urn for each in self._graph.resources):
            self._graph.outputs[urn] = reveal(outputs)
        else:
            self._graph.exports = reveal(outputs)
            self._graph.secret_exports = _secret_keys(outputs)

    def invoke(self, token: str) -> dict[str, Any]:
        if token not in self._invokes:
            raise LookupError(f"unexpected data source {token}: add its answer to World.invokes")
        return self._invokes[token]

    def stack_outputs(self, stack: str) -> dict[str, Any]:
        self._graph.stacks_read.append(stack)
        return dict(self._stack_outputs.get(stack, {}))

    def log(self, severity: str, message: str) -> None:  # noqa: ARG002 - tests distinguish messages by their text
        self._graph.messages.append(message)


def _secret_keys(values: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(key for key, value in values.items() if reveal(value) != value)


def physical_name(logical_name: str) -> str:
    """Return the name that a resource gets if the program sets none."""
    return f"{logical_name}-1a2b3c4"


def arn(type_: str, logical_name: str, location: AwsLocation = HERE) -> str:
    """Return the ARN that a resource gets; `type_` is the last part of its type."""
    return location.arn(_SERVICES.get(type_, "mock"), f"{type_}/{logical_name}")


def _made(request: engine.Registration, location: AwsLocation, *, preview: bool) -> tuple[str, dict[str, Any]]:
    """Return the id and outputs of a resource: its inputs, and values that AWS assigns."""
    computed = {
        "arn": arn(request.type.rsplit(":", 1)[-1], request.name, location),
        "name": physical_name(request.name),
        "url": f"https://example.com/{request.name}",
    }
    if preview:
        return "", {**dict.fromkeys(computed, engine.UNKNOWN), **request.inputs}
    outputs = {**computed, **request.inputs}
    return outputs["name"], outputs


def _answers(location: AwsLocation) -> dict[str, dict[str, Any]]:
    return {
        "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": location.account},
        "aws:index/getPartition:getPartition": {"partition": location.partition, "dnsSuffix": location.dns_suffix},
        "aws:index/getRegion:getRegion": {"region": location.region},
    }
