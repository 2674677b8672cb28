"""The stack's outputs, which programs of other teams read by stack reference."""

from collections.abc import Mapping
from typing import Any

import pulumi

from .api_key import ApiKey
from .config.stack_outputs import SCHEMA_VERSION
from .integration import ConvisoIntegration
from .notifications import Notifications


def integration_outputs(integration: ConvisoIntegration) -> dict[str, Any]:
    """One entry of the stack output `integrations`. A field that does not apply is null."""
    return {
        "projectName": integration.project_name,
        "projectArn": integration.project_arn,
        "roleArn": integration.role_arn,
        "logGroupName": integration.log_group_name,
        "logBucket": integration.log_bucket,
        "secretArn": integration.secret_arn,
        "webhookUrl": integration.webhook_url,
        "triggerRuleArns": integration.trigger_rule_arns,
        "scheduleArn": integration.schedule_arn,
        "pullRequestProjectName": integration.pull_request_project_name,
        "consoleUrl": integration.console_url,
        "buildspecPath": integration.buildspec_path,
    }


def export_stack(
    api_key: ApiKey, notifications: Notifications | None, integrations: Mapping[str, ConvisoIntegration]
) -> None:
    """Export all outputs that README.md lists."""
    pulumi.export("schemaVersion", SCHEMA_VERSION)
    pulumi.export("secretArn", api_key.secret_arn)
    pulumi.export("secretFillCommand", api_key.fill_command)
    pulumi.export("notificationTopicArn", notifications.topic_arn if notifications else None)
    pulumi.export("integrations", {name: integration_outputs(each) for name, each in integrations.items()})
