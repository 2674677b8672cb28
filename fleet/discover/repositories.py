"""Lists of repositories, as hosts print them."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from components.config import Provider
from components.config.source import PUBLIC_HOSTS
from fleet.errors import FleetError
from fleet.text_files import documents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_MORE = ("next", "nextToken", "NextToken")
"""Fields in which Bitbucket and AWS name the next page."""
_KNOWN_FORMS = (
    "`gh repo list OWNER --limit 1000 --json nameWithOwner,url,defaultBranchRef,isFork,isArchived,isEmpty`, "
    "projects of GitLab's or repositories of Bitbucket's API, `aws codecommit list-repositories`, "
    "or a CSV with a column `repository`"
)

_CLONE_URL = re.compile(r"https://([^/@\s\x00-\x1f]+)/([^@\s\x00-\x1f]+?)(?:\.git)?/?")
_CODECOMMIT_NAME = re.compile(r"[A-Za-z0-9_.-]+")


class Repository(BaseModel):
    """One repository of a host."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, strict=True)

    path: str
    """Owner or group and name, such as `acme/shop-api`; only the name for CodeCommit."""
    url: str
    """https clone URL; for CodeCommit the name."""
    provider: Provider
    branch: str | None
    """The default branch, if the list contains it."""
    is_fork: bool = False
    is_archived: bool = False
    is_empty: bool = False
    project_key: str | None = None
    """Key of the Conviso project, if a CSV contains it."""

    @property
    def identity(self) -> str:
        """What all spellings of one repository share."""
        return identity(self.url)


def identity(url: str) -> str:
    """Host and path of a clone URL, without differences of case, `.git` or a final slash."""
    return url.lower().removeprefix("https://").rstrip("/").removesuffix(".git")


def read(text: str) -> list[Repository]:
    """The repositories in the output of a host, in its order.

    Raises FleetError if the form is not known.
    """
    stripped = text.lstrip("\ufeff").strip()
    if stripped[:1] not in {"[", "{"}:
        return [_csv(row) for row in table(stripped, "repository")]
    try:
        pages = documents(stripped)
    except ValueError:
        raise FleetError("the list begins like JSON, but is not valid JSON: was it cut off?") from None
    if any(isinstance(pages[-1], dict) and pages[-1].get(mark) for mark in _MORE):
        raise FleetError("the last page of the list names a next page: append the missing pages")
    try:
        found = [_form(entry)(entry) for page in pages for entry in _entries(page)]
    except (AttributeError, KeyError, TypeError, ValueError, StopIteration):
        raise FleetError(f"the list is none of these: {_KNOWN_FORMS}") from None
    for each in found:
        if each.provider is not Provider.CODECOMMIT:
            _clone_url(each.url)
    return found


def _entries(raw: Any) -> list[Mapping[str, Any]]:
    if isinstance(raw, list):
        return raw
    found: list[Mapping[str, Any]] = raw["values"] if "values" in raw else raw["repositories"]
    return found


def _form(entry: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Repository]:
    """The reader for an entry, chosen by a field that only its host has."""
    forms = {
        "nameWithOwner": _github,
        "path_with_namespace": _gitlab,
        "full_name": _bitbucket,
        "repositoryName": _codecommit,
    }
    return next(form for field, form in forms.items() if field in entry)


def _github(entry: Mapping[str, Any]) -> Repository:
    branch = (entry.get("defaultBranchRef") or {}).get("name") or None
    return Repository(
        path=entry["nameWithOwner"],
        url=f"{entry['url']}.git",
        provider=_provider(entry["url"], Provider.GITHUB_ENTERPRISE),
        branch=branch,
        is_fork=bool(entry.get("isFork")),
        is_archived=bool(entry.get("isArchived")),
        is_empty=bool(entry.get("isEmpty")),
    )


def _gitlab(entry: Mapping[str, Any]) -> Repository:
    return Repository(
        path=entry["path_with_namespace"],
        url=entry["http_url_to_repo"],
        provider=_provider(entry["http_url_to_repo"], Provider.GITLAB_SELF_MANAGED),
        branch=entry.get("default_branch"),
        is_fork=bool(entry.get("forked_from_project")),
        is_archived=bool(entry.get("archived")),
        is_empty=bool(entry.get("empty_repo")),
    )


def _bitbucket(entry: Mapping[str, Any]) -> Repository:
    if "clone_url" in entry:
        raise KeyError  # an entry of GitHub's REST API, which is not supported
    branch = (entry.get("mainbranch") or {}).get("name")
    return Repository(
        path=entry["full_name"],
        url=f"https://bitbucket.org/{entry['full_name']}.git",
        provider=Provider.BITBUCKET,
        branch=branch,
        is_fork=bool(entry.get("parent")),
        is_empty=branch is None,
    )


def _codecommit(entry: Mapping[str, Any]) -> Repository:
    """Output of `list-repositories`, or of `batch-get-repositories`, which also has the branch."""
    name = entry["repositoryName"]
    is_empty = "cloneUrlHttp" in entry and "defaultBranch" not in entry
    return Repository(
        path=name, url=name, provider=Provider.CODECOMMIT, branch=entry.get("defaultBranch"), is_empty=is_empty
    )


def _csv(row: Mapping[str, str]) -> Repository:
    url, given = row["repository"], row.get("provider")
    clone_url = None if _CODECOMMIT_NAME.fullmatch(url) else _clone_url(url)
    if given and given not in list(Provider):
        raise FleetError(f"{url}: provider must be one of {', '.join(Provider)}; got {given!r}")
    provider = Provider(given) if given else _provider_of_csv(url, clone_url[1] if clone_url else None)
    if (provider is Provider.CODECOMMIT) is (clone_url is not None):
        raise FleetError(
            f"{url}: write the bare name for codecommit, and the https clone URL for the others; got {provider}"
        )
    return Repository(
        path=clone_url[2] if clone_url else url,
        url=url,
        provider=provider,
        branch=row.get("branch") or None,
        is_fork=_yes(row.get("fork")),
        is_archived=_yes(row.get("archived")),
        is_empty=_yes(row.get("empty")),
        project_key=row.get("projectKey") or None,
    )


def _clone_url(url: str) -> re.Match[str]:
    """Host and path of a clone URL.

    Raises FleetError if it is none, or has a login.
    """
    if found := _CLONE_URL.fullmatch(url):
        return found
    shown = url.rpartition("@")[2] or "a row without repository"
    raise FleetError(f"{shown}: write the https clone URL without a login, or CodeCommit's bare name")


def _provider_of_csv(url: str, host: str | None) -> Provider:
    if host is None:
        return Provider.CODECOMMIT
    found = next((provider for provider, public in PUBLIC_HOSTS.items() if host.lower() == public), None)
    if found is None:
        raise FleetError(f"{url}: a column `provider` must say what kind of host {host} is")
    return found


def _provider(url: str, otherwise: Provider) -> Provider:
    host = urlsplit(url).netloc
    return next((provider for provider, public in PUBLIC_HOSTS.items() if host == public), otherwise)


def _yes(text: str | None) -> bool:
    return (text or "").lower() in {"true", "yes", "1"}


def table(text: str, *columns: str) -> list[dict[str, str]]:
    """The rows of a CSV with a header.

    Raises FleetError if one of the columns is missing.
    """
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    try:
        missing = [column for column in columns if column not in (rows.fieldnames or [])]
        if missing:
            raise FleetError(f"the first line must contain the column {missing[0]}")
        return [{key: (value or "").strip() for key, value in row.items() if isinstance(key, str)} for row in rows]
    except csv.Error as error:
        raise FleetError(f"line {rows.line_num + 1} is not CSV: {error}") from None


def project_keys(text: str) -> dict[str, str]:
    """Keys of Conviso projects, by the repository's URL or its path."""
    rows: Iterable[dict[str, str]] = table(text, "repository", "projectKey")
    return {identity(row["repository"]): row["projectKey"] for row in rows if row["projectKey"]}
