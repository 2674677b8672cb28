"""The Pulumi program: it reads the stack's configuration, makes the resources and exports the outputs."""

from components.api_key import ApiKey
from components.buildspec_bucket import make_buildspec_bucket
from components.integration import ConvisoIntegration
from components.notifications import make_notifications
from components.other_stacks import OtherStacks
from components.outputs import export_stack
from components.stack import checked_stack
from components.stack_traces import short_stack_traces


def main() -> None:
    """Make everything that the stack's configuration asks for."""
    stack = checked_stack()
    other_stacks = OtherStacks()
    name, settings, location = stack.name, stack.settings, stack.location
    api_key = ApiKey(
        "conviso", settings.secret, stack=name, location=location, value=stack.api_key, other_stacks=other_stacks
    )
    notifications = make_notifications(settings, name, location, other_stacks)
    buildspecs = make_buildspec_bucket(settings, name, location)
    integrations = {
        integration: ConvisoIntegration(
            integration,
            each,
            stack=name,
            location=location,
            secret=api_key.reference,
            failed_starts_queue_arn=notifications.failed_starts_queue_arn if notifications else None,
            buildspec_bucket=buildspecs,
            other_stacks=other_stacks,
        )
        for integration, each in settings.integrations.items()
    }
    export_stack(api_key, notifications, integrations)


with short_stack_traces():
    main()
