"""How long a preview for 100,000 people takes: from POST until the answer is read.

Every one of them has a name of their own, so with a name in the text each text is rendered and
measured by itself. The floor is what the database alone takes to find the phones of these people
and to look up what each of them agreed to.
"""

import statistics
import time
from typing import Any
from uuid import UUID

import asyncpg
from tests.load import congregation
from tests.load.congregation import Congregation
from tests.load.figures import Figure, Floor, Section, Spoiled
from tests.load.system import connected

from koinonia.devkit.system import System

PEOPLE = 100_000
ROUNDS = 3
BOUND_MS = 2_000.0
TEXTS = {
    "the same for all": "Service on Sunday begins at ten. Reply STOP to opt out",
    "each with their name": "Hi {{firstName|friend}}, service begins at ten.",
    "with a cheaper rewrite": "Hi {{firstName|friend}}, it’s Sunday. " + "Come and see. " * 10,
}
FLOOR = """
    SELECT count(*), count(c.state)
      FROM (SELECT m.phone_index, array_agg(m.id) AS ids, min(m.first_name) AS name
              FROM messaging.members m
             WHERE m.church_id = $1
               AND m.id IN (SELECT member_id FROM messaging.group_members WHERE group_id = $2)
             GROUP BY m.phone_index) AS phones
      LEFT JOIN messaging.consents c
             ON c.church_id = $1 AND c.phone_index = phones.phone_index
"""


async def measure(system: System, church: Congregation) -> Section:
    """``church`` has a group of ``PEOPLE``."""
    async with connected(system.environment.database_url) as owner:
        await owner.execute("ANALYZE")
        floor = Floor("the database alone", await _floor(owner, church))
    figures = [
        Figure(what, await _took(church, words), "ms", [floor]) for what, words in TEXTS.items()
    ]
    slowest = max(figure.value for figure in figures)
    verdict = "within" if slowest < BOUND_MS else "beyond"
    return Section(
        f"A preview for {PEOPLE:,} people",
        figures,
        [f"The slowest is {verdict} the bound of {BOUND_MS / 1000:.0f} s."],
    )


async def _took(church: Congregation, words: str) -> float:
    """Milliseconds, the median."""
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        answer = await church.client.post(
            "/api/messages/preview", json=_asked(church.groups[PEOPLE], words)
        )
        took.append(1000 * (time.perf_counter() - began))
        preview = congregation.json(answer)
        if (preview["people"], preview["phones"]) != (PEOPLE, PEOPLE):
            raise Spoiled(f"Of {PEOPLE:,} people {preview['phones']:,} were in the preview.")
    return statistics.median(took)


def _asked(group: UUID, words: str) -> dict[str, object]:
    return {"content": words, "targetType": "groups", "targetIds": [str(group)]}


async def _floor(owner: "asyncpg.Connection[Any]", church: Congregation) -> float:
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await owner.fetchrow(FLOOR, church.id, church.groups[PEOPLE])
        took.append(1000 * (time.perf_counter() - began))
    return statistics.median(took)
