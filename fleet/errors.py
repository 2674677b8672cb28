"""What keeps a command from running."""


class FleetError(Exception):
    """The message says what is wrong and what to do."""
