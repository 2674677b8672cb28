"""The changes that the first preview after the import shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.aws.names import STACK_TAG, log_group_name
from components.aws.triggers import webhook_filter_groups
from components.config import S3Source
from fleet.adopt.imports import has_own_log_group

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.config import IntegrationSettings
    from fleet.adopt.old_project import Adopted


def changes(adopted: Adopted, settings: IntegrationSettings) -> Iterator[str]:
    """Each change in one line, by resource."""
    raw = adopted.raw
    source, environment = raw["source"], raw["environment"]
    yield "project: buildspec: the rendered text, instead of the old one"
    if not isinstance(settings.source, S3Source) and source.get("gitCloneDepth", 0) != 0:
        yield f"project: gitCloneDepth: 0, the whole history, instead of {source['gitCloneDepth']}"
    if not environment.get("privilegedMode"):
        yield "project: privilegedMode: on; without it no scan runs"
    yield f"project: serviceRole: a new role for this project alone, instead of {raw.get('serviceRole')}"
    yield "project: environmentVariables: FLOW_API_KEY from the secret, and those of the settings"
    for key, old, new in (
        ("artifacts", raw.get("artifacts", {}).get("type"), "NO_ARTIFACTS"),
        ("environment.type", environment.get("type"), "LINUX_CONTAINER"),
        ("environment.computeType", environment.get("computeType"), settings.environment.compute_type.value),
        ("environment.image", environment.get("image"), settings.environment.image),
        ("sourceVersion", raw.get("sourceVersion"), settings.source.version),
        (
            "cache",
            raw.get("cache", {}).get("type", "NO_CACHE"),
            "LOCAL" if settings.environment.docker_layer_cache else "NO_CACHE",
        ),
    ):
        if old != new:
            yield f"project: {key}: {new} instead of {old}"
    if not adopted.entry.get("description"):
        yield "project: description: built from name and source"
    elif adopted.entry["description"] != raw["description"]:
        yield "project: description: on one line"
    yield f"project: tags: {STACK_TAG} is added"
    group = raw.get("logsConfig", {}).get("cloudWatchLogs", {}).get("groupName")
    if settings.logs.to_cloudwatch and group != log_group_name(adopted.project_name):
        yield f"project: logsConfig: {log_group_name(adopted.project_name)}"
    yield from _others(adopted, settings)


def _others(adopted: Adopted, settings: IntegrationSettings) -> Iterator[str]:
    if settings.logs.to_cloudwatch and has_own_log_group(adopted.raw):
        yield f"log group: retention of {settings.logs.retention_days} days, tags"
    elif settings.logs.to_cloudwatch:
        yield "log group: created"
    yield "role and its policy: created; the old role stays until you delete it"
    wanted, has = bool(webhook_filter_groups(settings)), bool(adopted.raw.get("webhook"))
    if wanted and has:
        yield "webhook: filters of the settings"
    elif wanted:
        yield "webhook: created"
    elif has:
        yield "webhook: removed, because the settings ask for none"
    elif adopted.entry["source"]["provider"] == "codecommit":
        yield "event rules, their targets and role: created"
