"""Which numbers the Twilio account holds and how they are connected.

A number does not say in which Messaging Service it is, so the services are asked. Source: Twilio
API reference, "IncomingPhoneNumber resource" and "Services PhoneNumbers subresource".
"""

from collections.abc import AsyncIterator
from urllib.parse import parse_qsl, quote, urlsplit

from koinonia.carriers import profile_names, reading
from koinonia.carriers.contract import HeldNumber, Turn
from koinonia.carriers.failures import CarrierFailure, Failure
from koinonia.carriers.twilio import numbers
from koinonia.carriers.twilio.api import Api

MOST_PAGES = 400

Object = dict[str, object]


async def held_numbers(api: Api, turn: Turn) -> AsyncIterator[HeldNumber]:
    """First those in a service, a call for each of them, then the others."""
    seen = set[str]()
    async for service in numbers.services(api, turn):
        path = f"{numbers.SERVICES}/{_safe(service.get('sid'))}/PhoneNumbers"
        async for number in _all(api, path, "phone_numbers", turn):
            if found := _held(number, service):
                seen.add(found.number_id)
                yield found
    path = f"{numbers.NUMBERS}.json"
    async for number in _all(api, path, "incoming_phone_numbers", turn):
        found = _held(number, None)
        if found and found.number_id not in seen:
            yield found


async def held_number(api: Api, phone_number: str, profile_id: str | None) -> HeldNumber | None:
    answer = await api.find(f"{numbers.NUMBERS}.json", {"PhoneNumber": phone_number})
    listed = map(reading.fields, reading.items(answer.get("incoming_phone_numbers")))
    for number in listed:
        if reading.word(number.get("phone_number")) == phone_number:
            service = await _service_with(api, profile_id, number.get("sid"))
            return _held(number, service)
    return None


async def connect(api: Api, number: HeldNumber, profile_id: str) -> None:
    await numbers.join(api, profile_id, number.number_id)


async def _service_with(api: Api, service_id: str | None, number_id: object) -> Object | None:
    """The service, if the number is in it."""
    if service_id is None:
        return None
    path = f"{numbers.SERVICES}/{_safe(service_id)}"
    try:
        await api.find(f"{path}/PhoneNumbers/{_safe(number_id)}")
        return await api.find(path)
    except CarrierFailure as failure:
        if failure.failure is not Failure.NOT_FOUND:
            raise
        return None


async def _all(api: Api, path: str, name: str, turn: Turn) -> AsyncIterator[Object]:
    """The two parts of Twilio's API name the next page differently."""
    params = {"PageSize": "1000"}
    for _ in range(MOST_PAGES):
        await turn()
        answer = await api.find(path, params)
        for each in map(reading.fields, reading.items(answer.get(name))):
            yield each
        meta = reading.fields(answer.get("meta"))
        following = reading.text(meta.get("next_page_url") or answer.get("next_page_uri"))
        if not following:
            return
        params = dict(parse_qsl(urlsplit(following).query))


def _held(number: Object, service: Object | None) -> HeldNumber | None:
    number_id, phone_number = (reading.word(number.get(key)) for key in ("sid", "phone_number"))
    if number_id is None or phone_number is None:
        return None
    known = service or {}
    return HeldNumber(
        number_id=number_id,
        phone_number=phone_number,
        profile_id=reading.word(known.get("sid")),
        church_id=profile_names.church(reading.text(known.get("friendly_name"))),
        texts_url=numbers.texts_url(known),
    )


def _safe(identity: object) -> str:
    return quote(str(identity), safe="")
