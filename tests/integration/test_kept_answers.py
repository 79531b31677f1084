"""A browser that has an answer asks through the gateway whether it still holds."""

import pytest

from .conftest import Founded


@pytest.mark.parametrize(
    "path",
    [
        *("/api/labels", "/api/conversations", "/api/conversations/counts", "/api/messages"),
        *("/api/billing/usage", "/api/auth/me", "/api/phone-numbers"),
    ],
)
async def test_what_did_not_change_is_not_sent_again(found: Founded, path: str) -> None:
    church = await found(members=1)
    tag = (await church.api.get(path)).headers["etag"]
    again = await church.api.get(path, headers={"If-None-Match": f'"another", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["cache-control"] == "private, no-cache"


async def test_a_change_is_sent(found: Founded) -> None:
    church = await found(members=1)
    before = await church.api.get("/api/labels")
    await church.api.post("/api/labels", json={"name": "Visit", "colour": "#2f7d6b"})
    after = await church.api.get("/api/labels", headers={"If-None-Match": before.headers["etag"]})
    assert [each["name"] for each in after.json()["data"]] == ["Visit"]
