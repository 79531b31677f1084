"""Somebody forgot their password, or changes it."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from koinonia.auth.running import Running
from koinonia.auth.worker import prune
from koinonia.common import clock, db
from koinonia.common.testing import probe

from . import factories, mailboxes
from .conftest import Browser

NEW = "another horse battery"
UNKNOWN = "nobody@grace.example.org"


async def forgotten(api: httpx.AsyncClient, email: str = factories.EMAIL) -> httpx.Response:
    return await api.post("/api/auth/password/forgotten", json={"email": email})


async def reset(api: httpx.AsyncClient, token: str, password: str = NEW) -> httpx.Response:
    body = {"token": token, "password": password}
    return await api.post("/api/auth/password/reset", json=body)


async def change(api: httpx.AsyncClient, who: dict[str, Any], **changes: str) -> httpx.Response:
    body = {"password": factories.PASSWORD, "newPassword": NEW} | changes
    return await api.post("/api/auth/password", json=body, headers=factories.as_(who))


async def mailed_token(api: httpx.AsyncClient, running: Running) -> str:
    """The secret of a link for a new password."""
    await forgotten(api)
    [token] = [token for page, token in await mailboxes.links(running) if page == "reset-password"]
    return token


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_who_forgot_chooses_a_new_one_by_the_link_in_a_mail(
    api: httpx.AsyncClient, running: Running, database: db.Database
) -> None:
    ruth = await factories.church(api, firstName="Ruth")
    answer = await reset(api, await mailed_token(api, running))
    assert (answer.status_code, answer.content) == (204, b"")
    assert refused(await factories.login(api)) == (401, "INVALID_CREDENTIALS")
    assert (await factories.login(api, password=NEW)).status_code == 200
    told = await mailboxes.delivered(running)
    assert [(mail.to.address, mail.subject) for mail in told] == [
        (factories.EMAIL, "Your password was changed")
    ]
    trail = await factories.trail(database, ruth["church"]["id"])
    assert trail[1:3] == ["admin.password_forgotten", "admin.password_reset"]


async def test_the_mail_names_person_and_church_and_leads_to_our_own_address(
    api: httpx.AsyncClient, running: Running
) -> None:
    await factories.church(api, firstName="Ruth", lastName="Moss", language="spanish")
    await mailboxes.delivered(running)
    await forgotten(api)
    [mail] = await mailboxes.delivered(running)
    assert (mail.to.name, mail.subject) == ("Ruth Moss", "Elija una contraseña nueva")
    assert "Grace Chapel" in mail.text
    assert "https://koinonia.example.org/reset-password#" in mail.text
    assert mail.text.count("http") == 1


async def test_every_session_ends_with_the_old_password(
    api: httpx.AsyncClient, running: Running
) -> None:
    ruth = await factories.church(api)
    await reset(api, await mailed_token(api, running))
    assert refused(await factories.renew(api, ruth["tokens"]["refreshToken"])) == (
        401,
        "SESSION_ENDED",
    )
    me = await api.get("/api/auth/me", headers=factories.as_(ruth))
    assert refused(me) == (401, "SESSION_ENDED")


async def test_nobody_learns_whether_an_address_has_an_account(
    api: httpx.AsyncClient, running: Running
) -> None:
    await factories.church(api)
    await mailboxes.delivered(running)
    known, unknown = await forgotten(api), await forgotten(api, UNKNOWN)
    assert (
        (known.status_code, known.content) == (unknown.status_code, unknown.content) == (202, b"")
    )
    assert [mail.to.address for mail in await mailboxes.delivered(running)] == [factories.EMAIL]


@pytest.mark.parametrize("email", [factories.EMAIL, UNKNOWN])
async def test_a_fourth_mail_in_an_hour_is_refused_with_when_to_ask_again(
    api: httpx.AsyncClient, email: str
) -> None:
    await factories.church(api)
    assert [(await forgotten(api, email)).status_code for _ in range(3)] == [202] * 3
    fourth = await forgotten(api, email)
    assert refused(fourth) == (429, "TOO_MANY_RESETS")
    assert 3500 < int(fourth.headers["retry-after"]) <= 3600
    with clock.shift(timedelta(hours=1, seconds=1)):
        assert (await forgotten(api, email)).status_code == 202


async def test_whatever_is_wrong_with_a_link_it_gets_one_answer(
    api: httpx.AsyncClient, running: Running
) -> None:
    await factories.church(api)
    replaced = await mailed_token(api, running)
    used = await mailed_token(api, running)
    assert (await reset(api, used)).status_code == 204
    answers = [await reset(api, token) for token in (replaced, used, "x" * 43, "é")]
    late = await mailed_token(api, running)
    with clock.shift(timedelta(minutes=30, seconds=1)):
        answers.append(await reset(api, late))
    assert {refused(answer) for answer in answers} == {(400, "LINK_INVALID")}
    assert len({answer.json()["error"]["message"] for answer in answers}) == 1


async def test_a_weak_password_leaves_the_link_good(
    api: httpx.AsyncClient, running: Running
) -> None:
    await factories.church(api)
    token = await mailed_token(api, running)
    assert refused(await reset(api, token, factories.EMAIL)) == (400, "PERSONAL_PASSWORD")
    assert (await reset(api, token)).status_code == 204


async def test_neither_link_nor_address_is_kept_readable(
    api: httpx.AsyncClient, running: Running, database: db.Database
) -> None:
    await factories.church(api)
    token = await mailed_token(api, running)
    async with database.transaction() as session:
        kept = [
            await probe.rows(session, f"SELECT t::text AS row FROM {table} t")
            for table in ("mails", "secret_links", "reset_requests")
        ]
    written = "".join(str(row.row) for rows in kept for row in rows)
    assert [len(rows) for rows in kept] == [2, 2, 1]
    assert token not in written
    assert factories.EMAIL not in written


async def test_who_is_removed_is_mailed_nothing(api: httpx.AsyncClient, running: Running) -> None:
    ruth = await factories.church(api)
    naomi = await factories.join(api, ruth, email="naomi@grace.example.org")
    await mailboxes.delivered(running)
    path = f"{factories.TEAM}/{naomi['admin']['id']}"
    assert (await api.delete(path, headers=factories.as_(ruth))).status_code == 204
    await forgotten(api, "naomi@grace.example.org")
    assert await mailboxes.delivered(running) == []


async def test_who_knows_it_changes_it_and_stays_signed_in_here_alone(
    api: httpx.AsyncClient, browser: Browser, running: Running
) -> None:
    ruth = await factories.church(api)
    elsewhere = (await factories.login(browser(), tokens=True)).json()
    assert (await change(api, ruth)).status_code == 204
    assert (await api.get("/api/auth/me", headers=factories.as_(ruth))).status_code == 200
    ended = await factories.renew(api, elsewhere["tokens"]["refreshToken"])
    assert refused(ended) == (401, "SESSION_ENDED")
    assert (await factories.login(api, password=NEW)).status_code == 200
    subjects = [mail.subject for mail in await mailboxes.delivered(running)]
    assert "Your password was changed" in subjects


async def test_a_changed_password_ends_the_links_that_were_mailed(
    api: httpx.AsyncClient, running: Running
) -> None:
    ruth = await factories.church(api)
    token = await mailed_token(api, running)
    await change(api, ruth)
    assert refused(await reset(api, token)) == (400, "LINK_INVALID")


async def test_a_stolen_session_cannot_guess_the_password(
    api: httpx.AsyncClient, database: db.Database
) -> None:
    ruth = await factories.church(api)
    wrong = [await change(api, ruth, password=f"wrong {number}") for number in range(10)]
    assert {refused(answer) for answer in wrong} == {(403, "WRONG_PASSWORD")}
    assert refused(await change(api, ruth)) == (429, "TOO_MANY_ATTEMPTS")
    trail = await factories.trail(database, ruth["church"]["id"])
    assert trail.count("admin.login_failed") == 10


async def test_what_is_over_is_forgotten(
    api: httpx.AsyncClient, running: Running, database: db.Database
) -> None:
    await factories.church(api)
    await mailed_token(api, running)
    with clock.shift(timedelta(days=91)):
        await prune(running)
    async with database.transaction() as session:
        for table in ("mails", "secret_links", "reset_requests"):
            assert await probe.rows(session, f"SELECT 1 FROM {table}") == []
