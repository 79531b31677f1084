"""Every list of words is answered from an index, in tables at volume."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from koinonia.common import db
from koinonia.common.testing import explain
from koinonia.common.testing.databases import Cluster, Databases
from koinonia.messaging.composing import custom_fields, templates, text_fields

from .people_volume import Act, page

CHURCH = UUID(int=3)
TEMPLATE = UUID(int=23)  # of this church

AT_VOLUME = """
    SET search_path = messaging;
    CREATE FUNCTION pg_temp.id(n bigint) RETURNS uuid LANGUAGE sql
        AS $$ SELECT lpad(to_hex(n), 32, '0')::uuid $$;
    INSERT INTO templates (id, church_id, name, name_key, category, content)
    SELECT pg_temp.id(n), pg_temp.id(n % 20), 'T' || n, lpad(n::text, 5, '0'), 'c' || n % 7, 'Hello'
      FROM generate_series(0, 39999) n;
    INSERT INTO custom_fields (id, church_id, key, label, label_key)
    SELECT pg_temp.id(n), pg_temp.id(n % 800), 'f' || n, 'F' || n, 'f' || n
      FROM generate_series(0, 39999) n;
    ANALYZE templates, custom_fields;
"""

ACTS: dict[str, Act] = {
    "templates": lambda session: templates.page(session, page(), None),
    "templates after a cursor": lambda session: templates.page(
        session, page("00523", TEMPLATE), None
    ),
    "templates of a category": lambda session: templates.page(session, page(), "c3"),
    "templates of a category after a cursor": lambda session: templates.page(
        session, page("00523", TEMPLATE), "c3"
    ),
    "a template": lambda session: templates.get(session, TEMPLATE),
    "fields": lambda session: custom_fields.page(session, page()),
    "fields after a cursor": lambda session: custom_fields.page(session, page("f523", TEMPLATE)),
    "names of fields": lambda session: text_fields.known(session, CHURCH),
}


@pytest_asyncio.fixture(scope="module")
async def at_volume(database_cluster: Cluster) -> AsyncIterator[Databases]:
    """2,000 templates for each of 20 churches, 50 fields for each of 800."""
    async with database_cluster.database(frozenset({"messaging"})) as own:
        owner = await asyncpg.connect(own.admin_url)
        await owner.execute(AT_VOLUME)
        await owner.close()
        yield own


@pytest.mark.parametrize("name", ACTS)
async def test_it_is_answered_from_an_index(at_volume: Databases, name: str) -> None:
    database = db.Database(at_volume.url("messaging"), pool_size=2)
    try:
        with explain.watched(database) as statements:
            async with database.transaction(CHURCH) as session:
                await ACTS[name](session)
        async with database.transaction(CHURCH) as session:
            assert await explain.problems_of(session, statements) == []
    finally:
        await database.close()
