"""Errors of analytics."""

from koinonia.common.errors import Conflict


class ChurchUnknown(Conflict):
    """The event overtook its church's registration; the retry ladder repeats it."""

    code = "CHURCH_UNKNOWN"
    message = "This church has not been heard of yet. Try again in a moment."
