"""The loop that hands mails over.

A mail whose call failed for a while is tried again on a ladder until it is worth nothing any more.
While the provider is away its circuit is open: mails wait, and no request ever waits for one.
"""

import asyncio
from datetime import timedelta

import structlog

from koinonia.auth.mailing import mails, marked_addresses
from koinonia.auth.mailing.kinds import TEMPLATES, Kind
from koinonia.auth.mailing.mails import Due
from koinonia.auth.running import Running
from koinonia.common import clock, retry, telemetry
from koinonia.common.events.ingress import MailOutcome
from koinonia.mail.contract import Address, Mail, Mailer
from koinonia.mail.failures import Follows, MailFailure

AT_ONCE = 10
LEASE = timedelta(minutes=2)  # longer than the calls of one round take
LADDER = tuple(timedelta(seconds=each) for each in (5, 30, 120, 600, 1800, 3600, 3 * 3600))
ADDRESS_MARKED = "address_marked"  # a failure of ours, beside those of providers
ACCOUNT_PAUSE = timedelta(minutes=5)  # an operator has to act

log = structlog.get_logger()
_handed = telemetry.counter("koinonia_mails_total")


async def send_due(running: Running) -> int:
    """Hand over all mails whose turn it is; returns how many were tried."""
    mailer, tried = running.mailer, 0
    if mailer is None:
        return tried
    while due := await _claimed(running):
        await asyncio.gather(*(_send(running, mailer, mail) for mail in due))
        tried += len(due)
    return tried


async def _claimed(running: Running) -> list[Due]:
    async with running.database.transaction() as session:
        return list(await mails.claim(session, AT_ONCE, LEASE))


async def _send(running: Running, mailer: Mailer, mail: Due) -> None:
    """Try one mail, and record what came of it."""
    if mail.expires_at <= clock.now():
        async with running.database.transaction() as session:
            await mails.expire(session, mail.id, None)
        return _count(mail, "expired")
    if mail.is_marked and Kind(mail.kind).spares_marked:
        return await _fail(running, mail, ADDRESS_MARKED)
    try:
        provider_id = await _hand_over(mailer, _written(running, mail))
    except retry.CircuitOpen as circuit:
        await _postpone(running, mail, timedelta(seconds=circuit.retry_after), "provider_away")
    except MailFailure as failure:
        await _record_failure(running, mail, failure)
    else:
        async with running.database.transaction() as session:
            await mails.record_sent(session, mail.id, mailer.name, provider_id)
        _count(mail, "sent")


async def _hand_over(mailer: Mailer, mail: Mail) -> str | None:
    """Raises ``MailFailure`` and ``CircuitOpen``; what is wrong with this mail alone says nothing
    about the provider."""
    async with retry.breaker(f"mail.{mailer.name}"):
        try:
            return await mailer.send(mail)
        except MailFailure as failure:
            if failure.follows in (Follows.RETRY_LATER, Follows.PAUSE_ALL):
                raise
            refusal = failure
    raise refusal


async def _record_failure(running: Running, mail: Due, failure: MailFailure) -> None:
    match failure.follows:
        case Follows.RETRY_LATER:
            rung = LADDER[min(mail.attempts, len(LADDER)) - 1]
            wait = timedelta(seconds=failure.retry_after) if failure.retry_after else rung
            await _postpone(running, mail, wait, failure.failure)
        case Follows.PAUSE_ALL:
            log.error("mail.account_refused", failure=failure.failure, code=failure.code)
            await _postpone(running, mail, ACCOUNT_PAUSE, failure.failure)
        case Follows.GIVE_UP | Follows.MARK_ADDRESS | Follows.BUG:
            await _fail(running, mail, failure.failure)
    if failure.follows is Follows.MARK_ADDRESS:
        async with running.database.transaction() as session:
            await marked_addresses.settle(session, mail.id, MailOutcome.BOUNCED, clock.now())


async def _fail(running: Running, mail: Due, failure: str) -> None:
    async with running.database.transaction() as session:
        await mails.record_failed(session, mail.id, failure)
    log.warning("mail.failed", mail=str(mail.id), kind=mail.kind, failure=failure)
    _count(mail, "failed")


async def _postpone(running: Running, mail: Due, wait: timedelta, failure: str) -> None:
    """Try again after ``wait``, or never, if the mail is worth nothing by then."""
    until = clock.now() + wait
    is_over = until >= mail.expires_at
    async with running.database.transaction() as session:
        if is_over:
            await mails.expire(session, mail.id, failure)
        else:
            await mails.postpone(session, mail.id, until, failure)
    _count(mail, "expired" if is_over else "postponed")


def _written(running: Running, mail: Due) -> Mail:
    content = mails.opened(running.ring, mail)
    unsubscribe = content.values.get("unsubscribe")
    words = TEMPLATES.render(mail.kind, mail.language, content.values)
    return Mail(
        mail_id=mail.id,
        kind=mail.kind,
        sender=running.settings.mail_sender,
        to=Address(address=content.address, name=content.name),
        subject=words.subject,
        text=words.text,
        html=words.html,
        unsubscribe_url=str(unsubscribe) if unsubscribe else None,
    )


def _count(mail: Due, outcome: str) -> None:
    _handed.add(1, {"kind": mail.kind, "outcome": outcome})
