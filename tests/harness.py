"""Pulumi without an engine: runs a program in this process and keeps all that it registers.

Tests look at the drained graph, after the program has ended: what is absent can be seen only then, and an assert inside
of `apply` on an unknown value would never run. Whatever tests need of the SDK's internals stands in this file.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from google.protobuf import empty_pb2, struct_pb2  # type: ignore[import-untyped]  # it ships no types
from pulumi.runtime import rpc
from pulumi.runtime.config import set_all_config
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.proto import engine_pb2, provider_pb2, resource_pb2
from pulumi.runtime.settings import Settings, configure
from pulumi.runtime.stack import run_in_stack

from components.place import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

HERE = Place(partition="aws", dns_suffix="amazonaws.com", region="us-east-1", account="123456789012")
CHINA = Place(partition="aws-cn", dns_suffix="amazonaws.com.cn", region="cn-north-1", account="123456789012")
GOVERNMENT = Place(partition="aws-us-gov", dns_suffix="amazonaws.com", region="us-gov-west-1", account="123456789012")

STACK_TYPE = "pulumi:pulumi:Stack"

_SIGNATURE = rpc._special_sig_key  # noqa: SLF001 - how a secret travels has no public name
_SECRET = rpc._special_secret_sig  # noqa: SLF001


@dataclass(frozen=True, kw_only=True)
class Registered:
    """A resource as the program registered it; secret inputs are unwrapped, and named in `secret_inputs`."""

    urn: str
    type: str
    name: str
    parent: str
    custom: bool
    inputs: dict[str, Any]
    secret_inputs: frozenset[str]
    dependencies: frozenset[str]
    provider: str
    aliases: frozenset[str]
    """Names that the program says the resource had before."""
    ignored_changes: tuple[str, ...]
    replacement_trigger: Any
    delete_before_replace: bool


@dataclass
class Graph:
    """What a program registered, exported and said."""

    resources: list[Registered] = field(default_factory=list)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Of each component that registered its outputs, by URN."""
    exports: dict[str, Any] = field(default_factory=dict)
    secret_exports: frozenset[str] = frozenset()
    messages: list[str] = field(default_factory=list)

    def types(self) -> Counter[str]:
        """How many resources there are of each type."""
        return Counter(each.type for each in self.resources)

    def of(self, type_: str) -> list[Registered]:
        """All resources of a type, in the order in which they were registered."""
        return [each for each in self.resources if each.type == type_]

    def one(self, type_: str, name: str | None = None) -> Registered:
        """The only resource of a type, or of a type and logical name."""
        (found,) = (each for each in self.of(type_) if name is None or each.name == name)
        return found

    def waits_for(self, resource: Registered) -> list[Registered]:
        """Every resource that must exist before this one, also through others."""
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
    """Where a program runs: its project and stack, its configuration, and what AWS answers."""

    project: str = "conviso-codebuild"
    stack: str = "dev"
    config: Mapping[str, str] = field(default_factory=dict)
    secret_keys: Collection[str] = ()
    place: Place = HERE
    invokes: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    """Answers to data sources beyond the three that say where the stack lives."""
    preview: bool = False


def run(program: Callable[[], object], world: World | None = None) -> Graph:
    """Run a program to its end and return what it registered; whatever it raises comes out of here."""
    graph = Graph()
    # The SDK's settings live in context variables: a copied context keeps them out of the next test.
    contextvars.copy_context().run(_run, program, world or World(), graph)
    return graph


def refused(program: Callable[[], object], world: World | None = None) -> tuple[list[str], Graph]:
    """Run a program that must end with an error for people; return its lines, and what was registered by then."""
    graph = Graph()
    with pytest.raises(pulumi.RunError) as raised:
        contextvars.copy_context().run(_run, program, world or World(), graph)
    return str(raised.value).splitlines(), graph


def _run(program: Callable[[], object], world: World, graph: Graph) -> None:
    configure(
        Settings(
            project=world.project,
            stack=world.stack,
            organization="organization",
            monitor=_Monitor(world, graph),
            engine=_Engine(graph),
            dry_run=world.preview,
        )
    )
    set_all_config(dict(world.config), list(world.secret_keys))

    def main() -> None:
        program()

    with _event_loop() as loop:
        loop.run_until_complete(run_in_stack(main))


@contextmanager
def _event_loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    # One thread, so that the graph has the same order in each run.
    loop.set_default_executor(ThreadPoolExecutor(max_workers=1))
    # After an error, the tasks of resources that were never made are left over.
    loop.set_exception_handler(lambda _loop, _context: None)
    asyncio.set_event_loop(loop)
    try:
        yield loop
    finally:
        leftover = asyncio.all_tasks(loop)
        for task in leftover:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*leftover, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_default_executor())
        asyncio.set_event_loop(None)
        loop.close()


class _Monitor(MockMonitor):
    """The engine's side of a run: the SDK's own stand-in drops outputs and options, and lets duplicates pass."""

    def __init__(self, world: World, graph: Graph) -> None:
        self._world = world
        self._graph = graph
        self._invokes = {**_answers(world.place), **world.invokes}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        urn = self._urn(request)
        if request.type == STACK_TYPE:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        if any(each.urn == urn for each in self._graph.resources):
            raise ValueError(f"duplicate URN {urn}")
        resource = _registered(urn, request)
        self._graph.resources.append(resource)
        id_, outputs = ("", {}) if not resource.custom else _made(resource, preview=self._world.preview)
        return resource_pb2.RegisterResourceResponse(urn=urn, id=id_, object=_struct(outputs))

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        outputs = _plain_map(request.outputs)
        if f"::{STACK_TYPE}::" in request.urn:
            self._graph.exports.update(outputs)
            self._graph.secret_exports = _secret_keys(request.outputs)
        else:
            self._graph.outputs[request.urn] = outputs
        return empty_pb2.Empty()

    def Invoke(self, request: Any) -> Any:  # noqa: N802
        if request.tok not in self._invokes:
            raise LookupError(f"unexpected data source {request.tok}: a test names it in World.invokes")
        answer = {"return": _struct(self._invokes[request.tok]), "failures": list[provider_pb2.CheckFailure]()}
        return resource_pb2.ResourceInvokeResponse(**answer)

    def _urn(self, request: Any) -> str:
        """The URN as the engine makes it: with the types of all parents but the stack."""
        around = request.parent.split("::")[2] if request.parent else STACK_TYPE
        qualified = request.type if around == STACK_TYPE else f"{around}${request.type}"
        return f"urn:pulumi:{self._world.stack}::{self._world.project}::{qualified}::{request.name}"


class _Engine:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def Log(self, request: Any) -> None:  # noqa: N802
        if request.severity != engine_pb2.DEBUG:
            self._graph.messages.append(request.message)


def _registered(urn: str, request: Any) -> Registered:
    has_trigger = request.HasField("replacement_trigger")
    return Registered(
        urn=urn,
        type=request.type,
        name=request.name,
        parent=request.parent,
        custom=request.custom,
        inputs=_plain_map(request.object),
        secret_inputs=_secret_keys(request.object),
        dependencies=frozenset(request.dependencies),
        provider=request.provider,
        aliases=frozenset(alias.spec.name for alias in request.aliases if alias.spec.name),
        ignored_changes=tuple(request.ignoreChanges),
        replacement_trigger=_plain(request.replacement_trigger) if has_trigger else None,
        delete_before_replace=request.deleteBeforeReplace,
    )


def physical_name(logical_name: str) -> str:
    """The name that a resource gets where the program gives none."""
    return f"{logical_name}-1a2b3c4"


def arn(type_: str, logical_name: str) -> str:
    """The ARN that a resource gets; `type_` is the last part of its type."""
    return f"arn:mock:{type_}:{logical_name}"


def _made(resource: Registered, *, preview: bool) -> tuple[str, dict[str, Any]]:
    """The id and outputs of a resource: its inputs, and what only AWS knows."""
    given = {key: _secret(value) if key in resource.secret_inputs else value for key, value in resource.inputs.items()}
    computed = {
        "arn": arn(resource.type.rsplit(":", 1)[-1], resource.name),
        "name": physical_name(resource.name),
        "url": f"https://example.com/{resource.name}",
    }
    if preview:
        return "", {**dict.fromkeys(computed, rpc.UNKNOWN), **given}
    return resource.inputs.get("name") or computed["name"], {**computed, **given}


def _answers(place: Place) -> dict[str, dict[str, Any]]:
    return {
        "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": place.account},
        "aws:index/getPartition:getPartition": {"partition": place.partition, "dnsSuffix": place.dns_suffix},
        "aws:index/getRegion:getRegion": {"region": place.region},
    }


def _secret(value: Any) -> dict[str, Any]:
    return {_SIGNATURE: _SECRET, "value": value}


def _secret_keys(struct: struct_pb2.Struct) -> frozenset[str]:
    return frozenset(key for key, value in struct.fields.items() if _holds_secret(value))


def _holds_secret(value: struct_pb2.Value) -> bool:
    kind = value.WhichOneof("kind")
    if kind == "list_value":
        return any(map(_holds_secret, value.list_value.values))
    if kind == "struct_value":
        fields = value.struct_value.fields
        return _signed_secret(fields) or any(map(_holds_secret, fields.values()))
    return False


def _signed_secret(fields: Mapping[str, struct_pb2.Value]) -> bool:
    return _SIGNATURE in fields and fields[_SIGNATURE].string_value == _SECRET


def _plain_map(struct: struct_pb2.Struct) -> dict[str, Any]:
    return {key: _plain(value) for key, value in struct.fields.items()}


def _plain(value: struct_pb2.Value) -> Any:
    """A value without the wrapping of secrets; whole numbers, which travel as floats, are whole again."""
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = value.struct_value.fields
        return _plain(fields["value"]) if _signed_secret(fields) else _plain_map(value.struct_value)
    if kind == "list_value":
        return [_plain(each) for each in value.list_value.values]
    if kind == "number_value":
        return int(value.number_value) if value.number_value.is_integer() else value.number_value
    return None if kind in (None, "null_value") else getattr(value, kind)


def _struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(dict(values))
    return struct
