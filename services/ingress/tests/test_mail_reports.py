"""What became of mails, as their provider tells it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from koinonia.common.runtime import Running
from koinonia.common.testing import probe, secrets, service
from koinonia.devkit.mailbox.reports import PATH, Reports, event, signing_key
from koinonia.ingress.program import PROGRAM

Heard = Callable[[str], Any]
REPORTS = Reports(signing_key(secrets.carrier_key().private_bytes_raw()), None)


def called(*events: object) -> bytes:
    return orjson.dumps(events) + b"\r\n"


async def post(client: httpx.AsyncClient, raw: bytes, **changed: str) -> httpx.Response:
    return await client.post(PATH, content=raw, headers=REPORTS.signed(raw) | changed)


async def kept(running: Running) -> list[Any]:
    async with running.database.transaction() as session:
        return list(await probe.rows(session, "SELECT carrier, event_type FROM kept_calls"))


@pytest.mark.parametrize(
    ("address", "outcome"),
    [
        ("bounce@grace.example", "bounced"),
        ("block@grace.example", "blocked"),
        ("complain@grace.example", "complained"),
        ("ruth@grace.example", "delivered"),
    ],
)
async def test_what_became_of_a_mail_is_on_the_bus_when_its_provider_reads_200(
    ingress: httpx.AsyncClient, heard: Heard, address: str, outcome: str
) -> None:
    mail_id = str(uuid4())
    answer = await post(ingress, called(event(mail_id, address)))
    assert (answer.status_code, answer.json()) == (200, {"received": 1, "understood": 1})
    told = await heard("mail.reported")
    assert (told["provider"], told["mailId"], told["outcome"]) == ("sendgrid", mail_id, outcome)
    assert address not in str(told)


async def test_a_call_that_is_repeated_tells_the_same(
    ingress: httpx.AsyncClient, heard: Heard
) -> None:
    raw = called(event(str(uuid4()), "bounce@grace.example"))
    for _ in range(2):
        await post(ingress, raw)
    first, second = [await heard("mail.reported") for _ in range(2)]
    assert first["id"] == second["id"]


async def test_a_call_that_nobody_signed_is_refused_and_counted(
    ingress: httpx.AsyncClient, heard: Heard
) -> None:
    raw = called(event(str(uuid4()), "bounce@grace.example"))
    forged = [await ingress.post(PATH, content=raw) for _ in range(31)]
    codes = [answer.json()["error"]["code"] for answer in forged]
    assert codes == ["BAD_SIGNATURE"] * 30 + ["TOO_MANY_FAILURES"]
    assert await heard("mail.reported") is None
    assert (await post(ingress, raw.rstrip())).status_code == 200


async def test_a_part_that_cannot_be_read_takes_nothing_along_and_is_kept(
    ingress: httpx.AsyncClient, running: Running, heard: Heard
) -> None:
    raw = called({"event": "forgotten"}, event(str(uuid4()), "bounce@grace.example"))
    assert (await post(ingress, raw)).json() == {"received": 2, "understood": 1}
    assert (await heard("mail.reported"))["outcome"] == "bounced"
    assert [tuple(row) for row in await kept(running)] == [("sendgrid", "forgotten")]


@pytest.mark.parametrize(("kilobytes", "status"), [(768, 200), (1100, 413)])
async def test_a_call_may_be_as_large_as_the_provider_makes_them(
    ingress: httpx.AsyncClient, kilobytes: int, status: int
) -> None:
    padded = {"event": "open", "useragent": "x" * (kilobytes * 1024 - 40)}
    assert (await post(ingress, called(padded))).status_code == status


async def test_where_no_key_is_set_there_is_no_such_provider(
    open_ingress: Callable[..., Any],
) -> None:
    async with (
        open_ingress(sendgrid_webhook_keys="") as opened,
        service.client(PROGRAM, opened) as client,
    ):
        answer = await post(client, called())
    assert (answer.status_code, answer.json()["error"]["code"]) == (
        404,
        "MAIL_PROVIDER_NOT_CONFIGURED",
    )
