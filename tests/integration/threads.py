"""Threads of the shared inbox, as staff see them."""

from typing import Any

from .churches import Church
from .network import Network


async def asked(church: Church, phones: Network, words: str) -> dict[str, Any]:
    """The thread that a text of the first member opens."""
    await phones.text(church.phones[0], church.number, words)
    return await church.conversation_with(church.phones[0])


async def answer(church: Church, thread: dict[str, Any], words: str) -> str:
    path = f"/api/conversations/{thread['id']}/reply"
    accepted = await church.api.post(path, json={"content": words})
    assert accepted.status_code == 202, accepted.text
    return str(accepted.json()["id"])
