"""What somebody is told: once, as they prefer, and never at night."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from koinonia.auth.mailing.kinds import TEMPLATES
from koinonia.auth.notifications import notification_mails, timing, wanted_notifications
from koinonia.auth.notifications.defaults import DEFAULTS
from koinonia.auth.notifications.notifications import Details
from koinonia.auth.notifications.timing import Hours
from koinonia.auth.program import PROGRAM
from koinonia.auth.running import Running
from koinonia.common import clock, db
from koinonia.common.events.auth import AddressMarked, NotificationKind
from koinonia.common.events.base import ChurchEvent
from koinonia.common.events.billing import AllowanceUpdated, DeclineCode, SpendDeclined
from koinonia.common.events.conversation import NoticeReason, StaffNotified
from koinonia.common.events.messaging import (
    DeliveryStatus,
    ImportProgressed,
    ImportStatus,
    MessageCompleted,
    MessageKind,
    NumberConnection,
    NumberConnectionChanged,
)
from koinonia.common.testing import service
from koinonia.mail.contract import Mail

from . import factories
from .mailboxes import delivered

LIST = "/api/notifications"
NOON = datetime(2026, 12, 1, 17, tzinfo=UTC)  # in New York
Who = dict[str, Any]


def church_id(who: Who) -> UUID:
    return UUID(who["church"]["id"])


def admin_id(who: Who) -> UUID:
    return UUID(who["admin"]["id"])


def assigned(who: Who, **changed: Any) -> StaffNotified:
    given = {"admin_ids": (admin_id(who),), "conversation_id": uuid4(), "reason": "assigned"}
    return StaffNotified(church_id=church_id(who), **given | changed)


async def listed(api: httpx.AsyncClient, who: Who, **query: Any) -> list[dict[str, Any]]:
    answer = await api.get(LIST, params=query, headers=factories.as_(who))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


async def unread(api: httpx.AsyncClient, who: Who) -> int:
    answer = await api.get(f"{LIST}/unread", headers=factories.as_(who))
    count: int = answer.json()["unread"]
    return count


async def prefer(api: httpx.AsyncClient, who: Who, **body: Any) -> httpx.Response:
    return await api.patch(f"{LIST}/preferences", json=body, headers=factories.as_(who))


async def mailed_after(running: Running, wait: timedelta) -> list[Mail]:
    with clock.shift(wait):
        await notification_mails.mail_due(running)
        return [mail for mail in await delivered(running) if mail.kind == "notifications"]


@pytest.fixture
async def ruth(api: httpx.AsyncClient) -> Who:
    return await factories.church(api, firstName="Ruth", lastName="Moss")


@pytest.fixture
async def naomi(api: httpx.AsyncClient, ruth: Who) -> Who:
    return await factories.join(api, ruth, "staff", "naomi@grace.example.org")


@pytest.mark.parametrize("reason", NoticeReason)
async def test_what_conversation_says_to_somebody_is_in_their_list_and_in_no_other(
    api: httpx.AsyncClient, running: Running, ruth: Who, naomi: Who, reason: NoticeReason
) -> None:
    event = assigned(naomi, reason=reason, by=admin_id(ruth))
    await service.hear(PROGRAM, running, event)
    [shown] = await listed(api, naomi)
    assert (shown["kind"], shown["byName"]) == (reason, "Ruth Moss")
    assert shown["details"]["conversationId"] == str(event.conversation_id)
    assert (await listed(api, ruth), await unread(api, naomi)) == ([], 1)


async def test_an_event_that_is_told_twice_is_there_once(
    api: httpx.AsyncClient, running: Running, naomi: Who
) -> None:
    event = assigned(naomi)
    for _ in range(2):
        async with running.database.transaction(event.church_id) as session:
            await wanted_notifications.notify_staff(session, event)
    assert len(await listed(api, naomi)) == 1


def events(who: Who) -> list[tuple[ChurchEvent, str | None, set[str]]]:
    """Each with the kind it asks for, and who is told: owner and staff."""
    church, staff = church_id(who), admin_id(who)
    sent = {"kind": MessageKind.BROADCAST, "parts": 10, "message_id": uuid4(), "admin_id": staff}
    failed = {DeliveryStatus.FAILED: 1, DeliveryStatus.DELIVERED: 9}
    fine = {DeliveryStatus.FAILED: 1, DeliveryStatus.DELIVERED: 99}
    given = {"import_id": uuid4(), "rows": 5, "rows_done": 5, "counts": {}, "admin_id": staff}
    number = {"church_id": church, "number_id": uuid4()}
    plan = {"church_id": church, "allowance_parts": 100, "reserved_parts": 0}
    declined = SpendDeclined(
        church_id=church, message_id=uuid4(), code=DeclineCode.PLAN_ENDED, reason="It ended."
    )
    return [
        (MessageCompleted(church_id=church, counts=failed, **sent), "broadcast_failed", {"staff"}),
        (MessageCompleted(church_id=church, counts=fine, **sent), None, set()),
        (declined, "broadcast_failed", {"owner"}),
        (
            ImportProgressed(church_id=church, status=ImportStatus.DONE, **given),
            "import_finished",
            {"staff"},
        ),
        (ImportProgressed(church_id=church, status=ImportStatus.RUNNING, **given), None, set()),
        (
            NumberConnectionChanged(connection=NumberConnection.LOST, **number),
            "number_cut_off",
            {"owner"},
        ),
        (
            NumberConnectionChanged(connection=NumberConnection.CONNECTED, **number),
            "number_back",
            {"owner"},
        ),
        (
            NumberConnectionChanged(connection=NumberConnection.RELINKING, **number),
            None,
            set(),
        ),
        (AllowanceUpdated(used_parts=79, **plan), None, set()),
        (AllowanceUpdated(used_parts=80, **plan), "allowance_low", {"owner"}),
        (AllowanceUpdated(used_parts=100, **plan), "allowance_gone", {"owner"}),
        (
            AddressMarked(church_id=church, admin_id=staff, reason="bounced"),
            "address_failed",
            {"owner", "staff"},
        ),
    ]


async def test_each_event_is_told_to_whom_it_concerns(
    api: httpx.AsyncClient, running: Running, ruth: Who, naomi: Who
) -> None:
    for event, kind, whom in events(naomi):
        await service.hear(PROGRAM, running, event)
        told = {
            role: [each["kind"] for each in await listed(api, who, unread=True)]
            for role, who in (("owner", ruth), ("staff", naomi))
        }
        assert told == {role: [kind] if role in whom else [] for role in told}, event
        for who in (ruth, naomi):
            await api.post(f"{LIST}/read", json={}, headers=factories.as_(who))


async def test_a_threshold_of_the_plan_is_told_once_in_a_period(
    api: httpx.AsyncClient, running: Running, ruth: Who
) -> None:
    for used in (80, 85, 99, 100, 120, 100):
        event = AllowanceUpdated(
            church_id=church_id(ruth), allowance_parts=100, used_parts=used, reserved_parts=0
        )
        await service.hear(PROGRAM, running, event)
    found = [each["kind"] for each in await listed(api, ruth)]
    assert found == ["allowance_gone", "allowance_low"]


async def test_read_is_read_one_or_all_and_other_pages_are_told(
    api: httpx.AsyncClient, running: Running, database: db.Database, naomi: Who, ruth: Who
) -> None:
    for _ in range(3):
        await service.hear(PROGRAM, running, assigned(naomi))
    first = (await listed(api, naomi))[0]["id"]
    theirs = {"ids": [first]}
    await api.post(f"{LIST}/read", json=theirs, headers=factories.as_(ruth))  # not hers
    assert await unread(api, naomi) == 3
    await api.post(f"{LIST}/read", json=theirs, headers=factories.as_(naomi))
    assert await unread(api, naomi) == 2
    await api.post(f"{LIST}/read", json={}, headers=factories.as_(naomi))
    assert (await unread(api, naomi), await listed(api, naomi, unread=True)) == (0, [])
    told = [body for name, body in await factories.published(database) if "notifications" in name]
    assert [body["kind"] for body in told] == ["assigned"] * 3 + [None] * 2


async def test_the_list_has_pages(api: httpx.AsyncClient, running: Running, naomi: Who) -> None:
    for _ in range(3):
        await service.hear(PROGRAM, running, assigned(naomi))
    headers = factories.as_(naomi)
    first = (await api.get(LIST, params={"limit": 2}, headers=headers)).json()
    rest = (await api.get(LIST, params={"cursor": first["nextCursor"]}, headers=headers)).json()
    ids = [each["id"] for each in first["data"] + rest["data"]]
    assert (len(first["data"]), ids) == (2, sorted(ids, reverse=True))


async def test_what_is_not_read_within_minutes_is_mailed_in_one_mail(
    api: httpx.AsyncClient, running: Running, ruth: Who, naomi: Who
) -> None:
    await prefer(api, naomi, quietFrom="00:00", quietUntil="00:00")
    await delivered(running)
    for _ in range(2):
        await service.hear(PROGRAM, running, assigned(naomi, by=admin_id(ruth)))
    assert await mailed_after(running, timedelta(minutes=4)) == []
    [mail] = await mailed_after(running, timedelta(minutes=6))
    assert mail.subject == "Grace Chapel: 2 notifications"
    assert mail.text.count("Ruth Moss gave you a conversation.") == 2
    assert await mailed_after(running, timedelta(minutes=6)) == []


async def test_what_was_read_is_not_mailed(
    api: httpx.AsyncClient, running: Running, naomi: Who
) -> None:
    await service.hear(PROGRAM, running, assigned(naomi))
    await api.post(f"{LIST}/read", json={}, headers=factories.as_(naomi))
    assert await mailed_after(running, timedelta(days=1)) == []


async def test_a_click_in_the_mail_program_ends_the_mail(
    api: httpx.AsyncClient, running: Running, naomi: Who
) -> None:
    await service.hear(PROGRAM, running, assigned(naomi))
    [mail] = await mailed_after(running, timedelta(days=1))
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.unsubscribe_url
    forged = await api.post(mail.unsubscribe_url[:-3] + "AAA")
    assert forged.json()["error"]["code"] == "LINK_INVALID"
    assert (await api.post(mail.unsubscribe_url)).status_code == 204
    await service.hear(PROGRAM, running, assigned(naomi))
    assert await mailed_after(running, timedelta(days=2)) == []
    assert await unread(api, naomi) == 2


async def test_preferences_are_the_defaults_until_somebody_chooses(
    api: httpx.AsyncClient, running: Running, naomi: Who
) -> None:
    answer = await api.get(f"{LIST}/preferences", headers=factories.as_(naomi))
    before = answer.json()
    assert {each["kind"] for each in before["kinds"]} == set(NotificationKind) == set(DEFAULTS)
    assert (before["timezone"], before["quietFrom"]) == ("America/New_York", "21:00")
    quiet = {"kind": "assigned", "inApp": False, "mail": "off"}
    after = (await prefer(api, naomi, timezone="America/Denver", kinds=[quiet])).json()
    assert (after["timezone"], quiet in after["kinds"]) == ("America/Denver", True)
    await service.hear(PROGRAM, running, assigned(naomi))
    await service.hear(PROGRAM, running, assigned(naomi, reason="mentioned"))
    assert [each["kind"] for each in await listed(api, naomi)] == ["mentioned"]
    assert (await prefer(api, naomi, timezone=None)).json()["timezone"] == "America/New_York"


@pytest.mark.parametrize(
    "body", [{"quietFrom": "25:00"}, {"timezone": "Mars"}, {"kinds": [{"kind": "x"}]}]
)
async def test_a_preference_that_is_none_is_refused(
    api: httpx.AsyncClient, naomi: Who, body: dict[str, Any]
) -> None:
    assert (await prefer(api, naomi, **body)).status_code == 400


async def test_who_was_removed_is_told_nothing(
    api: httpx.AsyncClient, running: Running, ruth: Who, naomi: Who
) -> None:
    await service.hear(PROGRAM, running, assigned(naomi))
    await api.delete(f"{factories.TEAM}/{admin_id(naomi)}", headers=factories.as_(ruth))
    await service.hear(PROGRAM, running, assigned(naomi))
    assert await mailed_after(running, timedelta(days=1)) == []


def hours(quiet_from: int = 21, quiet_until: int = 8, zone: str = "America/New_York") -> Hours:
    return Hours(zone, time(quiet_from), time(quiet_until), time(8))


@pytest.mark.parametrize(
    ("given", "moment", "told"),
    [
        (hours(), NOON, NOON),
        (hours(), NOON + timedelta(hours=10), NOON + timedelta(hours=20)),  # 22:00, then 8:00
        (hours(zone="Europe/Berlin"), NOON, NOON),
        (hours(zone="Asia/Tokyo"), NOON, NOON + timedelta(hours=6)),
        (hours(12, 14), NOON, NOON + timedelta(hours=2)),
        (hours(9, 9), NOON, NOON),
    ],
)
def test_nothing_is_told_in_somebody_s_night(
    given: Hours, moment: datetime, told: datetime
) -> None:
    assert timing.after_quiet(given, moment) == told


def test_a_digest_comes_at_its_hour_on_days_that_clocks_change_too() -> None:
    before = datetime(2026, 3, 7, 20, tzinfo=UTC)  # the clocks of New York go forward that night
    first = timing.next_at(hours(), time(8), before)
    assert first == datetime(2026, 3, 8, 12, tzinfo=UTC)
    assert timing.next_at(hours(), time(8), first) == first + timedelta(days=1)


@pytest.mark.parametrize("kind", NotificationKind)
@pytest.mark.parametrize("language", TEMPLATES.languages)
def test_every_kind_has_a_sentence_in_every_language(kind: NotificationKind, language: str) -> None:
    details = Details(count=3, total=9).model_dump(by_alias=True)
    item = {"kind": kind, "by": "Ruth", **details}
    values = {
        "church": "Grace",
        "link": "https://koinonia.example.org",
        "preferences": "https://koinonia.example.org/settings",
        "notices": [item],
        "more": 0,
    }
    subject = TEMPLATES.render("notifications", language, values).subject
    assert len(subject) > len("Grace: ")
