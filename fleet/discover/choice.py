"""Which repositories become integrations, and why others do not."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from fleet.discover.repositories import Repository


class Coverage(StrEnum):
    """Whether a repository is covered, and why not."""

    ADDED = "added"
    ALREADY = "already there"
    NOT_INCLUDED = "not included"
    EXCLUDED = "excluded"
    FORK = "fork"
    ARCHIVED = "archived"
    EMPTY = "empty"
    NO_PROJECT_KEY = "no project key"

    @property
    def is_covered(self) -> bool:
        """Whether the repository has an integration."""
        return self in {Coverage.ADDED, Coverage.ALREADY}

    @property
    def is_open(self) -> bool:
        """Whether a person has something to do."""
        return self is Coverage.NO_PROJECT_KEY


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What the user asked for."""

    include: Sequence[str] = ()
    """Globs of paths, in which `*` also matches `/`; empty includes everything."""
    exclude: Sequence[str] = ()
    project_keys: Mapping[str, str] | None = None
    """By identity or path of the repository; None if entries get no keys."""
    known: Collection[str] = field(default_factory=frozenset)
    """Identities of the repositories that have an integration."""


def chosen(repositories: Iterable[Repository], rules: Rules) -> list[tuple[Repository, Coverage]]:
    """Each repository once, with its coverage."""
    unique = {each.identity: each for each in reversed(list(repositories))}
    return [(each, _coverage(each, rules)) for each in reversed(unique.values())]


def project_key(repository: Repository, rules: Rules) -> str | None:
    """Key of the repository's Conviso project, if known."""
    keys = rules.project_keys or {}
    return keys.get(repository.identity) or keys.get(repository.path.lower()) or repository.project_key


def _coverage(repository: Repository, rules: Rules) -> Coverage:
    left_out = {
        Coverage.NOT_INCLUDED: bool(rules.include) and not _matches(repository.path, rules.include),
        Coverage.EXCLUDED: _matches(repository.path, rules.exclude),
        Coverage.FORK: repository.is_fork,
        Coverage.ARCHIVED: repository.is_archived,
        Coverage.EMPTY: repository.is_empty,
        Coverage.NO_PROJECT_KEY: rules.project_keys is not None and project_key(repository, rules) is None,
    }
    if repository.identity in rules.known:
        return Coverage.ALREADY
    return next((reason for reason, holds in left_out.items() if holds), Coverage.ADDED)


def _matches(path: str, globs: Iterable[str]) -> bool:
    return any(fnmatchcase(path.lower(), glob.lower()) for glob in globs)
