"""Errors of servers, as sentences for the person at the terminal."""


class ServerError(RuntimeError):
    """A server could not be found, started or stopped; the text says what to do."""
