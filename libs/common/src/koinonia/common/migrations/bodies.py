"""Functions and views of the database, one to a file: ``migrations/sql/<name>.sql`` of a service.

The file holds what the function is today, and ``migrate`` replaces all functions at its end, so to
change a body is to edit its file. A version file is needed where something begins or ends (a new
function, other arguments, a trigger), where rows have to follow, and for a view, which cannot be
replaced while it is read; it calls :func:`create_from_files`. A database that begins with nothing
gets today's body in that version already. A version that needs an older body, because the tables of
today's are not there yet, holds that body in its own text.
"""

from collections.abc import Iterable
from pathlib import Path

from alembic import op
from sqlalchemy import Connection

from koinonia.common.migrations.names import folder

OWN = Path(__file__).parent / "sql"
"""The functions that every service has."""

WORDS = Path(__file__).parent / "word_sql"
"""The functions of services whose texts are searched by words (``common/words``): those with a
function of their own that calls ``line_words``."""

_FUNCTION = "CREATE OR REPLACE FUNCTION"


def create_from_files(*names: str) -> None:
    """For version files: create functions or views of the service, in the given order."""
    config = op.get_context().config
    assert config is not None
    place = folder(config.attributes["service"]) / "sql"
    _run(op.get_bind(), (place / f"{name}.sql" for name in names))


def create_words(*names: str) -> None:
    """For version files: create functions that services with searched texts have, in the order of
    who calls whom."""
    _run(op.get_bind(), (WORDS / f"{name}.sql" for name in names))


def create_own(*names: str) -> None:
    """For version files: create functions that every service has."""
    _run(op.get_bind(), (OWN / f"{name}.sql" for name in names))


def replace_functions(connection: Connection, service: str) -> None:
    """Give every function of the service the body of its file."""
    _run(connection, (file for file in files(service) if _FUNCTION in file.read_text()))


def files(service: str) -> list[Path]:
    """The files of all functions and views of the service."""
    own = sorted((folder(service) / "sql").glob("*.sql"))
    is_searched = any("line_words(" in file.read_text() for file in own)
    shared = [OWN, WORDS] if is_searched else [OWN]
    return [*own, *(file for place in shared for file in sorted(place.glob("*.sql")))]


def _run(connection: Connection, paths: Iterable[Path]) -> None:
    for path in paths:
        connection.exec_driver_sql(path.read_text())
