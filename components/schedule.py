"""The schedule of an integration, and the role that it uses to start builds."""

import pulumi
from pulumi_aws import codebuild, scheduler

from .aws import policies
from .aws.names import SCHEDULE_PREFIX_LENGTH, name_prefix
from .context import Context
from .roles import make_role


def make_schedule(
    context: Context, project: codebuild.Project, failed_starts_queue_arn: pulumi.Input[str] | None
) -> pulumi.Output[str | None]:
    """Make the schedule that starts builds of the project, and return its ARN; None if the triggers have none."""
    schedule = context.settings.triggers.schedule
    if schedule is None:
        return pulumi.Output.from_input(None)
    location, project_name = context.location, context.project_name
    queue = pulumi.Output.from_input(failed_starts_queue_arn)
    role, policy = make_role(
        context,
        "scheduler",
        f"EventBridge Scheduler starts {project_name}",
        trust=policies.schedule_trust(location),
        policy=queue.apply(lambda arn: policies.start_build(location, project_name, arn)),
    )
    logical_name = f"{context.name}-schedule"
    made = scheduler.Schedule(
        logical_name,
        name_prefix=name_prefix(context.stack, logical_name, SCHEDULE_PREFIX_LENGTH),
        description=f"Starts {project_name}",
        schedule_expression=schedule.expression,
        schedule_expression_timezone=schedule.timezone,
        flexible_time_window=_window(schedule.flexible_minutes),
        target=scheduler.ScheduleTargetArgs(
            arn=project.arn,
            role_arn=role.arn,
            dead_letter_config=None
            if failed_starts_queue_arn is None
            else scheduler.ScheduleTargetDeadLetterConfigArgs(arn=failed_starts_queue_arn),
        ),
        opts=context.options(policy),
    )
    return made.arn


def _window(minutes: int) -> scheduler.ScheduleFlexibleTimeWindowArgs:
    if not minutes:
        return scheduler.ScheduleFlexibleTimeWindowArgs(mode="OFF")
    return scheduler.ScheduleFlexibleTimeWindowArgs(mode="FLEXIBLE", maximum_window_in_minutes=minutes)
