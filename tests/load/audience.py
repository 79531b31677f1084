"""How long it takes to count whom a filter means among 100,000 people: a preview, from POST until
the answer is read.

The floor is what the database alone takes to find the phones of the church and to look up what each
of them agreed to. Birthdays and texts of before are written into the tables; no church has come to
them in a minute.
"""

import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import asyncpg
from tests.load import congregation
from tests.load.congregation import Congregation
from tests.load.figures import Figure, Floor, Section, Spoiled
from tests.load.system import connected

from koinonia.common.testing.eventually import eventually
from koinonia.devkit.system import System

PEOPLE = 100_000
ROUNDS = 3
BOUND_MS = 2_000.0
WORDS = "Service on Sunday begins at ten. Reply STOP to opt out"
SETTLED = ["sent", "delivered", "unconfirmed", "failed", "skipped"]
FILTERS: dict[str, dict[str, Any]] = {
    "who may be texted (100,000)": {"consent": ["granted"]},
    "a birthday in April": {"dates": [{"field": "birthday", "months": [4]}]},
    "a birthday in 30 days, by consent": {
        "dates": [{"field": "birthday", "nextDays": 30}],
        "consent": ["granted"],
    },
    "heard from in 30 days": {"lastHeardFrom": {"withinDays": 30}},
    "not heard from in 90 days": {"lastHeardFrom": {"notWithinDays": 90}},
    "a field, joined this month": {
        "fields": [{"field": "birthday", "isSet": True}],
        "joinedWithinDays": 30,
    },
}
FLOOR = """
    SELECT count(*), count(c.state)
      FROM (SELECT m.phone_index, array_agg(m.id) AS ids
              FROM messaging.members m WHERE m.church_id = $1 GROUP BY m.phone_index) AS phones
      LEFT JOIN messaging.consents c
             ON c.church_id = $1 AND c.phone_index = phones.phone_index
"""
BIRTHDAYS = """
    UPDATE messaging.members
       SET custom = jsonb_build_object('birthday', to_char(
               date '1940-01-01' + abs(hashtext(phone_index)) % 25000,
               'YYYY-MM-DD'))
     WHERE church_id = $1
"""
HEARD = """
    INSERT INTO messaging.heard_phones (church_id, phone_index, last_heard_at)
    SELECT DISTINCT ON (phone_index) church_id, phone_index,
           now() - abs(hashtext(phone_index)) % 400 * interval '1 day'
      FROM messaging.members WHERE church_id = $1
    ON CONFLICT DO NOTHING
"""


async def measure(system: System, church: Congregation) -> Section:
    """``church`` has a group of ``PEOPLE``, who are all of it."""
    await church.client.post("/api/fields", json={"key": "birthday", "label": "Birthday"})
    async with connected(system.environment.database_url) as owner:
        await owner.execute("SET session_replication_role = replica")  # no sync waits for these
        await owner.execute(BIRTHDAYS, church.id)
        await owner.execute(HEARD, church.id)
        await owner.execute("ANALYZE")
        floor = Floor("the database alone", await _floor(owner, church))
    figures = [
        Figure(what, await _preview(church, {"type": "filter", "filter": wanted}), "ms", [floor])
        for what, wanted in FILTERS.items()
    ]
    figures.append(Figure("a segment", await _segment(church), "ms", [floor]))
    figures.append(Figure("who got a broadcast (100,000)", await _again(church), "ms", [floor]))
    slowest = max(figure.value for figure in figures)
    verdict = "within" if slowest < BOUND_MS else "beyond"
    return Section(
        f"Whom a filter means, of {PEOPLE:,} people",
        figures,
        [f"The slowest is {verdict} the bound of {BOUND_MS / 1000:.0f} s."],
    )


async def _segment(church: Congregation) -> float:
    asked = {"name": "Birthdays", "filter": FILTERS["a birthday in April"]}
    made = congregation.json(await church.client.post("/api/segments", json=asked))
    return await _preview(church, {"type": "segment", "segmentId": made["id"]})


async def _again(church: Congregation) -> float:
    """The phones of a broadcast that was cancelled, so most of its texts are skipped."""
    message_id = await church.send(PEOPLE, WORDS)
    path = f"/api/messages/{message_id}"
    congregation.json(await church.client.post(f"{path}/cancel"))

    async def is_settled() -> bool:
        counts = congregation.json(await church.client.get(path))["counts"]
        return bool(counts["pending"] + counts["sending"] == 0)

    await eventually(is_settled, congregation.PATIENCE)
    target = {"type": "recipients_of", "messageId": str(message_id), "statuses": SETTLED}
    return await _preview(church, target, PEOPLE)


async def _preview(
    church: Congregation, target: Mapping[str, object], people: int | None = None
) -> float:
    asked = {"content": WORDS, "target": target}
    found: list[int] = []

    async def act() -> None:
        answer = await church.client.post("/api/messages/preview", json=asked)
        found.append(congregation.json(answer)["people"])

    took = await _median(act)
    if not found[-1] or (people and found[-1] != people):
        raise Spoiled(f"{found[-1]:,} people were in the preview of {target}.")
    return took


async def _floor(owner: "asyncpg.Connection[Any]", church: Congregation) -> float:
    async def act() -> None:
        await owner.fetchrow(FLOOR, church.id)

    return await _median(act)


async def _median(act: Callable[[], Awaitable[None]]) -> float:
    """Milliseconds."""
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await act()
        took.append(1000 * (time.perf_counter() - began))
    return statistics.median(took)
