"""Functions of the database, one to a file: ``migrations/sql/<function>.sql`` of a service.

The file holds what the function is today. A version file that introduces a function or changes it
calls :func:`create_functions`, so to change one is to edit its file and to call this in a new
version. A database that begins with nothing then gets today's body already in the first of these
versions; PL/pgSQL looks at the tables only when the function is called. Where that is not enough,
because older versions call the function or it is in SQL and needs a later table, the older version
keeps its own body in its own text.
"""

from pathlib import Path

from alembic import op

from koinonia.common.migrations.names import folder

OWN = Path(__file__).parent / "sql"
"""The functions that every service has."""


def create_functions(*names: str) -> None:
    """Create or replace functions of the service that is being migrated, in the given order."""
    config = op.get_context().config
    assert config is not None
    _create(folder(config.attributes["service"]) / "sql", names)


def create_own_functions(*names: str) -> None:
    """Create or replace functions that every service has."""
    _create(OWN, names)


def _create(sql: Path, names: tuple[str, ...]) -> None:
    for name in names:
        op.get_bind().exec_driver_sql((sql / f"{name}.sql").read_text())
