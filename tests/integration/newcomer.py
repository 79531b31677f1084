"""A service that nobody wrote: the least that makes a folder a service, in a folder of its own."""

from pathlib import Path

from tests.architecture.source import ROOT

from koinonia.common import migrations

NAME = "sample"  # whose queues the fixture `bus_namespace` removes

_PROJECT = f"""
[project]
name = "koinonia-{NAME}"
version = "0.1.0"
dependencies = ["koinonia-common"]

[project.entry-points."koinonia.services"]
{NAME} = "koinonia.{NAME}.program:PROGRAM"
"""

_PACKAGE = {
    "__init__": "",
    "__main__": f"""
from koinonia.common import runtime
from koinonia.{NAME}.program import PROGRAM

runtime.main(PROGRAM)
""",
    "app": f"""
from fastapi import FastAPI

from koinonia.common import web


def create_app() -> FastAPI:
    return web.create_app("{NAME}")
""",
    "program": f"""
from koinonia.common.runtime import Program
from koinonia.{NAME} import worker
from koinonia.{NAME}.app import create_app
from koinonia.{NAME}.running import Running
from koinonia.{NAME}.settings import Settings

PROGRAM = Program("{NAME}", Settings, Running, create_app, worker.SUBSCRIPTIONS)
""",
    "running": f"""
from dataclasses import dataclass

from koinonia.common import running
from koinonia.{NAME}.settings import Settings


@dataclass
class Running(running.Running[Settings]):
    pass
""",
    "settings": """
from koinonia.common.settings import DatabaseSettings


class Settings(DatabaseSettings):
    pass
""",
    "worker": """
from koinonia.common.bus import on
from koinonia.common.events.auth import ChurchRegistered


async def record(session: object, event: ChurchRegistered) -> None:
    pass


SUBSCRIPTIONS = (on(ChurchRegistered, record),)
""",
}

_MIGRATION = f"""
from koinonia.common.migrations import bus_tables, drop_bus_tables

revision = "{NAME}_0001"
down_revision = None


def upgrade() -> None:
    bus_tables()


def downgrade() -> None:
    drop_bus_tables()
"""


def write(root: Path) -> Path:
    """Lay the service out below ``root``, as the others are; returns its source folder."""
    folder = root / "services" / NAME
    source = folder / "src"
    _file(folder / "pyproject.toml", _PROJECT)
    for module, text in _PACKAGE.items():
        _file(source / "koinonia" / NAME / f"{module}.py", text)
    like = str(migrations.folder("billing").relative_to(ROOT / "services" / "billing"))
    _file(folder / like.replace("billing", NAME) / "versions" / "2026_01_01_nothing.py", _MIGRATION)
    return source


def _file(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.lstrip())
