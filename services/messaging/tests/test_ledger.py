"""The ledger stays as it was written, and the state of a phone always follows from it."""

import asyncio
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.exc import IntegrityError

from koinonia.common import clock, db, migrations
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.secrets import role_password
from koinonia.messaging.people.consent import consent_state, ledger
from koinonia.messaging.people.consent.entries import Attestation, ConsentKind, ConsentMethod, Entry

from . import factories

START = clock.now()
IMPORTED = Attestation(method=ConsentMethod.IMPORT)
SAID = [
    (ConsentKind.REVOKED, ConsentMethod.KEYWORD),
    (ConsentKind.GRANTED, ConsentMethod.KEYWORD),
    (ConsentKind.CONFIRMED, ConsentMethod.KEYWORD),
    (ConsentKind.REVOKED, ConsentMethod.CARRIER),
    (ConsentKind.REVOKED, ConsentMethod.STAFF),
    (ConsentKind.GRANTED, ConsentMethod.WEB_FORM),
]


def said(
    index: str, kind: ConsentKind, method: ConsentMethod, minute: int = 0, scope: UUID | None = None
) -> Entry:
    return Entry(
        phone_index=index,
        phone_sealed="sealed",
        kind=kind,
        method=method,
        at=START + timedelta(minutes=minute),
        scope=scope,
        by_carrier=method is ConsentMethod.CARRIER,
        is_lift=method is ConsentMethod.WEB_FORM,
    )


@pytest.mark.parametrize("seed", range(12))
async def test_replayed_from_the_start_the_ledger_is_the_current_state(
    database: db.Database, church_id: UUID, seed: int
) -> None:
    random = Random(seed)
    phones = [f"phone {n}" for n in range(4)]
    for _ in range(25):
        async with database.transaction(church_id) as session:
            some = random.sample(phones, random.randint(1, 3))
            if random.random() < 0.25:
                await ledger.grant(session, church_id, dict.fromkeys(some, "sealed"), IMPORTED)
                continue
            entries = [said(each, *random.choice(SAID), random.randint(-9, 9)) for each in some]
            await ledger.append(session, church_id, entries)
    async with database.transaction(church_id) as session:
        for phone in phones:
            history = await ledger.history(session, church_id, phone)
            assert await ledger.state(session, church_id, phone) == consent_state.replay(history)


async def test_an_import_and_a_stop_at_the_same_moment_agree(
    database: db.Database, church_id: UUID
) -> None:
    async def enter(phone: str) -> None:
        async with database.transaction(church_id) as session:
            await ledger.grant(session, church_id, {phone: "sealed"}, IMPORTED)

    async def stop(phone: str) -> None:
        async with database.transaction(church_id) as session:
            await ledger.append(
                session, church_id, [said(phone, ConsentKind.REVOKED, ConsentMethod.KEYWORD)]
            )

    phones = [f"phone {n}" for n in range(10)]
    await asyncio.gather(*(each(phone) for phone in phones for each in (enter, stop, stop)))
    async with database.transaction(church_id) as session:
        for phone in phones:
            state = await ledger.state(session, church_id, phone)
            assert state
            assert state.is_revoked
            assert state == consent_state.replay(await ledger.history(session, church_id, phone))


@pytest.mark.parametrize(
    "sql", ["UPDATE consent_events SET kind = 'granted'", "DELETE FROM consent_events"]
)
async def test_what_stands_in_the_ledger_is_neither_changed_nor_removed(
    databases: Databases, sql: str
) -> None:
    owner = await asyncpg.connect(databases.admin_url)
    await owner.execute("SET search_path = messaging")
    with pytest.raises(asyncpg.RestrictViolationError):
        await owner.execute(sql)
    with pytest.raises(asyncpg.RestrictViolationError):
        await owner.execute("TRUNCATE consent_events")
    await owner.close()
    service = await asyncpg.connect(databases.url("messaging"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await service.execute(sql)
    await service.close()


async def test_an_entry_has_one_of_the_written_kinds(
    database: db.Database, church_id: UUID
) -> None:
    odd: Any = "forgotten"
    with pytest.raises(IntegrityError):
        async with database.transaction(church_id) as session:
            await ledger.write(session, church_id, [said("phone", odd, ConsentMethod.STAFF)])


async def test_a_consent_is_granted_once_and_lifts_nothing(
    database: db.Database, church_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        await factories.opt_out(session, church_id, stopped := factories.phone())
        gone = factories.PHONES.index(church_id, stopped)
        both = {gone: "sealed", "new": "sealed"}
        assert await ledger.grant(session, church_id, both, IMPORTED) != {}
        assert await ledger.grant(session, church_id, both, IMPORTED) == {}
        state = await ledger.state(session, church_id, gone)
        assert state
        assert state.is_revoked


async def test_opt_outs_of_before_are_carried_over_and_back(databases: Databases) -> None:
    await migrations.downgrade(databases.admin_url, "messaging", revision="messaging_0004")
    owner = await asyncpg.connect(databases.admin_url)
    await owner.execute("SET search_path = messaging")
    await owner.execute(BEFORE)
    opt_outs = "SELECT * FROM opt_outs ORDER BY phone_index"
    before = await owner.fetch(opt_outs)
    password = role_password(databases.admin_url)
    await migrations.upgrade(databases.admin_url, "messaging", password)
    states = await owner.fetch("SELECT phone_index, state FROM consents ORDER BY phone_index")
    assert [tuple(row) for row in states] == [
        ("member", "granted"),
        ("newcomer", "granted"),
        ("returned", "granted"),
        ("stopped", "revoked"),
        ("twice", "revoked"),
    ]
    await _expect_replayed(databases)
    await migrations.downgrade(databases.admin_url, "messaging", revision="messaging_0004")
    after = await owner.fetch(opt_outs)
    await owner.close()
    known = ("phone_index", "lifted_at", "changed_at", "source")
    assert [[row[name] for name in known] for row in after] == [
        [row[name] for name in known] for row in before
    ]


async def _expect_replayed(databases: Databases) -> None:
    database = db.Database(databases.url("messaging"), pool_size=1)
    async with database.transaction(CARRIED) as session:
        for phone in ("member", "newcomer", "returned", "stopped", "twice"):
            history = await ledger.history(session, CARRIED, phone)
            assert await ledger.state(session, CARRIED, phone) == consent_state.replay(history)
    await database.close()


CARRIED = UUID(int=1)
BEFORE = """
    INSERT INTO members (id, church_id, first_name, last_name, first_key, last_key, phone_sealed,
                         phone_index, source)
    SELECT gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 'A', 'B', key, key, 'sealed',
           key, 'import'
      FROM unnest(ARRAY['member', 'stopped', 'returned', 'twice', 'newcomer']) key;
    INSERT INTO opt_outs (church_id, phone_index, phone_sealed, opted_out_at, lifted_at, changed_at,
                          source, source_event_id)
    SELECT '00000000-0000-0000-0000-000000000001', index, 'sealed', CAST(opted AS timestamptz),
           CAST(lifted AS timestamptz), CAST(changed AS timestamptz), source, NULL
      FROM (VALUES ('stopped', '2026-01-01', NULL, '2026-01-01', 'carrier'),
                   ('twice', '2026-01-01', NULL, '2026-01-03', 'keyword'),
                   ('returned', '2026-01-01', '2026-01-02', '2026-01-02', 'keyword'),
                   ('newcomer', NULL, '2026-01-02', '2026-01-02', 'keyword'))
           AS given (index, opted, lifted, changed, source)
"""
