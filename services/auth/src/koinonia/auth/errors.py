"""What can be wrong with signing in, and what to do about it."""

from koinonia.common import errors


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


class WeakPassword(errors.Invalid):
    code = "WEAK_PASSWORD"
    message = (
        "The password must not be the email address or the name of the church. Choose another."
    )


class RefreshTokenMissing(errors.Unauthorized):
    code = "REFRESH_TOKEN_MISSING"
    message = "There is no session to renew. Sign in: POST /api/auth/login."


class RefreshTokenInvalid(errors.Unauthorized):
    code = "REFRESH_TOKEN_INVALID"
    message = "The refresh token is not valid. Sign in again: POST /api/auth/login."


class TooManySignIns(errors.Unavailable):
    code = "TOO_MANY_SIGN_INS"
    message = "Many people are signing in right now. Wait a moment and try again."
