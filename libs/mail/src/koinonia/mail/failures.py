"""Why a mail was not taken: a closed vocabulary, and what follows from each word.

A provider names what happened; whoever sends decides by :attr:`Failure.follows`. The name is
stored beside the mail, so a member of this enum is never renamed.
"""

from enum import StrEnum


class Follows(StrEnum):
    """The consequence of a failure."""

    RETRY_LATER = "retry_later"  # the same mail again after a pause
    GIVE_UP = "give_up"  # this mail fails; the others go on
    MARK_ADDRESS = "mark_address"  # this mail fails, and nothing more goes to its address
    PAUSE_ALL = "pause_all"  # every mail would fail: keep all, an operator must act
    BUG = "bug"  # our call was wrong: this mail fails, alert a developer


class Failure(StrEnum):
    """What went wrong, in our words."""

    BAD_ADDRESS = "bad_address"
    REFUSED = "refused"
    THROTTLED = "throttled"
    PROVIDER_TROUBLE = "provider_trouble"
    NOT_CONNECTED = "not_connected"
    NO_ANSWER = "no_answer"
    ACCOUNT = "account"
    BAD_REQUEST = "bad_request"

    @property
    def follows(self) -> Follows:
        return _FOLLOWS[self]


_FOLLOWS = {
    Failure.BAD_ADDRESS: Follows.MARK_ADDRESS,
    Failure.REFUSED: Follows.GIVE_UP,
    Failure.THROTTLED: Follows.RETRY_LATER,
    Failure.PROVIDER_TROUBLE: Follows.RETRY_LATER,
    Failure.NOT_CONNECTED: Follows.RETRY_LATER,
    # It may have been taken. The next try has the same Message-ID, and a mail twice does less harm
    # than a reset of a password that never comes.
    Failure.NO_ANSWER: Follows.RETRY_LATER,
    Failure.ACCOUNT: Follows.PAUSE_ALL,
    Failure.BAD_REQUEST: Follows.BUG,
}


class MailFailure(Exception):
    """The provider did not take the mail.

    ``code``: the provider's own. ``retry_after``: seconds it asked us to wait. The provider's
    sentences are left out: they repeat addresses.
    """

    def __init__(
        self, failure: Failure, *, code: str | None = None, retry_after: float | None = None
    ) -> None:
        self.failure = failure
        self.code = code
        self.retry_after = retry_after
        super().__init__(f"{failure} ({code})" if code else str(failure))

    @property
    def follows(self) -> Follows:
        return self.failure.follows
