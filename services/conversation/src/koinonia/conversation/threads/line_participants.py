"""Who else got an inbound group text: their phones, sealed, in the order of the carrier."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.phone import Phones
from koinonia.conversation.threads.threads import Message


async def record(
    session: AsyncSession, line: Message, sealed_phones: Sequence[str], phones: Phones
) -> None:
    """Keep who got the line, which was just added, beside its sender and the church."""
    if not sealed_phones:
        return
    await db.run(
        session,
        """
        INSERT INTO line_participants (church_id, message_id, position, phone_index, phone_sealed)
        SELECT :church, :message, place - 1, index, sealed
          FROM unnest(CAST(:indexes AS text[]), CAST(:sealed AS text[])) WITH ORDINALITY
               AS given (index, sealed, place)
        """,
        {
            "church": line.church_id,
            "message": line.id,
            "indexes": [phones.index(line.church_id, phones.open(each)) for each in sealed_phones],
            "sealed": list(sealed_phones),
        },
    )
