"""Turns a host's list of repositories into entries of a file of integrations, and reports coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from components.config import Provider
from fleet.discover.choice import Coverage, Rules, chosen, project_key
from fleet.names import integration_names, plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from fleet.discover.repositories import Repository

__all__ = ["Coverage", "Rules", "chosen", "entries"]


def entries(added: Iterable[Repository], rules: Rules, taken: Collection[str]) -> dict[str, Any]:
    """An entry for each repository, under its own name, or with its owner's name if the name is taken.

    The login and everything else come from the stack's `defaults`.
    """
    repositories = list(added)
    short = [plain(each.path.rsplit("/", 1)[-1]) for each in repositories]
    twice = {name for name in short if short.count(name) > 1 or name in taken}
    wanted = [each.path if name in twice else name for each, name in zip(repositories, short, strict=True)]
    names = integration_names(wanted, taken)
    return {name: _entry(each, rules) for name, each in zip(names, repositories, strict=True)}


def _entry(repository: Repository, rules: Rules) -> dict[str, Any]:
    key = project_key(repository, rules)
    source = {"provider": repository.provider.value, "repository": repository.url}
    if repository.branch:
        source["version"] = repository.branch
    if repository.provider is Provider.CODECOMMIT:
        source["repository"] = repository.path
    return ({"projectKey": key} if key else {}) | {"source": source}
