"""An AWS account in a file, which keeps resources while the engine starts a new provider for each command."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Account:
    """The existing resources by type and id, each with its inputs and outputs."""

    path: Path

    def find(self, type_: str, id_: str) -> dict[str, Any] | None:
        """Return the inputs and outputs of a resource, or None if it does not exist."""
        found: dict[str, Any] | None = self._read()["made"].get(type_, {}).get(id_)
        return found

    def ids(self, type_: str) -> list[str]:
        """Return the ids of all resources of a type."""
        return list(self._read()["made"].get(type_, {}))

    @property
    def is_empty(self) -> bool:
        """Whether no resource exists."""
        return not any(self._read()["made"].values())

    def keep(self, type_: str, id_: str, inputs: dict[str, Any], outputs: dict[str, Any]) -> None:
        """Create or update a resource."""
        content = self._read()
        content["made"].setdefault(type_, {})[id_] = {"inputs": inputs, "outputs": outputs}
        self._write(content)

    def remove(self, type_: str, id_: str) -> None:
        """Delete a resource, or do nothing if it does not exist."""
        content = self._read()
        content["made"].get(type_, {}).pop(id_, None)
        self._write(content)

    def refuse(self, *types: str) -> None:
        """From now on, fail to create resources of these types, and of no others."""
        self._write({**self._read(), "refused": list(types)})

    def refuses(self, type_: str) -> bool:
        """Return whether creating a resource of this type fails."""
        return type_ in self._read()["refused"]

    def _read(self) -> dict[str, Any]:
        if not self.path.exists():
            return {"made": {}, "refused": []}
        content: dict[str, Any] = json.loads(self.path.read_text())
        return content

    def _write(self, content: dict[str, Any]) -> None:
        self.path.write_text(json.dumps(content))
