"""Addresses that take no mail: who is told, what is still sent there, and how it ends."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from koinonia.auth.mailing import marked_addresses, sending
from koinonia.auth.mailing.kinds import Kind
from koinonia.auth.running import Running
from koinonia.common import clock, db
from koinonia.common.events.ingress import MailOutcome, MailReported
from koinonia.common.testing import probe
from koinonia.mail.failures import Failure, MailFailure

from . import factories, mailboxes
from .conftest import Browser
from .mailboxes import Mailbox, delivered

INVITED = "naomi@grace.example.org"


async def report(
    running: Running, mail_id: UUID, outcome: MailOutcome = MailOutcome.BOUNCED, **changed: Any
) -> None:
    given = {"provider": "sendgrid", "reported_at": clock.now()} | changed
    event = MailReported(mail_id=mail_id, outcome=outcome, **given)
    async with running.database.transaction() as session:
        await marked_addresses.record(session, event)


async def mailed(running: Running) -> UUID:
    """The mail that was sent last."""
    return (await delivered(running))[-1].mail_id


async def me(api: httpx.AsyncClient, who: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = (await api.get("/api/auth/me", headers=factories.as_(who))).json()
    return answer


async def trouble(api: httpx.AsyncClient, who: dict[str, Any]) -> str | None:
    """As the own account has it, and the list of the team."""
    team = await api.get(factories.TEAM, headers=factories.as_(who))
    [listed] = [each["emailTrouble"] for each in team.json()["data"] if each["email"] in str(who)]
    own: str | None = (await me(api, who))["emailTrouble"]
    assert listed == own
    return own


async def prove(api: httpx.AsyncClient, running: Running) -> None:
    [token] = [token for page, token in await mailboxes.links(running) if page == "confirm-address"]
    answer = await api.post("/api/auth/email/confirm", json={"token": token})
    assert answer.status_code == 204


@pytest.mark.parametrize(
    ("outcome", "shown"),
    [
        (MailOutcome.BOUNCED, "bounced"),
        (MailOutcome.DROPPED, "dropped"),
        (MailOutcome.COMPLAINED, "complained"),
        (MailOutcome.BLOCKED, None),
        (MailOutcome.DELAYED, None),
        (MailOutcome.DELIVERED, None),
    ],
)
async def test_the_person_and_the_team_see_what_is_wrong(
    api: httpx.AsyncClient, running: Running, outcome: MailOutcome, shown: str | None
) -> None:
    ruth = await factories.church(api)
    await report(running, await mailed(running), outcome)
    assert await trouble(api, ruth) == shown
    assert bool((await me(api, ruth))["emailTroubleSince"]) == bool(shown)


async def test_a_link_that_was_mailed_to_it_and_used_ends_it(
    api: httpx.AsyncClient, running: Running
) -> None:
    ruth = await factories.church(api)
    await prove(api, running)
    await api.post("/api/auth/password/forgotten", json={"email": factories.EMAIL})
    await report(running, await mailed(running))
    again = await api.post("/api/auth/email/verification", headers=factories.as_(ruth))
    assert again.status_code == 202  # although it was proved once
    await prove(api, running)
    assert await trouble(api, ruth) is None
    again = await api.post("/api/auth/email/verification", headers=factories.as_(ruth))
    assert again.json()["error"]["code"] == "ADDRESS_PROVED"


async def test_it_stays_with_the_address_that_somebody_leaves(
    api: httpx.AsyncClient, running: Running
) -> None:
    ruth = await factories.church(api)
    await report(running, await mailed(running))
    body = {"email": "ruth@new.example.org", "password": factories.PASSWORD}
    await api.post("/api/auth/email", json=body, headers=factories.as_(ruth))
    await prove(api, running)
    ruth = (await factories.login(api, email=body["email"], tokens=True)).json()
    assert await trouble(api, ruth) is None


async def test_a_report_from_before_the_proof_says_nothing_any_more(
    api: httpx.AsyncClient, running: Running
) -> None:
    ruth = await factories.church(api)
    mail_id = await mailed(running)
    await report(running, mail_id)
    await api.post("/api/auth/email/verification", headers=factories.as_(ruth))
    await prove(api, running)
    await report(running, mail_id, reported_at=clock.now() - timedelta(hours=1))
    assert await trouble(api, ruth) is None
    await report(running, mail_id, reported_at=clock.now() + timedelta(hours=1))
    assert await trouble(api, ruth) == "bounced"


async def test_who_is_invited_at_such_an_address_is_mailed_nothing_and_the_inviter_told(
    api: httpx.AsyncClient, running: Running, database: db.Database
) -> None:
    ruth = await factories.church(api)
    first = await factories.invite(api, ruth, email=INVITED)
    assert first["emailTrouble"] is None
    [mail_id] = [mail.mail_id for mail in await delivered(running) if mail.to.address == INVITED]
    await report(running, mail_id, MailOutcome.COMPLAINED)
    second = await factories.invite(api, ruth, email=INVITED)
    assert second["emailTrouble"] == "complained"
    assert await delivered(running) == []
    listed = await api.get("/api/auth/invitations", headers=factories.as_(ruth))
    assert [each["emailTrouble"] for each in listed.json()["data"]] == ["complained"]
    async with database.transaction() as session:
        found = await probe.rows(session, "SELECT failure FROM mails WHERE state = 'failed'")
    assert [row.failure for row in found] == ["address_marked"]


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.INVITATION, Kind.NOTIFICATIONS}))
def test_what_somebody_waits_for_is_sent_all_the_same(kind: Kind) -> None:
    assert not kind.spares_marked


async def test_a_forgotten_password_is_mailed_to_a_marked_address_too(
    api: httpx.AsyncClient, running: Running
) -> None:
    await factories.church(api)
    await report(running, await mailed(running))
    await api.post("/api/auth/password/forgotten", json={"email": factories.EMAIL})
    assert [mail.kind for mail in await delivered(running)] == ["password_reset"]


async def test_an_address_that_the_provider_refuses_at_once_is_marked_too(
    api: httpx.AsyncClient, running: Running
) -> None:
    ruth = await factories.church(api)
    running.mailer = Mailbox(failures=[MailFailure(Failure.BAD_ADDRESS)])
    await sending.send_due(running)
    assert await trouble(api, ruth) == "bounced"


async def test_news_of_a_mail_goes_forwards_only(
    api: httpx.AsyncClient, running: Running, database: db.Database
) -> None:
    await factories.church(api)
    mail_id, now = await mailed(running), clock.now()
    await report(running, mail_id, MailOutcome.DELIVERED, reported_at=now)
    await report(running, mail_id, MailOutcome.DELAYED, reported_at=now - timedelta(minutes=1))
    await report(running, uuid4())  # of another system
    async with database.transaction() as session:
        found = await probe.rows(session, "SELECT outcome FROM mails WHERE outcome IS NOT NULL")
    assert [row.outcome for row in found] == ["delivered"]


async def test_marks_of_addresses_that_nobody_has_are_forgotten(
    api: httpx.AsyncClient, browser: Browser, running: Running, database: db.Database
) -> None:
    ruth = await factories.church(api)
    kept = await mailed(running)
    await factories.invite(api, ruth, email=INVITED)
    for mail_id in (kept, await mailed(running)):
        await report(running, mail_id)
    with clock.shift(marked_addresses.KEPT + timedelta(days=1)):
        async with database.transaction() as session:
            assert await marked_addresses.prune(session) == 1
