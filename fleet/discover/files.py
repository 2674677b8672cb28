"""Files of integrations: read for what they have, and only ever added to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from components.config import yaml_reader
from fleet.discover.repositories import identity
from fleet.errors import FleetError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def integrations(file: Path) -> dict[str, Any]:
    """The entries of a file by their name, raw; none where there is no such file yet.

    Raises FleetError where it is no map.
    """
    return _parsed(_text(file), file)


def existing(file: Path) -> dict[str, Any]:
    """The entries of a file that must be there, raw.

    Raises FleetError where it is not, or is no map.
    """
    if not file.is_file():
        raise FleetError(f"there is no file {file}")
    return integrations(file)


def integrations_of_stack(file: Path) -> dict[str, Any]:
    """The entries under `integrations` of a stack file, raw.

    Raises FleetError where there is no such file.
    """
    config = existing(file).get("config") or {}
    found = next((value for key, value in config.items() if key.split(":")[-1] == "integrations"), None)
    return found if isinstance(found, dict) else {}


def known(entries: Iterable[Any]) -> frozenset[str]:
    """Identities of the repositories that these entries are about."""
    sources = [entry.get("source") for entry in entries if isinstance(entry, dict)]
    return frozenset(
        identity(str(source["repository"])) for source in sources if isinstance(source, dict) and "repository" in source
    )


def extended(file: Path, entries: Mapping[str, Any]) -> str:
    """The file's text with the entries at its end; whatever stood there stays as it is, comments too.

    Raises FleetError where entries cannot stand at its end.
    """
    before = _text(file)
    added = "".join(f"\n{_entry(name, entry)}" for name, entry in entries.items())
    text = f"{before.rstrip()}\n{added}" if before.strip() else added.lstrip("\n")
    try:
        after = _parsed(text, file)
    except FleetError:
        after = {}
    if after != _parsed(before, file) | dict(entries):
        raise FleetError(
            f"{file}: entries cannot be added at its end: write it as a map with each name at the start of a line"
        )
    return text


def _entry(name: str, entry: Any) -> str:
    return yaml.safe_dump({name: entry}, sort_keys=False, allow_unicode=True, width=120)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise FleetError(f"{file} cannot be read: {reason}") from None


def _parsed(text: str, file: Path) -> dict[str, Any]:
    try:
        found = yaml_reader.read(text)
    except yaml_reader.YamlError as error:
        raise FleetError(f"{file} is not valid YAML: {error}") from None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise FleetError(f"{file} must hold a map from names to integrations")
    return found
