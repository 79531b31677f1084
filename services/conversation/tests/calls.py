"""Calls that several tests make, and how they are answered."""

from typing import Any

import httpx


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def labelled(api: httpx.AsyncClient, name: str, colour: str = "#2f7d6b") -> Any:
    answer = await api.post("/api/labels", json={"name": name, "colour": colour})
    assert answer.status_code == 201, answer.text
    return answer.json()
