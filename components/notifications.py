"""Notifications of builds that ended, and of builds that could not be started."""

import json
from collections.abc import Collection, Mapping, Sequence

import pulumi
from pulumi_aws import cloudwatch, kms, sns, sqs

from .aws.location import AwsLocation
from .aws.names import (
    QUEUE_PREFIX_LENGTH,
    RULE_PREFIX_LENGTH,
    STACK_TAG,
    TOPIC_PREFIX_LENGTH,
    name_prefix,
    stack_prefix,
)
from .aws.notifications import INPUT_PATHS, event_patterns, input_template, queue_policy, topic_key, topic_policy
from .config import NotificationSettings, StackSettings, project_names
from .other_stacks import OtherStacks, values_of


class Notifications(pulumi.ComponentResource):
    """One topic, and an EventBridge rule that publishes to it how builds of the stack's projects end.

    Unless the settings name a topic, it is made with a customer key and its e-mail subscriptions. Several rules are
    made if the names of the projects do not fit into the event pattern of one. Starts that EventBridge could not make
    go into a queue, and an alarm publishes to the topic while the queue is not empty.
    """

    topic_arn: pulumi.Output[str]
    """ARN of the topic that everything is published to."""
    failed_starts_queue_arn: pulumi.Output[str]
    """ARN of the queue that receives the starts that failed."""

    def __init__(  # noqa: PLR0913 - these are keywords, as in every component
        self,
        name: str,
        settings: NotificationSettings,
        *,
        stack: str,
        location: AwsLocation,
        projects: Collection[str],
        tags: Mapping[str, str] | None = None,
        other_stacks: OtherStacks | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make everything under this component.

        Args:
            name: Prefix of every resource.
            settings: Who is notified of what.
            stack: Name of the stack. All build projects whose names begin with `conviso-<stack>-` are covered.
            location: Account and region of the resources.
            projects: Names of the stack's build projects. Those without that prefix are covered by their full names.
            tags: Tags of every taggable resource.
            other_stacks: The stacks that the settings may name; None if they name no output.
            opts: Options of the component. Its children get nothing from them but their parent.

        """
        own_topic = values_of(settings, location, "notifications", other_stacks).text("topicArn")
        super().__init__("conviso:index:Notifications", name, {}, opts)
        self._name, self._stack, self._location = name, stack, location
        self._tags = {**(tags or {}), STACK_TAG: stack}
        topic = self._make_topic(settings.emails or []) if own_topic is None else None
        self.topic_arn = pulumi.Output.from_input(topic.arn if topic else own_topic or "")
        rules = self._make_rules(settings, projects)
        alarm = self._make_failed_starts()
        if topic:
            self._let_publish(topic, rules, alarm)
        self.register_outputs({"topic_arn": self.topic_arn, "failed_starts_queue_arn": self.failed_starts_queue_arn})

    @property
    def _opts(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self)

    def _make_topic(self, emails: Collection[str]) -> sns.Topic:
        key = kms.Key(
            f"{self._name}-topic-cmk",
            description="Encrypts the notifications of Conviso reviews",
            deletion_window_in_days=30,
            enable_key_rotation=True,
            policy=json.dumps(topic_key(self._location)),
            tags=self._tags,
            opts=self._opts,
        )
        topic = sns.Topic(
            f"{self._name}-topic",
            name_prefix=name_prefix(self._stack, "reviews", TOPIC_PREFIX_LENGTH),
            kms_master_key_id=key.arn,
            tags=self._tags,
            opts=self._opts,
        )
        for email in emails:
            sns.TopicSubscription(
                f"{self._name}-{email}", topic=topic.arn, protocol="email", endpoint=email, opts=self._opts
            )
        return topic

    def _make_rules(self, settings: NotificationSettings, projects: Collection[str]) -> list[cloudwatch.EventRule]:
        patterns = event_patterns(self._stack, projects, settings.states)
        ended = ", ".join(settings.states)
        return [
            self._make_rule("builds" if number == 1 else f"builds-{number}", pattern, ended)
            for number, pattern in enumerate(patterns, 1)
        ]

    def _make_rule(self, suffix: str, pattern: str, ended: str) -> cloudwatch.EventRule:
        rule = cloudwatch.EventRule(
            f"{self._name}-{suffix}",
            name_prefix=name_prefix(self._stack, suffix, RULE_PREFIX_LENGTH),
            description=f"Builds of stack {self._stack} that ended: {ended}",
            event_pattern=pattern,
            tags=self._tags,
            opts=self._opts,
        )
        cloudwatch.EventTarget(
            f"{self._name}-{suffix}",
            rule=rule.name,
            arn=self.topic_arn,
            input_transformer=cloudwatch.EventTargetInputTransformerArgs(
                input_paths=dict(INPUT_PATHS), input_template=input_template(self._location)
            ),
            opts=self._opts,
        )
        return rule

    def _make_failed_starts(self) -> cloudwatch.MetricAlarm:
        prefix = name_prefix(self._stack, "failed-starts", QUEUE_PREFIX_LENGTH)
        queue = sqs.Queue(
            f"{self._name}-failed-starts",
            name_prefix=prefix,
            message_retention_seconds=14 * 24 * 60 * 60,
            sqs_managed_sse_enabled=True,
            tags=self._tags,
            opts=self._opts,
        )
        self.failed_starts_queue_arn = queue.arn
        policy = queue.arn.apply(lambda arn: json.dumps(queue_policy(arn, self._location, stack_prefix(self._stack))))
        sqs.QueuePolicy(f"{self._name}-failed-starts", queue_url=queue.url, policy=policy, opts=self._opts)
        return cloudwatch.MetricAlarm(
            f"{self._name}-failed-starts",
            name=f"{prefix}alarm",
            alarm_description=f"EventBridge could not start a build of stack {self._stack}. "
            "The messages in the queue say which build and why. Empty the queue to end the alarm.",
            namespace="AWS/SQS",
            metric_name="ApproximateNumberOfMessagesVisible",
            dimensions={"QueueName": queue.name},
            statistic="Maximum",
            period=300,
            evaluation_periods=1,
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            treat_missing_data="notBreaching",
            alarm_actions=[self.topic_arn],
            tags=self._tags,
            opts=self._opts,
        )

    def _let_publish(
        self, topic: sns.Topic, rules: Sequence[cloudwatch.EventRule], alarm: cloudwatch.MetricAlarm
    ) -> None:
        arns = pulumi.Output.all(topic.arn, alarm.arn, *(rule.arn for rule in rules))
        policy = arns.apply(
            lambda known: json.dumps(
                topic_policy(known[0], self._location, {"events": known[2:], "cloudwatch": [known[1]]})
            )
        )
        sns.TopicPolicy(f"{self._name}-topic", arn=topic.arn, policy=policy, opts=self._opts)


def make_notifications(
    settings: StackSettings, stack: str, location: AwsLocation, other_stacks: OtherStacks
) -> Notifications | None:
    """Make the notifications that a stack's configuration asks for; None if it asks for none."""
    if settings.notifications is None:
        return None
    projects = [project for project, _ in project_names(stack, settings.integrations)]
    return Notifications(
        "conviso",
        settings.notifications,
        stack=stack,
        location=location,
        projects=projects,
        tags=settings.tags,
        other_stacks=other_stacks,
    )
