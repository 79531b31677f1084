"""Errors that end the demo early."""


class NotAsExpected(Exception):
    """The system answered something the demo cannot go on with; the text shows it."""
