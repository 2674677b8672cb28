"""The source of an old project, and its login."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from components.aws.sources import SOURCE_TYPES
from components.config import GITLABS, Provider

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleet.adopt.old_project import Adopted

PROVIDERS = {kind: provider for provider, kind in SOURCE_TYPES.items()}
"""Providers by CodeBuild's type of the source."""
LOGIN_IN_URL = re.compile(r"://[^/\s]*@")


def settings(found: Adopted, branch: str | None) -> dict[str, Any]:
    """The corresponding `source`; `branch` is the one whose pushes start builds."""
    source, provider = found.raw["source"], PROVIDERS[found.raw["source"]["type"]]
    location, version = str(source.get("location", "")), found.raw.get("sourceVersion")
    entry: dict[str, Any] = {"provider": str(provider)}
    if provider is Provider.S3:
        bucket, key = bucket_and_key(location)
        return entry | {"bucket": bucket, "key": key} | ({"version": version} if version else {})
    entry["repository"] = _without_login(
        found, location.rstrip("/").rsplit("/", 1)[-1] if provider is Provider.CODECOMMIT else location
    )
    # Here, pushes and other builds use the same branch: the webhook's wins.
    entry["version"] = branch if branch and str(version or "").removeprefix("refs/heads/") != branch else version
    if provider is not Provider.CODECOMMIT:
        entry |= _auth(found, source.get("auth", {}))
        entry |= {} if source.get("reportBuildStatus") else {"reportStatus": False}
    if source.get("gitSubmodulesConfig", {}).get("fetchSubmodules"):
        if provider in {Provider.CODECOMMIT, *GITLABS}:
            found.lost.append("source: submodules")
        else:
            entry["submodules"] = True
    if source.get("insecureSsl"):
        found.lost.append("source: insecureSsl: name a CA bundle in environment.certificate instead")
    return entry


def bucket_and_key(location: str) -> tuple[str, str]:
    """Bucket and key of a place in S3, which CodeBuild writes with or without `arn:<partition>:s3:::`."""
    bucket, _, key = location.rpartition(":")[2].partition("/")
    return bucket, key


def _without_login(found: Adopted, url: str) -> str:
    """The clone URL without user and password."""
    plain = LOGIN_IN_URL.sub("://", url)
    if plain != url:
        found.lost.append("source: the login in the URL of the repository: set source.auth instead")
    return plain


def _auth(found: Adopted, auth: Mapping[str, str]) -> dict[str, Any]:
    fields = {"CODECONNECTIONS": "connectionArn", "SECRETS_MANAGER": "tokenSecretArn"}
    if auth.get("type") in fields:
        return {"auth": {fields[auth["type"]]: auth.get("resource")}}
    found.lost.append(
        "source: it has no login of its own: builds use the account's credential until you set source.auth"
    )
    return {}
