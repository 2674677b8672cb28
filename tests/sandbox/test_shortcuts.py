"""What a run is spared changes nothing in its result."""

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


def test_a_run_without_shortcuts_makes_the_same_graph_in_the_same_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without this, a newer SDK that does more in these places goes unnoticed."""
    quick = graph()
    monkeypatch.setattr(engine, "shortcuts", nullcontext)

    assert graph() == quick


def test_the_sdk_has_its_own_functions_back_after_a_run() -> None:
    """Without this, a program that is run beside the sandbox gets ours."""
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
    assert shortcuts.contains_unknowns(value) == pulumi.contains_unknowns(value)
