"""SMTP, against a server that says what the test wants to hear."""

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from koinonia.mail.failures import Failure, Follows, MailFailure
from koinonia.mail.smtp import Smtp, message, server

from .outbox import MAIL_ID, written


class MailServer:
    """Speaks as much SMTP as a client needs; ``answers`` by the first word of a command."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.answers = {"EHLO": "250-here\r\n250 AUTH PLAIN LOGIN", "QUIT": "221 bye", **answers}
        self.heard: list[str] = []
        self.mail = b""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write((self.answers.get("", "220 here") + "\r\n").encode())
        while line := (await reader.readline()).decode().strip():
            self.heard.append(line)
            word = line.split(" ")[0].upper()
            if word == "DATA" and "DATA" not in self.answers:
                writer.write(b"354 go on\r\n")
                self.mail = await reader.readuntil(b"\r\n.\r\n")
                word = "MAIL DATA"
            writer.write((self.answers.get(word, "250 ok") + "\r\n").encode())
            if word == "QUIT":
                break
        writer.close()


@asynccontextmanager
async def talking(
    scheme: str = "smtp+plain", user: str = "", **answers: str
) -> AsyncIterator[tuple[Smtp, MailServer]]:
    there = MailServer(answers)
    listening = await asyncio.start_server(there.talk, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield Smtp(server(f"{scheme}://{user}127.0.0.1:{port}")), there


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, EmailMessage, policy=policy.default)


async def test_a_mail_arrives_with_both_parts() -> None:
    async with talking() as (mailer, there):
        assert await mailer.send(written()) == f"<{MAIL_ID}@koinonia.example>"
    mail = read(there.mail)
    assert mail["To"] == "Ann Ünal <ann@grace.example>"
    assert mail["Message-ID"] == f"<{MAIL_ID}@koinonia.example>"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert any(line.upper().startswith("RCPT TO:<ANN@GRACE.EXAMPLE>") for line in there.heard)


async def test_it_signs_in_when_the_address_says_as_whom() -> None:
    async with talking(user="koinonia:p%40ss@", AUTH="235 in") as (mailer, there):
        await mailer.send(written())
    [given] = [line for line in there.heard if line.startswith("AUTH PLAIN ")]
    assert base64.b64decode(given.split()[2]) == b"\0koinonia\0p@ss"


async def test_a_password_never_travels_in_the_clear() -> None:
    async with talking(scheme="smtp", user="koinonia:secret@") as (mailer, there):
        with pytest.raises(MailFailure):
            await mailer.send(written())
    assert not any(line.startswith("AUTH") for line in there.heard)


@pytest.mark.parametrize(
    ("answers", "failure", "follows"),
    [
        ({"RCPT": "550 no such user"}, Failure.BAD_ADDRESS, Follows.MARK_ADDRESS),
        ({"RCPT": "451 greylisted"}, Failure.PROVIDER_TROUBLE, Follows.RETRY_LATER),
        ({"MAIL": "553 not yours"}, Failure.ACCOUNT, Follows.PAUSE_ALL),
        ({"MAIL": "421 busy"}, Failure.PROVIDER_TROUBLE, Follows.RETRY_LATER),
        ({"DATA": "554 spam"}, Failure.REFUSED, Follows.GIVE_UP),
        ({"MAIL DATA": "552 too large"}, Failure.REFUSED, Follows.GIVE_UP),
        ({"": "421 too many"}, Failure.NOT_CONNECTED, Follows.RETRY_LATER),
    ],
)
async def test_a_refusal_is_one_of_our_words(
    answers: dict[str, str], failure: Failure, follows: Follows
) -> None:
    async with talking(**answers) as (mailer, _):
        with pytest.raises(MailFailure) as raised:
            await mailer.send(written())
    assert (raised.value.failure, raised.value.follows) == (failure, follows)


async def test_a_wrong_password_stops_all_mail_and_not_one() -> None:
    async with talking(user="koinonia:wrong@", AUTH="535 no") as (mailer, _):
        with pytest.raises(MailFailure) as raised:
            await mailer.send(written())
    assert raised.value.follows is Follows.PAUSE_ALL


async def test_nobody_there_is_not_connected() -> None:
    with pytest.raises(MailFailure) as raised:
        await Smtp(server("smtp+plain://127.0.0.1:9")).send(written())
    assert raised.value.failure is Failure.NOT_CONNECTED


def test_a_line_break_in_a_subject_is_no_second_header() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        message(written(subject="Hello\r\nBcc: x@y.example"))


def test_a_digest_can_be_left_by_one_click() -> None:
    mail = message(written(unsubscribe_url="https://app.example/u/1"))
    assert mail["List-Unsubscribe"] == "<https://app.example/u/1>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("url", ["", "http://mail.example", "smtp://", "mail.example:25"])
def test_an_address_that_is_none_is_said_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="smtps://"):
        server(url)


def test_ports_are_the_usual_ones() -> None:
    ports = [server(f"{scheme}://mail.example").port for scheme in ("smtps", "smtp", "smtp+plain")]
    assert ports == [465, 587, 25]
