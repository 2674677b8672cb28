"""Old build projects, as `aws codebuild batch-get-projects` prints them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from components.aws.names import STACK_TAG, log_group_name
from components.config import ComputeType
from components.config.project import RESERVED_NAMES, RESERVED_PREFIXES
from components.config.redaction import kind_of_credential, may_be_secret
from fleet.adopt import old_buildspec, old_source, old_webhook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DOCKER_LAYERS = "LOCAL_DOCKER_LAYER_CACHE"
_KEY_NAMES = ("FLOW_API_KEY", "CONVISO_API_KEY")
_PROJECT_KEY_NAMES = ("FLOW_PROJECT_CODE", "CONVISO_PROJECT_CODE")
_SECRET_NAME = re.compile(r"TOKEN|SECRET|PASS|PWD|CREDENTIAL|PRIVATE|(^|_)(PAT|AUTH|([A-Z]+)?KEY)(_|$)", re.IGNORECASE)
_NO_ENTRY = {
    "CODEPIPELINE": "CodePipeline hands the build an archive without .git, which every Conviso command needs",
    "NO_SOURCE": "it has no repository",
}
_ANY_REPOSITORY = "CODEBUILD_DEFAULT_WEBHOOK_SOURCE_LOCATION"
"""The location of a project that builds whichever repository of an organization sent the event."""


@dataclass(frozen=True, kw_only=True)
class Secret:
    """The secret from which an old project read the API key."""

    arn: str
    key: str


@dataclass(kw_only=True)
class Adopted:
    """An old project, and the entry that replaces it."""

    name: str
    raw: Mapping[str, Any]
    entry: dict[str, Any] = field(default_factory=dict)
    secret: Secret | None = None
    lost: list[str] = field(default_factory=list)
    """What cannot be carried over, one line each."""
    refused: str | None = None
    """Why there is no entry."""

    @property
    def project_name(self) -> str:
        """The project's name in CodeBuild."""
        return str(self.raw["name"])


def adopted(raw: Mapping[str, Any], name: str) -> Adopted:
    """The settings that come closest to the project, and what they leave out."""
    found = Adopted(name=name, raw=raw)
    kind = raw["source"].get("type", "")
    if kind not in old_source.PROVIDERS:
        found.refused = _NO_ENTRY.get(kind, f"sources of type {kind} are not supported")
        return found
    if raw["source"]["location"] == _ANY_REPOSITORY:
        found.refused = "it builds all repositories of an organization or group: `discover` makes an entry for each"
        return found
    webhook = old_webhook.read(raw.get("webhook"))
    buildspec = old_buildspec.read(raw["source"].get("buildspec", ""))
    description = _one_line(raw.get("description", ""))
    found.entry = {"projectName": raw["name"]} | ({"description": description} if description else {})
    _variables(found)
    found.entry["source"] = old_source.settings(found, webhook.branch)
    found.entry |= buildspec.settings
    _triggers(found, webhook.triggers)
    _environment(found)
    _logs(found)
    tags = {each["key"]: each.get("value", "") for each in raw.get("tags", [])}
    tags = {key: value for key, value in tags.items() if key != STACK_TAG and not key.startswith("aws:")}
    found.entry |= {"tags": tags} if tags else {}
    found.lost += [*buildspec.lost, *webhook.lost, *_of_the_project(raw)]
    _forget_credentials(found, found.entry)
    return found


def _forget_credentials(found: Adopted, values: dict[str, Any], path: str = "") -> None:
    """Leave out text that looks like a credential, whichever field it is in."""
    for key, value in values.items():
        if isinstance(value, dict):
            _forget_credentials(found, value, f"{path}{key}.")
        elif isinstance(value, str) and (kind := kind_of_credential(value)):
            values[key] = None
            found.lost.append(f"{path}{key}: it looks like {kind} and is not copied")


def _one_line(text: str) -> str:
    """The text without line breaks and control characters."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _variables(found: Adopted) -> None:
    """The API key's secret, the key of the Conviso project, and plaintext variables that are no secrets."""
    kept = {}
    for each in found.raw["environment"].get("environmentVariables", []):
        name, kind, value = each["name"], each.get("type", "PLAINTEXT"), each.get("value", "")
        if name in _KEY_NAMES:
            _api_key(found, name, kind, value)
        elif name in _PROJECT_KEY_NAMES and kind == "PLAINTEXT":
            found.entry["projectKey"] = value
        elif kind != "PLAINTEXT":
            found.lost.append(f"environment: variable {name} of type {kind}")
        elif name in RESERVED_NAMES or name.startswith(RESERVED_PREFIXES):
            found.lost.append(f"environment: variable {name}: it would interfere with the build")
        elif _SECRET_NAME.search(name) or may_be_secret(value) or old_source.LOGIN_IN_URL.search(value):
            found.lost.append(f"environment: variable {name} is in plaintext and may be a secret: it is not copied")
        else:
            kept[name] = value
    found.entry.setdefault("projectKey", None)
    if kept:
        found.entry["environment"] = {"variables": kept}
    if found.secret is None:
        found.lost.append("environment: there is no secret to take over: builds read the stack's")


def _api_key(found: Adopted, name: str, kind: str, value: str) -> None:
    arn = re.fullmatch(r"(arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+-[A-Za-z0-9]{6}):([^:]+)(:.*)?", value)
    if kind == "SECRETS_MANAGER" and arn:
        found.secret = Secret(arn=arn[1], key=arn[2])
        if version := (arn[3] or "").strip(":"):
            found.lost.append(f"environment: {name} is the secret's version {version}: builds read the current one")
    elif kind == "PLAINTEXT":
        found.lost.append(f"environment: {name} is in plaintext: generate a new key, which ends this one")
    else:
        found.lost.append(f"environment: {name} of type {kind} names no key in a secret by its full ARN")


def _triggers(found: Adopted, triggers: dict[str, Any]) -> None:
    """The triggers of the webhook. Other services may have started the project, too."""
    if found.entry["source"]["provider"] in {"s3", "codecommit"}:
        found.lost.append("events: EventBridge rules that started the project stay: remove them")
    elif triggers:
        found.entry["triggers"] = triggers
    else:
        found.entry["triggers"] = {"push": False, "tags": False}


def _environment(found: Adopted) -> None:
    raw, environment = found.raw, found.raw["environment"]
    entry = found.entry.pop("environment", {})
    compute, image = environment.get("computeType"), environment.get("image", "")
    if compute in list(ComputeType):
        entry["computeType"] = compute
    else:
        found.lost.append(f"environment: computeType {compute}")
    if environment.get("type") == "LINUX_CONTAINER":
        entry["image"] = image
    else:
        found.lost.append(
            f"environment: type {environment.get('type')} with image {image}: the scanners run on x86 Linux"
        )
    entry["timeoutMinutes"] = raw.get("timeoutInMinutes", 60)
    entry["queuedTimeoutMinutes"] = raw.get("queuedTimeoutInMinutes", 480)
    for key, name in (("concurrentBuildLimit", "concurrentBuilds"), ("autoRetryLimit", "autoRetries")):
        entry |= {name: raw[key]} if raw.get(key) else {}
    entry |= {"certificate": environment["certificate"]} if environment.get("certificate") else {}
    for key in ("registryCredential", "fleet", "dockerServer"):
        found.lost += [f"environment: {key}"] if environment.get(key) else []
    if vpc := raw.get("vpcConfig", {}):
        network = {
            "id": vpc.get("vpcId"),
            "subnetIds": vpc.get("subnets"),
            "securityGroupIds": vpc.get("securityGroupIds"),
        }
        entry |= {"vpc": network} if vpc.get("vpcId") else {}
    if _DOCKER_LAYERS in raw.get("cache", {}).get("modes", []):
        entry["dockerLayerCache"] = True
    found.entry["environment"] = entry


def _logs(found: Adopted) -> None:
    config = found.raw.get("logsConfig", {})
    cloudwatch, s3 = config.get("cloudWatchLogs", {}), config.get("s3Logs", {})
    to_cloudwatch, to_s3 = cloudwatch.get("status", "ENABLED") == "ENABLED", s3.get("status") == "ENABLED"
    if to_s3:
        bucket, prefix = old_source.bucket_and_key(s3.get("location", ""))
        found.entry["logs"] = {"destination": "both" if to_cloudwatch else "s3", "bucket": bucket}
        found.entry["logs"] |= {"prefix": prefix.rstrip("/")} if prefix else {}
    if to_cloudwatch and cloudwatch.get("groupName") not in (None, "", log_group_name(found.project_name)):
        found.lost.append(f"logs: group {cloudwatch['groupName']} stays, but gets no new logs")


def _of_the_project(raw: Mapping[str, Any]) -> Iterator[str]:
    if raw.get("artifacts", {}).get("type", "NO_ARTIFACTS") != "NO_ARTIFACTS":
        yield f"artifacts: {raw['artifacts']['type']} {raw['artifacts'].get('location', '')}".rstrip()
    for key, name in (
        ("secondarySources", "sourceIdentifier"),
        ("secondaryArtifacts", "artifactIdentifier"),
        ("fileSystemLocations", "identifier"),
    ):
        yield from (f"{key}: {each.get(name, 'one without a name')}" for each in raw.get(key, []))
    if raw.get("buildBatchConfig"):
        yield "buildBatchConfig: there are no batch builds"
    if raw.get("badge", {}).get("badgeEnabled"):
        yield "badge: its URL stops working"
    if raw.get("projectVisibility") == "PUBLIC_READ":
        yield "projectVisibility: PUBLIC_READ: logs of reviews are not public"
    cache = raw.get("cache", {})
    if cache.get("type") == "LOCAL":
        yield from (f"cache: {mode}" for mode in cache.get("modes", []) if mode != _DOCKER_LAYERS)
    elif cache.get("type") not in (None, "NO_CACHE"):
        yield f"cache: {cache['type']} {cache.get('location', '')}".rstrip()
