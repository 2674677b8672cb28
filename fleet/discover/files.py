"""Files of integrations: read for what they have, and only ever added to."""

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
    """The entries under `integrations` of a stack file and in the files that it names, raw.

    A path that matches nothing is fine: it may be that of the file which is about to be written.

    Raises FleetError where there is no such file, or one that it names is no map.
    """
    config = {key.split(":")[-1]: value for key, value in (existing(file).get("config") or {}).items()}
    of_files, problems = read_files(config.get("integrationFiles") or [], file.parent)
    if wrong := [str(each) for each in problems if each.message != NO_FILE]:
        raise FleetError("\n".join(wrong))
    own = config.get("integrations")
    found = {name: entries[0].value for name, entries in of_files.items()}
    return {**found, **(own if isinstance(own, dict) else {})}


def known(entries: Iterable[Any]) -> frozenset[str]:
    """Identities of the repositories that these entries are about."""
    sources = [entry.get("source") for entry in entries if isinstance(entry, dict)]
    return frozenset(
        identity(str(source["repository"])) for source in sources if isinstance(source, dict) and "repository" in source
    )


def add(file: Path, entries: Mapping[str, Any]) -> None:
    """Write the entries at the end of the file; whatever stands there stays as it is, to the letter.

    A new file begins with the line that lets editors check it.

    Raises FleetError where entries cannot stand at its end, or the file cannot be written.
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
            f"{file}: entries cannot be added at its end: write it as a map with each name at the start of a line"
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
        # As it is: a line that ends in another way is another line to git.
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
