"""The Pulumi program: read the stack's configuration, make its integrations, export what others read."""

import pulumi

from components import ApiKey, ConfigError, ConvisoIntegration, current_place
from components.outputs import export_stack
from components.stack_config import StackConfig, read_stack


def configured(stack: str) -> StackConfig:
    """The stack's configuration; a mistake in it ends the program with the list of problems and no stack trace."""
    try:
        return read_stack(pulumi.Config(), stack)
    except ConfigError as error:
        raise pulumi.RunError(f"The configuration of stack {stack} has problems:\n{error}") from None


def main() -> None:
    """Make everything that the stack's configuration asks for."""
    stack = pulumi.get_stack()
    config = configured(stack)
    place = current_place()
    api_key = ApiKey("conviso", config.settings.secret, stack=stack, place=place, value=config.api_key)
    integrations = {
        name: ConvisoIntegration(name, settings, stack=stack, place=place, secret=api_key.reference)
        for name, settings in config.settings.integrations.items()
    }
    export_stack(api_key, integrations)


main()
