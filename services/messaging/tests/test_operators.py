"""``koinonia messages`` and ``koinonia parked`` as an operator runs them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from typer.testing import CliRunner

from koinonia.carriers.failures import Failure
from koinonia.common import clock, db, operators
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.messaging.broadcasts.controls import pauses

from .reporting import claimed, noted, report
from .stage import Stage

Koinonia = Callable[..., Awaitable[Any]]


@pytest_asyncio.fixture
async def koinonia(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Koinonia]:
    """The command as a shell would run it."""
    url = stage.running.settings.database_url.get_secret_value()
    monkeypatch.setenv("KOINONIA_DATABASE_URL", url)
    command = operators.build()

    async def run(*arguments: str) -> Any:
        return await asyncio.to_thread(CliRunner().invoke, command, list(arguments))

    yield run
    await stage.run("DELETE FROM open_messages")


async def parked(stage: Stage) -> UUID:
    """A report that fits no text, and is not tried again."""
    stranger = report(stage, db.uuid7(), DeliveryStatus.DELIVERED)
    await stage.report(stranger)
    await stage.run("UPDATE parked_reports SET retry_at = NULL, attempts = 4")
    return stranger.id


async def left(stage: Stage) -> int:
    return len(await stage.query("SELECT 1 FROM parked_reports"))


async def test_what_is_parked_is_listed_and_shown(stage: Stage, koinonia: Koinonia) -> None:
    assert (await koinonia("parked", "list")).output == "No parked reports.\n"
    event_id = await parked(stage)

    listed, shown = await koinonia("parked", "list"), await koinonia("parked", "show")

    assert listed.exit_code == 1
    assert listed.output.splitlines()[1].split()[:4] == ["telnyx", "delivered", "0", "1"]
    assert shown.exit_code == 0
    assert str(event_id) in shown.output
    assert shown.output.splitlines()[1].endswith("4  no more")


async def test_a_report_that_is_still_tried_by_itself_is_no_alarm(
    stage: Stage, koinonia: Koinonia
) -> None:
    await stage.report(report(stage, db.uuid7(), DeliveryStatus.DELIVERED))

    assert (await koinonia("parked", "list")).exit_code == 0


async def test_a_report_is_replayed_when_its_text_is_known(
    stage: Stage, koinonia: Koinonia
) -> None:
    await stage.members(1)
    message_id = await stage.started()
    batch, texts = await claimed(stage, message_id)
    early = report(stage, texts[0].recipient_id, DeliveryStatus.DELIVERED)
    await stage.report(early.model_copy(update={"recipient_id": None}))
    unknown = await parked(stage)
    await noted(stage, batch, texts)

    replayed = await koinonia("parked", "replay", "--all")

    assert replayed.exit_code == 1  # for the one that fits nothing
    assert f"{early.id}  telnyx  delivered  applied\n" in replayed.output
    assert f"{unknown}  telnyx  delivered  still about no text we know\n" in replayed.output
    assert await stage.counted(message_id) == {"delivered": 1}
    assert await left(stage) == 1


async def test_a_rehearsal_changes_nothing(stage: Stage, koinonia: Koinonia) -> None:
    event_id = str(await parked(stage))

    dropped = await koinonia("parked", "drop", "--id", event_id, "--dry-run")
    replayed = await koinonia("parked", "replay", "--all", "--dry-run")

    assert (dropped.exit_code, replayed.exit_code) == (0, 0)
    assert dropped.output == f"{event_id}  telnyx  delivered  would be dropped\n1 report.\n"
    assert await left(stage) == 1


async def test_dropping_takes_a_yes(stage: Stage, koinonia: Koinonia) -> None:
    event_id = str(await parked(stage))

    assert (await koinonia("parked", "drop", "--id", event_id)).exit_code == 2
    assert (await koinonia("parked", "drop")).exit_code == 2
    assert await left(stage) == 1
    assert (await koinonia("parked", "drop", "--all", "--yes")).exit_code == 0
    assert await left(stage) == 0


async def test_a_report_that_is_not_there_is_said_to_be(koinonia: Koinonia) -> None:
    missing = str(db.uuid7())

    refused = await koinonia("parked", "replay", "--id", missing)

    assert refused.exit_code == 1
    assert refused.stderr.startswith(f"Not parked: {missing}.")


async def test_messages_that_do_not_get_on_are_listed_with_the_reason(
    stage: Stage, koinonia: Koinonia, small_batches: None
) -> None:
    assert (await koinonia("messages", "stuck")).output == "No stuck messages.\n"
    await stage.members(15)
    with clock.shift(timedelta(minutes=-11)):
        unanswered = (await stage.send()).id
        overdue, forgotten, headless = [await stage.started() for _ in range(3)]
        paused = await stage.started()
    async with stage.running.database.transaction(stage.church_id) as session:
        await pauses.pause(session, paused)
        await db.run(
            session, "DELETE FROM dispatch_batches WHERE message_id = :id", {"id": headless}
        )
    await stage.run(
        """
        UPDATE dispatch_batches SET due_at = now() - interval '11 minutes',
               state = CASE WHEN message_id = :overdue THEN 'claimed' ELSE 'waiting' END
        """,
        overdue=overdue,
    )
    await stage.run("UPDATE dispatch_batches SET due_at = NULL WHERE state = 'waiting'")

    listed = await koinonia("messages", "stuck")

    lines = {UUID(line[:36]): line for line in listed.output.splitlines()[1:]}
    assert listed.exit_code == 1
    assert lines.keys() == {unanswered, overdue, forgotten, headless}
    assert "billing has not answered" in lines[unanswered]
    assert "2 of its batches are overdue" in lines[overdue]
    assert "none is under way" in lines[forgotten]
    assert "no batches" in lines[headless]


async def test_what_is_young_or_at_work_is_not_stuck(stage: Stage, koinonia: Koinonia) -> None:
    await stage.members(1)
    await stage.send()
    with clock.shift(timedelta(minutes=-11)):
        await stage.started()
        message_id = await stage.started()
    await claimed(stage, message_id)

    assert (await koinonia("messages", "stuck")).exit_code == 0
    assert (await koinonia("messages", "stuck", "--minutes", "0")).exit_code == 1


async def test_what_the_carrier_made_us_pause_is_resumed_for_all(
    stage: Stage, koinonia: Koinonia
) -> None:
    await stage.members(1)
    by_carrier, by_staff = [await stage.started() for _ in range(2)]
    async with stage.running.database.transaction(stage.church_id) as session:
        await pauses.pause(session, by_staff)
        await pauses.pause_for_failure(session, stage.church_id, by_carrier, Failure.ACCOUNT)

    rehearsed = await koinonia("messages", "resume", "account", "--dry-run")
    assert (await stage.message(by_carrier)).status == "paused"
    resumed = await koinonia("messages", "resume", "account")

    statuses = [(await stage.message(each)).status for each in (by_carrier, by_staff)]
    assert statuses == ["sending", "paused"]
    assert [str(by_carrier) in told.output for told in (rehearsed, resumed)] == [True, True]
    again = await koinonia("messages", "resume", "account")
    assert again.output == "No messages are paused because of account.\n"
