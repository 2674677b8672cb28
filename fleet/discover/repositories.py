"""Lists of repositories, as hosts print them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from components.config import Provider
from components.config.source import PUBLIC_HOSTS
from fleet.errors import FleetError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_KNOWN_FORMS = (
    "`gh repo list OWNER --limit 1000 --json nameWithOwner,url,defaultBranchRef,isFork,isArchived,isEmpty`, "
    "projects of GitLab's or repositories of Bitbucket's API, `aws codecommit list-repositories`, "
    "or a CSV with a column `repository`"
)


@dataclass(frozen=True, kw_only=True)
class Repository:
    """One repository of a host."""

    path: str
    """Its name with that of its owner or group, such as `acme/shop-api`; of CodeCommit just its name."""
    url: str
    """https clone URL; for CodeCommit the name."""
    provider: Provider
    branch: str | None
    """The default branch, where the list tells it."""
    is_fork: bool = False
    is_archived: bool = False
    is_empty: bool = False
    project_key: str | None = None
    """Of the Conviso project, where a CSV names it."""

    @property
    def identity(self) -> str:
        """What two spellings of one repository share."""
        return identity(self.url)


def identity(url: str) -> str:
    """Host and path of a clone URL, without what means nothing: case, `.git`, a slash at the end."""
    return url.lower().removeprefix("https://").rstrip("/").removesuffix(".git")


def read(text: str) -> list[Repository]:
    """The repositories in what a host printed, in its order.

    Raises FleetError where the form is not known.
    """
    stripped = text.lstrip("\ufeff").strip()
    try:
        raw = _json(stripped) if stripped[:1] in {"[", "{"} else None
    except ValueError:
        raise FleetError("the list begins like JSON, but is none: was it cut off?") from None
    try:
        if raw is None:
            return _from_csv(stripped)
        entries = _entries(raw)
        return [_form(entry)(entry) for entry in entries]
    except (KeyError, TypeError, StopIteration):
        raise FleetError(f"the list is none of these: {_KNOWN_FORMS}") from None


def _json(text: str) -> Any:
    """The document; pages that were printed one after the other are one list."""
    decoder, pages, position = json.JSONDecoder(), [], 0
    while position < len(text):
        page, end = decoder.raw_decode(text, position)
        pages.append(page)
        position = end + len(text[end:]) - len(text[end:].lstrip())
    return pages[0] if len(pages) == 1 else [entry for page in pages for entry in _entries(page)]


def _entries(raw: Any) -> list[Mapping[str, Any]]:
    if isinstance(raw, list):
        return raw
    found: list[Mapping[str, Any]] = raw["values"] if "values" in raw else raw["repositories"]
    return found


def _form(entry: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Repository]:
    """Which host's entry this is, by a field that only it has."""
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
        is_fork="forked_from_project" in entry,
        is_archived=bool(entry.get("archived")),
        is_empty=bool(entry.get("empty_repo")),
    )


def _bitbucket(entry: Mapping[str, Any]) -> Repository:
    if "clone_url" in entry:
        raise KeyError  # GitHub's REST API has `full_name`, too, and is no form that is known here
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
    """`list-repositories` names them; `batch-get-repositories` knows their branch, too."""
    name = entry["repositoryName"]
    is_empty = "cloneUrlHttp" in entry and "defaultBranch" not in entry
    return Repository(
        path=name, url=name, provider=Provider.CODECOMMIT, branch=entry.get("defaultBranch"), is_empty=is_empty
    )


def _from_csv(text: str) -> list[Repository]:
    rows = table(text, "repository")
    return [_csv(row) for row in rows]


def _csv(row: Mapping[str, str]) -> Repository:
    url = row["repository"]
    path = urlsplit(url).path.strip("/").removesuffix(".git") if "://" in url else url
    provider = row.get("provider")
    if provider and provider not in list(Provider):
        raise FleetError(f"{url}: provider must be one of {', '.join(Provider)}; got {provider!r}")
    return Repository(
        path=path,
        url=url,
        provider=Provider(provider) if provider else _provider_of_csv(url),
        branch=row.get("branch") or None,
        is_fork=_yes(row.get("fork")),
        is_archived=_yes(row.get("archived")),
        is_empty=_yes(row.get("empty")),
        project_key=row.get("projectKey") or None,
    )


def _provider_of_csv(url: str) -> Provider:
    if "://" not in url:
        return Provider.CODECOMMIT
    host = urlsplit(url).netloc
    found = next((provider for provider, public in PUBLIC_HOSTS.items() if host == public), None)
    if found is None:
        raise FleetError(f"{url}: a column `provider` must say what kind of host {host} is")
    return found


def _provider(url: str, otherwise: Provider) -> Provider:
    host = urlsplit(url).netloc
    return next((provider for provider, public in PUBLIC_HOSTS.items() if host == public), otherwise)


def _yes(text: str | None) -> bool:
    return (text or "").lower() in {"true", "yes", "1"}


def table(text: str, *columns: str) -> list[dict[str, str]]:
    """The rows of a CSV with a heading.

    Raises FleetError where it lacks one of the columns.
    """
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    missing = [column for column in columns if column not in (rows.fieldnames or [])]
    if missing:
        raise FleetError(f"the first line must name the column {missing[0]}")
    return [{key: (value or "").strip() for key, value in row.items() if isinstance(key, str)} for row in rows]


def project_keys(text: str) -> dict[str, str]:
    """Keys of Conviso projects, by what identifies the repository: its URL, or its path alone."""
    rows: Iterable[dict[str, str]] = table(text, "repository", "projectKey")
    return {identity(row["repository"]): row["projectKey"] for row in rows if row["projectKey"]}
