"""What a rehearsal can't do, in a line for people."""


class RehearsalError(Exception):
    """A rehearsal that cannot begin: the message says what is wrong and what to do."""
