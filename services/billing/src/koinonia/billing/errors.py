"""Errors of billing."""

from koinonia.common.errors import Conflict


class SubscriptionPending(Conflict):
    """The church's registration has not arrived yet. An event that fails with this is retried."""

    code = "SUBSCRIPTION_PENDING"
    message = "Your plan is being set up. Try again in a second."
