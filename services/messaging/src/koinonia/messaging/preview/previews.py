"""The preview of a draft: what sending it would do, without doing it."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock
from koinonia.messaging import verification
from koinonia.messaging.composing import cheaper_text, template_text, text_checks
from koinonia.messaging.messages import drafts, part_counts
from koinonia.messaging.messages.church_facts import ChurchFacts
from koinonia.messaging.messages.drafts import Draft
from koinonia.messaging.messages.schemas import Excluded
from koinonia.messaging.numbers.senders import Choice
from koinonia.messaging.preview import (
    allowance,
    audience_count,
    concerns,
    finish_time,
    samples,
    saved_previews,
)
from koinonia.messaging.preview.allowance import Allowance
from koinonia.messaging.preview.audience_count import Count
from koinonia.messaging.preview.concerns import Rewrite
from koinonia.messaging.preview.finish_time import Load, Timetable
from koinonia.messaging.preview.saved_previews import Summary
from koinonia.messaging.preview.schemas import FromNumber, Preview, ZoneHours
from koinonia.messaging.settings import Settings
from koinonia.messaging.timing import texting_rules
from koinonia.messaging.timing.quiet_hours import Hours


async def make(
    session: AsyncSession,
    settings: Settings,
    church_id: UUID,
    draft: Draft,
    at: datetime | None = None,
) -> Preview:
    """What sending would do now, or ``at`` a later time to the people of now. Writes nothing but
    the summary of the preview, under its hash."""
    now = clock.now()
    at = max(at or now, now)
    strangers = not text_checks.tells_how_to_stop(draft.content)
    count = await audience_count.count(session, church_id, draft, strangers=strangers)
    money = await allowance.current(session, church_id)
    hours = await texting_rules.hours(session, settings, church_id)
    if draft.override_reason:
        hours = replace(hours, is_enforced=False)
    chosen = await drafts.number(ChurchFacts(session, church_id), draft)
    number = chosen.sender if chosen else None
    load = Load(count.zones, count.parts, draft.has_media)
    times = None
    if number and count.phones:
        times = await finish_time.timetable(session, settings, church_id, number, load, hours, at)
    noted = saved_previews.summary(
        draft,
        count.phones,
        count.parts,
        count.excluded,
        money,
        number,
        phones_digest=count.phones_digest,
    )
    await saved_previews.save(session, church_id, noted)
    warnings = concerns.find(
        draft,
        count,
        allowance=money,
        rewrite=await _rewrite(draft, count),
        is_verified=await verification.is_verified(session, church_id),
        has_number=number is not None,
        now=at,
    )
    return _shown(draft, count, noted, money, hours, times, at).model_copy(
        update={"warnings": warnings, "from_number": _from_number(chosen)}
    )


def _shown(
    draft: Draft,
    count: Count,
    noted: Summary,
    money: Allowance | None,
    hours: Hours,
    times: Timetable | None,
    at: datetime,
) -> Preview:
    return Preview(
        people=count.people,
        phones=count.phones,
        excluded=Excluded(**count.excluded),
        from_number=None,
        parts=noted.parts,
        parts_by_count={str(parts): texts for parts, texts in count.measured.by_parts.items()},
        cost_cents=noted.cost_cents,
        part_price=money.part_price if money else None,
        remaining_parts=max(money.left(at) - noted.parts, 0) if money else None,
        quiet_hours=_quiet_hours(count, hours, at),
        starts_at=times.starts_at if times else None,
        finishes_at=times.finishes_at if times else None,
        samples=samples.choose(draft, count.measured),
        warnings=[],
        preview_hash=noted.hash,
    )


def _from_number(chosen: Choice | None) -> FromNumber | None:
    if chosen is None:
        return None
    number = chosen.sender
    return FromNumber(
        id=number.id, phone_number=number.phone_number, label=number.label, why=chosen.why
    )


def _quiet_hours(count: Count, hours: Hours, at: datetime) -> list[ZoneHours]:
    phones: dict[str, int] = {}
    for zones, texts in count.zones.items():
        zone = zones or hours.church_zone
        phones[zone] = phones.get(zone, 0) + texts
    return [
        ZoneHours(
            zone=zone,
            phones=texts,
            is_open=hours.is_open(at, zone),
            opens_at=hours.opening(at, zone),
        )
        for zone, texts in sorted(phones.items(), key=lambda each: (-each[1], each[0]))
    ]


async def _rewrite(draft: Draft, count: Count) -> Rewrite | None:
    """What the text would cost in plain letters, if that is less."""
    content = cheaper_text.plain(draft.content)
    if draft.has_media or content == draft.content or not count.phones:
        return None
    template = template_text.accepted(content, draft.template.fields)
    plain = replace(draft, content=content, template=template)
    parts = (await part_counts.measure(plain, count.measured.fillings)).parts
    return Rewrite(content, parts) if parts < count.parts else None
