"""Endpoints as owners and admins keep them."""

import asyncio
import base64
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import clock, db, errors
from koinonia.common.identity import Role
from koinonia.common.testing import probe
from koinonia.integrations.endpoints import addresses
from koinonia.integrations.running import Running
from koinonia.integrations.vocabulary import WebhookKind

from .conftest import Client

PATH = "/api/webhook-endpoints"
WISH = {
    "name": "Planning Center",
    "url": "https://example.org/koinonia",
    "kinds": ["text.received", "consent.changed"],
}


async def make(owner: httpx.AsyncClient, **changed: object) -> dict[str, Any]:
    answer = await owner.post(PATH, json=WISH | changed)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_an_endpoint_is_made_and_shows_its_secret_once(owner: httpx.AsyncClient) -> None:
    made = await make(owner, scopes=["phone", "phone"])
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert made["scopes"] == ["phone"]
    assert (await owner.get(f"{PATH}/{made['id']}")).json() == made
    assert (await owner.get(PATH)).json()["data"] == [made]


async def test_a_secret_lies_in_no_table_as_it_is(
    running: Running, owner: httpx.AsyncClient, church_id: UUID
) -> None:
    made = await make(owner)
    async with running.database.transaction(church_id) as session:
        [row] = await probe.rows(session, "SELECT CAST(e.* AS text) AS told FROM endpoints e")
    assert made["secret"].removeprefix("whsec_") not in row.told


async def test_a_new_secret_leaves_the_one_before_a_day(owner: httpx.AsyncClient) -> None:
    made = await make(owner)
    with clock.freeze() as now:
        answer = await owner.post(f"{PATH}/{made['id']}/secret")
    assert answer.status_code == 201
    assert answer.json()["secret"] != made["secret"]
    until = (now + timedelta(hours=24)).isoformat().replace("+00:00", "Z")
    assert answer.json()["previousSecretUntil"] == until


async def test_what_is_sent_changes_and_nothing_else(owner: httpx.AsyncClient) -> None:
    made = await make(owner)
    path = f"{PATH}/{made['id']}"
    changed = (await owner.patch(path, json={"kinds": ["message.completed"]})).json()
    assert changed["kinds"] == ["message.completed"]
    assert (changed["name"], changed["url"]) == (WISH["name"], WISH["url"])


async def test_an_endpoint_is_switched_off_and_on(
    running: Running, owner: httpx.AsyncClient
) -> None:
    path = f"{PATH}/{(await make(owner))['id']}"
    off = (await owner.patch(path, json={"state": "disabled"})).json()
    assert (off["state"], off["disabledReason"]) == ("disabled", "staff")
    assert await wanted(running) == []
    on = (await owner.patch(path, json={"state": "active"})).json()
    assert (on["state"], on["disabledReason"]) == ("active", None)
    assert await wanted(running) == ["consent.changed", "text.received"]


async def test_what_is_wanted_follows_kinds_and_removal(
    running: Running, owner: httpx.AsyncClient
) -> None:
    path = f"{PATH}/{(await make(owner))['id']}"
    await owner.patch(path, json={"kinds": ["keyword.used"]})
    assert await wanted(running) == ["keyword.used"]
    assert (await owner.delete(path)).status_code == 204
    assert await wanted(running) == []
    assert (await owner.get(path)).status_code == 404
    assert (await owner.delete(path)).json()["error"]["code"] == "WEBHOOK_ENDPOINT_NOT_FOUND"


async def test_ten_are_the_most_even_at_one_moment(owner: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(owner.post(PATH, json=WISH) for _ in range(12)))
    assert sorted(each.status_code for each in answers) == [201] * 10 + [409] * 2


@pytest.mark.parametrize("role", [Role.STAFF, Role.VIEWER])
async def test_who_is_no_admin_sees_and_does_nothing(
    client: Client, church_id: UUID, role: Role
) -> None:
    async with client(church_id, role) as http:
        answers = [await http.get(PATH), await http.post(PATH, json=WISH)]
        answers.append(await http.post(f"{PATH}/{db.uuid7()}/secret"))
    assert {each.status_code for each in answers} == {403}


async def test_a_church_sees_its_own_endpoints_only(
    owner: httpx.AsyncClient, client: Client
) -> None:
    made = await make(owner)
    async with client(db.uuid7()) as theirs:
        assert (await theirs.get(PATH)).json()["data"] == []
        assert (await theirs.patch(f"{PATH}/{made['id']}", json={})).status_code == 404


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.org/hook", "WEBHOOK_URL_NOT_HTTPS"),
        ("ftp://example.org/hook", "WEBHOOK_URL_NOT_HTTPS"),
        ("http://127.0.0.1:9000/hook", "WEBHOOK_URL_NOT_HTTPS"),
        ("https://127.0.0.1/hook", "WEBHOOK_URL_NOT_PUBLIC"),
        ("https://0x7f.1/hook", "WEBHOOK_URL_NOT_PUBLIC"),
        ("https://2130706433/hook", "WEBHOOK_URL_NOT_PUBLIC"),
        ("https://[::1]/hook", "WEBHOOK_URL_NOT_PUBLIC"),
        ("https://10.0.0.7/hook", "WEBHOOK_URL_NOT_PUBLIC"),
        ("https://169.254.169.254/latest", "WEBHOOK_URL_NOT_PUBLIC"),
        ("https://localhost/hook", "WEBHOOK_URL_NOT_PUBLIC"),
        ("https://postgres/hook", "WEBHOOK_URL_NOT_PUBLIC"),
        ("https://metadata.google.internal/", "WEBHOOK_URL_NOT_PUBLIC"),
        ("https://ruth:secret@example.org/hook", "WEBHOOK_URL_INVALID"),
        ("https://example.org/hook#part", "WEBHOOK_URL_INVALID"),
        ("https://example.org:99999/", "WEBHOOK_URL_INVALID"),
        ("https:///hook", "WEBHOOK_URL_INVALID"),
        ("https://exa mple.org/", "WEBHOOK_URL_INVALID"),
        ("https://example.org\\@127.0.0.1/", "WEBHOOK_URL_INVALID"),
    ],
)
def test_webhooks_go_to_public_https_addresses_only(url: str, code: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        addresses.check(url, allows_loopback=False)
    assert refused.value.code == code


async def test_in_development_this_machine_may_be_told_by_http(owner: httpx.AsyncClient) -> None:
    await make(owner, url="http://127.0.0.1:9000/hook")
    answer = await owner.post(PATH, json=WISH | {"url": "http://10.0.0.7/hook"})
    assert answer.json()["error"]["code"] == "WEBHOOK_URL_NOT_HTTPS"


@pytest.mark.parametrize(
    "wrong", [{"kinds": []}, {"kinds": ["no.such"]}, {"scopes": ["names"]}, {"name": "  "}]
)
async def test_what_makes_no_sense_is_refused(
    owner: httpx.AsyncClient, wrong: dict[str, object]
) -> None:
    assert (await owner.post(PATH, json=WISH | wrong)).status_code == 400


async def test_a_request_that_is_repeated_makes_one_endpoint(owner: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "once"}
    first, second = [await owner.post(PATH, json=WISH, headers=key) for _ in range(2)]
    assert first.json() == second.json()
    assert len((await owner.get(PATH)).json()["data"]) == 1


async def test_all_kinds_may_be_wanted(running: Running, owner: httpx.AsyncClient) -> None:
    await make(owner, kinds=list(WebhookKind))
    assert await wanted(running) == sorted(WebhookKind)


async def wanted(running: Running) -> list[str]:
    """What the worker finds, which looks across churches."""
    async with running.database.transaction() as session:
        return await db.values(session, str, "SELECT kind FROM wanted_kinds ORDER BY kind")
