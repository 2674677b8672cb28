"""Skips work of the SDK and of Python that adds up in a large stack and does not change the result.

The SDK has no setting for this. Only this module and `engine.py` use the SDK's internals.
"""

from __future__ import annotations

import asyncio
import gc
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from pulumi import Output
from pulumi.output import Unknown, _OutputData
from pulumi.runtime import resource, rpc
from pulumi.runtime.proto import source_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi import Resource
    from pulumi.runtime.rpc import Resolver

_create_urn = resource.create_urn


@contextmanager
def shortcuts() -> Iterator[None]:
    """Take every shortcut until the end of the block."""
    with rare_collections(), _replaced():
        yield


@contextmanager
def rare_collections() -> Iterator[None]:
    """Collect only young garbage, since most of what a program creates lives until its end."""
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 1_000_000, 1_000_000)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


@contextmanager
def _replaced() -> Iterator[None]:
    """Replace functions of the SDK."""
    replacements = [
        # The place in the program where each resource was created: nothing in the sandbox reads it.
        (resource, "_get_stack_trace", source_pb2.StackTrace),
        (resource, "create_urn", urn_output),
        (rpc, "contains_unknowns", contains_unknowns),
        (rpc, "transfer_properties", transfer_properties),
    ]
    originals = [(module, name, getattr(module, name)) for module, name, _ in replacements]
    for module, name, function in replacements:
        setattr(module, name, function)
    try:
        yield
    finally:
        for module, name, function in originals:
            setattr(module, name, function)


def urn_output(
    name: Any, type_: Any, parent: Any = None, project: str | None = None, stack: str | None = None
) -> Output[str]:
    """Do what the SDK's `create_urn` does, with one output instead of nine if all parts are already text."""
    if isinstance(name, str) and isinstance(type_, str) and isinstance(parent, str):
        parents = parent[: parent.rfind("::")]
        return Output._from_data(_known_later(f"{parents}${type_}::{name}"))  # noqa: SLF001
    return _create_urn(name, type_, parent, project, stack)


async def _known_later(text: str) -> _OutputData[str]:
    # The SDK takes as many rounds of the event loop, so resources are registered in the same order.
    for _ in range(3):
        await asyncio.sleep(0)
    return _OutputData(resources=set(), value=text, is_known=True, is_secret=False)


def contains_unknowns(value: Any) -> bool:
    """Do what the SDK's function does, which leaves a reference cycle behind at each call."""
    waiting, seen = [value], set[int]()
    while waiting:
        each = waiting.pop()
        if isinstance(each, Unknown):
            return True
        if isinstance(each, (dict, list)) and id(each) not in seen:
            seen.add(id(each))
            waiting += each.values() if isinstance(each, dict) else each
    return False


def transfer_properties(made: Resource, properties: Mapping[str, Any], custom: bool) -> dict[str, Resolver]:  # noqa: FBT001 - as the SDK calls it
    """Do what the SDK's function does, with one future for each property instead of four futures and a task."""
    resolvers: dict[str, Resolver] = {}
    for name in properties:
        if name != "urn" and not (name == "id" and custom):
            future: asyncio.Future[_OutputData[Any]] = asyncio.Future()
            made.__dict__[name] = Output._from_data(future)  # noqa: SLF001
            resolvers[name] = partial(_resolve, future, made)
    return resolvers


def _resolve(future: asyncio.Future[_OutputData[Any]], made: Resource, *state: Any) -> None:
    value, is_known, is_secret, needed, error = state
    loop = future.get_loop()
    # The SDK's task also runs in the next round of the event loop, so resources are registered in the same order.
    if error is not None:
        loop.call_soon(future.set_exception, error)
    else:
        data = _OutputData(resources={made, *(needed or ())}, value=value, is_known=is_known, is_secret=is_secret)
        loop.call_soon(future.set_result, data)
