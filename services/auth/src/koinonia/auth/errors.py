"""Errors of auth."""

from koinonia.common import errors
from koinonia.common.schema import Schema


class InvalidCredentials(errors.Unauthorized):
    """The same for an unknown address and a wrong password."""

    code = "INVALID_CREDENTIALS"
    message = "The email address or the password is not right. Check both and try again."


class AccountDisabled(errors.Forbidden):
    code = "ACCOUNT_DISABLED"
    message = "This account is disabled. Ask an owner of your church to enable it."


class EmailTaken(errors.Conflict):
    code = "EMAIL_TAKEN"
    message = "An account with this email address exists already. Sign in instead."


class ColleagueExists(errors.Conflict):
    code = "COLLEAGUE_EXISTS"
    message = (
        "Somebody with this email address is in your team already. Change their role with "
        "PATCH /api/auth/team/{id}."
    )


class NoSuchAdmin(errors.NotFound):
    code = "ADMIN_NOT_FOUND"
    message = "There is nobody with this id in your team. GET /api/auth/team lists all who are."


class Challenge(Schema):
    """What proves the password to the second step."""

    challenge: str
    expires_in: int  # seconds


class SecondFactorRequired(errors.Unauthorized):
    """The password is right. ``challenge`` is for the second step, for ``seconds``."""

    code = "SECOND_FACTOR_REQUIRED"
    message = (
        "Your password is right. Send the code of your authenticator app, or a recovery code, with "
        "the challenge to POST /api/auth/login/code."
    )
    details_type = Challenge

    def __init__(self, challenge: str, seconds: int) -> None:
        super().__init__(details={"challenge": challenge, "expiresIn": seconds})


class SecondFactorMissing(SecondFactorRequired):
    code = "SECOND_FACTOR_MISSING"
    message = (
        "Your church requires a second factor, and you have none yet. Set it up with the "
        "challenge: POST /api/auth/login/enrol."
    )


class ChallengeOver(errors.Unauthorized):
    code = "CHALLENGE_OVER"
    message = "This took too long, or your password changed. Sign in again: POST /api/auth/login."


class WrongCode(errors.Forbidden):
    """The same for a code that was taken before."""

    code = "WRONG_CODE"
    message = "This code is not right, or was used before. Wait for the next one and type that."


class NoSecondFactor(errors.Conflict):
    code = "NO_SECOND_FACTOR"
    message = "You have no second factor. Set one up first."


class SecondFactorExists(errors.Conflict):
    code = "SECOND_FACTOR_EXISTS"
    message = "You have a second factor already. Turn it off before you set up another."


class SecondFactorNeeded(errors.Conflict):
    code = "SECOND_FACTOR_NEEDED"
    message = "Your church requires a second factor of everybody. Ask an owner."


class NoSuchSession(errors.NotFound):
    code = "SESSION_NOT_FOUND"
    message = "You have no such session, or it ended. GET /api/auth/sessions lists those you have."


class NoSuchInvitation(errors.NotFound):
    code = "INVITATION_NOT_FOUND"
    message = (
        "There is no open invitation with this id: it was accepted, replaced or revoked. "
        "GET /api/auth/invitations lists those that are open."
    )


class InvitationInvalid(errors.Invalid):
    """The same for a token that never existed and one used, replaced, revoked or expired."""

    code = "INVITATION_INVALID"
    message = (
        "This invitation is not valid, or not any more: each works once, for seven days, unless "
        "it was revoked or replaced. Ask who invited you for a new one."
    )


class RoleTooHigh(errors.Forbidden):
    code = "ROLE_TOO_HIGH"
    message = "This role is above your own. Ask an owner of the church."


class LastOwner(errors.Conflict):
    code = "LAST_OWNER"
    message = "A church needs an owner, and there is no other. Make somebody else an owner first."


class WeakPassword(errors.Invalid):
    code = "WEAK_PASSWORD"
    message = (
        "This password is among those that are guessed first. Choose another: a few words that do "
        "not belong together are hard to guess and easy to remember."
    )


class PersonalPassword(WeakPassword):
    code = "PERSONAL_PASSWORD"
    message = (
        "This password is made of your address, your name or that of your church, which others "
        "know. Choose another."
    )


class WrongPassword(errors.Forbidden):
    code = "WRONG_PASSWORD"
    message = "This is not your password. Type the one that you signed in with."


class LinkInvalid(errors.Invalid):
    """The same for a link that never existed and one used, replaced or expired."""

    code = "LINK_INVALID"
    message = (
        "This link is not valid, or not any more: each works once, for a while, and a newer one "
        "replaces it. Ask for another."
    )


class AddressProved(errors.Conflict):
    code = "ADDRESS_PROVED"
    message = "Your email address is confirmed already. There is nothing to do."


class SameAddress(errors.Conflict):
    code = "SAME_ADDRESS"
    message = "This is the email address that you have. Give another one."


class RefreshTokenMissing(errors.Unauthorized):
    code = "REFRESH_TOKEN_MISSING"
    message = "There is no session to renew. Sign in: POST /api/auth/login."


class RefreshTokenInvalid(errors.Unauthorized):
    code = "REFRESH_TOKEN_INVALID"
    message = "The refresh token is not valid. Sign in again: POST /api/auth/login."


class TooManyAttempts(errors.TooMany):
    """The same for an unknown address. ``seconds`` from now the next attempt counts."""

    code = "TOO_MANY_ATTEMPTS"
    details_type = errors.RetryAfter

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "There were many attempts to sign in with this email address. Try again in "
            f"{seconds} s, or sign in where you did before.",
            details={"retryAfter": seconds},
            headers={"Retry-After": str(seconds)},
        )


class TooManyResets(errors.TooMany):
    """The same for an unknown address. ``seconds`` from now the next request counts."""

    code = "TOO_MANY_RESETS"
    details_type = errors.RetryAfter

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "A new password was asked for several times with this email address. Look for the "
            f"mail, also among the unwanted ones, or ask again in {seconds} s.",
            details={"retryAfter": seconds},
            headers={"Retry-After": str(seconds)},
        )


class TooManySignIns(errors.Unavailable):
    code = "TOO_MANY_SIGN_INS"
    message = "Many people are signing in right now. Wait a moment and try again."
