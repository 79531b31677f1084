"""Twilio's own record of the texts it took, for a call whose answer got lost.

A message there has neither our id nor the address of its reports, so it is recognised by its words,
sender, recipient and time. Where several match, none of them counts.
"""

from datetime import datetime, timedelta

from koinonia.carriers import reading
from koinonia.carriers.contract import OutgoingText, StatusReport
from koinonia.carriers.twilio import events
from koinonia.carriers.twilio.api import Api

BEFORE, AFTER = timedelta(minutes=1), timedelta(minutes=5)  # clocks differ, a call takes its time


async def matching_report(api: Api, text: OutgoingText, after: datetime) -> StatusReport | None:
    params = {"To": text.to, "From": text.sender, "PageSize": "100"}
    answer = await api.find("/Messages.json", params)
    messages = map(reading.fields, reading.items(answer.get("messages")))
    found = [message for message in messages if _may_be(message, text, after)]
    report = events.message_report(found[0]) if len(found) == 1 else None
    return report if isinstance(report, StatusReport) else None


def _may_be(message: dict[str, object], text: OutgoingText, after: datetime) -> bool:
    created = events.moment(message.get("date_created"))
    is_near = created is not None and after - BEFORE <= created <= after + AFTER
    return is_near and reading.text(message.get("body")) == text.text
