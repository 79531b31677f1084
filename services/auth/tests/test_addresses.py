"""Whose a mail address is, and how somebody gets another one."""

from typing import Any

import httpx

from koinonia.auth.running import Running
from koinonia.common import db
from koinonia.common.testing import probe

from . import factories, mailboxes
from .conftest import Browser

NEW = "ruth@new.example.org"


async def confirm(api: httpx.AsyncClient, token: str) -> httpx.Response:
    return await api.post("/api/auth/email/confirm", json={"token": token})


async def ask(api: httpx.AsyncClient, who: dict[str, Any], **changes: str) -> httpx.Response:
    body = {"email": NEW, "password": factories.PASSWORD} | changes
    return await api.post("/api/auth/email", json=body, headers=factories.as_(who))


async def proof(running: Running) -> str:
    """The secret of the one link that confirms an address."""
    [token] = [token for page, token in await mailboxes.links(running) if page == "confirm-address"]
    return token


async def invited(api: httpx.AsyncClient, running: Running, by: dict[str, Any], email: str) -> str:
    """The secret that is mailed to somebody who is invited."""
    await factories.invite(api, by, email=email)
    [token] = [token for page, token in await mailboxes.links(running) if page == "join"]
    return token


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def is_verified(api: httpx.AsyncClient, who: dict[str, Any]) -> bool:
    me = await api.get("/api/auth/me", headers=factories.as_(who))
    verified: bool = me.json()["church"]["isVerified"]
    return verified


async def test_an_owner_s_click_verifies_the_church(
    api: httpx.AsyncClient, running: Running, database: db.Database
) -> None:
    ruth = await factories.church(api)
    assert not await is_verified(api, ruth)
    assert (await confirm(api, await proof(running))).status_code == 204
    assert await is_verified(api, ruth)
    events = [name for name, _ in await factories.published(database)]
    assert events.count("church.verified") == 1


async def test_a_lost_mail_is_sent_again_until_it_is_confirmed(
    api: httpx.AsyncClient, running: Running
) -> None:
    ruth = await factories.church(api)
    lost = await proof(running)
    again = [
        await api.post("/api/auth/email/verification", headers=factories.as_(ruth))
        for _ in range(2)
    ]
    assert [answer.status_code for answer in again] == [202, 202]
    token = await proof(running)
    assert refused(await confirm(api, lost)) == (400, "LINK_INVALID")
    assert (await confirm(api, token)).status_code == 204
    answer = await api.post("/api/auth/email/verification", headers=factories.as_(ruth))
    assert refused(answer) == (409, "ADDRESS_PROVED")


async def test_a_new_address_counts_once_it_is_confirmed_and_both_are_told(
    api: httpx.AsyncClient, running: Running
) -> None:
    ruth = await factories.church(api)
    await mailboxes.delivered(running)
    assert (await ask(api, ruth)).status_code == 202
    mails = await mailboxes.delivered(running)
    assert sorted((mail.to.address, mail.subject) for mail in mails) == [
        (factories.EMAIL, "Your email address is about to change"),
        (NEW, "Confirm your new email address"),
    ]
    assert (await factories.login(api)).status_code == 200
    [token] = [mailboxes.LINK.findall(mail.text)[0][1] for mail in mails if mail.to.address == NEW]
    assert (await confirm(api, token)).status_code == 204
    assert refused(await factories.login(api)) == (401, "INVALID_CREDENTIALS")
    assert (await factories.login(api, email=NEW)).json()["admin"]["email"] == NEW
    [told] = await mailboxes.delivered(running)
    assert (told.to.address, told.subject) == (factories.EMAIL, "Your email address was changed")
    ended = await factories.renew(api, ruth["tokens"]["refreshToken"])
    assert refused(ended) == (401, "SESSION_ENDED")


async def test_a_confirmed_new_address_verifies_the_church_too(
    api: httpx.AsyncClient, running: Running
) -> None:
    await ask(api, await factories.church(api))
    pages = [token for page, token in await mailboxes.links(running) if page == "confirm-address"]
    answers = [(await confirm(api, token)).status_code for token in pages]
    assert sorted(answers) == [204, 400]
    assert (await factories.login(api, email=NEW)).json()["church"]["isVerified"]


async def test_a_change_takes_the_password_and_another_address(api: httpx.AsyncClient) -> None:
    ruth = await factories.church(api)
    assert refused(await ask(api, ruth, password="wrong")) == (403, "WRONG_PASSWORD")
    assert refused(await ask(api, ruth, email=factories.EMAIL)) == (409, "SAME_ADDRESS")


async def test_an_address_that_somebody_proved_is_not_taken(
    api: httpx.AsyncClient, running: Running
) -> None:
    await factories.church(api, email=NEW)
    await confirm(api, await proof(running))
    ruth = await factories.church(api)
    await mailboxes.delivered(running)
    assert (await ask(api, ruth)).status_code == 202  # who asks does not learn it
    [token] = [token for page, token in await mailboxes.links(running) if page == "confirm-address"]
    assert refused(await confirm(api, token)) == (409, "EMAIL_TAKEN")
    assert (await factories.login(api)).status_code == 200


async def test_an_invitation_by_mail_takes_an_address_from_who_never_proved_it(
    api: httpx.AsyncClient, browser: Browser, running: Running, database: db.Database
) -> None:
    squatter = await factories.church(browser(), email=NEW, churchName="Nowhere")
    ruth = await factories.church(api)
    await mailboxes.delivered(running)
    answer = await factories.accept(api, await invited(api, running, ruth, NEW))
    assert (answer.status_code, answer.json()["church"]["id"]) == (201, ruth["church"]["id"])
    me = await api.get("/api/auth/me", headers=factories.as_(squatter))
    assert refused(me) == (401, "SESSION_ENDED")
    assert (await factories.login(api, email=NEW)).json()["church"]["name"] == "Grace Chapel"
    events = await factories.published(database)
    removed = [body["adminId"] for name, body in events if name == "admin.removed"]
    assert removed == [squatter["admin"]["id"]]


async def test_a_link_that_was_passed_on_by_hand_proves_nothing(
    api: httpx.AsyncClient, running: Running, database: db.Database
) -> None:
    await factories.church(api, email=NEW, churchName="Elsewhere")
    ruth = await factories.church(api)
    shown = await factories.invite(api, ruth, email=NEW)
    assert refused(await factories.accept(api, shown["token"])) == (409, "EMAIL_TAKEN")
    by_hand = await factories.join(api, ruth, email="naomi@grace.example.org")
    async with database.transaction() as session:
        query = "SELECT admin_id FROM logins WHERE is_proved"
        assert await probe.rows(session, query) == []
    assert by_hand["admin"]["email"] == "naomi@grace.example.org"


async def test_who_was_invited_gets_a_mail_in_the_church_s_words(
    api: httpx.AsyncClient, running: Running
) -> None:
    ruth = await factories.church(api, firstName="Ruth", lastName="Moss")
    await mailboxes.delivered(running)
    made = await factories.invite(api, ruth, email=NEW, firstName="Naomi")
    [mail] = await mailboxes.delivered(running)
    assert (mail.to.address, mail.to.name) == (NEW, "Naomi")
    assert mail.subject == "Ruth Moss invites you to the team of Grace Chapel"
    assert made["token"] not in mail.text


async def test_either_link_of_an_invitation_uses_it_up(
    api: httpx.AsyncClient, running: Running
) -> None:
    ruth = await factories.church(api)
    made = await factories.invite(api, ruth, email=NEW)
    [token] = [token for page, token in await mailboxes.links(running) if page == "join"]
    assert (await factories.accept(api, made["token"])).status_code == 201
    assert refused(await factories.accept(api, token)) == (400, "INVITATION_INVALID")
