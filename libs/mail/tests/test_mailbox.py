"""The mailbox of development: what was mailed can be read, by people and by tests."""

from collections.abc import AsyncIterator

import httpx
import pytest
from pydantic import SecretStr

from koinonia import mail
from koinonia.devkit.carrier.http_server import serving
from koinonia.devkit.mailbox.app import create_app
from koinonia.devkit.mailbox.box import MOST, Box
from koinonia.mail.failures import Failure, MailFailure
from koinonia.mail.settings import MailSettings

from .outbox import MAIL_ID, Provider, written


def settings(url: str) -> MailSettings:
    return MailSettings(
        redis_url=SecretStr("redis://unused"), mail_provider="mailbox", mailbox_url=url
    )


@pytest.fixture(scope="module")
async def url() -> AsyncIterator[str]:
    async with serving(create_app(Box())) as address:
        yield address


@pytest.fixture
async def looking(url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=url) as client:
        await client.delete("/mails")
        yield client


async def test_a_mail_is_shown_once_however_often_it_is_handed_over(
    url: str, looking: httpx.AsyncClient
) -> None:
    async with mail.opened(settings(url)) as mailer:
        assert mailer is not None
        for _ in range(2):
            await mailer.send(written())
    [shown] = (await looking.get("/mails", params={"to": "ann@grace.example"})).json()
    assert (shown["subject"], shown["text"]) == ("Join Grace", written().text)
    assert (await looking.get("/mails", params={"to": "bob@grace.example"})).json() == []


async def test_a_person_finds_it_on_a_page_and_can_click_the_link(
    url: str, looking: httpx.AsyncClient
) -> None:
    assert "No mail yet" in (await looking.get("/")).text
    async with mail.opened(settings(url)) as mailer:
        assert mailer is not None
        await mailer.send(written(subject="Join <Grace>"))
    assert "Join &lt;Grace&gt;" in (await looking.get("/")).text
    page = (await looking.get(f"/mails/{MAIL_ID}")).text
    assert 'srcdoc="&lt;p&gt;Accept&lt;/p&gt;"' in page
    assert '<a href="https://app.example/join#token=secret"' in page


async def test_what_is_no_mail_is_refused_with_what_one_is(looking: httpx.AsyncClient) -> None:
    for body in (b"[", b"[]", b'{"kind": 1}'):
        answer = await looking.put("/mails/1", content=body)
        assert (answer.status_code, "A mail is" in answer.text) == (400, True)
    assert (await looking.get("/mails/1")).status_code == 404


def test_it_keeps_the_latest_only() -> None:
    box = Box()
    for number in range(MOST + 2):
        box.keep(str(number), kind="k", sender="s", to="t", subject="", text="", html="")
    assert (len(box.latest()), box.get("1")) == (MOST, None)


async def test_trouble_is_one_of_our_words() -> None:
    async with serving(Provider(status=500).app) as address, mail.opened(settings(address)) as box:
        assert box is not None
        with pytest.raises(MailFailure) as raised:
            await box.send(written())
    assert raised.value.failure is Failure.PROVIDER_TROUBLE
