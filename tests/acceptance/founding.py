"""A church as registration, import and a number order leave it, without their detours."""

from uuid import UUID

from koinonia.common import clock, db
from koinonia.common.bus import Envelope
from koinonia.common.events.auth import ChurchRegistered
from koinonia.common.testing.eventually import eventually

from .seeds import Seed
from .system import System

PEOPLE = """
    INSERT INTO members (id, church_id, first_name, last_name, first_key, last_key,
                         phone_sealed, phone_index, source)
    SELECT id, :church, 'Ann', 'Example', 'ann example', 'example ann', sealed, index, 'import'
      FROM unnest(CAST(:ids AS uuid[]), CAST(:sealed AS text[]), CAST(:indexes AS text[]))
           AS given (id, sealed, index)
"""
CONSENT = """
    INSERT INTO consents (church_id, phone_index, phone_sealed, state, is_own, is_blocked, since)
    SELECT :church, index, sealed, 'granted', false, false, :now
      FROM unnest(CAST(:sealed AS text[]), CAST(:indexes AS text[])) AS given (sealed, index)
    ON CONFLICT DO NOTHING
"""
NUMBER = """
    INSERT INTO phone_numbers (id, church_id, phone_number, carrier, area_code, status,
                               ordered_at, active_at)
    VALUES (:id, :church, :number, :carrier, :area, 'active', :now, :now)
"""
ROUTE = """
    INSERT INTO number_routes (phone_number, church_id, number_id, valid_from)
    VALUES (:number, :church, :id, :now)
"""
VERIFIED = "INSERT INTO verified_churches (church_id, verified_at) VALUES (:church, :now)"
PROFILE = """
    INSERT INTO carrier_profiles (church_id, carrier, carrier_profile_id)
    VALUES (:church, :carrier, :profile)
"""


async def found(system: System, seeds: list[Seed]) -> dict[Seed, UUID]:
    """The church of each seed, known to messaging and billing."""
    churches = {seed: db.uuid7() for seed in seeds}
    registered = [
        ChurchRegistered(church_id=church, church_name=f"Seed {seed.number}", timezone="UTC")
        for seed, church in churches.items()
    ]
    await system.messaging[0].publisher.publish(
        [Envelope.from_event(event) for event in registered]
    )
    for seed, church in churches.items():
        await _equip(system, seed, church)
    await eventually(lambda: _are_known(system, len(seeds)), within=60)
    return churches


async def _equip(system: System, seed: Seed, church: UUID) -> None:
    phones = system.messaging[0].phones
    given = {
        "church": church,
        "id": db.uuid7(),
        "number": seed.number_of_church,
        "area": seed.number_of_church[2:5],
        "carrier": seed.carrier,
        "profile": f"profile-{church}",
        "now": clock.now(),
        "ids": [db.uuid7() for _ in seed.people],
        "sealed": [phones.seal(phone) for phone in seed.people],
        "indexes": [phones.index(church, phone) for phone in seed.people],
    }
    async with system.messaging[0].database.transaction(church) as session:
        for statement in (PEOPLE, CONSENT, VERIFIED, NUMBER, ROUTE, PROFILE):
            await db.run(session, statement, given)


async def _are_known(system: System, count: int) -> bool:
    known = await system.books.fetchval("SELECT count(*) FROM billing.subscriptions")
    return bool(known == count)
