"""The error that ends a command."""


class FleetError(Exception):
    """The command cannot run; the message says why, and what to do."""
