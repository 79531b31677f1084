"""Requests and responses about notifications and how somebody wants them."""

from datetime import datetime, time
from typing import Annotated, Self, cast
from uuid import UUID

from pydantic import AfterValidator, Field

from koinonia.auth.fields import Zone
from koinonia.auth.notifications.defaults import DEFAULTS, Choice, MailWhen
from koinonia.auth.notifications.notifications import MOST_COUNTED, Details
from koinonia.auth.notifications.preferences import HoursFields, Preferences
from koinonia.common.events.auth import NotificationKind
from koinonia.common.schema import Change, Clearable, Input, Omittable, Schema

MOST_AT_ONCE = 200


class NotificationOut(Schema):
    id: UUID
    kind: NotificationKind
    details: Details
    by_id: UUID | None = Field(description="the admin who caused it, or whom it is about")
    by_name: str | None
    created_at: datetime
    read_at: datetime | None


class UnreadNotificationsOut(Schema):
    unread: int = Field(description=f"up to {MOST_COUNTED}, which stands for more", examples=[3])


class ReadIn(Input):
    """Without ids all of them."""

    ids: list[UUID] | None = Field(default=None, min_length=1, max_length=MOST_AT_ONCE)


class NotificationChoiceOut(Schema):
    kind: NotificationKind
    in_app: bool = Field(description="in the list, with the unread")
    mail: MailWhen = Field(
        description="soon: a few minutes later, unless it was read; daily: with all of the day"
    )


class NotificationPreferencesOut(Schema):
    timezone: str = Field(description="the own, else the church's", examples=["America/Chicago"])
    quiet_from: str = Field(description="nothing is mailed from then", examples=["21:00"])
    quiet_until: str = Field(examples=["08:00"])
    digest_at: str = Field(description="when the mail of the day is sent", examples=["08:00"])
    kinds: list[NotificationChoiceOut]

    @classmethod
    def shown(cls, preferences: Preferences) -> Self:
        hours = preferences.hours
        return cls(
            timezone=hours.timezone,
            quiet_from=_shown(hours.quiet_from),
            quiet_until=_shown(hours.quiet_until),
            digest_at=_shown(hours.digest_at),
            kinds=[
                NotificationChoiceOut(kind=kind, in_app=each.in_app, mail=each.mail)
                for kind, each in preferences.choices.items()
            ],
        )


def _on_a_clock(value: str) -> str:
    time.fromisoformat(value)
    return value


Clock = Annotated[
    str,
    Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["21:30"]),
    AfterValidator(_on_a_clock),
]


class NotificationChoiceIn(Input):
    kind: NotificationKind
    in_app: bool
    mail: MailWhen


class NotificationPreferencesChange(Change):
    """Only what is sent changes; null is the default again, of kinds those that are named."""

    timezone: Clearable[Zone] = None
    quiet_from: Clearable[Clock] = None
    quiet_until: Clearable[Clock] = None
    digest_at: Clearable[Clock] = None
    kinds: Omittable[list[NotificationChoiceIn]] = Field(default=None, max_length=len(DEFAULTS))

    def hours(self) -> HoursFields:
        given = self.sent()
        given.pop("kinds", None)
        times = {name for name in given if name != "timezone"}
        return cast(
            "HoursFields",
            {
                name: time.fromisoformat(str(value)) if name in times and value else value
                for name, value in given.items()
            },
        )

    def choices(self) -> dict[NotificationKind, Choice]:
        return {each.kind: Choice(each.in_app, each.mail) for each in self.kinds or ()}


def _shown(value: time) -> str:
    return f"{value:%H:%M}"
