"""A service that was renamed: its schema and its role get the new name, with all that is in them.

PostgreSQL refers to both by number, so tables, policies, privileges and triggers follow by
themselves. By name it keeps the search path of the role, which ``upgrade`` sets anew, and those of
functions, which are set here. Whatever of it is done already is left as it is.
"""

from typing import TypeAlias

import asyncpg

from koinonia.common.migrations.names import role

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class BothSchemas(Exception):
    """Tables are in both schemas, and nobody but an operator can know which are to be kept."""

    def __init__(self, former: str, service: str) -> None:
        super().__init__(
            f"There are tables in the schema {service} and in {former}, its former name. Keep the "
            "one that holds your data: drop or rename the other, then run migrate again."
        )


async def rename(connection: Connection, former: str, service: str) -> None:
    """Give the schema and role of ``former`` to ``service``, inside the caller's transaction.

    Raises :class:`BothSchemas`.
    """
    if await _schema_exists(connection, former):
        await _rename_schema(connection, former, service)
    if await _schema_exists(connection, service):
        await _rename_search_paths(connection, former, service)
    if await _role_exists(connection, role(former)):
        await _rename_role(connection, former, service)


async def _rename_schema(connection: Connection, former: str, service: str) -> None:
    if await _schema_exists(connection, service):
        if await connection.fetchval(
            "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = $1::text::regnamespace)",
            service,
        ):
            raise BothSchemas(former, service)
        await connection.execute(f"DROP SCHEMA {service}")
    await connection.execute(f"ALTER SCHEMA {former} RENAME TO {service}")


async def _rename_search_paths(connection: Connection, former: str, service: str) -> None:
    found = await connection.fetch(
        """
        SELECT p.oid::regprocedure::text, substring(setting FROM 'search_path=(.*)')
          FROM pg_proc p, unnest(p.proconfig) AS setting
         WHERE p.pronamespace = $1::text::regnamespace AND setting LIKE 'search_path=%'
        """,
        service,
    )
    for function, path in found:
        schemas = [schema.strip() for schema in path.split(",")]
        if former in schemas:
            renamed = ", ".join(service if schema == former else schema for schema in schemas)
            await connection.execute(f"ALTER FUNCTION {function} SET search_path = {renamed}")


async def _rename_role(connection: Connection, former: str, service: str) -> None:
    """Rename it; or where the new role is there already, as on a server with other databases of
    ours, hand over what the old one may do in this database."""
    old, new = role(former), role(service)
    if not await _role_exists(connection, new):
        await connection.execute(f"ALTER ROLE {old} RENAME TO {new}")
        return
    if await _schema_exists(connection, service):
        await _hand_over(connection, old, new, service)
    if not await connection.fetchval(
        """
        SELECT EXISTS (SELECT FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass
                          AND refobjid = $1::text::regrole)
        """,
        old,
    ):
        await connection.execute(f"DROP ROLE {old}")


async def _hand_over(connection: Connection, old: str, new: str, schema: str) -> None:
    granted = await connection.fetch(
        """
        SELECT format('%s ON %s %s', a.privilege_type,
                      CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass)
          FROM pg_class c, aclexplode(c.relacl) AS a
         WHERE c.relnamespace = $1::text::regnamespace AND a.grantee = $2::text::regrole
        UNION ALL
        SELECT format('%s ON FUNCTION %s', a.privilege_type, p.oid::regprocedure)
          FROM pg_proc p, aclexplode(p.proacl) AS a
         WHERE p.pronamespace = $1::text::regnamespace AND a.grantee = $2::text::regrole
        """,
        schema,
        old,
    )
    for (privilege,) in granted:
        await connection.execute(f"GRANT {privilege} TO {new}; REVOKE {privilege} FROM {old}")
    await connection.execute(f"""
        REVOKE ALL ON SCHEMA {schema} FROM {old};
        ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} REVOKE ALL ON TABLES FROM {old};
        ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} REVOKE ALL ON SEQUENCES FROM {old};
    """)


async def _schema_exists(connection: Connection, name: str) -> bool:
    return bool(await connection.fetchval("SELECT 1 FROM pg_namespace WHERE nspname = $1", name))


async def _role_exists(connection: Connection, name: str) -> bool:
    return bool(await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name))
