"""How mail is handed over when its provider is well, busy, or away."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import jinja2
import pytest

from koinonia.auth.mailing import mails, sending
from koinonia.auth.mailing.kinds import TEMPLATES, Kind
from koinonia.auth.mailing.mails import Recipient
from koinonia.auth.running import Running
from koinonia.common import clock, db
from koinonia.common.testing import probe
from koinonia.mail.failures import Failure, MailFailure

from . import factories
from .conftest import Browser
from .mailboxes import Mailbox, delivered

VALUES: dict[str, Any] = {
    "notices": [{"kind": "assigned", "by": "Ruth"}],
    "more": 0,
    "preferences": "https://koinonia.example.org/settings",
    "church": "Grace",
    "link": "https://koinonia.example.org/x#y",
    "when": "2026-12-01 09:00 (America/Chicago)",
    "shown": "new@grace.example.org",
    "is_done": "yes",
    "is_on": "yes",
    "inviter": "Ruth Moss",
}


@pytest.fixture
async def church_id(browser: Browser, running: Running) -> UUID:
    """A church to which nothing is to be mailed yet."""
    church = await factories.church(browser())
    await delivered(running)
    return UUID(church["church"]["id"])


async def wanted(running: Running, church_id: UUID, kind: Kind = Kind.PASSWORD_CHANGED) -> UUID:
    to = Recipient(church_id=church_id, admin_id=None, address="ruth@grace.example.org")
    async with running.database.transaction() as session:
        return await mails.add(session, running.ring, kind, to, "en", VALUES)


async def state(database: db.Database, mail_id: UUID) -> tuple[str, str | None]:
    query = "SELECT state, failure FROM mails WHERE id = :id"
    async with database.transaction() as session:
        [row] = await probe.rows(session, query, {"id": mail_id})
    return row.state, row.failure


def trouble(failure: Failure = Failure.PROVIDER_TROUBLE) -> MailFailure:
    return MailFailure(failure)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("language", TEMPLATES.languages)
def test_every_kind_has_its_words_in_every_language(kind: Kind, language: str) -> None:
    mail = TEMPLATES.render(kind, language, VALUES)
    assert mail.subject
    assert VALUES["link"] in mail.text
    assert f'href="{VALUES["link"]}"' in mail.html


@pytest.mark.parametrize("kind", Kind)
def test_languages_say_the_same_with_their_own_words(kind: Kind) -> None:
    subjects = {TEMPLATES.render(kind, each, VALUES).subject for each in TEMPLATES.languages}
    assert len(subjects) == len(TEMPLATES.languages)


def test_a_kind_without_a_template_is_an_error() -> None:
    with pytest.raises(jinja2.TemplateNotFound):
        TEMPLATES.render("nonsense", "en", VALUES)


async def test_a_mail_is_handed_over_once_and_its_content_is_gone(
    running: Running, church_id: UUID, database: db.Database
) -> None:
    mail_id = await wanted(running, church_id)
    assert [mail.mail_id for mail in await delivered(running)] == [mail_id]
    assert await delivered(running) == []
    async with database.transaction() as session:
        [row] = await probe.rows(session, "SELECT * FROM mails WHERE id = :id", {"id": mail_id})
    assert (row.state, row.sealed, row.provider, row.provider_id) == (
        "sent",
        None,
        "mailbox",
        "taken-1",
    )


async def test_a_busy_provider_is_asked_again_under_the_same_id(
    running: Running, church_id: UUID, database: db.Database
) -> None:
    mail_id = await wanted(running, church_id)
    running.mailer = box = Mailbox(failures=[trouble()])
    await sending.send_due(running)
    assert await state(database, mail_id) == ("waiting", "provider_trouble")
    await sending.send_due(running)
    assert box.mails == []
    with clock.shift(timedelta(seconds=6)):
        await sending.send_due(running)
    assert [mail.mail_id for mail in box.mails] == [mail_id]
    assert await state(database, mail_id) == ("sent", None)


async def test_it_waits_as_long_as_it_was_asked_to(
    running: Running, church_id: UUID, database: db.Database
) -> None:
    await wanted(running, church_id)
    throttled = MailFailure(Failure.THROTTLED, retry_after=100)
    running.mailer = box = Mailbox(failures=[throttled])
    await sending.send_due(running)
    for seconds, taken in ((90, 0), (101, 1)):
        with clock.shift(timedelta(seconds=seconds)):
            await sending.send_due(running)
        assert len(box.mails) == taken


@pytest.mark.parametrize("failure", [Failure.BAD_ADDRESS, Failure.REFUSED, Failure.BAD_REQUEST])
async def test_what_will_never_be_taken_is_tried_once(
    running: Running, church_id: UUID, database: db.Database, failure: Failure
) -> None:
    mail_id = await wanted(running, church_id)
    running.mailer = box = Mailbox(failures=[trouble(failure)])
    for _ in range(2):
        await sending.send_due(running)
    assert (await state(database, mail_id), box.mails) == (("failed", failure), [])


async def test_a_link_that_works_no_more_is_not_mailed(
    running: Running, church_id: UUID, database: db.Database
) -> None:
    mail_id = await wanted(running, church_id, Kind.PASSWORD_RESET)
    running.mailer = box = Mailbox()
    with clock.shift(timedelta(minutes=31)):
        await sending.send_due(running)
    assert (await state(database, mail_id), box.mails) == (("expired", None), [])


async def test_a_try_that_would_come_too_late_is_the_end(
    running: Running, church_id: UUID, database: db.Database
) -> None:
    mail_id = await wanted(running, church_id, Kind.PASSWORD_RESET)
    running.mailer = Mailbox(failures=[MailFailure(Failure.THROTTLED, retry_after=2000)])
    await sending.send_due(running)
    assert await state(database, mail_id) == ("expired", "throttled")


async def test_without_a_provider_mail_waits_for_one(
    running: Running, church_id: UUID, database: db.Database
) -> None:
    mail_id = await wanted(running, church_id)
    running.mailer = None
    assert await sending.send_due(running) == 0
    assert await state(database, mail_id) == ("waiting", None)
    assert len(await delivered(running)) == 1


async def test_where_nobody_sends_mail_its_content_is_not_kept_for_ever(
    running: Running, church_id: UUID, database: db.Database
) -> None:
    mail_id = await wanted(running, church_id)
    with clock.shift(timedelta(days=3, seconds=1)):
        async with database.transaction() as session:
            await mails.prune(session)
    assert await state(database, mail_id) == ("expired", None)


async def test_a_provider_that_is_away_is_left_alone(
    running: Running, church_id: UUID, database: db.Database
) -> None:
    many = [await wanted(running, church_id) for _ in range(12)]
    failures = [trouble(Failure.NOT_CONNECTED) for _ in many]
    running.mailer = box = Mailbox("away", failures)  # circuits live as long as the process
    await sending.send_due(running)
    assert {(await state(database, each))[0] for each in many} == {"waiting"}
    assert "provider_away" in [(await state(database, each))[1] for each in many]
    assert box.mails == []


async def test_who_dies_while_sending_has_it_sent_again(
    running: Running, church_id: UUID, database: db.Database
) -> None:
    mail_id = await wanted(running, church_id)
    async with database.transaction() as session:
        await mails.claim(session, 10, sending.LEASE)
    assert await delivered(running) == []
    with clock.shift(sending.LEASE + timedelta(seconds=1)):
        assert [mail.mail_id for mail in await delivered(running)] == [mail_id]
