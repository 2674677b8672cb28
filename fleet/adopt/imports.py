"""The list for `pulumi import --file`: existing resources under the logical names of the program."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from components.aws.names import log_group_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fleet.adopt.old_project import Adopted, Secret

_INTEGRATION = "conviso:index:ConvisoIntegration"
_API_KEY = "conviso:index:ApiKey"


def common_secret(adopted: Sequence[Adopted]) -> Secret | None:
    """The secret that most projects read and that the stack can own: in its account, with a valid name."""
    secrets = Counter(
        each.secret
        for each in adopted
        if each.secret and _name(each.secret) and _place(each.secret.arn) == _place(str(each.raw["arn"]))
    )
    return secrets.most_common(1)[0][0] if secrets else None


def stack_secret(secret: Secret) -> dict[str, Any]:
    """The stack's `secret`. The import leaves its value as it is."""
    return {"name": _name(secret), "key": secret.key, "value": "external"}


def _name(secret: Secret) -> str | None:
    """Name of the secret: the ARN without six random characters; None if the configuration refuses that name."""
    name = secret.arn.split(":secret:")[1][:-7]
    return None if re.fullmatch(r".*-[A-Za-z0-9]{6}", name) else name


def _place(arn: str) -> list[str]:
    """Region and account."""
    return arn.split(":")[3:5]


def import_list(adopted: Sequence[Adopted], secret: Secret | None) -> dict[str, Any]:
    """The file's content."""
    resources: list[dict[str, Any]] = []
    if secret:
        resources += [
            {"type": _API_KEY, "name": "conviso", "component": True},
            _child("conviso", "secret", "aws:secretsmanager/secret:Secret", secret.arn),
        ]
    for each in adopted:
        resources += _integration(each)
    return {"resources": resources}


def _integration(adopted: Adopted) -> Iterator[dict[str, Any]]:
    name, raw = adopted.name, adopted.raw
    yield {"type": _INTEGRATION, "name": name, "component": True}
    # The provider imports projects by ARN, not by name.
    yield _child(name, "project", "aws:codebuild/project:Project", raw["arn"])
    if raw.get("webhook"):
        yield _child(name, "webhook", "aws:codebuild/webhook:Webhook", adopted.project_name)
    if has_own_log_group(raw):
        yield _child(name, "logs", "aws:cloudwatch/logGroup:LogGroup", log_group_name(adopted.project_name))


def has_own_log_group(raw: Mapping[str, Any]) -> bool:
    """Whether the project writes to the log group that the program creates for it."""
    cloudwatch = raw.get("logsConfig", {}).get("cloudWatchLogs", {})
    own = log_group_name(raw["name"])
    return cloudwatch.get("status", "ENABLED") == "ENABLED" and cloudwatch.get("groupName") in (None, "", own)


def _child(parent: str, what: str, kind: str, id_: str) -> dict[str, Any]:
    return {"type": kind, "name": f"{parent}-{what}", "id": id_, "parent": parent}
