"""People of a church, across the services that keep something of them."""

from typing import Any

from koinonia.common.testing.eventually import eventually

from .churches import Church
from .conftest import Founded
from .network import Network
from .threads import answer, asked


async def test_a_removed_person_s_conversation_stays_and_goes_on(
    found: Founded, phones: Network
) -> None:
    church = await found(members=2)
    thread = await asked(church, phones, "What time does it start?")
    ids = [each["id"] for each in church.members]
    removed = await church.api.post("/api/members/bulk/remove", json={"memberIds": ids})
    assert removed.json() == {"changed": 2, "unchanged": 0, "notFound": []}
    shown = await eventually(lambda: _nameless(church, thread))
    assert [each["content"] for each in shown["messages"]] == ["What time does it start?"]
    await answer(church, shown, "At ten.")
    await eventually(lambda: phones.texts(church.phones[0]))
    assert await phones.texts(church.phones[0]) == ["At ten."]


async def _nameless(church: Church, thread: dict[str, Any]) -> dict[str, Any] | None:
    """The thread, once conversation knows nobody on its phone any more."""
    shown = await church.get(f"/api/conversations/{thread['id']}")
    return shown if shown["member"] is None else None
