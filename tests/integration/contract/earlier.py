"""Plays what the earlier frontend sends, and says what the answers look like.

``vectors/earlier_frontend.json`` has the requests in their order, each with the answer that the
system gave at commit 1890ac7, before anything of version 1 of the API was changed: status, headers
that a browser acts upon, and the type of every field. A request may hold ``{names}`` of what
earlier answers had.
"""

import asyncio
import base64
import json
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from koinonia.common.testing.secrets import carrier_key

Json = Any  # Any: what JSON may be

VECTORS = Path(__file__).parent / "vectors/earlier_frontend.json"
PASSWORD = "a mustard seed, and patience"
PERSON, STRANGER = "+12015550142", "+12015550143"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
SECONDS = 30
SEVENTEEN = """
    GET /health                                  GET /api/csrf-token
    POST /api/auth/register                      POST /api/auth/login
    POST /api/messages/send                      GET /api/messages
    GET /api/messages/{messageId}                GET /api/conversations
    GET /api/conversations/{conversationId}      GET /api/billing/usage
    POST /api/conversations/{conversationId}/reply
    POST /api/conversations/{conversationId}/reply-with-media
    PATCH /api/conversations/{conversationId}/read
    PATCH /api/conversations/{conversationId}/status
    GET /api/analytics/stats
    POST /api/webhooks/telnyx/status             POST /api/webhooks/telnyx/mms
"""
"""What clients of the earlier system call."""


def steps() -> list[Json]:
    found: list[Json] = json.loads(VECTORS.read_text())
    return found


@dataclass
class Player:
    """A browser with cookies, a church that it makes, and a person with a phone."""

    browser: httpx.AsyncClient
    carrier: httpx.AsyncClient
    names: dict[str, str] = field(
        default_factory=lambda: {
            "email": f"pastor-{secrets.token_hex(4)}@example.org",
            "nobody": "0199a1c2-7d3e-7abc-8def-0123456789ab",
        }
    )

    async def play(self, step: Json) -> httpx.Response:
        """Send the request of a step, until its answer is what the step waits for."""
        for each in step.get("before", ()):
            await getattr(self, f"_{each}")()
        deadline = time.monotonic() + SECONDS
        while True:
            answer = await self._send(step["request"])
            if "until" not in step or _at(_body(answer), step["until"][0]) in step["until"][1:]:
                break
            if time.monotonic() > deadline:
                raise TimeoutError(f"{step['name']}: {answer.text}")
            await asyncio.sleep(0.1)  # between two looks
        for name, path in step.get("keep", {}).items():
            self.names[name] = str(_at(_body(answer), path))
        return answer

    async def _send(self, request: Json) -> httpx.Response:
        headers = dict(request.get("headers", {}))
        given: dict[str, Any] = {"params": request.get("params"), "headers": headers}
        if request.get("csrf"):
            token = (await self.browser.get("/api/csrf-token")).json()["csrfToken"]
            headers["X-CSRF-Token"] = token
        if "json" in request:
            given["json"] = self._filled(request["json"])
        if "form" in request:
            given["data"] = request["form"]
            given["files"] = [(name, ("map.png", PIXEL, "image/png")) for name in request["files"]]
        if "signed" in request:
            content = json.dumps(self._filled(request["signed"])).encode()
            stamp = str(int(time.time()))
            proof = carrier_key().sign(stamp.encode() + b"|" + content)
            headers |= {
                "Content-Type": "application/json",
                "telnyx-timestamp": stamp,
                "telnyx-signature-ed25519": base64.b64encode(proof).decode(),
            }
            given["content"] = content
        path = self._filled(request["path"])
        if request.get("signed_out"):
            async with httpx.AsyncClient(base_url=self.browser.base_url, trust_env=False) as other:
                return await other.request(request["method"], path, **given)
        return await self.browser.request(request["method"], path, **given)

    def _filled(self, value: Json) -> Json:
        match value:
            case str():
                for name, found in self.names.items():
                    value = value.replace("{" + name + "}", found)
                return value
            case list():
                return [self._filled(each) for each in value]
            case dict():
                return {name: self._filled(each) for name, each in value.items()}
            case _:
                return value

    async def _number(self) -> None:
        """The church orders a number, and has it."""
        await self._until("POST", "/api/phone-numbers", {"areaCode": "808"}, "id")
        orders = {"request": {"method": "GET", "path": "/api/phone-numbers"}}
        active = {"name": "a number", "until": ["data.0.status", "active"]}
        await self.play(orders | active | {"keep": {"number": "data.0.phoneNumber"}})

    async def _member(self) -> None:
        body = {"firstName": "Ann", "lastName": "Example", "phone": PERSON, "consent": True}
        self.names["member"] = (await self._until("POST", "/api/members", body, "id"))["id"]

    async def _inbound(self) -> None:
        """A stranger texts the church, and then the person, whose conversation is the newest."""
        pages = {"params": {"page": 1, "limit": 20}}
        listed = {"request": {"method": "GET", "path": "/api/conversations"} | pages}
        for count, sender in enumerate((STRANGER, PERSON), start=1):
            body = {"from": sender, "to": self.names["number"], "text": "Hello!", "mediaUrls": []}
            (await self.carrier.post("/_control/inbound", json=body)).raise_for_status()
            await self.play(listed | {"name": "a text", "until": ["total", count]})

    async def _until(self, method: str, path: str, body: Json, wanted: str) -> Json:
        deadline = time.monotonic() + SECONDS
        while True:
            request = {"method": method, "path": path, "csrf": method != "GET"}
            answer = await self._send(request | ({"json": body} if body else {}))
            if _at(_body(answer), wanted):
                return answer.json()
            if time.monotonic() > deadline:
                raise TimeoutError(f"{method} {path}: {answer.text}")
            await asyncio.sleep(0.1)  # between two looks


def look(answer: httpx.Response) -> dict[str, Json]:
    """What a client sees of an answer, without what it is about."""
    body = _body(answer)
    return {
        "status": answer.status_code,
        "headers": dict(_headers(answer)),
        "body": shape(body) if body is not None else None,
    } | ({"code": body["error"]["code"]} if answer.status_code >= 400 and body else {})


def shape(value: Json) -> Json:
    """The types of a JSON value: of a list those of all its items together."""
    match value:
        case dict():
            return {name: shape(each) for name, each in sorted(value.items())}
        case list():
            return [_together([shape(each) for each in value])] if value else []
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case _:
            return "string"


def missing(before: Json, now: Json, where: str = "") -> Iterator[str]:
    """What was there and is not, or is something else now. Of what was null, any type is right."""
    if before == "null" or before == []:
        return
    if isinstance(before, dict) and isinstance(now, dict):
        for name, each in before.items():
            if name not in now:
                yield f"{where}.{name} is gone"
            else:
                yield from missing(each, now[name], f"{where}.{name}")
    elif isinstance(before, list) and isinstance(now, list) and now:
        yield from missing(before[0], now[0], f"{where}[]")
    elif before != now:
        yield f"{where} was {before} and is {now}"


def _together(shapes: list[Json]) -> Json:
    if all(isinstance(each, dict) for each in shapes):
        names = sorted({name for each in shapes for name in each})
        return {name: _together([e[name] for e in shapes if name in e]) for name in names}
    known = [each for each in shapes if each not in ("null", [])]
    return known[0] if known else shapes[0]


def _headers(answer: httpx.Response) -> Iterator[tuple[str, Json]]:
    if answer.content:
        yield "content-type", answer.headers["content-type"].partition(";")[0]
    if cookies := answer.headers.get_list("set-cookie"):
        yield "set-cookie", dict(sorted(map(_cookie, cookies)))
    if "allow" in answer.headers:
        yield "allow", answer.headers["allow"]


def _cookie(value: str) -> tuple[str, list[str]]:
    """Its name, and what it is besides its value and its end."""
    pair, *rest = (each.strip() for each in value.split(";"))
    kept = (each for each in rest if not each.lower().startswith(("expires", "max-age")))
    return pair.partition("=")[0], sorted(kept, key=str.lower)


def _body(answer: httpx.Response) -> Json:
    kind = answer.headers.get("content-type", "")
    return answer.json() if answer.content and "json" in kind else None


def _at(value: Json, path: str) -> Json:
    for name in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(name)
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value
