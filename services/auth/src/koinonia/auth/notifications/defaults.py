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


DEFAULTS = {
    NotificationKind.ASSIGNED: Choice(True, MailWhen.SOON),
    NotificationKind.MENTIONED: Choice(True, MailWhen.SOON),
    NotificationKind.KEYWORD: Choice(True, MailWhen.DAILY),
    NotificationKind.REPLY_REFUSED: Choice(True, MailWhen.SOON),
    NotificationKind.IMPORT_FINISHED: Choice(True, MailWhen.OFF),
    NotificationKind.BROADCAST_FAILED: Choice(True, MailWhen.SOON),
    NotificationKind.ALLOWANCE_LOW: Choice(True, MailWhen.DAILY),
    NotificationKind.ALLOWANCE_GONE: Choice(True, MailWhen.SOON),
    NotificationKind.NUMBER_CUT_OFF: Choice(True, MailWhen.SOON),
    NotificationKind.NUMBER_BACK: Choice(True, MailWhen.OFF),
    NotificationKind.ADDRESS_FAILED: Choice(True, MailWhen.SOON),
}
