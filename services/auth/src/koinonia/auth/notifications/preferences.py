"""How each person wants to be told: per kind and channel, and at which hours.

Only what differs from the defaults is a row, so that a better default reaches who chose nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import NamedTuple, TypedDict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth.notifications.defaults import DEFAULTS, Choice, MailWhen
from koinonia.auth.notifications.timing import (
    DIGEST_AT,
    QUIET_FROM,
    QUIET_UNTIL,
    Hours,
    Reachable,
)
from koinonia.common import db
from koinonia.common.events.auth import NotificationKind
from koinonia.common.identity import Role

NOWHERE = Choice(in_app=False, mail=MailWhen.OFF)


class HoursFields(TypedDict, total=False):
    """What somebody sets; None is the default again."""

    timezone: str | None
    quiet_from: time | None
    quiet_until: time | None
    digest_at: time | None


class ChoiceFields(TypedDict, total=False):
    in_app: bool
    mail: MailWhen


@dataclass(frozen=True, slots=True)
class Recipient(Reachable):
    admin_id: UUID


@dataclass(frozen=True, slots=True)
class Preferences:
    """All of one person."""

    hours: Hours
    choices: Mapping[NotificationKind, Choice]


class _Person(NamedTuple):
    admin_id: UUID
    in_app: bool | None
    mail: str | None
    timezone: str
    quiet_from: time | None
    quiet_until: time | None
    digest_at: time | None


class _Choice(NamedTuple):
    kind: str
    in_app: bool
    mail: str


_PEOPLE = """
    SELECT a.id AS admin_id, p.in_app, p.mail, coalesce(s.timezone, c.timezone) AS timezone,
           s.quiet_from, s.quiet_until, s.digest_at
      FROM admins a JOIN churches c ON c.id = a.church_id
      LEFT JOIN notification_preferences p ON p.church_id = a.church_id AND p.admin_id = a.id
                                          AND p.kind = :kind
      LEFT JOIN notification_hours s ON s.church_id = a.church_id AND s.admin_id = a.id
     WHERE a.disabled_at IS NULL
       AND (a.id = ANY(CAST(:admins AS uuid[])) OR a.role = ANY(CAST(:roles AS text[])))
"""


async def audience(
    session: AsyncSession,
    kind: NotificationKind,
    admin_ids: Sequence[UUID],
    roles: Sequence[Role],
) -> list[Recipient]:
    """Those of the session's church who are meant and may still sign in, with what they prefer."""
    given = {"kind": kind, "admins": list(admin_ids), "roles": list(roles)}
    found = await db.rows(session, _Person, _PEOPLE, given)
    return [Recipient(_choice(kind, each), _hours(each), each.admin_id) for each in found]


async def own(session: db.Session, admin_id: UUID) -> Preferences:
    """What somebody chose, with the defaults for the rest."""
    given = {"kind": "", "admins": [admin_id], "roles": []}
    [person] = await db.rows(session, _Person, _PEOPLE, given)
    chosen = await db.rows(
        session,
        _Choice,
        "SELECT kind, in_app, mail FROM notification_preferences WHERE admin_id = :admin",
        {"admin": admin_id},
    )
    known = {each.kind: Choice(each.in_app, MailWhen(each.mail)) for each in chosen}
    return Preferences(
        _hours(person), {kind: known.get(kind, default) for kind, default in DEFAULTS.items()}
    )


async def change_hours(
    session: AsyncSession, church_id: UUID, admin_id: UUID, given: HoursFields
) -> None:
    names = list(given)
    if not names:
        return
    await db.run(
        session,
        f"""
        INSERT INTO notification_hours (church_id, admin_id, {", ".join(names)})
        VALUES (:church, :admin, {", ".join(f":{name}" for name in names)})
        ON CONFLICT (church_id, admin_id) DO UPDATE
           SET {", ".join(f"{name} = excluded.{name}" for name in names)}
        """,
        {"church": church_id, "admin": admin_id, **given},
    )


async def choose(
    session: AsyncSession,
    church_id: UUID,
    admin_id: UUID,
    chosen: Mapping[NotificationKind, Choice],
) -> None:
    """Keep what somebody chose; what is the default again is no row."""
    kept = {kind: choice for kind, choice in chosen.items() if choice != DEFAULTS[kind]}
    await db.run(
        session,
        """
        DELETE FROM notification_preferences
         WHERE admin_id = :admin AND kind = ANY(CAST(:kinds AS text[]))
        """,
        {"admin": admin_id, "kinds": list(chosen)},
    )
    await db.run(
        session,
        """
        INSERT INTO notification_preferences (church_id, admin_id, kind, in_app, mail)
        SELECT :church, :admin, given.kind, given.in_app, given.mail
          FROM unnest(CAST(:kinds AS text[]), CAST(:in_app AS boolean[]), CAST(:mail AS text[]))
               AS given (kind, in_app, mail)
        """,
        {
            "church": church_id,
            "admin": admin_id,
            "kinds": list(kept),
            "in_app": [choice.in_app for choice in kept.values()],
            "mail": [choice.mail for choice in kept.values()],
        },
    )


def _choice(kind: NotificationKind, person: _Person) -> Choice:
    if person.in_app is None or person.mail is None:
        return DEFAULTS[kind]
    return Choice(person.in_app, MailWhen(person.mail))


def _hours(person: _Person) -> Hours:
    return Hours(
        person.timezone,
        QUIET_FROM if person.quiet_from is None else person.quiet_from,
        QUIET_UNTIL if person.quiet_until is None else person.quiet_until,
        DIGEST_AT if person.digest_at is None else person.digest_at,
    )
