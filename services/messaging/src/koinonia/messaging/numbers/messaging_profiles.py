"""The church's own profile at the carrier. A carrier applies a STOP to a whole profile, so two
churches in one profile would block each other's texts."""

from uuid import UUID

from koinonia.carriers import CARRIERS
from koinonia.carriers.contract import Carrier
from koinonia.common import db
from koinonia.messaging.running import Running

UNNAMED = "Church"  # until church.registered has reached us


async def ensure(running: Running, church_id: UUID, carrier: Carrier) -> str:
    """The id of the profile, made at the carrier if need be."""
    async with running.database.transaction(church_id) as session:
        name = await db.value(session, str, "SELECT name FROM churches")
    url = f"{running.settings.webhooks_origin}{CARRIERS[carrier.name].texts_path}"
    profile = await carrier.ensure_profile(church_id, UNNAMED if name is None else name, url)
    async with running.database.transaction(church_id) as session:
        await db.run(
            session,
            """
            INSERT INTO carrier_profiles (church_id, carrier, carrier_profile_id)
            VALUES (:church_id, :carrier, :profile_id)
            ON CONFLICT (church_id, carrier)
            DO UPDATE SET carrier_profile_id = excluded.carrier_profile_id
            """,
            {
                "church_id": church_id,
                "carrier": carrier.name,
                "profile_id": profile.profile_id,
            },
        )
    return profile.profile_id
