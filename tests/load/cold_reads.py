"""What staff look at all day, where the gateway has no answer of its own: each request is passed on
and read. A list of conversations is asked for behind its first page, which the service keeps."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
from tests.load import reads
from tests.load.bare import Bare
from tests.load.church import Church
from tests.load.congregation import json
from tests.load.figures import Section
from tests.load.load import CONNECTIONS
from tests.load.reads import Read
from tests.load.system import Ground

from koinonia.devkit.system import System

GATEWAY = "gateway"
NOTHING_KEPT = {"KOINONIA_KEPT_ANSWERS_BYTES": "0"}
LISTS = (
    Read("broadcasts", "/api/messages?limit=20", "messaging"),
    Read("… of a status", "/api/messages?limit=20&status=completed", "messaging"),
    Read("conversations", "/api/conversations?limit=20&cursor={cursor}", "conversation"),
    Read("members", "/api/members?limit=20", "messaging"),
    Read("groups", "/api/groups?limit=20", "messaging"),
    Read("templates", "/api/templates?limit=20", "messaging"),
)


async def measure(ground: Ground, system: System, church: Church, bare: Bare) -> Section:
    async with keeping_nothing(system):
        cursor = await _cursor(system, church)
        wanted = [replace(each, path=each.path.format(cursor=cursor)) for each in LISTS]
        section = await reads.measured(ground, system, church, bare, wanted)
    section.title = f"Lists that nobody keeps, through the gateway, {CONNECTIONS} connections"
    return section


@asynccontextmanager
async def keeping_nothing(system: System) -> AsyncIterator[None]:
    """The gateway begins anew without room for answers, and afterwards as it was."""
    environment = system.environment
    system.environment = replace(environment, given={**environment.given, **NOTHING_KEPT})
    _begin_anew(system)
    try:
        yield
    finally:
        system.environment = environment
        _begin_anew(system)


def _begin_anew(system: System) -> None:
    system.stop([GATEWAY])
    system.start_part(GATEWAY)
    system.wait_until_ready([GATEWAY])


async def _cursor(system: System, church: Church) -> str:
    async with httpx.AsyncClient(
        base_url=system.gateway_url, headers=church.headers, timeout=10, trust_env=False
    ) as client:
        return str(json(await client.get("/api/conversations?limit=20"))["nextCursor"])
