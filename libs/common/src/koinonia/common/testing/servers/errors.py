"""What goes wrong with a server, as a sentence for the person at the terminal."""


class ServerError(RuntimeError):
    """A server could not be found, started or stopped; the text says what to do."""
