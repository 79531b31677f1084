"""The templates that a new church gets; from then on they are its own."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.messaging import names
from koinonia.messaging.composing import template_text


@dataclass(frozen=True, slots=True)
class Starter:
    name: str
    category: str
    content: str


STARTERS = (
    Starter(
        "Welcome a visitor",
        "welcome",
        "Hi {{firstName|friend}}, thank you for visiting {{churchName}}! We would love to know you "
        "better. Questions? Just answer this text. Reply STOP to opt out.",
    ),
    Starter(
        "Service reminder",
        "reminders",
        "Hi {{firstName|friend}}, see you this Sunday at {{churchName}}! Come a little early, "
        "there is coffee for everybody.",
    ),
    Starter(
        "Event invitation",
        "events",
        "{{firstName|Friend}}, you are invited: [event] on [day] at [time], [place]. Bring "
        "somebody along! Answer YES if you can come.",
    ),
    Starter(
        "Prayer request follow-up",
        "care",
        "Hi {{firstName|friend}}, we have been praying for you this week. How are you doing? "
        "Answer here, and one of us will call.",
    ),
    Starter(
        "Thank a volunteer",
        "volunteers",
        "Thank you for serving, {{firstName|friend}}! {{churchName}} would not be the same without "
        "you.",
    ),
    Starter(
        "Weather cancellation",
        "alerts",
        "{{churchName}}: because of the weather there is no service today. Stay safe and warm, and "
        "look in on your neighbors.",
    ),
)

ADD = """
    INSERT INTO templates (id, church_id, name, name_key, category, content, fields)
    SELECT gen_random_uuid(), church_id, name, key, category, content, string_to_array(fields, ' ')
      FROM unnest(CAST(:churches AS uuid[])) AS church (church_id),
           unnest(CAST(:names AS text[]), CAST(:keys AS text[]), CAST(:categories AS text[]),
                  CAST(:contents AS text[]), CAST(:fields AS text[]))
           AS given (name, key, category, content, fields)
    ON CONFLICT DO NOTHING
"""


async def add(session: AsyncSession, church_id: UUID) -> None:
    """Gives a church its first templates."""
    await db.run(session, ADD, parameters([church_id]))


def parameters(churches: list[UUID]) -> dict[str, object]:
    """The parameters of ``ADD``."""
    return {
        "churches": churches,
        "names": [each.name for each in STARTERS],
        "keys": [names.key(each.name) for each in STARTERS],
        "categories": [each.category for each in STARTERS],
        "contents": [each.content for each in STARTERS],
        "fields": [" ".join(template_text.parse(each.content).fields) for each in STARTERS],
    }
