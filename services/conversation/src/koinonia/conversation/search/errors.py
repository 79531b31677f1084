"""Errors of a search."""

from koinonia.common import errors


class NothingToSearchFor(errors.Invalid):
    code = "NOTHING_TO_SEARCH_FOR"
    message = (
        "There is nothing to search for. Give a word that is not excluded with -, a name, or at "
        "least four digits of a phone number."
    )
