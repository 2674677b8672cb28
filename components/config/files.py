"""`integrationFiles`: files that name integrations, beside the stack file, so that each team may own one."""

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from . import yaml_reader
from .given import key_shown
from .problems import Problem
from .raw import TOO_DEEP, is_too_deep

NO_FILE = "matches no file"
"""What is wrong with a path that no file has."""


class Entry(NamedTuple):
    """What stands under the name of an integration, before it is checked."""

    place: str
    """Path in an error: `integrations.shop-api`, or `teams/web.yaml: shop-api`."""
    value: Any


def read_files(globs: Any, folder: Path) -> tuple[dict[str, list[Entry]], list[Problem]]:
    """The entries of every file that a glob matches, by the integration's name, and what is wrong with the files.

    Each file is a YAML map from names to integrations, in the form of the stack's `integrations`.
    """
    entries: dict[str, list[Entry]] = {}
    problems: list[Problem] = []
    if not isinstance(globs, list):
        return {}, [Problem("integrationFiles", "must be a list of paths, in which * is any run and ** any folders")]
    for path in dict.fromkeys(_matching(globs, folder, problems)):
        name = path.relative_to(folder).as_posix()
        for key, value in _read(path, name, problems).items():
            entries.setdefault(key, []).append(Entry(f"{name}: {key_shown(key)}", value))
    return entries, problems


def _matching(globs: list[Any], folder: Path, problems: list[Problem]) -> Iterator[Path]:
    for index, glob in enumerate(globs):
        where = f"integrationFiles[{index}]"
        if not isinstance(glob, str) or not glob or PurePosixPath(glob).is_absolute() or ".." in glob.split("/"):
            problems.append(Problem(where, "must be a path inside of the project's folder, such as teams/*.yaml"))
            continue
        found = sorted(path for path in folder.glob(glob) if path.is_file())
        if not found:
            problems.append(Problem(where, NO_FILE))
        yield from found


def _read(path: Path, name: str, problems: list[Problem]) -> Mapping[str, Any]:
    try:
        content = yaml_reader.json_ready(yaml_reader.read(path.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError, yaml_reader.YamlError) as error:
        reason = error if isinstance(error, yaml_reader.YamlError) else "it cannot be read as UTF-8 text"
        problems.append(Problem(name, f"is not valid YAML: {reason}"))
        return {}
    if is_too_deep(content):
        problems.append(Problem(name, TOO_DEEP))
        return {}
    if not isinstance(content, Mapping):
        problems.append(Problem(name, "must be a map from names to integrations"))
        return {}
    return content
