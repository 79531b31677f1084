"""Twilio's Messaging Services and phone numbers: one service per church, one number per request.

A STOP to a number in a service applies to the whole service, so churches never share one. Twilio
knows no idempotency keys: whatever is to exist once is looked up by its friendly name first.
"""

from collections.abc import AsyncIterator
from hashlib import sha256
from urllib.parse import parse_qsl, quote, urlsplit
from uuid import UUID

from koinonia.carriers import profile_names, reading
from koinonia.carriers.contract import AvailableNumber, NumberOrder, OrderStatus, Profile, Turn
from koinonia.carriers.failures import CarrierFailure, Failure
from koinonia.carriers.twilio import codes
from koinonia.carriers.twilio.api import Api

LONGEST_NAME = 64
MOST_PAGES = 100
NUMBERS = "/IncomingPhoneNumbers"
SERVICES = "/v1/Services"


async def ensure_profile(api: Api, church_id: UUID, name: str, webhook_url: str) -> Profile:
    mark = f" {profile_names.mark(church_id)}"
    title = name[: LONGEST_NAME - len(mark)] + mark
    wanted = {
        "FriendlyName": title,
        "InboundRequestUrl": webhook_url,
        "UseInboundWebhookOnNumber": "false",
    }
    found = await _service(api, mark)
    if found is None:
        created = await _create_service(api, wanted)
        # Two at one time make two services; all agree on the one that is listed first.
        found = await _service(api, mark) or created
    is_named = found.get("friendly_name") == title
    if not is_named or texts_url(found) != webhook_url:
        await api.create(f"{SERVICES}/{_safe(str(found['sid']))}", wanted.items())
    return Profile(profile_id=str(found["sid"]), name=title)


async def search(api: Api, area_code: str, limit: int) -> list[AvailableNumber]:
    params = {
        "AreaCode": area_code,
        "SmsEnabled": "true",
        "ExcludeAllAddressRequired": "true",
        "PageSize": str(limit),
    }
    try:
        answer = await api.find("/AvailablePhoneNumbers/US/Local.json", params)
    except CarrierFailure as failure:
        if failure.code in codes.NO_SUCH_AREA:
            return []
        raise
    offers = map(reading.fields, reading.items(answer.get("available_phone_numbers")))
    numbers = (reading.word(offer.get("phone_number")) for offer in offers)
    return [AvailableNumber(phone_number=number) for number in numbers if number][:limit]


async def order(api: Api, phone_number: str, profile_id: str, reference: str) -> NumberOrder:
    """The number under ``reference``, bought if there is none, and part of the service."""
    bought = await _bought_under(api, reference) or await _buy(api, phone_number, reference)
    await join(api, profile_id, bought.order_id)
    return bought


async def order_status(api: Api, order_id: str) -> NumberOrder:
    return _order(await api.find(f"{NUMBERS}/{_safe(order_id)}.json"))


async def give_back(api: Api, phone_number: str) -> None:
    answer = await api.find(f"{NUMBERS}.json", {"PhoneNumber": phone_number})
    for number in map(reading.fields, reading.items(answer.get("incoming_phone_numbers"))):
        number_id = reading.word(number.get("sid"))
        if number_id and reading.word(number.get("phone_number")) == phone_number:
            await api.remove(f"{NUMBERS}/{_safe(number_id)}.json")


async def _service(api: Api, mark: str) -> dict[str, object] | None:
    """The church's service; the oldest if there are several. A rename keeps the mark."""
    named = [
        service
        async for service in services(api)
        if (reading.text(service.get("friendly_name")) or "").endswith(mark)
    ]
    return min(named, key=_age, default=None)


def texts_url(service: dict[str, object]) -> str | None:
    """Where texts to the numbers of a service go; None where each number has an address."""
    if service.get("use_inbound_webhook_on_number") is True:
        return None
    return reading.text(service.get("inbound_request_url"))


async def services(api: Api, turn: Turn | None = None) -> AsyncIterator[dict[str, object]]:
    """All Messaging Services of the account, each page after a ``turn``."""
    params = {"PageSize": "100"}
    for _ in range(MOST_PAGES):
        if turn is not None:
            await turn()
        answer = await api.find(SERVICES, params)
        for service in map(reading.fields, reading.items(answer.get("services"))):
            if reading.word(service.get("sid")):
                yield service
        following = reading.text(reading.fields(answer.get("meta")).get("next_page_url"))
        if not following:
            return
        params = dict(parse_qsl(urlsplit(following).query))


async def _create_service(api: Api, wanted: dict[str, str]) -> dict[str, object]:
    form = {
        **wanted,
        "InboundMethod": "POST",
        "MmsConverter": "true",
        # Left on, Twilio would change characters and so the number of parts we told the church.
        "SmartEncoding": "false",
    }
    service = await api.create(SERVICES, form.items())
    if not reading.word(service.get("sid")):
        raise CarrierFailure(Failure.CARRIER_TROUBLE, detail="a service without id", ambiguous=True)
    return service


async def _bought_under(api: Api, reference: str) -> NumberOrder | None:
    name = _friendly(reference)
    answer = await api.find(f"{NUMBERS}.json", {"FriendlyName": name})
    numbers = map(reading.fields, reading.items(answer.get("incoming_phone_numbers")))
    named = (number for number in numbers if number.get("friendly_name") == name)
    first = min(named, key=_age, default=None)
    return _order(first) if first else None


async def _buy(api: Api, phone_number: str, reference: str) -> NumberOrder:
    form = {"PhoneNumber": phone_number, "FriendlyName": _friendly(reference)}
    try:
        return _order(await api.create(f"{NUMBERS}.json", form.items()))
    except CarrierFailure as failure:
        if failure.failure is not Failure.NUMBER_TAKEN:
            raise
        # Perhaps by ourselves, at the same time.
        earlier = await _bought_under(api, reference)
        if earlier is None:
            raise
        return earlier


async def join(api: Api, service: str, number: str) -> None:
    """Put a number into a service; one that is in it stays."""
    try:
        await api.create(f"{SERVICES}/{_safe(service)}/PhoneNumbers", [("PhoneNumberSid", number)])
    except CarrierFailure as failure:
        if failure.code != codes.ALREADY_IN_SERVICE:
            raise


def _order(number: dict[str, object]) -> NumberOrder:
    """A number that was bought is active at once; its own id stands for the order's."""
    number_id = reading.word(number.get("sid"))
    if number_id is None:
        raise CarrierFailure(Failure.CARRIER_TROUBLE, detail="a number without id", ambiguous=True)
    return NumberOrder(
        order_id=number_id,
        status=OrderStatus.ACTIVE,
        phone_number=reading.word(number.get("phone_number")),
        carrier_number_id=number_id,
        reference=reading.text(number.get("friendly_name")),
    )


def _age(resource: dict[str, object]) -> tuple[str, str]:
    return (reading.text(resource.get("date_created")) or "", str(resource.get("sid")))


def _friendly(reference: str) -> str:
    """A name that fits; a longer one is hashed to 64 characters."""
    if len(reference) <= LONGEST_NAME:
        return reference
    return sha256(reference.encode()).hexdigest()


def _safe(identity: str) -> str:
    return quote(identity, safe="")
