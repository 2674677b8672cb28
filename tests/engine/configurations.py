"""Configurations of the stacks that these tests create."""

from __future__ import annotations

from typing import Any

from tests.config import samples


def stack(**integrations: samples.Raw) -> dict[str, Any]:
    """Return a stack with these integrations and an existing secret."""
    return {
        "conviso-codebuild:secret": {"existingArn": samples.SECRET},
        "conviso-codebuild:integrations": integrations,
    }


def logged_in(**sections: Any) -> samples.Raw:
    """Return an integration, by default of GitHub, with a connection as its login, which every git host supports."""
    source = {"auth": {"connectionArn": samples.CONNECTION}, **sections.pop("source", {})}
    return samples.integration(sections.pop("provider", "github"), source=source, **sections)
