"""Where builds write their logs, and how long the logs are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fleet.doctor.row import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleet.aws import Aws
    from fleet.doctor.expected import Expected
    from fleet.doctor.row import Row
    from fleet.stack import Stack


def log_group(stack: Stack, expected: Expected, aws: Aws) -> Iterator[Row]:
    """The log group exists, with the retention and key of the stack file."""
    name, logs = expected.inputs.log_group, expected.settings.logs
    if name is None:
        return
    check = Check(expected.integration, "log group" + expected.suffix)
    groups = aws.ask("logs", "describe_log_groups", logGroupNamePrefix=name)["logGroups"]
    group = next((each for each in groups if each["logGroupName"] == name), None)
    if group is None:
        yield check.wrong(f"{name} does not exist, and the build's role may not create it", stack.restore)
        return
    kept, key = group.get("retentionInDays"), stack.other_stacks.text(logs.kms_key_arn)
    yield check.same(
        holds=kept == logs.retention_days and group.get("kmsKeyId") == key,
        found=f"kept for {kept} days",
        otherwise=f"kept {f'for {kept} days' if kept else 'forever'}, key {group.get('kmsKeyId') or 'of AWS'}; "
        f"configured: {logs.retention_days} days, key {key or 'of AWS'}",
        remedy=stack.restore,
    )


def destinations(stack: Stack, expected: Expected, project: dict[str, Any]) -> Iterator[Row]:
    """The project writes to the places that the stack file names."""
    config = project.get("logsConfig", {})
    to_cloudwatch, to_s3 = (config.get(each, {}).get("status") == "ENABLED" for each in ("cloudWatchLogs", "s3Logs"))
    logs = expected.settings.logs
    yield Check(expected.integration, "logs" + expected.suffix).same(
        holds=(to_cloudwatch, to_s3) == (logs.to_cloudwatch, logs.to_s3),
        found=f"written to {logs.destination}",
        otherwise=f"CloudWatch {_word(on=to_cloudwatch)}, S3 {_word(on=to_s3)}; configured: {logs.destination}",
        remedy=stack.restore,
    )


def _word(*, on: bool) -> str:
    return "on" if on else "off"
