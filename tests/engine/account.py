"""An AWS account in a folder: the engine starts a provider anew for each command, and what was made stays."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Account:
    """What exists: a file for each resource, with its inputs and outputs."""

    folder: Path

    def find(self, type_: str, id_: str) -> dict[str, Any] | None:
        """The inputs and outputs of a resource; None where there is none."""
        path = self._file(type_, id_)
        return json.loads(path.read_text()) if path.exists() else None

    def ids(self, type_: str) -> list[str]:
        """The ids of all resources of a type."""
        return [made["id"] for made in map(json.loads, self.texts()) if made["type"] == type_]

    def texts(self) -> Iterator[str]:
        """All that the account knows of each resource."""
        return (path.read_text() for path in self.folder.glob("made/*"))

    @property
    def is_empty(self) -> bool:
        """Whether nothing exists."""
        return not any(self.texts())

    def keep(self, type_: str, id_: str, inputs: dict[str, Any], outputs: dict[str, Any]) -> None:
        """Make or change a resource."""
        _write(self._file(type_, id_), {"type": type_, "id": id_, "inputs": inputs, "outputs": outputs})

    def remove(self, type_: str, id_: str) -> None:
        """Delete a resource, or do nothing where there is none."""
        self._file(type_, id_).unlink(missing_ok=True)

    def refuse(self, *types: str) -> None:
        """Let creating resources of these types fail from now on, and of no other."""
        _write(self._refused, types)

    def refuses(self, type_: str) -> bool:
        """Whether creating a resource of this type fails."""
        return self._refused.exists() and type_ in json.loads(self._refused.read_text())

    @property
    def _refused(self) -> Path:
        return self.folder / "refused"

    def _file(self, type_: str, id_: str) -> Path:
        # An id may have characters that no file's name has, and more of them.
        return self.folder / "made" / hashlib.sha256(f"{type_} {id_}".encode()).hexdigest()


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
