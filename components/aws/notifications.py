"""Notifications in AWS's terms: the events, the message that people read, and who may publish it."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ..config import BuildState
from .location import AwsLocation
from .names import stack_prefix
from .policies import Document, Statement, customer_key, document, tls_only

# https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications-ref.html
_PHASE_STATUSES: Mapping[BuildState, tuple[str, ...]] = {
    BuildState.FAILED: ("FAILED", "FAULT", "TIMED_OUT"),
    BuildState.STOPPED: ("STOPPED",),
}


MAX_PATTERN_CHARACTERS = 2_048
"""Length of an event pattern: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html."""


def event_patterns(stack: str, projects: Iterable[str], states: Collection[BuildState]) -> list[str]:
    """EventBridge patterns that together match the builds to report, of all projects of a stack.

    The first pattern matches the stack's prefix; chosen names that do not begin with it are listed. As many patterns
    are returned as those names need.
    """
    prefix = stack_prefix(stack)
    names: list[Any] = [{"prefix": prefix}, *sorted(each for each in projects if not each.startswith(prefix))]
    groups: list[list[Any]] = [[]]
    for name in names:
        if len(_event_pattern([*groups[-1], name], states)) > MAX_PATTERN_CHARACTERS:
            groups.append([])
        groups[-1].append(name)
    return [_event_pattern(group, states) for group in groups]


def _event_pattern(names: Sequence[Any], states: Collection[BuildState]) -> str:
    """The pattern for projects of these names.

    A build that does not succeed is reported by the phase that it ended in: only that event holds the phase and the
    failed command as texts that a message can include. No event of a phase says that the whole build succeeded.
    """
    statuses = [status for state, names in _PHASE_STATUSES.items() if state in states for status in names]
    ways: list[dict[str, Any]] = []
    if statuses:
        ways.append({"completed-phase-status": statuses})
    if BuildState.SUCCEEDED in states:
        ways.append({"build-status": ["SUCCEEDED"]})
    detail = {"project-name": list(names)}
    return json.dumps({"source": ["aws.codebuild"], "detail": detail | (ways[0] if len(ways) == 1 else {"$or": ways})})


INPUT_PATHS: Mapping[str, str] = {
    "project": "$.detail.project-name",
    "status": "$.detail.build-status",
    "phase": "$.detail.completed-phase",
    "phaseStatus": "$.detail.completed-phase-status",
    "reason": "$.detail.completed-phase-context",
    "repository": "$.detail.additional-information.source.location",
    "build": "$.detail.additional-information.logs.stream-name",
    "log": "$.detail.additional-information.logs.deep-link",
}
"""Where the event holds the values of the message. EventBridge omits those that an event does not have.

The rest of the event, which contains the build's plaintext variables, is not sent.
"""


def input_template(location: AwsLocation) -> str:
    """The message as EventBridge's input template, with one JSON string for each line."""
    project = location.console_url("<project>")
    build = project and "Build: " + project.replace("?", "/build/<project>%3A<build>/?")
    lines = (
        "<project>: <status><phaseStatus> <phase>",
        "<repository>",
        "<reason>",
        *([build] if build else []),
        "Log: <log>",
    )
    return "\n".join(f'"{line}"' for line in lines)


def topic_policy(topic_arn: str, location: AwsLocation, publishers: Mapping[str, Sequence[str]]) -> Document:
    """Policy of a topic: each service in `publishers` may publish on behalf of those ARNs, and only over TLS."""
    allowed = [
        _service_may(service, ["sns:Publish"], topic_arn, location, {"ArnEquals": {"aws:SourceArn": list(arns)}})
        for service, arns in publishers.items()
    ]
    return document([*allowed, tls_only("sns:Publish", [topic_arn])])


def queue_policy(queue_arn: str, location: AwsLocation, rule_prefix: str) -> Document:
    """Policy of the queue: the stack's rules may send failed starts to it, and only over TLS."""
    rules = {"ArnLike": {"aws:SourceArn": location.arn("events", f"rule/{rule_prefix}*")}}
    allowed = _service_may("events", ["sqs:SendMessage"], queue_arn, location, rules)
    return document([allowed, tls_only("sqs:*", [queue_arn])])


def topic_key(location: AwsLocation) -> Document:
    """Policy of the topic's key: EventBridge and CloudWatch may encrypt with it; the account decides who else may.

    AWS's own key, `alias/aws/sns`, would not do: its policy allows neither service, so their messages would be lost.
    """
    actions = ["kms:Decrypt", "kms:GenerateDataKey*"]
    services = [_service_may(service, actions, "*", location, {}) for service in ("events", "cloudwatch")]
    return customer_key(location, *services)


def _service_may(
    service: str, actions: list[str], resource: str, location: AwsLocation, condition: Mapping[str, Any]
) -> Statement:
    return {
        "Sid": f"{service.capitalize()}May",
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": actions,
        "Resource": resource,
        "Condition": {"StringEquals": {"aws:SourceAccount": location.account}, **condition},
    }
