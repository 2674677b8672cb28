"""The real `__main__.py`, and the configuration that tests run it with."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.harness import World

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
API_KEY_VALUE = "the-platforms-api-key"
API_KEY = "conviso-codebuild:apiKey"


def program() -> None:
    """Run the program as `pulumi up` does."""
    runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")


def configured(raw: Mapping[str, Any], *, stack: str = "dev", secret: bool = True) -> World:
    """Return a world with these keys, formatted as the engine passes them, and an API key that is secret or not."""
    config = {
        f"conviso-codebuild:{key}": value if isinstance(value, str) else json.dumps(value) for key, value in raw.items()
    }
    return World(
        stack=stack,
        config={API_KEY: API_KEY_VALUE, **config},
        secret_keys=[API_KEY] if secret else [],
    )
