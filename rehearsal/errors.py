"""The errors that a rehearsal reports to its user."""


class RehearsalError(Exception):
    """A rehearsal cannot start; the message says what is wrong and what to do."""
