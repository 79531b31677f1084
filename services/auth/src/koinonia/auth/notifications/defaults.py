"""The kinds of notifications, and what becomes of each where a person said nothing else."""

from dataclasses import dataclass
from enum import StrEnum

from koinonia.common.events.auth import NotificationKind


class MailWhen(StrEnum):
    """When a notification is mailed, if nobody read it before."""

    OFF = "off"
    SOON = "soon"  # a few minutes later
    DAILY = "daily"  # with all others of the day


@dataclass(frozen=True, slots=True)
class Choice:
    """Where somebody wants to see a kind of notification."""

    in_app: bool
    mail: MailWhen
    push: bool


DEFAULTS = {
    NotificationKind.ASSIGNED: Choice(True, MailWhen.SOON, True),
    NotificationKind.MENTIONED: Choice(True, MailWhen.SOON, True),
    NotificationKind.KEYWORD: Choice(True, MailWhen.DAILY, False),
    NotificationKind.REPLY_REFUSED: Choice(True, MailWhen.SOON, True),
    NotificationKind.IMPORT_FINISHED: Choice(True, MailWhen.OFF, False),
    NotificationKind.BROADCAST_FAILED: Choice(True, MailWhen.SOON, True),
    NotificationKind.ALLOWANCE_LOW: Choice(True, MailWhen.DAILY, False),
    NotificationKind.ALLOWANCE_GONE: Choice(True, MailWhen.SOON, True),
    NotificationKind.NUMBER_CUT_OFF: Choice(True, MailWhen.SOON, True),
    NotificationKind.NUMBER_BACK: Choice(True, MailWhen.OFF, False),
    NotificationKind.ADDRESS_FAILED: Choice(True, MailWhen.SOON, False),
}
