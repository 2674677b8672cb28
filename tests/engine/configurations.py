"""Stacks that the tests of this folder make."""

from __future__ import annotations

from typing import Any

from tests.config import samples


def stack(**integrations: samples.Raw) -> dict[str, Any]:
    """A stack of these integrations whose secret is somebody else's."""
    return {
        "conviso-codebuild:secret": {"existingArn": samples.SECRET},
        "conviso-codebuild:integrations": integrations,
    }


def logged_in(**sections: Any) -> samples.Raw:
    """An integration of GitHub, with a login that other git hosts take as well."""
    source = {"auth": {"connectionArn": samples.CONNECTION}, **sections.pop("source", {})}
    return samples.integration(sections.pop("provider", "github"), source=source, **sections)
