"""``docs/schema.md``: what is in the database, read from one that was migrated.

It needs a PostgreSQL, so it is not among the pages of ``devkit docs``, which ``make lint`` checks
on machines without one. ``tests/integration/test_schema.py`` holds it against the database that the
tests there have anyway.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from koinonia.common import migrations
from koinonia.common.migrations.bodies import files
from koinonia.common.testing.databases import Cluster
from koinonia.common.testing.servers.temporary import temporary_servers
from koinonia.devkit.documents import catalog
from koinonia.devkit.documents.catalog import Column, Function, Schema, Table
from koinonia.devkit.layout import ROOT, with_schema

PATH = "docs/schema.md"

HEAD = """# Schema

Generated from a migrated database by `make schema-doc`; do not edit.

Each service owns the schema of its name. Its role `koinonia_<service>` may select, insert, update
and delete there unless a table says otherwise, and reaches no other schema. `:church` stands for
the church of the transaction, `nullif(current_setting('koinonia.church_id', true), '')::uuid`. A
policy without `WITH CHECK` also holds for rows that are written. What a row is, is said as in the
READMEs of the services; why it is so, in `services/<service>/src/koinonia/<service>/migrations/`.
"""

_OF_ALL = {
    "inbox": "The id of an event that was applied.",
    "outbox": "An event that is to be published.",
    "schema_version": "The newest version file that was applied.",
}
_CHURCH = "(NULLIF(current_setting('koinonia.church_id'::text, true), ''::text))::uuid"
_CHURCH_TEXT = "NULLIF(current_setting('koinonia.church_id'::text, true), ''::text)"
_SHORT = {
    "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp",
    "time without time zone": "time",
}
_ALL = "SELECT, INSERT, UPDATE, DELETE"
_INDEX = re.compile(r"CREATE (UNIQUE )?INDEX \S+ ON \S+ USING (\w+) (.*)")
_TRIGGER = re.compile(r"CREATE TRIGGER \S+ (.*) ON \S+ (.*?)EXECUTE FUNCTION (\w+)\(\)")
_CAST = re.compile(r"('[^']*'|NULL|\d+|\(\d+\))::(double precision|\w+(?:\[\])?)")
_PURPOSE = re.compile(r"^\| (`[^|]+`) \| (.+) \|$", re.MULTILINE)
_NAME = re.compile(r"`(\w+)`")
_COMMENT = re.compile(r"^-- ?(.*)\n", re.MULTILINE)


def write(root: Path = ROOT) -> str:
    """Write the page from a PostgreSQL that is started for it; returns its path below ``root``."""
    with temporary_servers({}) as servers:
        (root / PATH).write_text(asyncio.run(_migrated_page(servers.database_url)))
    return PATH


async def _migrated_page(server_url: str) -> str:
    services = frozenset(with_schema())
    async with Cluster.opened(server_url) as cluster, cluster.database(services) as databases:
        return await page(databases.admin_url)


async def page(url: str) -> str:
    """The whole page as Markdown, from the migrated database of an owner's ``url``."""
    schemas = await catalog.read(url, sorted(with_schema()))
    sections = {schema.service: list(_sections(schema)) for schema in schemas}
    counts = Counter(text for texts in sections.values() for text in texts)
    everywhere = [text for text in counts if counts[text] == len(schemas)]
    lines = [HEAD, "## In every schema\n", *everywhere]
    for service, texts in sections.items():
        lines += [f"## {service}\n", *(text for text in texts if text not in everywhere)]
    return "\n".join(lines)


def file_of(service: str, name: str) -> Path | None:
    """The file that holds a function or view, or None for one that has none."""
    return next((file for file in files(service) if file.stem == name), None)


@cache
def purposes(service: str) -> dict[str, str]:
    """What a row of each table is, by the service's README."""
    readme = (ROOT / "services" / service / "README.md").read_text()
    owns = readme.partition("\n## Owns\n")[2].partition("\n## ")[0]
    return _OF_ALL | {
        table: f"{purpose[0].upper()}{purpose[1:]}."
        for tables, purpose in _PURPOSE.findall(owns)
        for table in _NAME.findall(tables)
    }


def _sections(schema: Schema) -> Iterator[str]:
    for table in schema.tables:
        yield "\n".join(_table(schema.service, table))
    for function in schema.functions:
        yield "\n".join(_function(schema.service, function))


def _table(service: str, table: Table) -> Iterator[str]:
    if table.is_view:
        yield f"### view {_link(service, table.name)}\n"
    else:
        yield f"### `{table.name}`\n"
    if said := purposes(service).get(table.name) or _said(file_of(service, table.name)):
        yield said + "\n"
    yield "| column | type | null | default |\n|---|---|---|---|"
    for column in table.columns:
        yield _column(column, is_of_view=table.is_view)
    yield ""
    rules = [*_rules(service, table)]
    yield from rules
    if rules:
        yield ""


def _column(column: Column, *, is_of_view: bool) -> str:
    kind = _shortened(column.type)
    null = "null" if column.is_nullable and not is_of_view else ""
    default = f"`{_plain(column.default)}`" if column.default else ""
    return f"| `{column.name}` | {kind} | {null} | {default} |"


def _rules(service: str, table: Table) -> Iterator[str]:
    for name, definition in table.constraints.items():
        yield f"* `{name}`: {_code(definition)}"
    for name, definition in table.indexes.items():
        yield f"* `{name}`: {_code(_index(definition))}"
    for name, definition in table.policies.items():
        yield f"* policy `{name}`: {_code(definition)}"
    if table.is_guarded and not table.policies:
        yield "* row-level security without a policy: nobody but the owner"
    if table.grants != _ALL and not table.is_view:
        yield f"* `{migrations.role(service)}` may only {table.grants or 'do nothing'}"
    for name, definition in table.triggers.items():
        yield f"* trigger `{name}`: {_trigger(service, definition)}"


def _index(definition: str) -> str:
    found = _INDEX.fullmatch(" ".join(definition.split()))  # a CASE is on several lines
    assert found is not None, definition
    unique, method, rest = found.groups()
    kind = "INDEX" if method == "btree" else f"INDEX USING {method}"
    return f"{unique or ''}{kind} {rest}"


def _trigger(service: str, definition: str) -> str:
    found = _TRIGGER.fullmatch(definition)
    assert found is not None, definition
    when, how, function = found.groups()
    return f"{_code(f'{when} {how}'.strip())} {_link(service, function)}"


def _function(service: str, function: Function) -> Iterator[str]:
    yield f"### function {_link(service, function.name)}\n"
    if said := _said(file_of(service, function.name)):
        yield said + "\n"
    owner = ", as the schema's owner" if function.runs_as_owner else ""
    if function.returns != "trigger" or owner:
        yield f"`({_plain(function.arguments)})` returns `{_plain(function.returns)}`{owner}\n"


def _link(service: str, function: str) -> str:
    file = file_of(service, function)
    return f"[`{function}`](../{file.relative_to(ROOT)})" if file else f"`{function}`"


def _said(file: Path | None) -> str:
    """What the comment at the top of a function's file says."""
    lines = file.read_text().partition("CREATE ")[0] if file else ""
    return " ".join(_COMMENT.findall(lines))


def _code(definition: str) -> str:
    return f"`{_plain(definition)}`"


def _plain(sql: str) -> str:
    """Without what PostgreSQL adds to what was written."""
    sql = " ".join(sql.split()).replace(_CHURCH, ":church").replace(_CHURCH_TEXT, ":church")
    sql = re.sub(r"= ANY \(ARRAY\[(.*?)\]\)", r"IN (\1)", sql)
    sql = _CAST.sub(lambda found: found[1].strip("()"), sql)
    return _shortened(sql).replace("|", "\\|")


def _shortened(sql: str) -> str:
    for long, short in _SHORT.items():
        sql = sql.replace(long, short)
    return sql
