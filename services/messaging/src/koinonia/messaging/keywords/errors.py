"""What can be wrong with a keyword, and what to do about it."""

from koinonia.common import errors


class NoSuchKeyword(errors.NotFound):
    code = "KEYWORD_NOT_FOUND"
    message = "There is no keyword with this id. GET /api/keywords lists yours."


class NoSuchAdmin(errors.NotFound):
    code = "ADMIN_NOT_FOUND"
    details_type = errors.UnknownIds
    message = "Nobody of your team has this id. Notify people who work for your church."


class KeywordExists(errors.Conflict):
    code = "KEYWORD_EXISTS"
    message = "Your church has this keyword already. Change that one, or choose another word."


class WordReserved(errors.Invalid):
    code = "KEYWORD_RESERVED"
    message = (
        "This cannot be a keyword: it is, or begins with, a word that ends or starts texts or asks "
        "for help, or something that people say anyway. Choose words like JOIN YOUTH or PICNIC."
    )


class NoWord(errors.Invalid):
    code = "KEYWORD_EMPTY"
    message = "A keyword needs a letter or a digit. Choose words like JOIN YOUTH or PICNIC."


class DoesNothing(errors.Invalid):
    code = "KEYWORD_DOES_NOTHING"
    message = "A keyword needs something to do: give it a groupId, an answer, or whom to notify."


class AnswerTooLong(errors.Invalid):
    code = "ANSWER_TOO_LONG"
    message = (
        "The answer is too long for one text. Shorten it to 1,500 characters and 9 parts; how to "
        "get no more texts may be added to it."
    )
