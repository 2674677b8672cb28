"""Loads `Pulumi.yaml` and `Pulumi.<stack>.yaml`, and returns what a real engine would pass to the program."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sandbox.graph import SandboxError
from sandbox.product import yaml_reader
from sandbox.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PLACEHOLDER = "placeholder-for-an-encrypted-value"
"""The placeholder for an encrypted value of the stack file, which nothing here can or may decrypt."""

_STACK_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


@dataclass(frozen=True, kw_only=True)
class EngineConfig:
    """The configuration of a stack as the engine passes it to a program: texts by full key."""

    project: str
    stack: str
    values: Mapping[str, str]
    secret_keys: frozenset[str]
    encrypted_keys: frozenset[str]
    """Keys whose value is a placeholder for an encrypted one."""
    encrypted_fields: tuple[str, ...] = ()
    """Paths of the encrypted values in maps and lists, which make the whole key secret."""

    def get(self, key: str) -> str | None:
        """Return the text of a key of this project (`settings`) or of another namespace (`aws:region`)."""
        return self.values.get(_full_key(key, self.project))

    @property
    def default_tags(self) -> dict[str, str]:
        """Return the tags of `aws:defaultTags`, which the provider adds to every resource that takes tags."""
        text = self.get("aws:defaultTags")
        try:
            value = json.loads(text) if text else {}
        except ValueError:
            value = None
        tags = value.get("tags", {}) if isinstance(value, dict) and value.keys() <= {"tags"} else None
        if not isinstance(tags, dict) or not all(isinstance(each, str) for each in tags.values()):
            raise SandboxError("aws:defaultTags must be a map whose key `tags` holds names and texts")
        return tags

    def with_secret(self, key: str, value: str) -> EngineConfig:
        """Return the same configuration with another secret value."""
        values = MappingProxyType({**self.values, key: value})
        return replace(self, values=values, secret_keys=self.secret_keys | {key})


def load(project_dir: Path, stack: str) -> EngineConfig:
    """Read the stack file, and the defaults of the project."""
    if not _STACK_NAME.fullmatch(stack):
        raise SandboxError("a stack's name has letters, digits, `-`, `_` and `.` only")
    path = project_dir / f"Pulumi.{stack}.yaml"
    if not path.is_file():
        raise SandboxError(f"there is no stack file {path.name}; {_known_stacks(project_dir)}")
    return from_values(project_dir, stack, _section(_read_map(path), path.name))


def from_values(project_dir: Path, stack: str, values: Mapping[str, Any]) -> EngineConfig:
    """Do the same for values in place of the stack file's `config:` map."""
    project_file = _read_map(project_dir / "Pulumi.yaml")
    project = project_file.get("name")
    if not isinstance(project, str) or not project:
        raise SandboxError("Pulumi.yaml: `name` must be the project's name")
    declared = {
        _full_key(key, project): _declaration(entry) for key, entry in _section(project_file, "Pulumi.yaml").items()
    }
    given: dict[str, Any] = {}
    for key, value in values.items():
        full = _full_key(key, project)
        if full.count(":") > 1:
            # The text after the second colon may be a value, even a secret one, without the space before it.
            raise SandboxError(
                f"Pulumi.{stack}.yaml: config key {shown(':'.join(full.split(':')[:2]))}:... "
                "is not of the form namespace:name; a value is written after a colon and a space"
            )
        if full in given:
            raise SandboxError(f"Pulumi.{stack}.yaml: config key {shown(full)} is given twice")
        given[full] = value
    defaults = {key: entry["default"] for key, entry in declared.items() if "default" in entry}
    missing = sorted(declared.keys() - defaults.keys() - given.keys())
    if missing:
        raise SandboxError(f"Pulumi.{stack}.yaml: {missing[0]} is required by Pulumi.yaml and not set")
    for key, value in given.items():
        _check_type(f"Pulumi.{stack}.yaml: {key}", declared.get(key, {}).get("type"), value)
    fields = {key: tuple(_secure_paths(value, key)) for key, value in given.items()}
    encrypted = frozenset(key for key, paths in fields.items() if paths)
    declared_secret = {key for key, entry in declared.items() if entry.get("secret") is True}
    return EngineConfig(
        project=project,
        stack=stack,
        values=MappingProxyType({key: _engine_text(value) for key, value in {**defaults, **given}.items()}),
        secret_keys=encrypted | declared_secret,
        encrypted_keys=encrypted,
        encrypted_fields=tuple(path for key, paths in fields.items() for path in paths if path != key),
    )


def _read_map(path: Path) -> dict[str, Any]:
    try:
        value = yaml_reader.read(path.read_text(encoding="utf-8-sig"))
    except yaml_reader.YamlError as error:
        raise SandboxError(f"{path.name} is not valid YAML: {error}") from None
    except UnicodeDecodeError:
        raise SandboxError(f"{path.name} is not UTF-8 text") from None
    except OSError as error:
        raise SandboxError(f"{path.name} can't be read in {path.parent}: {error.strerror}") from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise SandboxError(f"{path.name} must hold a map")
    return value


def _section(document: dict[str, Any], file_name: str) -> dict[str, Any]:
    config = document.get("config")
    if config is None:
        return {}
    if not isinstance(config, dict):
        raise SandboxError(f"{file_name}: `config` must be a map of keys to values")
    return config


def _known_stacks(project_dir: Path) -> str:
    names = sorted(path.name[len("Pulumi.") : -len(".yaml")] for path in project_dir.glob("Pulumi.?*.yaml"))
    return f"the stacks here: {', '.join(names)}" if names else f"{project_dir} has no stack file at all"


def _full_key(key: str, project: str) -> str:
    return key if ":" in key else f"{project}:{key}"


def _declaration(entry: Any) -> dict[str, Any]:
    """Convert the short forms (`aws:region: eu-west-1`, `{value: ...}`) to the long one."""
    if not isinstance(entry, dict):
        return {"default": entry}
    return {**entry, "default": entry["value"]} if "value" in entry else entry


def _check_type(where: str, declared: str | None, value: Any) -> None:
    if declared is None or _is_secure(value):
        return
    text = None if isinstance(value, (dict, list)) else yaml_reader.config_text(value)
    fits = {
        "object": isinstance(value, dict),
        "array": isinstance(value, list),
        "integer": text is not None and re.fullmatch(r"[-+]?[0-9]+", text) is not None,
        "boolean": text in ("true", "false"),
        "string": text is not None,
    }
    if not fits.get(declared, True):
        raise SandboxError(f"{where} must be of type {declared}, as Pulumi.yaml declares it")


def _is_secure(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"secure"} and isinstance(value["secure"], str)


def _secure_paths(value: Any, path: str) -> Iterator[str]:
    """Yield the path of each encrypted value in `value`, which is at `path`."""
    if _is_secure(value):
        yield path
    elif isinstance(value, dict):
        for key, child in value.items():
            yield from _secure_paths(child, f"{path}.{shown(key)}")
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _secure_paths(child, f"{path}[{index}]")


def _engine_text(value: Any) -> str:
    if _is_secure(value):
        return PLACEHOLDER
    if isinstance(value, (dict, list)):
        return json.dumps(
            yaml_reader.json_ready(_decrypted(value)), ensure_ascii=False, separators=(",", ":"), sort_keys=True
        )
    return yaml_reader.config_text(value)


def _decrypted(value: Any) -> Any:
    """Return the value with a placeholder for each encrypted value in it."""
    if _is_secure(value):
        return PLACEHOLDER
    if isinstance(value, dict):
        return {key: _decrypted(child) for key, child in value.items()}
    return [_decrypted(child) for child in value] if isinstance(value, list) else value
