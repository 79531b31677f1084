"""Imports as jobs: a file is sent, mapped, checked, written and undone, with the worker turned by
hand."""

from collections.abc import Sequence
from typing import Any

import httpx

from koinonia.messaging.importing import turns

PATH = "/api/imports"
AGREED = {
    "agreed": True,
    "wording": "I agree to get texts from Grace Chapel.",
    "on": "2026-09-01",
    "source": "the connect card",
}
WITHOUT = {"agreed": False}


async def sent(api: httpx.AsyncClient, content: str | bytes, name: str = "people.csv") -> Any:
    answer = await post(api, content, name)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def post(
    api: httpx.AsyncClient,
    content: str | bytes,
    name: str = "people.csv",
    headers: dict[str, str] | None = None,
) -> httpx.Response:
    raw = content.encode() if isinstance(content, str) else content
    return await api.post(PATH, files={"files": (name, raw)}, headers=headers)


def guessed(job: Any) -> list[dict[str, Any]]:
    """The mapping that was guessed, as a client sends it back."""
    return [
        {"column": each["column"], "to": each["to"] or "leftOut"}
        | ({"field": each["field"]} if each["field"] else {})
        for each in job["columns"]
    ]


async def mapped(
    api: httpx.AsyncClient, job: Any, columns: Sequence[dict[str, Any]] | None = None, **given: Any
) -> Any:
    body = {"columns": columns or guessed(job), "consent": AGREED} | given
    answer = await api.put(f"{PATH}/{job['id']}/mapping", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def command(api: httpx.AsyncClient, job: Any, what: str, **body: Any) -> Any:
    answer = await api.post(f"{PATH}/{job['id']}/{what}", json=body if what == "start" else None)
    assert answer.status_code in (200, 202), answer.text
    return answer.json()


async def ended(running: Any, api: httpx.AsyncClient, job: Any) -> Any:
    """The job after the worker has done all that is due."""
    await turns.work(running)
    return (await api.get(f"{PATH}/{job['id']}")).json()


async def checked(running: Any, api: httpx.AsyncClient, content: str, **given: Any) -> Any:
    job = await mapped(api, await sent(api, content), **given)
    await command(api, job, "start", dryRun=True)
    return await ended(running, api, job)


async def written(running: Any, api: httpx.AsyncClient, content: str | bytes, **given: Any) -> Any:
    job = await mapped(api, await sent(api, content), **given)
    await command(api, job, "start")
    return await ended(running, api, job)


async def undone(running: Any, api: httpx.AsyncClient, job: Any) -> Any:
    await command(api, job, "undo")
    return await ended(running, api, job)


async def people(api: httpx.AsyncClient) -> dict[str, Any]:
    listed = (await api.get("/api/members", params={"limit": 100})).json()["data"]
    return {member["firstName"]: member for member in listed}


def counts(job: Any) -> tuple[int, int, int, int]:
    each = job["counts"]
    return each["created"], each["updated"], each["skipped"], each["failed"]
