"""Churches of any size, made through the public API alone, so that they are as churches are."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from tests.load.figures import Spoiled

from koinonia.common.testing.eventually import eventually
from koinonia.devkit.system import System

# The numbers set aside for fiction are too few for 100,000 people; nothing here leaves the machine.
AREAS = ("202", "206", "212", "213", "214", "215", "216", "217", "218", "219", "240", "301")
PER_AREA = 10_000
ROWS_PER_FILE = 25_000
PASSWORD = "measure twice, cut once"
PATIENCE = 120.0
NOT_KNOWN_YET = ("ADDRESS_NOT_VERIFIED", "SUBSCRIPTION_PENDING")


@dataclass(frozen=True)
class Congregation:
    """A church whose first members are in a group for each of the wanted sizes."""

    id: UUID
    number: str
    groups: dict[int, UUID]
    client: httpx.AsyncClient  # signed in

    async def send(self, size: int, words: str) -> UUID:
        """Text the group of that size; the id of the message."""
        request = {
            "content": words,
            "targetType": "groups",
            "targetIds": [str(self.groups[size])],
        }
        sent = json(await self.client.post("/api/messages/send", json=request))
        if sent["totalRecipients"] != size:
            raise Spoiled(f"Of {size:,} people {sent['totalRecipients']:,} were to be texted.")
        return UUID(sent["id"])

    async def pause(self, message_id: UUID) -> None:
        json(await self.client.post(f"/api/messages/{message_id}/pause"))


def phone(n: int) -> str:
    """Of the ``n``-th member of every church."""
    return f"+1{AREAS[n // PER_AREA]}555{n % PER_AREA:04}"


@asynccontextmanager
async def founded(system: System, name: str, sizes: Sequence[int]) -> AsyncIterator[Congregation]:
    """A church with a number and as many members as the largest of ``sizes``."""
    async with httpx.AsyncClient(
        base_url=system.gateway_url, timeout=PATIENCE, trust_env=False
    ) as client:
        registration = {
            "churchName": name,
            "email": f"{name.replace(' ', '.').lower()}@bench.example",
            "password": PASSWORD,
            "tokens": True,
        }
        account = json(await client.post("/api/auth/register", json=registration))
        client.headers["Authorization"] = f"Bearer {account['tokens']['accessToken']}"
        number = await first_number(client)
        groups = await _imported(client, sorted(sizes))
        yield Congregation(UUID(account["church"]["id"]), number, groups, client)


async def first_number(client: httpx.AsyncClient, area: str = "808") -> str:
    """Ordered as soon as a new church is known everywhere."""

    async def is_ordered() -> bool:
        answer = await client.post("/api/phone-numbers", json={"areaCode": area})
        if not answer.is_success and answer.json()["error"]["code"] in NOT_KNOWN_YET:
            return False
        json(answer)
        return True

    await eventually(is_ordered, PATIENCE)

    async def active() -> str | None:
        [number] = json(await client.get("/api/phone-numbers"))["data"]
        return str(number["phoneNumber"]) if number["status"] == "active" else None

    return await eventually(active, PATIENCE) or ""


async def _imported(client: httpx.AsyncClient, sizes: Sequence[int]) -> dict[int, UUID]:
    groups: dict[int, UUID] = {}
    for start in range(0, sizes[-1], ROWS_PER_FILE):
        numbers = range(start, min(start + ROWS_PER_FILE, sizes[-1]))
        files = {"files": ("members.csv", _csv(numbers, sizes))}
        imported = json(await client.post("/api/members/import", files=files))
        if imported["created"] != len(numbers):
            raise Spoiled(f"Of {len(numbers):,} members {imported['created']:,} were created.")
        known = {_group(size): size for size in sizes}
        groups |= {known[each["name"]]: UUID(each["id"]) for each in imported["createdGroups"]}
    return groups


def _csv(numbers: range, sizes: Sequence[int]) -> bytes:
    lines = ["firstName,lastName,phone,groups"]
    for n in numbers:
        groups = ";".join(_group(size) for size in sizes if n < size)
        lines.append(f"Ann{n},Example,{phone(n)},{groups}")
    return "\n".join(lines).encode()


def _group(size: int) -> str:
    return f"The first {size}"


def json(response: httpx.Response) -> Any:
    if not response.is_success:
        raise Spoiled(
            f"{response.request.url.path} answered {response.status_code}: {response.text[:300]}"
        )
    return response.json()
