"""The Pulumi program: read the stack's configuration, make its integrations, export what others read."""

import pulumi

from components.api_key import ApiKey
from components.aws.location import AwsLocation
from components.config import ConfigError
from components.integration import ConvisoIntegration
from components.notifications import make_notifications
from components.other_stacks import OtherStacks
from components.outputs import export_stack
from components.stack import StackConfig, check_arns, current_location, read_stack


def checked_config(stack: str) -> tuple[StackConfig, AwsLocation]:
    """The stack's configuration, and where its resources are made.

    A mistake ends the program with the list of problems and no stack trace.
    """
    try:
        config = read_stack(pulumi.Config(), stack)
        location = current_location()
        check_arns(config.settings, location)
    except ConfigError as error:
        raise pulumi.RunError(f"The configuration of stack {stack} has problems:\n{error}") from None
    return config, location


def main() -> None:
    """Make everything that the stack's configuration asks for."""
    stack = pulumi.get_stack()
    config, location = checked_config(stack)
    settings = config.settings
    other_stacks = OtherStacks()
    api_key = ApiKey(
        "conviso", settings.secret, stack=stack, location=location, value=config.api_key, other_stacks=other_stacks
    )
    notifications = make_notifications(settings, stack, location, other_stacks)
    failed_starts = notifications.failed_starts_queue_arn if notifications else None
    integrations = {
        name: ConvisoIntegration(
            name,
            each,
            stack=stack,
            location=location,
            secret=api_key.reference,
            failed_starts_queue_arn=failed_starts,
            other_stacks=other_stacks,
        )
        for name, each in settings.integrations.items()
    }
    export_stack(api_key, notifications, integrations)


main()
