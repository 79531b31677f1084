"""Rows for tests, made with what a test is about and sensible values for the rest.

Each takes a session that has entered the church; ``church`` makes one and enters it.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.events.billing import SubscriptionUpdated
from koinonia.common.phone import Phones
from koinonia.common.testing import phones as fictional
from koinonia.common.testing.secrets import demo_environment
from koinonia.messaging import names
from koinonia.messaging.people.consent import ledger
from koinonia.messaging.people.consent.entries import Attestation, ConsentKind, ConsentMethod, Entry
from koinonia.messaging.timing import quiet_hours

_ENVIRONMENT = demo_environment()
PHONES = Phones.from_settings(
    _ENVIRONMENT["KOINONIA_PHONE_KEYS"], _ENVIRONMENT["KOINONIA_PHONE_INDEX_KEY"]
)
ATTESTED = Attestation(method=ConsentMethod.STAFF)
_numbers = itertools.count()
_senders = itertools.count()


def phone() -> str:
    """A valid number in E.164 that nobody else has, as long as a test needs fewer than exist."""
    return fictional.phone(next(_numbers) % fictional.COUNT)


def _sender() -> str:
    """A number for sending. These are unique across churches, and a long run has more members than
    there are numbers; so they come from the other end and are counted apart."""
    return fictional.phone(fictional.COUNT - 1 - next(_senders))


@dataclass(frozen=True, slots=True)
class Member:
    id: UUID
    phone: str
    phone_index: str
    phone_sealed: str


@dataclass(frozen=True, slots=True)
class Number:
    id: UUID
    phone_number: str
    profile_id: str


async def church(
    session: AsyncSession, name: str = "Grace Chapel", *, is_verified: bool = True
) -> UUID:
    """A church as ``church.registered`` and, unless told otherwise, ``church.verified`` leave it;
    the session is in it from here on."""
    church_id = db.uuid7()
    await db.enter_church(session, church_id)
    await db.run(
        session,
        """
        INSERT INTO churches (church_id, name, timezone, changed_at)
        VALUES (:id, :name, 'America/Chicago', :at)
        """,
        {"id": church_id, "name": name, "at": clock.now()},
    )
    if is_verified:
        await db.run(
            session,
            "INSERT INTO verified_churches (church_id, verified_at) VALUES (:id, :at)",
            {"id": church_id, "at": clock.now()},
        )
    return church_id


def subscribed(church_id: UUID, numbers: int = 1) -> SubscriptionUpdated:
    """What billing says of a new trial."""
    return SubscriptionUpdated(
        church_id=church_id,
        plan="trial",
        status="trialing",
        allowance_parts=100,
        period_ends_at=clock.now() + timedelta(days=30),
        number_limit=numbers,
    )


async def branch(session: AsyncSession, church_id: UUID, name: str = "Main") -> UUID:
    branch_id = db.uuid7()
    await db.run(
        session,
        """
        INSERT INTO branches (id, church_id, name, name_key)
        VALUES (:id, :church_id, :name, :key)
        """,
        {"id": branch_id, "church_id": church_id, "name": name, "key": names.key(name)},
    )
    return branch_id


async def group(
    session: AsyncSession, church_id: UUID, branch_id: UUID | None = None, name: str = "Youth"
) -> UUID:
    """A group; without ``branch_id`` in a branch of its own."""
    group_id = db.uuid7()
    await db.run(
        session,
        """
        INSERT INTO groups (id, church_id, branch_id, name, name_key)
        VALUES (:id, :church_id, :branch_id, :name, :key)
        """,
        {
            "id": group_id,
            "church_id": church_id,
            "branch_id": branch_id or await branch(session, church_id, f"Branch of {group_id}"),
            "name": name,
            "key": names.key(name),
        },
    )
    return group_id


async def member(
    session: AsyncSession,
    church_id: UUID,
    *,
    phone_number: str | None = None,
    first_name: str = "Ada",
    last_name: str = "Smith",
    email: str | None = None,
    groups: Sequence[UUID] = (),
    consents: bool = True,
) -> Member:
    number = phone_number or phone()
    made = Member(db.uuid7(), number, PHONES.index(church_id, number), PHONES.seal(number))
    await db.run(
        session,
        """
        INSERT INTO members (id, church_id, first_name, last_name, first_key, last_key, email,
                             phone_sealed, phone_index, zones, source)
        VALUES (:id, :church_id, :first_name, :last_name, :first_key, :last_key, :email,
                :sealed, :index, :zones, 'staff')
        """,
        {
            "id": made.id,
            "church_id": church_id,
            "first_name": first_name,
            "last_name": last_name,
            "first_key": names.key(first_name, last_name),
            "last_key": names.key(last_name, first_name),
            "email": email,
            "sealed": made.phone_sealed,
            "index": made.phone_index,
            "zones": quiet_hours.phone_zones(number),
        },
    )
    await db.run(
        session,
        """
        INSERT INTO group_members (church_id, group_id, member_id)
        SELECT :church_id, group_id, :id FROM unnest(CAST(:groups AS uuid[])) AS given (group_id)
        """,
        {"church_id": church_id, "id": made.id, "groups": list(groups)},
    )
    if consents:
        await ledger.grant(session, church_id, {made.phone_index: made.phone_sealed}, ATTESTED)
    return made


async def opt_out(
    session: AsyncSession, church_id: UUID, phone_number: str, at: datetime | None = None
) -> None:
    """This phone said STOP."""
    stop = Entry(
        phone_index=PHONES.index(church_id, phone_number),
        phone_sealed=PHONES.seal(phone_number),
        kind=ConsentKind.REVOKED,
        method=ConsentMethod.KEYWORD,
        at=at or clock.now(),
    )
    await ledger.append(session, church_id, [stop])


async def active_number(
    session: AsyncSession,
    church_id: UUID,
    phone_number: str | None = None,
    since: datetime | None = None,
) -> Number:
    """A sending number with its route and the church's profile at the carrier."""
    made = Number(db.uuid7(), phone_number or _sender(), f"profile-{church_id}")
    parameters = {
        "id": made.id,
        "church_id": church_id,
        "phone_number": made.phone_number,
        "area_code": made.phone_number[2:5],
        "profile_id": made.profile_id,
        "at": since or clock.now(),
    }
    for statement in (
        """
        INSERT INTO phone_numbers (id, church_id, phone_number, carrier, area_code, status,
                                   ordered_at, active_at)
        VALUES (:id, :church_id, :phone_number, 'telnyx', :area_code, 'active', :at, :at)
        """,
        """
        INSERT INTO number_routes (phone_number, church_id, number_id, valid_from)
        VALUES (:phone_number, :church_id, :id, :at)
        """,
        """
        INSERT INTO carrier_profiles (church_id, carrier, carrier_profile_id)
        VALUES (:church_id, 'telnyx', :profile_id) ON CONFLICT DO NOTHING
        """,
    ):
        await db.run(session, statement, parameters)
    return made


async def members(session: AsyncSession, church_id: UUID, count: int) -> None:
    """Many members, each with a phone of their own."""
    numbers = [phone() for _ in range(count)]
    sealed = {PHONES.index(church_id, number): PHONES.seal(number) for number in numbers}
    await db.run(
        session,
        """
        INSERT INTO members (id, church_id, first_name, last_name, first_key, last_key,
                             phone_sealed, phone_index, source)
        SELECT id, :church_id, 'Ada', 'Smith', 'ada smith', 'smith ada', sealed, index, 'import'
          FROM unnest(CAST(:ids AS uuid[]), CAST(:sealed AS text[]), CAST(:indexes AS text[]))
               AS given (id, sealed, index)
        """,
        {
            "church_id": church_id,
            "ids": [db.uuid7() for _ in numbers],
            "sealed": list(sealed.values()),
            "indexes": list(sealed),
        },
    )
    await ledger.grant(session, church_id, sealed, ATTESTED)
