"""The kinds of mail, how long each is worth sending, and in which languages."""

from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from koinonia.auth.churches import Language
from koinonia.mail.templates import Templates

TEMPLATES = Templates(Path(__file__).with_name("templates"))

# By the language that a church's people write in; staff of all others read English.
_LANGUAGES = {Language.SPANISH: "es"}


class Kind(StrEnum):
    """Each has a template of its name in every language."""

    ADDRESS_CHANGE = "address_change"  # to the new address: confirm it
    ADDRESS_CHANGED = "address_changed"  # to the one before
    ADDRESS_TO_VERIFY = "address_to_verify"
    INVITATION = "invitation"
    NOTIFICATIONS = "notifications"  # one or several, of one person
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a name, not a secret
    SECOND_FACTOR_CHANGED = "second_factor_changed"
    PASSWORD_RESET = "password_reset"  # noqa: S105

    @property
    def worth_sending(self) -> timedelta:
        """How long after it was wanted it still means something."""
        return _WORTH_SENDING.get(self, timedelta(days=3))

    @property
    def has_latest_link(self) -> bool:
        """Whether its link ends the earlier ones to the same person, whose mails mean nothing
        then."""
        return self in _WORTH_SENDING

    @property
    def spares_marked(self) -> bool:
        """Whether it is not sent to an address that takes no mail, or whose owner called ours
        spam. What somebody waits for, and what tells them that their account changed, is."""
        return self in _SPARING_MARKED


# Who invites has a link to pass on, and is told; notifications are in the app too.
_SPARING_MARKED = {Kind.INVITATION, Kind.NOTIFICATIONS}

# What expires with the link in it, and of which the latest link counts.
_WORTH_SENDING = {
    Kind.PASSWORD_RESET: timedelta(minutes=30),
    Kind.ADDRESS_CHANGE: timedelta(hours=24),
    Kind.ADDRESS_TO_VERIFY: timedelta(hours=24),
}


def language(of_church: str) -> str:
    """The language of mails to the staff of a church: a folder of templates."""
    return _LANGUAGES.get(Language(of_church), "en")
