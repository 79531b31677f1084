"""Why no conversation can be begun, each with what to do about it."""

from koinonia.common import errors


class NoSuchMember(errors.NotFound):
    code = "MEMBER_NOT_FOUND"
    message = "There is no member with this id. GET /api/members lists yours."


class NoSuchNumber(errors.NotFound):
    code = "NUMBER_NOT_FOUND"
    message = "None of your numbers has this id. GET /api/phone-numbers lists yours."


class NoActiveNumber(errors.Conflict):
    code = "NO_ACTIVE_NUMBER"
    message = "This church has no active number yet. Order one with POST /api/phone-numbers."


class OwnNumber(errors.Conflict):
    code = "OWN_NUMBER"
    message = "This is a number of your own. Give the phone of whom you want to talk with."


class NoConsent(errors.Conflict):
    code = "NO_CONSENT"
    message = (
        "Nobody is known to have agreed to texts to this phone, and it has never texted you. If "
        "its owner told you that they agree, record their words with POST /api/consents; then text."
    )


class NotTextable(errors.Conflict):
    code = "PHONE_NOT_TEXTABLE"
    message = (
        "A carrier said that this phone takes no texts; it may be a landline. Ask for a mobile "
        "number."
    )


class NoSuchPhone(NotTextable):
    message = (
        "A carrier said that no phone has this number. Check the digits with the person and "
        "correct them."
    )
