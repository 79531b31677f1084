"""``docs/schema.md`` is what is in a migrated database, and so are the files of its functions."""

import asyncpg
import pytest

from koinonia.common import migrations
from koinonia.common.migrations.bodies import files
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.secrets import role_password
from koinonia.devkit.documents import catalog, schema
from koinonia.devkit.layout import ROOT, with_schema

BODY = "$$"


async def test_the_page_is_what_a_migrated_database_holds(databases: Databases) -> None:
    written = (ROOT / schema.PATH).read_text()
    assert written == await schema.page(databases.admin_url), "Run: make schema-doc"


@pytest.mark.parametrize("service", with_schema())
async def test_a_service_s_readme_says_what_a_row_of_each_table_is(
    databases: Databases, service: str
) -> None:
    [found] = await catalog.read(databases.admin_url, [service])
    tables = {table.name for table in found.tables if not table.is_view}
    assert tables - schema.purposes(service).keys() == set()


@pytest.mark.parametrize("service", with_schema())
async def test_every_function_has_a_file_and_the_body_of_it(
    databases: Databases, service: str
) -> None:
    [found] = await catalog.read(databases.admin_url, [service])
    bodies = {function.name: function.body for function in found.functions}
    texts = {file.stem: file.read_text() for file in files(service)}
    views = {table.name for table in found.tables if table.is_view}
    assert bodies.keys() | views == texts.keys()
    assert bodies == {name: texts[name].split(BODY)[1] for name in bodies}


async def test_migrate_gives_a_function_the_body_of_its_file(databases: Databases) -> None:
    url = databases.admin_url
    owner = await asyncpg.connect(url)
    await owner.execute("""
        CREATE OR REPLACE FUNCTION messaging.household(names text[]) RETURNS text LANGUAGE sql
        AS $$ SELECT 'as it was' $$
    """)
    await migrations.upgrade(url, "messaging", role_password(url))
    answer = await owner.fetchval("SELECT messaging.household(ARRAY['Anna', 'Ben'])")
    await owner.close()
    assert answer == "Anna and Ben"


@pytest.mark.parametrize("service", with_schema())
async def test_a_view_is_what_its_file_makes(databases: Databases, service: str) -> None:
    owner = await asyncpg.connect(databases.admin_url)
    await owner.execute(f"SET search_path = {service}")
    asked = "SELECT viewname, definition FROM pg_views WHERE schemaname = $1 ORDER BY viewname"
    before = await owner.fetch(asked, service)
    for file in files(service):
        await owner.execute(file.read_text())
    assert await owner.fetch(asked, service) == before
    await owner.close()
