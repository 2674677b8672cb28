"""The shortcuts of a run change nothing in its result."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pulumi
import pytest
from pulumi.output import UNKNOWN
from pulumi.runtime import resource, rpc

import sandbox
from benchmarks.sandbox import stack_config
from docs.generate import ROOT
from sandbox import engine, export, shortcuts


def graph() -> str:
    return export.as_json(sandbox.run(ROOT, "dev", stack_config(7)))


def test_a_run_without_shortcuts_creates_the_same_graph_in_the_same_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without this, nobody notices that a newer SDK does more in these places."""
    quick = graph()
    monkeypatch.setattr(engine, "shortcuts", nullcontext)

    assert graph() == quick


def test_the_sdk_gets_its_own_functions_back_after_a_run() -> None:
    """Without this, a program that runs after the sandbox in the same process uses the shortcuts."""
    before = (resource.create_urn, rpc.contains_unknowns, rpc.transfer_properties)
    with shortcuts.shortcuts():
        inside = (resource.create_urn, rpc.contains_unknowns, rpc.transfer_properties)

    assert set(before).isdisjoint(inside)
    assert (resource.create_urn, rpc.contains_unknowns, rpc.transfer_properties) == before


CYCLE: list[Any] = [1]
CYCLE.append(CYCLE)


@pytest.mark.parametrize(
    "value", [None, "text", [], {"a": [{"b": 1}]}, CYCLE, UNKNOWN, [{"a": [1, UNKNOWN]}], {"a": UNKNOWN}]
)
def test_unknown_values_are_found_as_the_sdk_finds_them(value: Any) -> None:
    """Without this, a run takes an unknown value for a known one."""
    assert shortcuts.contains_unknowns(value) == pulumi.contains_unknowns(value)
