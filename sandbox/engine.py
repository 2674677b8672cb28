"""Plays Pulumi's engine in this process. Only this module and `shortcuts.py` use the SDK's internals.

The SDK's `set_mocks` finishes the root stack before the program runs, so exports are never registered. Its monitor
drops outputs, runs calls in several threads and accepts duplicate URNs. This module therefore has its own monitor, and
runs the program with the SDK's `run_in_stack`, as the real language host does.
"""

from __future__ import annotations

import asyncio
import contextvars
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from google.protobuf import empty_pb2, struct_pb2  # type: ignore[import-untyped]
from pulumi.runtime import rpc
from pulumi.runtime.config import set_all_config
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.proto import engine_pb2, provider_pb2, resource_pb2
from pulumi.runtime.settings import Settings, configure, get_project, get_stack
from pulumi.runtime.stack import run_in_stack

from sandbox.graph import Secret
from sandbox.shortcuts import shortcuts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sandbox.stack_file import EngineConfig

_STACK = "pulumi:pulumi:Stack"
_STACK_REFERENCE = "pulumi:pulumi:StackReference"
_SIGNATURE = rpc._special_sig_key  # noqa: SLF001
_SECRET = rpc._special_secret_sig  # noqa: SLF001
_RESOURCE = rpc._special_resource_sig  # noqa: SLF001

UNKNOWN: str = rpc.UNKNOWN
"""An output that is unknown in a preview, because only AWS can assign it."""


class Host(Protocol):
    """Answers the requests of a program that reach the engine."""

    def register(self, request: Registration) -> tuple[str, dict[str, Any]]:
        """Create the resource; return its id and its outputs."""

    def outputs(self, urn: str, outputs: dict[str, Any]) -> None:
        """Receive the outputs of a component or of the stack."""

    def invoke(self, token: str) -> dict[str, Any]:
        """Answer a data source."""

    def stack_outputs(self, stack: str) -> dict[str, Any]:
        """Answer a reference to another stack with its outputs."""

    def log(self, severity: str, message: str) -> None:
        """Receive a log message of the program."""


@dataclass(frozen=True, kw_only=True)
class Registration:
    """A resource that the program registers, as plain values."""

    urn: str
    type: str
    name: str
    parent: str | None
    custom: bool
    provider: str
    inputs: dict[str, Any]
    dependencies: tuple[str, ...]
    aliases: tuple[str, ...]
    """Former names of the resource, according to the program."""
    ignored_changes: tuple[str, ...]
    secret_outputs: frozenset[str]
    replacement_trigger: Any
    delete_before_replace: bool


class _Monitor(MockMonitor):
    def __init__(self, host: Host) -> None:
        self._host = host

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802
        urn = _urn(request)
        if request.type == _STACK:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        id_, outputs = self._host.register(_registration(urn, request))
        return resource_pb2.RegisterResourceResponse(urn=urn, id=id_, object=_struct(outputs))

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        self._host.outputs(request.urn, _plain(request.outputs))
        return empty_pb2.Empty()

    def ReadResource(self, request: Any) -> Any:  # noqa: N802
        if request.type != _STACK_REFERENCE:
            raise NotImplementedError(f"nothing here was made before, so no {request.type} can be read")
        outputs = self._host.stack_outputs(request.id)
        secret = [name for name, value in outputs.items() if isinstance(value, Secret)]
        properties = _struct({"name": request.id, "outputs": outputs, "secretOutputNames": secret})
        return resource_pb2.ReadResourceResponse(urn=_urn(request), properties=properties)

    def Invoke(self, request: Any) -> Any:  # noqa: N802
        answer = {"return": _struct(self._host.invoke(request.tok)), "failures": list[provider_pb2.CheckFailure]()}
        return resource_pb2.ResourceInvokeResponse(**answer)


class _Engine:
    def __init__(self, host: Host) -> None:
        self._host = host

    def Log(self, request: Any) -> None:  # noqa: N802
        if request.severity != engine_pb2.DEBUG:
            self._host.log(engine_pb2.LogSeverity.Name(request.severity).lower(), request.message)


def run(program: Callable[[], object], config: EngineConfig, host: Host, *, preview: bool = False) -> None:
    """Run the program to its end; its exceptions propagate."""
    contextvars.copy_context().run(_run, program, config, host, preview=preview)


def _run(program: Callable[[], object], config: EngineConfig, host: Host, *, preview: bool) -> None:
    # The SDK's settings are context variables; the copy keeps them from changing those of the caller.
    configure(
        Settings(
            project=config.project,
            stack=config.stack,
            monitor=_Monitor(host),
            engine=_Engine(host),
            dry_run=preview,
            organization="organization",
        )
    )
    set_all_config(dict(config.values), list(config.secret_keys))

    def main() -> None:
        program()

    with _event_loop() as loop, shortcuts():
        loop.run_until_complete(run_in_stack(main))


def _registration(urn: str, request: Any) -> Registration:
    has_trigger = request.HasField("replacement_trigger")
    return Registration(
        urn=urn,
        type=request.type,
        name=request.name,
        parent=request.parent or None,
        custom=request.custom,
        provider=request.provider,
        inputs=_plain(request.object),
        dependencies=tuple(sorted(request.dependencies)),
        aliases=tuple(alias.spec.name for alias in request.aliases if alias.spec.name),
        ignored_changes=tuple(request.ignoreChanges),
        secret_outputs=frozenset(request.additionalSecretOutputs),
        replacement_trigger=_plain_value(request.replacement_trigger) if has_trigger else None,
        delete_before_replace=request.deleteBeforeReplace,
    )


def _urn(request: Any) -> str:
    """Return the URN as the real engine composes it, with the types of all parents except the stack."""
    parents = request.parent.split("::")[2] if request.parent else _STACK
    types = request.type if parents == _STACK else f"{parents}${request.type}"
    return f"urn:pulumi:{get_stack()}::{get_project()}::{types}::{request.name}"


class _Inline(ThreadPoolExecutor):
    """Runs a call at once instead of in a thread, so that the order is the same in each run and no thread waits.

    The SDK passes each call to the event loop's executor, because a real engine may take long to answer.
    """

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - whoever waits for the result gets it
            future.set_exception(error)
        return future


@contextmanager
def _event_loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    loop.set_default_executor(_Inline())
    # After an error, tasks of resources that were never created are left over, as in any Pulumi program.
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


def _plain(struct: struct_pb2.Struct) -> dict[str, Any]:
    # A protobuf map has no order, and creates a new string for each key.
    return {sys.intern(key): _plain_value(value) for key, value in sorted(struct.fields.items())}


def _plain_value(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = _plain(value.struct_value)
        signature = fields.get(_SIGNATURE)
        if signature == _SECRET:
            return Secret(fields["value"])
        return fields.get("urn") if signature == _RESOURCE else fields
    if kind == "list_value":
        return [_plain_value(item) for item in value.list_value.values]
    if kind == "number_value":
        return int(value.number_value) if value.number_value.is_integer() else value.number_value
    if kind == "string_value":
        # Equal texts, such as the buildspec of many projects, are stored once.
        return sys.intern(value.string_value)
    return value.bool_value if kind == "bool_value" else None


def _struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update({key: _wrapped(value) for key, value in values.items() if value is not None})
    return struct


def _wrapped(value: Any) -> Any:
    if isinstance(value, Secret):
        return {_SIGNATURE: _SECRET, "value": _wrapped(value.value)}
    if isinstance(value, dict):
        return {key: _wrapped(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_wrapped(child) for child in value]
    return value
