"""What can be wrong with a request about consent."""

from koinonia.common import errors


class NotOnePhone(errors.Invalid):
    code = "PHONE_OR_MEMBER"
    message = "Say of whom: give either phone or memberId."


class NoReason(errors.Invalid):
    code = "REASON_MISSING"
    message = (
        "Say what the person said in words, or in note how you know; a carrier's audit asks for it."
    )


class InTheFuture(errors.Invalid):
    code = "IN_THE_FUTURE"
    message = "occurredAt is in the future. Give the time at which the person said so."


class TooLongAgo(errors.Invalid):
    code = "TOO_LONG_AGO"
    message = (
        "occurredAt is before the year 2000, when nobody consented to texts yet. Give the time at "
        "which the person said so, or leave it out for now."
    )


class StopIsTheirs(errors.Conflict):
    code = "STOP_IS_THEIRS"
    message = (
        "This person said STOP by text, and only they can take it back: ask them to text START to "
        "your number."
    )


class NoStopQuestion(errors.Conflict):
    code = "NO_STOP_QUESTION"
    message = (
        "There is no open question about this phone; somebody settled it, or its owner did. "
        "GET /api/consents shows what was said and what holds."
    )


class KeywordTaken(errors.Conflict):
    code = "KEYWORD_TAKEN"
    message = "Another group of your church has this keyword. Choose another one."


class BadKeyword(errors.Invalid):
    code = "KEYWORD_RESERVED"
    message = (
        "This word cannot be a group's keyword, because STOP, START or HELP already give it a "
        "meaning. Choose one word that names the group, like YOUTH."
    )
