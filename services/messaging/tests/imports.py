"""Members from a CSV file, and what became of its rows."""

from typing import Any

import httpx

HEADER = "firstName,lastName,phone,email,groups"
PATH = "/api/members/import"


async def send(api: httpx.AsyncClient, content: str | bytes, **form: str) -> httpx.Response:
    raw = content.encode() if isinstance(content, str) else content
    return await api.post(PATH, files={"files": ("people.csv", raw, "text/csv")}, data=form)


async def imported(api: httpx.AsyncClient, *rows: str, **form: str) -> dict[str, Any]:
    answer = await send(api, "\n".join((HEADER, *rows)), **form)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    assert sum(counts(body)) == len(body["rows"])
    return body


def counts(body: dict[str, Any]) -> tuple[int, int, int, int]:
    return body["created"], body["updated"], body["skipped"], body["failed"]


async def by_first_name(api: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    listed = (await api.get("/api/members", params={"limit": 100})).json()["data"]
    return {member["firstName"]: member for member in listed}
