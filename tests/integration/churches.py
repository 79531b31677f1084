"""A church as its staff sees it: everything through the public API."""

import itertools
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.phones import phone

AREA_CODE = "808"  # members have theirs elsewhere
PASSWORD = "a mustard seed, and patience"
NOT_KNOWN_YET = ("ADDRESS_NOT_VERIFIED", "SUBSCRIPTION_PENDING")
SETTLED = ("completed", "declined")
_phones = map(phone, itertools.count())


@dataclass(eq=False)
class Church:
    """A church and the admin who founded it; ``api`` is signed in by token."""

    api: httpx.AsyncClient
    email: str
    account: dict[str, Any]
    number: str = ""
    members: list[dict[str, Any]] = field(default_factory=list)

    @property
    def id(self) -> str:
        return str(self.account["church"]["id"])

    @property
    def phones(self) -> list[str]:
        return [member["phone"] for member in self.members]

    async def order_number(self) -> None:
        """Order a number as soon as may be, and wait until it is active."""
        await eventually(self._is_number_ordered, 15)

        async def active() -> Any:
            [number] = (await self.get("/api/phone-numbers"))["data"]
            return number["status"] == "active" and number["phoneNumber"]

        self.number = await eventually(active, 15)

    async def _is_number_ordered(self) -> bool:
        """False for the moment in which a new church is not known everywhere."""
        answer = await self.api.post("/api/phone-numbers", json={"areaCode": AREA_CODE})
        assert answer.status_code == 202 or _code(answer) in NOT_KNOWN_YET, answer.text
        return answer.status_code == 202

    async def bring(self, count: int) -> None:
        """Import that many new members, in one group, each with a phone of their own."""
        lines = [f"Ann{n},Example{n},{next(_phones)},,Newcomers" for n in range(count)]
        imported = await self.import_csv(
            "\n".join(["firstName,lastName,phone,email,groups", *lines])
        )
        assert imported["created"] == count, imported
        self.members = await self.everything("/api/members")

    async def import_csv(self, text: str) -> dict[str, Any]:
        files = {"files": ("members.csv", text.encode(), "text/csv")}
        answer = await self.api.post("/api/members/import", files=files)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def send(self, content: str, **others: Any) -> dict[str, Any]:
        """Text everybody, or the ``targetType`` and ``targetIds`` among ``others``."""
        body = {"content": content, "targetType": "all"} | others
        answer = await self.api.post("/api/messages/send", json=body)
        assert answer.status_code == 202, answer.text
        return dict(answer.json())

    async def settled(self, message_id: str, within: float = 45) -> dict[str, Any]:
        """The message once it is completed or declined; its counts add up at every look."""

        async def settled() -> dict[str, Any] | None:
            message = await self.message(message_id)
            return message if message["status"] in SETTLED else None

        found: dict[str, Any] = await eventually(settled, within)
        return found

    async def message(self, message_id: str) -> dict[str, Any]:
        """The message as it stands; its counts add up."""
        message: dict[str, Any] = await self.get(f"/api/messages/{message_id}")
        if sum(message["counts"].values()) != message["totalRecipients"]:
            raise ArithmeticError(f"{message['counts']} is not {message['totalRecipients']}")
        return message

    async def conversation_with(self, phone: str, within: float = 10) -> dict[str, Any]:
        """The thread of a phone, once there is one."""

        async def look() -> dict[str, Any] | None:
            threads = await self.everything("/api/conversations")
            return next((each for each in threads if each["phone"] == phone), None)

        listed = await eventually(look, within)
        return await self.get(f"/api/conversations/{listed['id']}")

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.api.get(path, params=params)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def everything(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """A whole list, page by page."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = await self.get(path, limit=100, **cursor, **params)
            found += page["data"]
            if not page["hasMore"]:
                return found
            cursor = {"cursor": page["nextCursor"]}


@asynccontextmanager
async def registered(gateway_url: str, address: str = "") -> AsyncIterator[Church]:
    """A new church, alone in its database as far as it can see."""
    mark = secrets.token_hex(4)
    email = f"pastor-{mark}@example.org"
    async with visitor(gateway_url, address) as client:
        answer = await client.post(
            "/api/auth/register", json=registration(f"Church {mark}", email) | {"tokens": True}
        )
        assert answer.status_code == 201, answer.text
        account = answer.json()
        client.headers["Authorization"] = f"Bearer {account['tokens']['accessToken']}"
        yield Church(client, email, account)


@asynccontextmanager
async def colleague(
    church: Church, role: str = "staff", address: str = "", **names: str
) -> AsyncIterator[Church]:
    """The church as another of its staff sees it, invited and come."""
    email = f"{role}-{secrets.token_hex(4)}@example.org"
    body = {"email": email, "role": role} | names
    invited = await church.api.post("/api/auth/invitations", json=body)
    assert invited.status_code == 201, invited.text
    async with visitor(str(church.api.base_url), address) as client:
        answer = await client.post(
            "/api/auth/invitations/accept",
            json={"token": invited.json()["token"], "password": PASSWORD, "tokens": True},
        )
        assert answer.status_code == 201, answer.text
        account = answer.json()
        client.headers["Authorization"] = f"Bearer {account['tokens']['accessToken']}"
        yield Church(client, email, account, church.number, church.members)


def _code(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["code"])


def registration(name: str, email: str) -> dict[str, Any]:
    return {
        "churchName": name,
        "email": email,
        "password": PASSWORD,
        "timezone": "Pacific/Honolulu",
    }


def visitor(gateway_url: str, address: str = "") -> httpx.AsyncClient:
    """A client that has not signed in; where the gateway trusts a proxy, it is at ``address``."""
    headers = {"X-Forwarded-For": address} if address else {}
    return httpx.AsyncClient(base_url=gateway_url, headers=headers, timeout=30, trust_env=False)


def once_each(received: dict[str, list[str]], phones: Sequence[str], text: str) -> bool:
    """Every phone received ``text`` exactly once."""
    return all(received[each].count(text) == 1 for each in phones)
