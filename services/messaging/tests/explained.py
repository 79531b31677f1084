"""What PostgreSQL explains of the statements of one act."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.testing import explain
from koinonia.common.testing.databases import Databases

CHURCH = UUID(int=7)


async def problems(
    databases: Databases, act: Callable[[AsyncSession], Awaitable[object]]
) -> list[str]:
    """What is wrong with the statements of ``act``, whose effects are undone."""
    database = db.Database(databases.url("messaging"), pool_size=2)
    try:
        with explain.watched(database) as statements:
            async with database.transaction(CHURCH) as session:
                await act(session)
                await session.rollback()
        assert len(statements) > 1
        async with database.transaction(CHURCH) as session:
            return await explain.problems_of(session, statements)
    finally:
        await database.close()
