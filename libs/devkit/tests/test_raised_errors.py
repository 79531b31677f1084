"""The errors of a function are read from its source, through what it calls."""

from pathlib import Path
from textwrap import dedent

import pytest

from koinonia.devkit.documents.source.names import Source
from koinonia.devkit.documents.source.raised_errors import RaisedErrors

ERRORS = """
    class AppError(Exception): ...
    class NotFound(AppError): ...
"""
ROWS = """
    from koinonia.common import errors
    class NoSuchRow(errors.NotFound):
        @classmethod
        def named(cls, name): return cls(name)
    class Taken(errors.AppError): ...
    async def get(): raise NoSuchRow
    class Store:
        def keep(self): raise Taken
"""
API = """
    from koinonia.common import errors
    from koinonia.rooms import rows
    from koinonia.rooms.rows import NoSuchRow as Missing

    def checked(): raise rows.Taken
    Checked = Depends(checked)

    def direct(): raise rows.NoSuchRow
    def through(): return rows.get()
    def renamed(): raise Missing.named("x")
    def by_parameter(each: Checked): return each
    def by_method(store): store.keep()
    def in_closure():
        def inner(): return rows.get()
        return inner
    def caught():
        try:
            rows.get()
        except errors.NotFound:
            return None
    def passed_on():
        try:
            rows.get()
        except errors.NotFound:
            raise
    def only_read(): return rows.NoSuchRow.code
    def around(): return again()
    def again():
        rows.get()
        return around()
"""


@pytest.fixture(scope="module")
def raised(tmp_path_factory: pytest.TempPathFactory) -> RaisedErrors:
    root = tmp_path_factory.mktemp("src")
    files = {"common/errors.py": ERRORS, "rooms/rows.py": ROWS, "rooms/api.py": API}
    for name, text in files.items():
        path: Path = root / "koinonia" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
    return RaisedErrors(Source.read(root))


@pytest.mark.parametrize(
    ("function", "errors"),
    [
        ("direct", {"NoSuchRow"}),
        ("through", {"NoSuchRow"}),
        ("renamed", {"NoSuchRow"}),
        ("by_parameter", {"Taken"}),
        ("by_method", {"Taken"}),
        ("in_closure", {"NoSuchRow"}),
        ("caught", set()),
        ("passed_on", {"NoSuchRow"}),
        ("only_read", set()),
        ("around", {"NoSuchRow"}),
    ],
)
def test_an_error_is_found_where_it_is_raised(
    raised: RaisedErrors, function: str, errors: set[str]
) -> None:
    found = {name.rpartition(".")[2] for name in raised.by(f"koinonia.rooms.api.{function}")}
    assert found - {"NotFound"} == errors
