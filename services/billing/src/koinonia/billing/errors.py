"""What billing may have to tell a person."""

from koinonia.common.errors import Conflict


class SubscriptionPending(Conflict):
    """The church's registration has not reached us yet. A reaction that meets it is repeated."""

    code = "SUBSCRIPTION_PENDING"
    message = "Your plan is being set up. Try again in a second."
