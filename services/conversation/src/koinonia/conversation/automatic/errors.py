"""Errors of office hours, each with what to do about it."""

from koinonia.common import errors


class BadOfficeHours(errors.Invalid):
    code = "BAD_OFFICE_HOURS"
    message = "The office hours contradict each other."


class NoAnswer(errors.Invalid):
    code = "EMPTY_TEXT"
    message = "Write in answer what people are told while the office is closed."
