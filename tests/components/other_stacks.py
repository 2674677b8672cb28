"""Integrations that take values from another stack, and what that stack exports."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.components.program import configured
from tests.config.samples import integration, stack

if TYPE_CHECKING:
    from tests.harness import World

NETWORK = "acme/network/prod"


def output(name: str = "found", stack: str = NETWORK) -> dict[str, str]:
    return {"stack": stack, "output": name}


def world(raw: dict[str, Any], **exported: Any) -> World:
    """Return the program's world, in which one other stack exports these values."""
    return replace(configured(raw), stack_outputs={NETWORK: exported})


def with_connection(**exported: Any) -> World:
    shop = integration(source={"auth": {"connectionArn": output()}})
    return world(stack(integrations={"shop": shop}), **exported)
