"""A2, A12, A17: one request, file or text that takes more work than it looks."""

import asyncio
from typing import Any

import httpx
import pytest
from tests.integration.churches import Church
from tests.integration.network import Network

from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.phones import phone

from .bystanders import LONGEST_SECONDS, working
from .conftest import Founded
from .wires import MB

pytestmark = pytest.mark.alone("waits are measured")

RULES = (
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=DAILY;BYMONTH=4,6,9,11;BYMONTHDAY=31",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31,-31",
    "FREQ=MONTHLY;BYMONTHDAY=1;BYDAY=MO;BYSETPOS=2",
    "FREQ=WEEKLY;INTERVAL=9999;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;INTERVAL=400",
    "FREQ=DAILY;INTERVAL=2147483647",
)
LIGATURE = "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}"  # one sign, eighteen letters
EXPORTS = 60  # at once
FOREVER = {
    "scheduledFor": {"localTime": "2027-01-03T09:00:00", "timezone": "America/New_York"},
    "count": 50,
}


@pytest.mark.parametrize("rule", RULES)
async def test_a_rule_that_hardly_ever_occurs_is_given_up_soon(found: Founded, rule: str) -> None:
    attacker, church = await found(), await found()
    body = FOREVER | {"rrule": rule}
    async with working(church) as waits, asyncio.timeout(4 * LONGEST_SECONDS):
        answers = await asyncio.gather(
            *(attacker.api.post("/api/schedules/dates", json=body) for _ in range(4))
        )
    assert {answer.status_code for answer in answers} <= {200, 400}
    assert waits.longest < LONGEST_SECONDS


@pytest.mark.parametrize(
    "line",
    [
        b"Ann,Lee,2025550100,," + b"a" * 9 * MB + b"\n",
        b'Ann,Lee,2025550100,,"' + b"a\n" * 4 * MB + b'"\n',
        b"Ann,Lee,2025550100,,a" + b",b" * 4 * MB + b"\n",
        b"Ann,Lee,2025550100,,\xef\xb7\xba" * (9 * MB // 24) + b"\n",
        b"\n" * 2 * MB,
    ],
    ids=["one field", "one field of many lines", "one row of many fields", "ligatures", "no row"],
)
async def test_no_file_keeps_others_waiting(found: Founded, line: bytes) -> None:
    attacker, church = await found(), await found()
    async with working(church) as waits:
        answer = await _imported(attacker, line)
    assert answer in (200, 400, 413)
    assert waits.longest < LONGEST_SECONDS


async def test_others_go_on_while_a_long_file_is_read(found: Founded) -> None:
    attacker, church = await found(), await found()
    lines = b"".join(
        b"Ann%d,Lee,20255501%02d,,Choir%d\n" % (n, n % 100, n % 900) for n in range(49_000)
    )
    async with working(church) as waits:
        importing = asyncio.create_task(_imported(attacker, lines))
        await asyncio.wait([importing], timeout=5)
        importing.cancel()
    assert len(waits.seconds) > 20
    assert waits.longest < LONGEST_SECONDS


async def test_others_go_on_while_sixty_ledgers_are_exported(found: Founded) -> None:
    attacker, church = await found(), await found()
    rows = b"".join(b"Ann%d,Lee,%s,,\n" % (n, phone(n).encode()) for n in range(4_000))
    assert await _imported(attacker, rows) == 200
    limits = httpx.Limits(max_connections=EXPORTS)
    async with (
        httpx.AsyncClient(headers=attacker.api.headers, limits=limits, trust_env=False) as client,
        working(church) as waits,
    ):
        address = f"{attacker.api.base_url}/api/consents/export"
        exports = [asyncio.create_task(client.get(address, timeout=60)) for _ in range(EXPORTS)]
        done, late = await asyncio.wait(exports, timeout=4)
        for export in late:
            export.cancel()
        await asyncio.wait(exports)
    assert {export.result().status_code for export in done} <= {200}
    assert len(waits.seconds) > 20
    assert waits.longest < LONGEST_SECONDS


async def test_a_text_of_ligatures_keeps_no_stop_waiting(found: Founded, phones: Network) -> None:
    church = await found(number=True)
    for number in range(10):
        await phones.text(phone(9000 + number), church.number, LIGATURE * 1600)
    async with working(church) as waits:
        await phones.text(phone(9020), church.number, "STOP")
        heard = await eventually(lambda: _stopped(church, phone(9020)), 10)
    assert heard["isOwn"]
    assert waits.longest < LONGEST_SECONDS


async def _imported(church: Church, lines: bytes) -> int:
    files = {
        "files": ("members.csv", b"firstName,lastName,phone,email,groups\n" + lines, "text/csv")
    }
    return (await church.api.post("/api/members/import", files=files)).status_code


async def _stopped(church: Church, said: str) -> dict[str, Any] | None:
    """What is known of the phone's consent, once it is revoked."""
    consent: dict[str, Any] = await church.get("/api/consents", phone=said)
    return consent if consent["state"] == "revoked" else None
