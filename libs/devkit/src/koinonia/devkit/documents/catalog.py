"""What PostgreSQL says of a schema: its tables, views and functions, as its catalog words them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import asyncpg

from koinonia.common import migrations


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    is_nullable: bool
    default: str  # empty: none


@dataclass
class Table:
    """``definitions`` of keys, checks, policies and triggers are by name."""

    name: str
    is_guarded: bool  # row-level security
    grants: str  # what the service's role may do
    is_view: bool
    columns: list[Column] = field(default_factory=list)
    constraints: dict[str, str] = field(default_factory=dict)
    indexes: dict[str, str] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)
    triggers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Function:
    name: str
    arguments: str
    returns: str
    runs_as_owner: bool
    body: str


@dataclass(frozen=True)
class Schema:
    service: str
    tables: list[Table]
    functions: list[Function]


_TABLES = """
    SELECT c.relname, c.relrowsecurity,
           (SELECT string_agg(word, ', ' ORDER BY place)
              FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'])
                   WITH ORDINALITY AS privilege (word, place)
             WHERE has_table_privilege($2, c.oid, word)),
           c.relkind = 'v'
      FROM pg_class c
     WHERE c.relnamespace = $1::text::regnamespace AND c.relkind IN ('r', 'p', 'v')
     ORDER BY c.relname
"""
_COLUMNS = """
    SELECT c.relname, a.attname,
           format_type(a.atttypid, a.atttypmod) || CASE
               WHEN a.attcollation <> t.typcollation THEN format(' COLLATE %I', l.collname)
               ELSE '' END,
           NOT a.attnotnull,
           CASE WHEN a.attidentity <> '' THEN 'identity'
                WHEN a.attgenerated <> '' THEN 'always ' || pg_get_expr(d.adbin, d.adrelid)
                ELSE coalesce(pg_get_expr(d.adbin, d.adrelid), '') END
      FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_collation l ON l.oid = a.attcollation
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE c.relnamespace = $1::text::regnamespace AND c.relkind IN ('r', 'p', 'v')
     ORDER BY c.relname, a.attnum
"""
_CONSTRAINTS = """
    SELECT c.relname, k.conname, pg_get_constraintdef(k.oid, true)
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
     WHERE c.relnamespace = $1::text::regnamespace AND k.contype IN ('p', 'u', 'f', 'c', 'x')
     ORDER BY c.relname, position(k.contype IN 'pufcx'), k.conname
"""
_INDEXES = """
    SELECT c.relname, i.relname, pg_get_indexdef(x.indexrelid)
      FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
     WHERE c.relnamespace = $1::text::regnamespace
       AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid
                          AND k.contype IN ('p', 'u', 'x'))
     ORDER BY c.relname, i.relname
"""
_POLICIES = """
    SELECT c.relname, p.polname,
           concat_ws(' ', 'USING ' || pg_get_expr(p.polqual, p.polrelid),
                     'WITH CHECK ' || nullif(pg_get_expr(p.polwithcheck, p.polrelid),
                                             pg_get_expr(p.polqual, p.polrelid)))
      FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
     WHERE c.relnamespace = $1::text::regnamespace
     ORDER BY c.relname, p.polname
"""
_TRIGGERS = """
    SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid, true)
      FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE c.relnamespace = $1::text::regnamespace AND NOT t.tgisinternal
     ORDER BY c.relname, t.tgname
"""
_FUNCTIONS = """
    SELECT p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),
           p.prosecdef, p.prosrc
      FROM pg_proc p WHERE p.pronamespace = $1::text::regnamespace ORDER BY p.proname
"""


async def read(url: str, services: Sequence[str]) -> list[Schema]:
    """The schemas of ``services`` in the database at ``url``, which is an owner's."""
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return [await _read(connection, service) for service in services]
    finally:
        await connection.close()


async def _read(connection: "asyncpg.Connection[asyncpg.Record]", service: str) -> Schema:
    # What is found on the search path is worded without its schema.
    await connection.execute(f"SET search_path = {service}")
    role = migrations.role(service)
    tables = [Table(*row) for row in await connection.fetch(_TABLES, service, role)]
    columns = defaultdict(list)
    for row in await connection.fetch(_COLUMNS, service):
        columns[row[0]].append(Column(*row[1:]))
    constraints = await _by_table(connection, _CONSTRAINTS, service)
    indexes = await _by_table(connection, _INDEXES, service)
    policies = await _by_table(connection, _POLICIES, service)
    triggers = await _by_table(connection, _TRIGGERS, service)
    for table in tables:
        table.columns = columns[table.name]
        table.constraints = constraints[table.name]
        table.indexes = indexes[table.name]
        table.policies = policies[table.name]
        table.triggers = triggers[table.name]
    functions = [Function(*row) for row in await connection.fetch(_FUNCTIONS, service)]
    return Schema(service, tables, functions)


async def _by_table(
    connection: "asyncpg.Connection[asyncpg.Record]", sql: str, schema: str
) -> dict[str, dict[str, str]]:
    """Rows of table, name and definition, as a definition by name for each table."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for table, name, definition in await connection.fetch(sql, schema):
        found[table][name] = definition
    return found
