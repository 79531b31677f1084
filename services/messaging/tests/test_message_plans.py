"""Every statement of the sending path is answered from an index, in tables at volume."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import asyncpg
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers.failures import Failure
from koinonia.common import db
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.pagination import Cursor, PageParams
from koinonia.common.testing import probe
from koinonia.common.testing.databases import Cluster, Databases
from koinonia.messaging.broadcasts.accepting import own_tests
from koinonia.messaging.broadcasts.controls import cancellation, pauses
from koinonia.messaging.broadcasts.reconciliation import overdue_reports, record_lookup
from koinonia.messaging.broadcasts.sending import batch_results, claims
from koinonia.messaging.broadcasts.sending.call_failures import Retry
from koinonia.messaging.broadcasts.tracking import delivery_reports, parked_reports
from koinonia.messaging.broadcasts.tracking.reports import Report
from koinonia.messaging.broadcasts.views import finish_estimate
from koinonia.messaging.messages import (
    batch_release,
    batches,
    broadcast_search,
    last_broadcast,
    open_messages,
    queries,
    received_broadcasts,
    record_requests,
)
from koinonia.messaging.messages.broadcast_filter import BroadcastFilter
from koinonia.messaging.vocabulary import MessageStatus

from .explained import CHURCH, problems

MESSAGE = UUID(int=27)  # of this church
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = str(Cursor((NOW, MESSAGE)))

AT_VOLUME = """
    SET search_path = messaging;
    INSERT INTO messages (id, church_id, kind, content, target_type, sender, carrier, status,
                          started_at, total_recipients, pending_count, parts_estimated, created_by,
                          created_at)
    SELECT lpad(to_hex(n), 32, '0')::uuid, lpad(to_hex(n % 20), 32, '0')::uuid,
           CASE WHEN n % 3 = 0 THEN 'broadcast' WHEN n % 99 = 1 THEN 'test'
                ELSE 'reply' END, 'Hello', 'all', '+12025550100',
           'telnyx', CASE WHEN n % 100 = 27 THEN 'sending' ELSE 'completed' END, now(),
           1000, 1000, 1000, gen_random_uuid(), now() - n * interval '1 minute'
      FROM generate_series(0, 9999) n;
    INSERT INTO message_recipients (id, church_id, message_id, batch, phone_index, phone_sealed,
                                    parts_estimated)
    SELECT lpad(to_hex(n), 32, '0')::uuid, lpad(to_hex(n / 1000 % 20), 32, '0')::uuid,
           lpad(to_hex(n / 1000), 32, '0')::uuid, n % 1000 / 100, n::text, 'sealed', 1
      FROM generate_series(0, 39999) n;
    INSERT INTO dispatch_batches (message_id, number, church_id, lane)
    SELECT gen_random_uuid(), n % 10, gen_random_uuid(), 'broadcast'
      FROM generate_series(0, 9999) n;
    INSERT INTO dispatch_batches (message_id, number, church_id, lane, state, due_at)
    SELECT lpad(to_hex(27), 32, '0')::uuid, n, lpad('7', 32, '0')::uuid, 'broadcast',
           CASE WHEN n = 1 THEN 'released' ELSE 'waiting' END, CASE WHEN n = 1 THEN now() END
      FROM generate_series(1, 9) n;
    INSERT INTO parked_reports (event_id, carrier, carrier_message_id, status, reported_at)
    SELECT gen_random_uuid(), 'telnyx', n::text, 'sent', now() FROM generate_series(0, 4999) n;
    INSERT INTO open_messages (message_id, church_id, opened_at, look_at)
    SELECT id, church_id, created_at, created_at + interval '6 days' FROM messages;
    INSERT INTO wanted_records (recipient_id, church_id, look_at)
    SELECT id, church_id, now() FROM message_recipients;
    ANALYZE messages, message_recipients, dispatch_batches, parked_reports, open_messages,
            wanted_records;
"""


@pytest_asyncio.fixture(scope="module")
async def at_volume(database_cluster: Cluster) -> AsyncIterator[Databases]:
    """10,000 messages of 20 churches, 40,000 texts, 10,000 batches that wait."""
    async with database_cluster.database(frozenset({"messaging"})) as own:
        owner = await asyncpg.connect(own.admin_url)
        await owner.execute(AT_VOLUME)
        await owner.close()
        yield own


def report(number: int) -> Report:
    return Report(
        event_id=db.uuid7(),
        church_id=CHURCH,
        recipient_id=UUID(int=27_000 + number),
        carrier="telnyx",
        carrier_message_id=f"carrier-{number}",
        sender="+12025550100",
        status=DeliveryStatus.DELIVERED,
        reported_at=NOW,
        parts=1,
        cost=None,
        failure=None,
        failure_code=None,
    )


WITH_TESTS = BroadcastFilter(includes_tests=True)
LATELY = BroadcastFilter((MessageStatus.PAUSED,), created_since=NOW - timedelta(days=30))


async def test_the_list_of_messages(at_volume: Databases) -> None:
    async def act(session: AsyncSession) -> None:
        for params in (PageParams(), PageParams(cursor=LATER), PageParams(page=3)):
            await queries.broadcasts(session, CHURCH, params)
            await queries.broadcasts(session, CHURCH, params, LATELY)
            await queries.broadcasts(session, CHURCH, params, WITH_TESTS)

    assert await problems(at_volume, act) == []


async def test_the_search_of_messages(at_volume: Databases) -> None:
    async def act(session: AsyncSession) -> None:
        for params in (PageParams(), PageParams(cursor=LATER), PageParams(page=3)):
            await broadcast_search.page(session, CHURCH, "hel", params, BroadcastFilter())
            await broadcast_search.page(session, CHURCH, "hello", params, LATELY)

    assert await problems(at_volume, act) == []


async def test_the_number_of_messages(at_volume: Databases) -> None:
    assert (
        await problems(at_volume, lambda s: queries.broadcasts(s, CHURCH, PageParams(page=1))) == []
    )


async def test_the_number_of_tests_of_a_day(at_volume: Databases) -> None:
    parameters = {"church": CHURCH, "admin": MESSAGE, "now": NOW, "since": NOW}
    assert await problems(at_volume, lambda s: db.run(s, own_tests.SENT, parameters)) == []


async def test_the_list_of_recipients(at_volume: Databases) -> None:
    after = PageParams(cursor=str(Cursor((3, UUID(int=27_300)))))

    async def act(session: AsyncSession) -> None:
        await queries.recipients(session, MESSAGE, PageParams(), None)
        await queries.recipients(session, MESSAGE, after, None)
        await queries.recipients(session, MESSAGE, after, DeliveryStatus.FAILED)
        await queries.recipients_after(session, MESSAGE, None, (3, UUID(int=27_300)), 500)

    assert await problems(at_volume, act) == []


async def test_what_a_phone_was_sent_last(at_volume: Databases) -> None:
    async def act(session: AsyncSession) -> None:
        await last_broadcast.sent_to(session, CHURCH, "27300", "+12025550100", datetime.now(UTC))

    assert await problems(at_volume, act) == []


async def test_what_a_phone_was_sent(at_volume: Databases) -> None:
    async def act(session: AsyncSession) -> None:
        await received_broadcasts.page(session, CHURCH, "27000", PageParams(cursor=LATER))

    assert await problems(at_volume, act) == []


async def test_a_batch_of_reports(at_volume: Databases) -> None:
    named = [report(number) for number in range(200)]
    assert await problems(at_volume, lambda s: delivery_reports.apply(s, named)) == []


async def test_reports_that_are_found_by_the_carriers_id(at_volume: Databases) -> None:
    nameless = [replace(report(number), recipient_id=None) for number in range(50)]
    assert await problems(at_volume, lambda s: delivery_reports.apply(s, nameless)) == []


async def test_release_claim_and_note(at_volume: Databases) -> None:
    async def act(session: AsyncSession) -> None:
        await db.run(session, "INSERT INTO workers VALUES ('a worker', now(), now())")
        await batch_release.release(session, MESSAGE)
        batch = await batches.claim(session, MESSAGE, 1, "a worker")
        assert batch is not None
        texts = await claims.take(session, batch, "a worker", is_repeatable=True)
        await batch_results.record(session, batch, [Retry(text, 5.0) for text in texts or ()])

    # Of workers there is a row for each process.
    assert set(await problems(at_volume, act)) <= {"workers is read from end to end"}


async def test_the_progress_of_a_message(at_volume: Databases) -> None:
    settings = SimpleNamespace(
        carrier_parts_per_second=50.0, number_parts_per_second=40.0, quiet_hours="enforced"
    )

    async def act(session: AsyncSession) -> None:
        message = await queries.message(session, MESSAGE)
        assert await finish_estimate.finishes_at(session, settings, message) is not None

    assert await problems(at_volume, act) == []


async def test_the_look_at_a_message(at_volume: Databases) -> None:
    settings = SimpleNamespace(report_patience_minutes=15)
    texts = [
        overdue_reports.Silent(UUID(int=27_000 + n), "telnyx", str(n), NOW) for n in range(200)
    ]

    async def act(session: AsyncSession) -> None:
        await open_messages.claim(session)
        await overdue_reports.silent(session, settings, MESSAGE)
        await overdue_reports.postpone(session, texts, timedelta(hours=72))
        await batches.recut(session, MESSAGE)
        await open_messages.end(session, [MESSAGE])

    assert await problems(at_volume, act) == []


async def test_looking_texts_up(at_volume: Databases) -> None:
    ids = [UUID(int=27_000 + n) for n in range(record_requests.AT_ONCE)]

    async def act(session: AsyncSession) -> None:
        await record_requests.want(session, CHURCH, ids)
        await record_requests.claim(session)
        await probe.rows(session, record_lookup._TEXTS, {"ids": ids})
        await record_lookup._own(session, [report(n) for n in range(record_requests.AT_ONCE)])
        await record_requests.conclude(session, ids)

    assert await problems(at_volume, act) == []


async def test_pausing_and_resuming(at_volume: Databases) -> None:
    async def act(session: AsyncSession) -> None:
        await pauses.pause_for_failure(session, CHURCH, MESSAGE, Failure.SPEND_LIMIT)
        await pauses.resume(session, CHURCH, MESSAGE, others=True)

    assert await problems(at_volume, act) == []


async def test_cancelling(at_volume: Databases) -> None:
    assert await problems(at_volume, lambda s: cancellation.cancel(s, CHURCH, MESSAGE)) == []


async def test_recovery_and_what_is_parked(at_volume: Databases) -> None:
    async def act(session: AsyncSession) -> None:
        await batch_release.recover(session)
        await batch_release.readmit(session)
        await parked_reports.due(session)

    assert await problems(at_volume, act) == []
