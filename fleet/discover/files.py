"""Files of integrations, which are read and appended to, never rewritten."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from components.config import yaml_reader
from components.config.entries import NO_FILE, read_files
from fleet.discover.repositories import identity
from fleet.errors import FleetError
from fleet.yaml_text import dumped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "integrations.schema.json"


def integrations(file: Path) -> dict[str, Any]:
    """The raw entries of a file by name; empty if there is no such file yet.

    Raises FleetError if the file is not a map.
    """
    return _parsed(_text(file), file)


def existing(file: Path) -> dict[str, Any]:
    """The raw entries of a file that must exist.

    Raises FleetError if it does not exist, or is not a map.
    """
    if not file.is_file():
        raise FleetError(f"there is no file {file}")
    return integrations(file)


def integrations_of_stack(file: Path) -> dict[str, Any]:
    """The raw entries under `integrations` of a stack file, and in the files that it names.

    A path that matches nothing is fine: that file may be about to be written.

    Raises FleetError if the stack file does not exist, or a file that it names is not a map.
    """
    section = existing(file).get("config") or {}
    if not isinstance(section, dict):
        raise FleetError(f"{file}: `config` must be a map of keys to values")
    config = {str(key).split(":")[-1]: value for key, value in section.items()}
    of_files, problems = read_files(config.get("integrationFiles") or [], file.parent)
    if wrong := [str(each) for each in problems if each.message != NO_FILE]:
        raise FleetError("\n".join(wrong))
    own = config.get("integrations")
    found = {name: entries[0].value for name, entries in of_files.items()}
    return {**found, **(own if isinstance(own, dict) else {})}


def known(entries: Iterable[Any]) -> frozenset[str]:
    """Identities of the repositories in these entries."""
    sources = [entry.get("source") for entry in entries if isinstance(entry, dict)]
    return frozenset(
        identity(str(source["repository"])) for source in sources if isinstance(source, dict) and "repository" in source
    )


def add(file: Path, entries: Mapping[str, Any]) -> None:
    """Append the entries to the file, and change nothing else in it.

    A new file begins with the line that lets editors check it.

    Raises FleetError if entries cannot be appended, or the file cannot be written.
    """
    before = _text(file)
    start = "" if before.endswith("\n") else "\n"
    added = (start if before else _for_editors(file)) + "".join(
        f"\n{dumped({name: each})}" for name, each in entries.items()
    )
    try:
        after = _parsed(before + added, file)
    except FleetError:
        after = {}
    if after != _parsed(before, file) | dict(entries):
        raise FleetError(
            f"{file}: entries cannot be appended: write the file as a map, with each name at the start of a line"
        )
    try:
        with file.open("a", encoding="utf-8", newline="\r\n" if "\r\n" in before else "\n") as opened:
            opened.write(added)
    except OSError as error:
        raise FleetError(f"{file} cannot be written: {error.strerror}") from None


def _for_editors(file: Path) -> str:
    path = Path(os.path.relpath(_SCHEMA, file.resolve().parent)).as_posix()
    return f"# yaml-language-server: $schema={path}\n"


def _text(file: Path) -> str:
    try:
        # Bytes, because text mode would change the line ends.
        return file.read_bytes().decode("utf-8-sig")
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
