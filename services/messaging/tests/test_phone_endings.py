"""Members are found by the last digits of their phones."""

import httpx
import pytest

from koinonia.messaging.timing import zone_backfill

from .imports import send
from .stage import Stage


async def found(api: httpx.AsyncClient, search: str) -> list[str]:
    listed = (await api.get("/api/members", params={"search": search})).json()["data"]
    return sorted(member["firstName"] for member in listed)


@pytest.mark.parametrize("search", ["0185", "5550185", "555-0185", " 555 0185 ", "2025550185"])
async def test_members_are_found_by_the_last_digits(api: httpx.AsyncClient, search: str) -> None:
    await api.post("/api/members", json={"firstName": "Ada", "phone": "+12025550185"})
    await send(api, "firstName,phone\nBo,2025550185\nCy,2025550186\nDi,2025551850")
    assert await found(api, search) == ["Ada", "Bo"]


async def test_a_new_phone_is_found_and_the_old_one_is_not(api: httpx.AsyncClient) -> None:
    ada = (await api.post("/api/members", json={"firstName": "Ada", "phone": "2025550185"})).json()
    await api.patch(f"/api/members/{ada['id']}", json={"phone": "2025550142"})
    assert (await found(api, "0142"), await found(api, "0185")) == (["Ada"], [])


async def test_members_of_before_are_found_once_the_loop_has_passed(alone: Stage) -> None:
    await alone.member("+12025550185")
    await alone.run("UPDATE members SET phone_last_four = NULL, phone_last_seven = NULL")
    await alone.run(
        "INSERT INTO unzoned_churches VALUES (:id) ON CONFLICT DO NOTHING", id=alone.church_id
    )

    await zone_backfill.fill(alone.running)

    [row] = await alone.query("SELECT phone_last_four, phone_last_seven FROM members")
    phones = alone.running.phones
    assert row.phone_last_four == phones.ending(alone.church_id, "0185")
    assert row.phone_last_seven == phones.ending(alone.church_id, "5550185")
