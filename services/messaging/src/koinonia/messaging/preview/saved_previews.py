"""Previews that were shown, so that sending can be compared with what staff agreed to.

Only the figures are kept, for a day. The same figures for the same words have the same hash.
"""

import hashlib
from dataclasses import asdict, dataclass
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.messaging.messages.drafts import Draft
from koinonia.messaging.numbers.senders import Sender
from koinonia.messaging.preview.allowance import Allowance
from koinonia.messaging.preview.errors import PreviewChanged, PreviewExpired
from koinonia.messaging.running import Running

TOLERATED_SHARE = 100  # one in a hundred,
TOLERATED = 2  # and two phones or parts whatever the size: somebody is always just joining


@dataclass(frozen=True, slots=True)
class Summary:
    """``digest``: of what is said to which target. ``part_price``: USD, as text, exact."""

    digest: str
    people: int
    phones: int
    parts: int
    excluded: dict[str, int]
    part_price: str | None
    cost_cents: int | None
    number_id: str | None = None  # what it is sent from
    phones_digest: int | None = None  # where not one phone may be another

    @property
    def hash(self) -> str:
        return hashlib.sha256(orjson.dumps(asdict(self), option=orjson.OPT_SORT_KEYS)).hexdigest()

    @property
    def figures(self) -> str:
        price = "" if self.cost_cents is None else f" for {self.cost_cents / 100:,.2f} USD"
        return f"{self.phones:,} phones and {self.parts:,} parts{price}"

    def shown(self) -> dict[str, int | None]:
        """As a client sees it."""
        return {"phones": self.phones, "parts": self.parts, "costCents": self.cost_cents}


def summary(
    draft: Draft,
    phones: int,
    parts: int,
    excluded: dict[str, int],
    money: Allowance | None,
    number: Sender | None,
    *,
    phones_digest: int | None,
) -> Summary:
    """The figures that are compared: made in the same way of a preview and of a message."""
    price = money.part_price if money else None
    return Summary(
        digest=draft.digest,
        people=phones + sum(excluded.values()),
        phones=phones,
        parts=parts,
        excluded=excluded,
        part_price=None if price is None else str(price),
        cost_cents=money.cents(parts) if money else None,
        number_id=str(number.id) if number else None,
        phones_digest=phones_digest,
    )


async def save(session: AsyncSession, church_id: UUID, summary: Summary) -> None:
    """Keep a preview for a day from now."""
    await db.run(
        session,
        """
        INSERT INTO previews (church_id, hash, summary, created_at)
        VALUES (:church, :hash, CAST(:summary AS jsonb), :now)
        ON CONFLICT (church_id, hash) DO UPDATE SET created_at = excluded.created_at
        """,
        {
            "church": church_id,
            "hash": summary.hash,
            "summary": orjson.dumps(asdict(summary)).decode(),
            "now": clock.now(),
        },
    )


async def check(session: AsyncSession, church_id: UUID, preview_hash: str, now: Summary) -> None:
    """Raises ``PreviewExpired`` for a preview that is not known, or no longer, and
    ``PreviewChanged`` when what would be sent now is not what it showed."""
    saved = await db.value(
        session,
        dict,
        """
        SELECT summary FROM previews
         WHERE church_id = :church AND hash = :hash
           AND created_at > CAST(:now AS timestamptz) - interval '1 day'
        """,
        {"church": church_id, "hash": preview_hash, "now": clock.now()},
    )
    if saved is None:
        raise PreviewExpired
    previewed = Summary(**saved)
    before, after = previewed.shown(), now.shown()
    if previewed.digest != now.digest:
        what = "The text, its media or its target are not those of the preview."
        raise PreviewChanged.between(what, before, after, changed="message")
    if previewed.number_id not in (None, now.number_id):
        what = "It would be sent from another number than the preview showed."
        raise PreviewChanged.between(what, before, after, changed="number")
    if previewed.phones_digest != now.phones_digest:
        what = "What became of the earlier message has changed, so other phones would get it."
        raise PreviewChanged.between(what, before, after, changed="recipients")
    if _differ(previewed, now):
        what = f"The preview was for {previewed.figures}; it would be {now.figures}."
        raise PreviewChanged.between(what, before, after, changed="figures")


def _differ(previewed: Summary, now: Summary) -> bool:
    return (
        previewed.part_price != now.part_price
        or _is_beyond(previewed.phones, now.phones)
        or _is_beyond(previewed.parts, now.parts)
    )


def _is_beyond(previewed: int, now: int) -> bool:
    """More than one percent and more than two."""
    difference = abs(previewed - now)
    return difference > TOLERATED and difference * TOLERATED_SHARE > previewed


async def prune(running: Running) -> None:
    """Forget previews after a day. Row-level security shows those of all churches to a transaction
    without a church (the policy ``old``), so one statement is enough."""
    async with running.database.transaction() as session:
        await db.run(session, "DELETE FROM previews WHERE created_at < now() - interval '1 day'")
