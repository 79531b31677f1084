"""What can be wrong with a test text, and what to do about it."""

from typing import Self

from koinonia.common import errors


class NotYourCard(errors.Conflict):
    code = "NOT_YOUR_CARD"
    message = (
        "A test goes to your own phone only: memberId must be a member whose email is the address "
        "that you sign in with. Write that address on your card with PATCH /api/members/{id}. If "
        "it is there, renew your sign-in with POST /api/auth/refresh."
    )


class TooManyTests(errors.TooMany):
    code = "TOO_MANY_TESTS"
    message = "You have sent yourself as many tests within 24 hours as you may. Try again later."
    details_type = errors.RetryAfter

    @classmethod
    def after(cls, most: int, seconds: int) -> Self:
        return cls(
            f"You may send yourself {most} tests within 24 hours. Try again later, or look at the "
            "samples of POST /api/messages/preview.",
            details={"retryAfter": seconds},
            headers={"Retry-After": str(seconds)},
        )
