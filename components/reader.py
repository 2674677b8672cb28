"""A typed reader of a stack's outputs, for the programs of other teams."""

from collections.abc import Mapping
from typing import Any

import pulumi

from .config.redaction import did_you_mean
from .config.stack_outputs import SCHEMA_VERSION


def _required(fields: Mapping[str, Any], name: str) -> Any:
    if name not in fields:
        raise pulumi.RunError(
            f"the integration has no output {name}: its stack is not one of conviso-codebuild; check the stack's name"
        )
    return fields[name]


class Integration:
    """The outputs of one integration.

    A property that does not apply, or that an older stack does not export yet, is None.
    """

    def __init__(self, exported: pulumi.Output[Mapping[str, Any]]) -> None:
        self._exported = exported

    def _text(self, name: str) -> pulumi.Output[str]:
        return self._exported.apply(lambda fields: str(_required(fields, name)))

    def _text_or_none(self, name: str) -> pulumi.Output[str | None]:
        return self._exported.apply(lambda fields: fields.get(name))

    @property
    def project_name(self) -> pulumi.Output[str]:
        """Name of the build project."""
        return self._text("projectName")

    @property
    def project_arn(self) -> pulumi.Output[str]:
        """ARN of the build project."""
        return self._text("projectArn")

    @property
    def role_arn(self) -> pulumi.Output[str]:
        """ARN of the role that builds run as."""
        return self._text("roleArn")

    @property
    def log_group_name(self) -> pulumi.Output[str | None]:
        """Name of the log group; None where logs go to S3 only."""
        return self._text_or_none("logGroupName")

    @property
    def log_bucket(self) -> pulumi.Output[str | None]:
        """Name of the bucket for logs; None where they go to CloudWatch only."""
        return self._text_or_none("logBucket")

    @property
    def secret_arn(self) -> pulumi.Output[str]:
        """ARN of the secret that holds the API key."""
        return self._text("secretArn")

    @property
    def webhook_url(self) -> pulumi.Output[str | None]:
        """Address of the webhook on the git host; None without a webhook."""
        return self._text_or_none("webhookUrl")

    @property
    def trigger_rule_arns(self) -> pulumi.Output[list[str]]:
        """ARNs of the EventBridge rules that start builds."""
        return self._exported.apply(lambda fields: list(fields.get("triggerRuleArns") or ()))

    @property
    def schedule_arn(self) -> pulumi.Output[str | None]:
        """ARN of the schedule that starts builds; None without one."""
        return self._text_or_none("scheduleArn")

    @property
    def pull_request_project_name(self) -> pulumi.Output[str | None]:
        """Name of the build project that reviews pull requests; None where they are not reviewed."""
        return self._text_or_none("pullRequestProjectName")

    @property
    def console_url(self) -> pulumi.Output[str | None]:
        """The build project's page in the AWS console; None in a partition whose console is not public."""
        return self._text_or_none("consoleUrl")

    @property
    def buildspec_path(self) -> pulumi.Output[str | None]:
        """Path of the buildspec in the repository; None where it is inline."""
        return self._text_or_none("buildspecPath")


class ConvisoStack:
    """The outputs of a stack of conviso-codebuild, read by stack reference.

    Make one instance for each stack. The outputs are known in a preview, too. RunError ends the program if the stack
    does not exist, or exports a version that this library cannot read.
    """

    def __init__(self, stack: str, opts: pulumi.ResourceOptions | None = None) -> None:
        """Read the stack.

        Args:
            stack: Full name of the stack: organization, project and stack, such as `acme/conviso-codebuild/prod`. On
                a self-managed backend the organization is the word `organization`.
            opts: Options of the stack reference.

        """
        self._stack = stack
        self._reference = pulumi.StackReference(stack, opts=opts)
        self._version = self._reference.get_output("schemaVersion").apply(self._checked_version)

    @property
    def secret_arn(self) -> pulumi.Output[str]:
        """ARN of the secret that holds the stack's API key."""
        return self._output("secretArn").apply(str)

    @property
    def notification_topic_arn(self) -> pulumi.Output[str | None]:
        """ARN of the topic of the stack's notifications; None if it has none."""
        return self._output("notificationTopicArn")

    @property
    def integration_names(self) -> pulumi.Output[list[str]]:
        """Names of the integrations, in alphabetical order."""
        return self._output("integrations").apply(lambda exported: sorted(exported or {}))

    def integration(self, name: str) -> Integration:
        """The integration of that name. RunError ends the program if there is none, and lists those that exist."""
        return Integration(self._output("integrations").apply(lambda exported: self._named(name, exported or {})))

    def _output(self, name: str) -> pulumi.Output[Any]:
        both = pulumi.Output.all(self._version, self._reference.get_output(name))
        return both.apply(lambda each: each[1])

    def _checked_version(self, version: Any) -> int:
        if not isinstance(version, int | float):
            raise pulumi.RunError(
                f"stack {self._stack} exports no schemaVersion: it is not a stack of conviso-codebuild, or `pulumi up` "
                "has not run there yet; check the name, and run it"
            )
        if version > SCHEMA_VERSION:
            raise pulumi.RunError(
                f"stack {self._stack} exports schemaVersion {version:g}, and this library reads up to "
                f"{SCHEMA_VERSION}: install the version of conviso-codebuild that the stack was made with"
            )
        return int(version)

    def _named(self, name: str, exported: Mapping[str, Any]) -> Mapping[str, Any]:
        if name not in exported:
            names = sorted(exported)
            raise pulumi.RunError(
                f"stack {self._stack} has no integration {name}{did_you_mean(name, names)}; "
                f"it has: {', '.join(names) or 'none'}"
            )
        found: Mapping[str, Any] = exported[name]
        return found
