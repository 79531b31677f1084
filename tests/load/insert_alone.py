"""The floor of an accepted message: its two inserts in one transaction of bare asyncpg."""

import statistics
import time
from typing import Any

import asyncpg
from tests.load import statements
from tests.load.church import RECIPIENTS, Church
from tests.load.figures import Spoiled
from tests.load.system import connected

from koinonia.common import db
from koinonia.common.identity import Identity, Role
from koinonia.common.testing import explain
from koinonia.common.testing.explain import Statement
from koinonia.devkit.system import System
from koinonia.messaging.broadcasts.accepting import acceptance
from koinonia.messaging.messages.schemas import SendRequest
from koinonia.messaging.people.targets.target_schemas import TargetType

ROUNDS = 7
TABLES = ("messages", "message_recipients")


class _Enough(Exception):
    """Ends the transaction without a trace."""


async def seconds(system: System, church: Church) -> float:
    """The median of several rounds; what they insert is removed again."""
    inserts = await _inserts(system, church)
    async with connected(system.environment.database_url) as owner:
        await owner.execute("SET search_path = messaging")
        rounds = [await _round(owner, inserts) for _ in range(ROUNDS)]
    return statistics.median(rounds[1:])


async def _inserts(system: System, church: Church) -> list[Statement]:
    """As :func:`messages.create` writes them."""
    request = SendRequest.from_names(
        content="To be measured", target_type=TargetType.GROUPS, target_ids=[church.group_id]
    )
    asker = Identity(db.uuid7(), church.id, Role.OWNER, db.uuid7())
    async with statements.running(system, "messaging") as parts:
        with explain.watched(parts.database) as asked:
            try:
                async with parts.database.transaction(church.id) as session:
                    await acceptance.create(session, asker, request, parts.phones)
                    raise _Enough
            except _Enough:
                pass
    found = [each for each in asked if _table(each) in TABLES]
    if {_table(each) for each in found} != set(TABLES):
        raise Spoiled(f"A message is not made by inserts into {' and '.join(TABLES)} any more.")
    return found


def _table(statement: Statement) -> str:
    words = statement[0].split(None, 3)
    return words[2] if words[:2] == ["INSERT", "INTO"] else ""


async def _round(owner: "asyncpg.Connection[Any]", inserts: list[Statement]) -> float:
    [known] = {each[1][0] for each in inserts if _table(each) == "messages"}
    fresh = db.uuid7()
    began = time.perf_counter()
    async with owner.transaction():
        for sql, parameters in inserts:
            await owner.execute(sql, *(fresh if each == known else each for each in parameters))
    took = time.perf_counter() - began
    placed = await owner.execute("DELETE FROM message_recipients WHERE message_id = $1", fresh)
    await owner.execute("DELETE FROM messages WHERE id = $1", fresh)
    if placed != f"DELETE {RECIPIENTS}":
        raise Spoiled(f"The floor of a send placed other recipients than ours: {placed}")
    return took
