"""What a church decided about its texts: hours, weekly budget, whom HELP names."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
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


async def of(session: AsyncSession, church_id: UUID) -> Rules:
    """The church's rules; those of the law where it decided nothing."""
    row = await db.untyped_first(
        session,
        """
        SELECT texts_from, texts_until, weekly_budget, help_contact, changed_at
          FROM texting_rules WHERE church_id = :church
        """,
        {"church": church_id},
    )
    return Rules(*row) if row else Rules()


async def change(session: AsyncSession, church_id: UUID, given: Mapping[str, Any]) -> Rules:
    """Change what ``given`` names; raises ``BadHours``."""
    changed = dict(given) | {"changed_at": clock.now()}
    rules = replace(await of(session, church_id), **changed)
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


async def hours(session: AsyncSession, settings: Any, church_id: UUID) -> Hours:
    """When the church's broadcasts may arrive."""
    row = await db.untyped_first(
        session,
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
    window = Window(row.texts_from, row.texts_until) if row.texts_from else quiet_hours.LEGAL
    return Hours(row.timezone, window, is_enforced)


async def church_zone(session: AsyncSession, church_id: UUID) -> str:
    """The zone of the church itself, an IANA name."""
    row = await db.untyped_first(
        session, "SELECT timezone FROM churches WHERE church_id = :church", {"church": church_id}
    )
    return row.timezone if row else ACROSS_THE_COUNTRY.split(",")[0]


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
