"""kill -9 of everybody who works on an import, at moments from a seed: every row is written once,
and undone nothing of it is left."""

import asyncio
import os
import random
from collections import Counter
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from tests.integration.churches import Church
from tests.integration.conftest import Founded

from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.phones import phone
from koinonia.common.testing.servers import Servers
from koinonia.devkit.system import System

from .healing import heal
from .sizes import PATIENCE, TEST_SECONDS

pytestmark = pytest.mark.timeout(TEST_SECONDS)

WORKERS = ("messaging", "messaging@2")
KNOWN, NEW, TWICE, BROKEN = 300, 9_600, 500, 20  # nearly all numbers that there are
SEEDS = int(os.environ.get("BREAK_IMPORTS", "2"))
UNDER_WAY = ("running", "undoing")
DEATHS = 3  # in the middle of the writing; one more in the middle of the undo
MOST_WAIT = 0.7  # seconds; a part or two of the ten that there are
CONSENT = {"agreed": True, "wording": "Text me about Sunday.", "source": "the connect card"}
STATE = {
    "members": """
        SELECT id, first_name, last_name, email, phone_index, custom, timezone
          FROM messaging.members WHERE church_id = $1 ORDER BY id
    """,
    "groups": "SELECT id, name FROM messaging.groups WHERE church_id = $1 ORDER BY id",
    "branches": "SELECT id, name FROM messaging.branches WHERE church_id = $1 ORDER BY id",
    "in groups": """
        SELECT group_id, member_id FROM messaging.group_members WHERE church_id = $1
         ORDER BY group_id, member_id
    """,
    "consents": """
        SELECT phone_index, state, is_own FROM messaging.consents WHERE church_id = $1
         ORDER BY phone_index
    """,
    "contacts": """
        SELECT member_id FROM conversation.contacts
         WHERE church_id = $1 AND phone_index IS NOT NULL ORDER BY member_id
    """,
    "contacts in groups": """
        SELECT group_id, member_id FROM conversation.contact_groups WHERE church_id = $1 AND is_in
           AND EXISTS (SELECT FROM conversation.contacts c
                        WHERE c.church_id = $1 AND c.member_id = contact_groups.member_id
                          AND c.phone_index IS NOT NULL)
         ORDER BY group_id, member_id
    """,
}


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_an_import_outlives_the_death_of_its_workers(
    seed: int, servers: Servers, system: System, found: Founded
) -> None:
    church, chance = await found(number=False), random.Random(seed)
    database = await asyncpg.connect(system.environment.database_url)
    try:
        await church.import_csv(_known())
        before = await _settled(database, church)
        job = await _begun(church)
        deaths = [
            await _killed_in_the_middle(chance, servers, system, church, job, death)
            for death in range(DEATHS)
        ]
        assert deaths[0]
        done = await _ended(church, job, "done")
        _check_counts(done)
        await _check_written(database, church)
        await _posted(church, f"{job}/undo")
        await _killed_in_the_middle(chance, servers, system, church, job, DEATHS + 1)
        undone = await _ended(church, job, "undone")
        assert (undone["undo"]["removed"], undone["undo"]["kept"]) == (NEW, 0)
        assert undone["undo"]["putBack"] == KNOWN
        assert undone["undo"]["annulled"] == done["counts"]["granted"]
        after = await _settled(database, church)
        assert [name for name in before if before[name] != after[name]] == []
    finally:
        await database.close()


def _known() -> str:
    return "firstName,phone\n" + "".join(f"Ann{n},{phone(n)}\n" for n in range(KNOWN))


def _file() -> bytes:
    """Who is known and gets an address, who is new, some of these again, and rows that are none."""
    rows = [f"Ann{n},{phone(n)},ann{n}@example.org,G{n % 40}" for n in range(KNOWN + NEW)]
    rows += rows[KNOWN : KNOWN + TWICE]
    rows[KNOWN + 50 : KNOWN + 50] = ["Nobody,none,,"] * BROKEN
    return "\n".join(["First,Phone,E-mail,Groups", *rows]).encode()


async def _begun(church: Church) -> str:
    """The path of an import that runs."""
    answer = await church.api.post("/api/imports", files={"files": ("people.csv", _file())})
    assert answer.status_code == 201, answer.text
    path = f"/api/imports/{answer.json()['id']}"
    columns = [{"column": at, "to": each["to"]} for at, each in _numbered(answer.json())]
    mapping = {"columns": columns, "consent": CONSENT}
    answer = await church.api.put(f"{path}/mapping", json=mapping)
    assert answer.status_code == 200, answer.text
    await _posted(church, f"{path}/start", json={})
    return path


def _numbered(job: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    return list(enumerate(job["columns"], 1))


async def _posted(church: Church, path: str, **body: Any) -> None:
    answer = await church.api.post(path, **body)
    assert answer.status_code == 202, answer.text


async def _killed_in_the_middle(
    chance: random.Random,
    servers: Servers,
    system: System,
    church: Church,
    job: str,
    death: int,
) -> bool:
    """Both workers, or every other time one alone, after a part more or less; False when they were
    quicker and all is done."""
    begun = (await church.get(job))["rowsDone"]

    async def goes_on() -> bool:
        shown = await church.get(job)
        return shown["rowsDone"] != begun or shown["status"] not in UNDER_WAY

    await eventually(goes_on, PATIENCE)
    await asyncio.sleep(chance.random() * MOST_WAIT)  # the moment of the death
    is_in_the_middle = (await church.get(job))["status"] in UNDER_WAY
    dying = WORKERS if death % 2 == 0 else (chance.choice(WORKERS),)
    for worker in dying:
        system.kill(worker)
    heal(servers, system)
    return is_in_the_middle


async def _ended(church: Church, job: str, status: str) -> dict[str, Any]:
    async def ended() -> dict[str, Any] | None:
        shown: dict[str, Any] = await church.get(job)
        assert shown["code"] is None, shown["reason"]
        return shown if shown["status"] == status else None

    found: dict[str, Any] = await eventually(ended, PATIENCE)
    return found


def _check_counts(done: dict[str, Any]) -> None:
    counts = Counter(done["counts"])
    each = [counts[name] for name in ("created", "updated", "skipped", "failed", "granted")]
    assert each == [NEW, KNOWN, TWICE, BROKEN, NEW]
    assert done["rowsDone"] == done["rows"] == NEW + KNOWN + TWICE + BROKEN


async def _check_written(database: asyncpg.Connection, church: Church) -> None:
    """Everybody is there once, agreed once, and is in one group."""
    state = await _settled(database, church)
    assert len({row[4] for row in state["members"]}) == len(state["members"])  # phones
    assert len(state["members"]) == len(state["in groups"]) == KNOWN + NEW
    assert len(state["consents"]) == KNOWN + NEW
    granted = await database.fetchrow(
        """
        SELECT count(*) AS entries, count(DISTINCT phone_index) AS phones
          FROM messaging.consent_events WHERE church_id = $1 AND kind = 'granted'
        """,
        UUID(church.id),
    )
    assert tuple(granted or ()) == (KNOWN + NEW, KNOWN + NEW)


async def _settled(database: asyncpg.Connection, church: Church) -> dict[str, Any]:
    """All that there is of the church's people, once conversation knows them, too."""

    async def settled() -> dict[str, Any] | None:
        state = {
            name: [tuple(row) for row in await database.fetch(query, UUID(church.id))]
            for name, query in STATE.items()
        }
        members = sorted(row[0] for row in state["members"])
        is_known = [row[0] for row in state["contacts"]] == members
        is_known &= state["contacts in groups"] == state["in groups"]
        return state if is_known else None

    found: dict[str, Any] = await eventually(settled, PATIENCE)
    return found
