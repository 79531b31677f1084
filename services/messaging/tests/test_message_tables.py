"""What the database itself refuses, whatever the code does."""

import pytest
from sqlalchemy.exc import IntegrityError

from koinonia.common import db

from .stage import Stage


async def test_counters_that_do_not_add_up_are_refused(stage: Stage) -> None:
    await stage.members(1)
    await stage.send()

    with pytest.raises(IntegrityError, match="ck_messages_counters_add_up"):
        await stage.run("UPDATE messages SET sent_count = 1")


async def test_a_second_row_for_one_phone_is_refused(stage: Stage) -> None:
    await stage.members(1)
    await stage.send()

    with pytest.raises(IntegrityError, match="message_recipients_message_id_phone_index_key"):
        await stage.run(
            """
            INSERT INTO message_recipients (id, church_id, message_id, batch, phone_index,
                                            phone_sealed, parts_estimated)
            SELECT gen_random_uuid(), church_id, message_id, 0, phone_index, phone_sealed, 1
              FROM message_recipients
            """
        )


@pytest.mark.parametrize("table", ["messages", "message_recipients"])
async def test_another_church_sees_no_row(stage: Stage, table: str) -> None:
    await stage.members(1)
    await stage.send()
    assert await stage.query(f"SELECT id FROM {table}")

    stage.church_id = db.uuid7()

    assert await stage.query(f"SELECT id FROM {table}") == []
