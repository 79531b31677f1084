"""What a church decided about its texts: hours, weekly budget, whom HELP names."""

from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import NamedTuple, TypedDict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.messaging.settings import Settings
from koinonia.messaging.timing import quiet_hours
from koinonia.messaging.timing.errors import BadHours
from koinonia.messaging.timing.quiet_hours import Hours, Window

ACROSS_THE_COUNTRY = "America/Los_Angeles,America/New_York"  # of a church we know nothing of yet


@dataclass(frozen=True, slots=True)
class Rules:
    """``weekly_budget`` is how many broadcasts a phone gets in seven days; None: any number."""

    texts_from: time = quiet_hours.EARLIEST
    texts_until: time = quiet_hours.LATEST
    weekly_budget: int | None = None
    help_contact: str | None = None
    changed_at: datetime | None = None


class RulesChange(TypedDict, total=False):
    """What is to change: fields of ``Rules``."""

    texts_from: time
    texts_until: time
    weekly_budget: int | None
    help_contact: str | None


class _Hours(NamedTuple):
    timezone: str
    texts_from: time | None
    texts_until: time | None


async def current(session: db.Session, church_id: UUID) -> Rules:
    """The church's rules; where it decided nothing, those of the law."""
    decided = await db.first(
        session,
        Rules,
        """
        SELECT texts_from, texts_until, weekly_budget, help_contact, changed_at
          FROM texting_rules WHERE church_id = :church
        """,
        {"church": church_id},
    )
    return decided or Rules()


async def change(session: AsyncSession, church_id: UUID, given: RulesChange) -> Rules:
    """Change what ``given`` names; raises ``BadHours``."""
    rules = replace(await current(session, church_id), **given, changed_at=clock.now())
    _check(rules)
    await db.run(
        session,
        """
        INSERT INTO texting_rules (church_id, texts_from, texts_until, weekly_budget, help_contact,
                                   changed_at)
        VALUES (:church, :start, :until, :budget, :contact, :now)
        ON CONFLICT (church_id) DO UPDATE
           SET texts_from = excluded.texts_from, texts_until = excluded.texts_until,
               weekly_budget = excluded.weekly_budget, help_contact = excluded.help_contact,
               changed_at = excluded.changed_at
        """,
        {
            "church": church_id,
            "start": rules.texts_from,
            "until": rules.texts_until,
            "budget": rules.weekly_budget,
            "contact": rules.help_contact,
            "now": rules.changed_at,
        },
    )
    return rules


async def hours(session: db.Session, settings: Settings, church_id: UUID) -> Hours:
    """When the church's broadcasts may arrive."""
    row = await db.first(
        session,
        _Hours,
        """
        SELECT c.timezone, r.texts_from, r.texts_until
          FROM churches c LEFT JOIN texting_rules r USING (church_id)
         WHERE c.church_id = :church
        """,
        {"church": church_id},
    )
    is_enforced = settings.quiet_hours == "enforced"
    if row is None:
        return Hours(ACROSS_THE_COUNTRY, is_enforced=is_enforced)
    window = quiet_hours.LEGAL
    if row.texts_from and row.texts_until:
        window = Window(row.texts_from, row.texts_until)
    return Hours(row.timezone, window, is_enforced)


async def church_zone(session: AsyncSession, church_id: UUID) -> str:
    """The zone of the church itself, an IANA name."""
    zone = await db.value(
        session,
        str,
        "SELECT timezone FROM churches WHERE church_id = :church",
        {"church": church_id},
    )
    return zone or ACROSS_THE_COUNTRY.split(",")[0]


def _check(rules: Rules) -> None:
    earliest, latest = quiet_hours.EARLIEST, quiet_hours.LATEST
    if not earliest <= rules.texts_from < rules.texts_until <= latest:
        raise BadHours
    if _minutes(rules.texts_until) - _minutes(rules.texts_from) < quiet_hours.NARROWEST_MINUTES:
        raise BadHours(
            "At least four hours must be left for texts, or there may be no hour that suits "
            "everybody. Choose wider hours."
        )


def _minutes(wall: time) -> int:
    return wall.hour * 60 + wall.minute
