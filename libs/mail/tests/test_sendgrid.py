"""SendGrid: what is asked of it, what its answers mean, and what it tells later."""

import base64
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import SecretStr
from starlette.types import ASGIApp

from koinonia.common.events.ingress import MailOutcome
from koinonia.devkit.carrier.http_server import serving
from koinonia.devkit.mailbox.app import create_app
from koinonia.devkit.mailbox.box import Box
from koinonia.mail.contract import BadSignature, Malformed, Report, Reporter, Unread
from koinonia.mail.failures import Failure, Follows, MailFailure
from koinonia.mail.sendgrid import (
    SIGNATURE,
    TIMESTAMP,
    SendGrid,
    SendGridReports,
    SendGridSettings,
    public_keys,
)

from .outbox import MAIL_ID, Provider, written

NOW = 1_790_000_000.0


@asynccontextmanager
async def sendgrid(app: ASGIApp) -> AsyncIterator[SendGrid]:
    async with serving(app) as url, SendGrid.open(settings(url)) as opened:
        yield opened


def settings(url: str) -> SendGridSettings:
    return SendGridSettings(
        redis_url=SecretStr("redis://unused"),
        sendgrid_api_url=url,
        sendgrid_api_key=SecretStr("SG.0123"),
    )


async def test_a_mail_arrives_with_both_parts() -> None:
    box = Box()
    async with sendgrid(create_app(box)) as mailer:
        assert await mailer.send(written()) == f"sim-{MAIL_ID}"
    [mail] = box.latest()
    assert (mail.to, mail.subject, mail.kind) == ("ann@grace.example", "Join Grace", "invitation")
    assert (mail.text, mail.html) == (written().text, written().html)


async def test_no_link_is_rewritten_and_no_opening_counted() -> None:
    provider = Provider()
    async with sendgrid(provider.app) as mailer:
        await mailer.send(written())
    tracking = orjson.loads(provider.calls[0])["tracking_settings"]
    assert tracking["click_tracking"] == {"enable": False, "enable_text": False}
    assert tracking["open_tracking"] == {"enable": False}


async def test_a_digest_can_be_left_by_one_click() -> None:
    provider = Provider()
    async with sendgrid(provider.app) as mailer:
        await mailer.send(written(unsubscribe_url="https://app.example/u/1"))
        await mailer.send(written())
    digest, notice = (orjson.loads(call)["headers"] for call in provider.calls)
    assert digest["List-Unsubscribe"] == "<https://app.example/u/1>"
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe" not in notice


BAD_TO = '{"errors": [{"message": "…", "field": "personalizations.0.to.0.email", "help": null}]}'
BAD_FROM = '{"errors": [{"message": "…", "field": "from.email", "help": null}]}'


@pytest.mark.parametrize(
    ("status", "body", "failure", "follows"),
    [
        (400, BAD_TO, Failure.BAD_ADDRESS, Follows.MARK_ADDRESS),
        (400, BAD_FROM, Failure.BAD_REQUEST, Follows.BUG),
        (400, "<html>", Failure.BAD_REQUEST, Follows.BUG),
        (413, "", Failure.BAD_REQUEST, Follows.BUG),
        (401, "", Failure.ACCOUNT, Follows.PAUSE_ALL),
        (403, "", Failure.ACCOUNT, Follows.PAUSE_ALL),
        (429, "", Failure.THROTTLED, Follows.RETRY_LATER),
        (500, "", Failure.PROVIDER_TROUBLE, Follows.RETRY_LATER),
        (503, "", Failure.PROVIDER_TROUBLE, Follows.RETRY_LATER),
        (200, "<html>", Failure.PROVIDER_TROUBLE, Follows.RETRY_LATER),
    ],
)
async def test_a_refusal_is_one_of_our_words(
    status: int, body: str, failure: Failure, follows: Follows
) -> None:
    async with sendgrid(Provider(status=status, body=body).app) as mailer:
        with pytest.raises(MailFailure) as raised:
            await mailer.send(written())
    assert (raised.value.failure, raised.value.follows) == (failure, follows)


async def test_it_says_how_long_to_wait() -> None:
    async with sendgrid(Provider(status=429, headers={"Retry-After": "7"}).app) as mailer:
        with pytest.raises(MailFailure) as raised:
            await mailer.send(written())
    assert raised.value.retry_after == 7


async def test_nobody_there_is_not_connected() -> None:
    async with SendGrid.open(settings("http://127.0.0.1:9")) as mailer:
        with pytest.raises(MailFailure) as raised:
            await mailer.send(written())
    assert raised.value.failure is Failure.NOT_CONNECTED


def test_nothing_that_may_be_logged_shows_a_person() -> None:
    assert "ann" not in repr(written()).lower()
    assert "secret" not in repr(written())


# What it tells later.


@pytest.fixture
def key() -> EllipticCurvePrivateKey:
    return generate_private_key(SECP256R1())


def encoded(key: EllipticCurvePrivateKey) -> str:
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(spki).decode()


def signed(key: EllipticCurvePrivateKey, raw: bytes, at: float = NOW) -> dict[str, str]:
    signature = key.sign(str(int(at)).encode() + raw, ECDSA(SHA256()))
    return {SIGNATURE: base64.b64encode(signature).decode(), TIMESTAMP: str(int(at))}


def reporter(*keys: EllipticCurvePrivateKey) -> Reporter:
    return SendGridReports(public_keys(",".join(encoded(key) for key in keys)))


RAW = b'[{"event":"delivered"}]\r\n'


def passes(opened: Reporter, headers: Mapping[str, str], raw: bytes = RAW) -> bool:
    try:
        opened.verify(raw, headers, NOW)
    except BadSignature:
        return False
    return True


def test_a_genuine_call_passes_with_its_last_line_break(key: EllipticCurvePrivateKey) -> None:
    opened = reporter(key)
    assert passes(opened, signed(key, RAW))
    assert not passes(opened, signed(key, RAW), RAW.strip())


def test_either_key_passes_while_they_change(key: EllipticCurvePrivateKey) -> None:
    new = generate_private_key(SECP256R1())
    opened = reporter(key, new)
    assert [passes(opened, signed(each, RAW)) for each in (key, new)] == [True, True]
    opened = reporter(new)
    assert [passes(opened, signed(each, RAW)) for each in (key, new)] == [False, True]


@pytest.mark.parametrize("headers", [{}, {SIGNATURE: "no"}, {SIGNATURE: "AAAA", TIMESTAMP: "x"}])
def test_a_call_without_a_signature_is_refused(
    key: EllipticCurvePrivateKey, headers: dict[str, str]
) -> None:
    opened = reporter(key)
    with pytest.raises(BadSignature):
        opened.verify(RAW, headers, NOW)


def test_an_old_call_and_a_stranger_s_are_refused(key: EllipticCurvePrivateKey) -> None:
    stranger = generate_private_key(SECP256R1())
    opened = reporter(key)
    for headers in (signed(key, RAW, NOW - 601), signed(stranger, RAW)):
        with pytest.raises(BadSignature):
            opened.verify(RAW, headers, NOW)


def test_without_keys_every_call_is_refused(key: EllipticCurvePrivateKey) -> None:
    opened = reporter()
    with pytest.raises(BadSignature):
        opened.verify(RAW, signed(key, RAW, time.time()), time.time())


EVENTS = [
    {"event": "bounce", "sg_event_id": "1"},
    {"event": "bounce", "type": "blocked", "sg_event_id": "2"},
    {"event": "dropped", "sg_event_id": "3"},
    {"event": "spamreport", "sg_event_id": "4"},
    {"event": "deferred", "sg_event_id": "5"},
    {"event": "delivered", "sg_event_id": "6"},
]
OF_OURS = {"mail_id": str(MAIL_ID), "timestamp": 1_790_000_000}


def test_each_event_about_a_mail_of_ours_is_read() -> None:
    opened = reporter()
    reports = opened.parse(orjson.dumps([{**event, **OF_OURS} for event in EVENTS]))
    assert [report.outcome for report in reports if isinstance(report, Report)] == [
        MailOutcome.BOUNCED,
        MailOutcome.BLOCKED,
        MailOutcome.DROPPED,
        MailOutcome.COMPLAINED,
        MailOutcome.DELAYED,
        MailOutcome.DELIVERED,
    ]
    assert [getattr(report, "report_id", None) for report in reports] == list("123456")
    assert isinstance(reports[0], Report)
    assert reports[0].occurred_at == datetime.fromtimestamp(NOW, UTC)


@pytest.mark.parametrize(
    "event",
    [
        {"event": "open", **OF_OURS},
        {"event": "processed", **OF_OURS},
        {"event": "bounce", "timestamp": 1_790_000_000},
    ],
)
def test_what_says_nothing_of_a_mail_of_ours_is_left_out(event: object) -> None:
    delivered = {"event": "delivered", **OF_OURS}
    [report] = reporter().parse(orjson.dumps([event, delivered]))
    assert isinstance(report, Report)
    assert report.outcome is MailOutcome.DELIVERED


@pytest.mark.parametrize(
    "event",
    [
        None,
        7,
        {},
        {"event": "forgotten", **OF_OURS},
        {"event": "bounce", **OF_OURS, "mail_id": "no"},
        {"event": "bounce", **OF_OURS, "timestamp": "soon"},
        {"event": "bounce", **OF_OURS, "timestamp": 1e300},
        {"event": ["bounce"], **OF_OURS},
    ],
)
def test_what_cannot_be_read_is_said_and_takes_nothing_along(event: object) -> None:
    delivered = {"event": "delivered", **OF_OURS}
    unread, report = reporter().parse(orjson.dumps([event, delivered]))
    assert isinstance(unread, Unread)
    assert isinstance(report, Report)


@pytest.mark.parametrize("raw", [b"", b"{}", b"[", b"null"])
def test_what_is_no_list_is_malformed(raw: bytes) -> None:
    opened = reporter()
    with pytest.raises(Malformed):
        opened.parse(raw)


@pytest.mark.parametrize("value", ["no", "AAAA", "!"])
def test_a_key_that_is_none_is_said_at_the_start(value: str) -> None:
    with pytest.raises(ValueError, match="P-256"):
        public_keys(value)
