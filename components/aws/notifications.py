"""What AWS is told about notifications: which events count, what people read, who may publish. Plain values only."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from ..config import BuildState
from .location import AwsLocation
from .policies import Document, Statement, customer_key, document, tls_only

# https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications-ref.html
_PHASE_STATUSES: Mapping[BuildState, tuple[str, ...]] = {
    BuildState.FAILED: ("FAILED", "FAULT", "TIMED_OUT"),
    BuildState.STOPPED: ("STOPPED",),
}


def event_pattern(project_prefix: str, other_projects: Collection[str], states: Collection[BuildState]) -> str:
    """EventBridge pattern of the builds that people hear of, for all projects of a stack.

    A build that does not succeed is told by the phase that it ended in: only that event names the phase and the failed
    command as texts that a message can hold. No event of a phase tells that the whole build succeeded.
    """
    statuses = [status for state, names in _PHASE_STATUSES.items() if state in states for status in names]
    ways: list[dict[str, Any]] = []
    if statuses:
        ways.append({"completed-phase-status": statuses})
    if BuildState.SUCCEEDED in states:
        ways.append({"build-status": ["SUCCEEDED"]})
    detail = {"project-name": [{"prefix": project_prefix}, *sorted(other_projects)]}
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
"""Where a message's values stand in the event. EventBridge leaves out what an event does not have.

Nothing else of the event is passed on: it carries the plaintext variables of the build.
"""


def input_template(location: AwsLocation) -> str:
    """The message, as EventBridge's input template: one JSON string for each line."""
    build = location.console_url("<project>").replace("?", "/build/<project>%3A<build>/?")
    lines = (
        "<project>: <status><phaseStatus> <phase>",
        "<repository>",
        "<reason>",
        f"Build: {build}",
        "Log: <log>",
    )
    return "\n".join(f'"{line}"' for line in lines)


def topic_policy(topic_arn: str, location: AwsLocation, publishers: Mapping[str, str]) -> Document:
    """Each service in `publishers` may publish for the resource of that ARN; nobody does so without TLS."""
    allowed = [
        _service_may(service, ["sns:Publish"], topic_arn, location, {"ArnEquals": {"aws:SourceArn": arn}})
        for service, arn in publishers.items()
    ]
    return document([*allowed, tls_only("sns:Publish", [topic_arn])])


def queue_policy(queue_arn: str, location: AwsLocation, rule_prefix: str) -> Document:
    """The stack's rules may keep the starts that failed; nobody reaches the queue without TLS."""
    rules = {"ArnLike": {"aws:SourceArn": location.arn("events", f"rule/{rule_prefix}*")}}
    allowed = _service_may("events", ["sqs:SendMessage"], queue_arn, location, rules)
    return document([allowed, tls_only("sqs:*", [queue_arn])])


def topic_key(location: AwsLocation) -> Document:
    """The account decides who uses the topic's key; EventBridge and CloudWatch encrypt with it what they publish.

    With AWS's own key, `alias/aws/sns`, what they publish would be lost: its policy names neither.
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
