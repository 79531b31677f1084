"""The developer's own system in ``.run/``: servers, secrets, processes; up, down and status."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from koinonia.common.testing.servers.ports import free_port, is_free
from koinonia.devkit import servers, system
from koinonia.devkit.environment import Environment, given_by_user, kept_seed, seed_of
from koinonia.devkit.layout import GATEWAY, PAGES, RUN, ports
from koinonia.devkit.migrations import create_database
from koinonia.devkit.system import System

DATABASE = "koinonia"


@dataclass(frozen=True)
class Home:
    """The servers of one folder and the system on them."""

    servers: servers.Servers
    system: System


def up(run: Path = RUN, tell: Callable[[str], None] = lambda _: None) -> Home:
    """Start what is not running. Raises ``ServerError`` or ``NotStarted``.

    ``tell`` is called with what is being waited for.
    """
    if not system.running(run, GATEWAY):
        system.refuse_taken_ports({GATEWAY: _gateway_port(run)})
    tell("Finding or starting PostgreSQL, RabbitMQ and Redis")
    running = servers.up(run)
    home = Home(running, _system(running, run, create=True))
    _end_a_gateway_with_older_pages(run)
    home.system.start(tell)
    return home


def found(run: Path = RUN) -> Home | None:
    """What ``up`` left, running or not; None when there is nothing."""
    running = servers.found(run)
    return Home(running, _system(running, run)) if running else None


def down(run: Path = RUN) -> bool:
    """Stop everything and remove ``run``; False when there was nothing."""
    if not run.exists():
        return False
    system.stop(run)
    servers.down(run)
    shutil.rmtree(run, ignore_errors=True)
    return True


def has_pages() -> bool:
    """Whether there is a build for the gateway to serve."""
    return (PAGES / "index.html").exists()


def _end_a_gateway_with_older_pages(run: Path) -> None:
    """It read the pages when it started: one that is older than the build is started again."""
    started = run / "parts" / f"{GATEWAY}.json"
    if started.exists() and has_pages() and _written(PAGES / "index.html") > _written(started):
        system.stop(run, [GATEWAY])


def _written(path: Path) -> float:
    return path.stat().st_mtime


def _system(running: servers.Servers, run: Path, *, create: bool = False) -> System:
    environment = Environment(
        _database_url(running, create=create),
        running.rabbitmq_url,
        running.redis_url,
        _seed(running, run),
        ports=_ports(run),
        given=given_by_user(),
        rabbitmq_management_url=running.rabbitmq_management_url,
    )
    return System(environment, run)


def _database_url(running: servers.Servers, *, create: bool) -> str:
    """A database given by its URL is used as it is; on a server of ours there is one of its own."""
    url = running.database_url
    if running.postgres.how == "url":
        return url
    if create:
        return create_database(url, DATABASE)
    return make_url(url).set(database=DATABASE).render_as_string(hide_password=False)


def _seed(running: servers.Servers, run: Path) -> str:
    """Of the secrets. A database of somebody else outlives ``run``, and what is sealed in it must
    stay readable, so there the seed is that of the database."""
    if running.postgres.how == "url":
        return seed_of(running.database_url)
    return kept_seed(run)


def _ports(run: Path) -> dict[str, int]:
    """The usual ports, as far as they were free when the first ``up`` asked.

    Only the gateway's is for others to know: ``KOINONIA_PORT`` moves it.
    """
    record = run / "ports.json"
    kept = json.loads(record.read_text()) if record.exists() else {}
    if missing := {name: port for name, port in ports().items() if name not in kept}:
        run.mkdir(parents=True, exist_ok=True)
        kept |= {name: port if is_free(port) else free_port() for name, port in missing.items()}
        record.write_text(json.dumps(kept))
    return {**kept, GATEWAY: _gateway_port(run)}


def _gateway_port(run: Path) -> int:
    if part := system.running(run, GATEWAY):
        return part.port
    return int(os.environ.get("KOINONIA_PORT", ports()[GATEWAY]))
