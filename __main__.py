"""The Pulumi program: read the stack's configuration, make its integrations, export what others read."""

import pulumi

from components.api_key import ApiKey
from components.aws.location import AwsLocation
from components.buildspec_bucket import make_buildspec_bucket
from components.config import ConfigError
from components.integration import ConvisoIntegration
from components.notifications import make_notifications
from components.outputs import export_stack
from components.stack import StackConfig, check_arns, check_quotas, current_location, read_stack


def checked_config(stack: str) -> tuple[StackConfig, AwsLocation]:
    """The stack's configuration, and where its resources are made.

    A mistake ends the program with the list of problems and no stack trace.
    """
    try:
        config = read_stack(pulumi.Config(), stack)
        location = current_location()
        check_arns(config.settings, location)
        check_quotas(config.settings)
    except ConfigError as error:
        raise pulumi.RunError(f"The configuration of stack {stack} has problems:\n{error}") from None
    return config, location


def main() -> None:
    """Make everything that the stack's configuration asks for."""
    stack = pulumi.get_stack()
    config, location = checked_config(stack)
    settings = config.settings
    api_key = ApiKey("conviso", settings.secret, stack=stack, location=location, value=config.api_key)
    notifications = make_notifications(settings, stack, location)
    failed_starts = notifications.failed_starts_queue_arn if notifications else None
    buildspecs = make_buildspec_bucket(settings, stack, location)
    integrations = {
        name: ConvisoIntegration(
            name,
            each,
            stack=stack,
            location=location,
            secret=api_key.reference,
            failed_starts_queue_arn=failed_starts,
            buildspec_bucket=buildspecs,
        )
        for name, each in settings.integrations.items()
    }
    export_stack(api_key, notifications, integrations)


main()
