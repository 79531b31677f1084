"""What can be wrong with a time, and what to do about it."""

from koinonia.common import errors


class BadHours(errors.Invalid):
    code = "BAD_HOURS"
    message = (
        "Texts may arrive from 08:00 to 21:00 at the widest, and the hours must begin before they "
        "end. Choose hours within these."
    )


class BadRule(errors.Invalid):
    code = "BAD_RULE"
    message = (
        "The rule cannot be read. Write it like FREQ=WEEKLY;BYDAY=SU (RFC 5545), parts with = and "
        "semicolons between them."
    )
