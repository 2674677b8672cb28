"""One topic and one rule for all builds of a stack: which builds match, what people read, who may publish."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from components.aws.notifications import INPUT_PATHS, event_patterns, input_template
from components.config import BuildState
from tests.components.building import EVENT_RULE, EVENT_TARGET, KEY, QUEUE, TOPIC
from tests.components.program import configured, program
from tests.config.samples import integration, stack
from tests.harness import HERE, Graph, arn, run

TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
EXISTING_TOPIC = "arn:aws:sns:us-east-1:123456789012:appsec"


def made(**settings: Any) -> Graph:
    """Return the graph of a stack with these notifications and three integrations."""
    integrations = {name: integration() for name in ("shop", "web", "api")}
    return run(program, configured(stack(notifications=settings, integrations=integrations)))


def test_one_topic_and_one_rule_serve_every_project() -> None:
    graph = made(emails=["a@b.example", "c@d.example"])

    assert (len(graph.of(TOPIC)), len(graph.of(EVENT_RULE)), len(graph.of(QUEUE))) == (1, 1, 1)
    assert [each.inputs["endpoint"] for each in graph.of(SUBSCRIPTION)] == ["a@b.example", "c@d.example"]
    assert graph.exports["notificationTopicArn"] == arn("Topic", "conviso-topic")


def test_an_existing_topic_is_used_unchanged() -> None:
    """Without this, the stack overwrites the policy of a topic that somebody else manages."""
    graph = made(topicArn=EXISTING_TOPIC)

    assert (graph.of(TOPIC), graph.of(KEY), graph.of(TOPIC_POLICY), graph.of(SUBSCRIPTION)) == ([], [], [], [])
    assert graph.one(EVENT_TARGET, "conviso-builds").inputs["arn"] == EXISTING_TOPIC
    assert graph.exports["notificationTopicArn"] == EXISTING_TOPIC


@pytest.mark.parametrize(
    ("states", "detail"),
    [
        (None, {"completed-phase-status": ["FAILED", "FAULT", "TIMED_OUT", "STOPPED"]}),
        (["failed"], {"completed-phase-status": ["FAILED", "FAULT", "TIMED_OUT"]}),
        (["stopped"], {"completed-phase-status": ["STOPPED"]}),
        (["succeeded"], {"build-status": ["SUCCEEDED"]}),
        (
            ["succeeded", "stopped"],
            {"$or": [{"completed-phase-status": ["STOPPED"]}, {"build-status": ["SUCCEEDED"]}]},
        ),
    ],
)
def test_the_rule_matches_builds_of_this_stack_that_ended_in_a_chosen_state(
    states: list[str] | None, detail: dict[str, Any]
) -> None:
    graph = made(emails=["a@b.example"], **({} if states is None else {"states": states}))

    assert json.loads(graph.one(EVENT_RULE).inputs["eventPattern"]) == {
        "source": ["aws.codebuild"],
        "detail": {"project-name": [{"prefix": "conviso-dev-"}], **detail},
    }


def test_projects_of_other_names_are_matched_one_by_one() -> None:
    (pattern,) = event_patterns("dev", ["billing", "conviso-dev-shop", "acme"], [BuildState.FAILED])

    assert json.loads(pattern)["detail"]["project-name"] == [{"prefix": "conviso-dev-"}, "acme", "billing"]


@pytest.mark.parametrize("length", [2, 147])
def test_names_that_do_not_fit_into_one_pattern_get_several_rules(length: int) -> None:
    """Without this, EventBridge refuses a pattern of more than 2,048 characters, and nobody is notified of anything."""
    projects = [f"{number:0>{length}}" for number in range(99)]
    patterns = event_patterns("dev", projects, list(BuildState))

    assert max(map(len, patterns)) <= 2_048
    names = [name for pattern in patterns for name in json.loads(pattern)["detail"]["project-name"]]
    assert names == [{"prefix": "conviso-dev-"}, *projects]


def test_every_rule_may_publish_to_the_topic() -> None:
    """Without this, builds of the projects in the second rule end unheard."""
    integrations = {f"shop-{number}": integration(projectName=f"{number:0>147}") for number in range(20)}
    raw = stack(notifications={"emails": ["a@b.example"]}, integrations=integrations)
    graph = run(program, configured(raw))

    policy = json.loads(graph.one(TOPIC_POLICY).inputs["policy"])
    rules = [arn("EventRule", each.name) for each in graph.of(EVENT_RULE)]
    assert rules == [arn("EventRule", name) for name in ("conviso-builds", "conviso-builds-2")]
    assert policy["Statement"][0]["Condition"]["ArnEquals"] == {"aws:SourceArn": rules}
    assert [each.name for each in graph.of(EVENT_TARGET)] == ["conviso-builds", "conviso-builds-2"]


def test_the_message_contains_no_variable_of_the_build() -> None:
    """Without this, messages contain the build's plaintext variables, which the raw event carries."""
    assert [path for path in INPUT_PATHS.values() if "environment" in path or path.count(".") < 2] == []


def test_placeholders_and_input_paths_correspond() -> None:
    """Without this, EventBridge refuses the target, or a message contains an empty value."""
    assert set(re.findall(r"<(\w+)>", input_template(HERE))) == set(INPUT_PATHS)


def test_each_line_of_the_message_is_a_json_string() -> None:
    """Without this, EventBridge refuses the template, which must be an object or strings."""
    assert [type(json.loads(line)) for line in input_template(HERE).splitlines()] == [str] * 5


def test_the_topic_accepts_messages_only_from_this_rule_and_this_alarm() -> None:
    graph = made(emails=["a@b.example"])
    statements = json.loads(graph.one(TOPIC_POLICY).inputs["policy"])["Statement"]

    allowed = [(each["Principal"]["Service"], each["Condition"]) for each in statements if each["Effect"] == "Allow"]
    account = {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    assert allowed == [
        ("events.amazonaws.com", {**account, "ArnEquals": {"aws:SourceArn": [arn("EventRule", "conviso-builds")]}}),
        (
            "cloudwatch.amazonaws.com",
            {**account, "ArnEquals": {"aws:SourceArn": [arn("MetricAlarm", "conviso-failed-starts")]}},
        ),
    ]


def test_the_topics_key_allows_both_services_to_encrypt() -> None:
    """Without these statements, or with `alias/aws/sns`, EventBridge silently drops every message."""
    graph = made(emails=["a@b.example"])
    statements = json.loads(graph.one(KEY, "conviso-topic-cmk").inputs["policy"])["Statement"]

    services = [each["Principal"]["Service"] for each in statements if "Service" in each["Principal"]]
    assert services == ["events.amazonaws.com", "cloudwatch.amazonaws.com"]
    assert graph.one(TOPIC).inputs["kmsMasterKeyId"] == arn("Key", "conviso-topic-cmk")


def test_a_failed_start_is_published_to_the_topic() -> None:
    """Without the queue and the alarm, a schedule whose project is gone fails silently, night after night."""
    alarm = made(topicArn=EXISTING_TOPIC).one(ALARM).inputs

    assert (alarm["metricName"], alarm["threshold"]) == ("ApproximateNumberOfMessagesVisible", 0)
    assert alarm["alarmActions"] == [EXISTING_TOPIC]


def test_an_integration_sends_its_failed_starts_to_the_stacks_queue() -> None:
    triggers = {"schedule": {"expression": "rate(1 day)"}}
    raw = stack(notifications={"topicArn": EXISTING_TOPIC}, integrations={"shop": integration(triggers=triggers)})
    schedule = run(program, configured(raw)).one("aws:scheduler/schedule:Schedule")

    assert schedule.inputs["target"]["deadLetterConfig"] == {"arn": arn("Queue", "conviso-failed-starts")}
