"""Which numbers the Telnyx account holds and how they are connected.

A number's messaging settings name its messaging profile; where texts go is a setting of that
profile. Source: Telnyx API reference, "List phone numbers with messaging settings".
"""

from collections.abc import AsyncIterator
from urllib.parse import quote

from koinonia.carriers import profile_names, reading
from koinonia.carriers.contract import HeldNumber, Turn
from koinonia.carriers.failures import CarrierFailure, Failure
from koinonia.carriers.telnyx.api import Api

NUMBERS = "/phone_numbers/messaging"
PROFILES = "/messaging_profiles"
PAGE = "250"  # the most that Telnyx answers
MOST_PAGES = 400

Object = dict[str, object]


async def held_numbers(api: Api, turn: Turn) -> AsyncIterator[HeldNumber]:
    profiles = {profile.get("id"): profile async for profile in _all(api, PROFILES, turn)}
    async for number in _all(api, NUMBERS, turn):
        found = _held(number, profiles.get(number.get("messaging_profile_id")))
        if found is not None:
            yield found


async def held_number(api: Api, phone_number: str) -> HeldNumber | None:
    answer = await api.find(NUMBERS, {"filter[phone_number]": phone_number})
    for number in map(reading.fields, reading.items(answer.get("data"))):
        if reading.word(number.get("phone_number")) == phone_number:
            profile_id = reading.word(number.get("messaging_profile_id"))
            return _held(number, await _profile(api, profile_id) if profile_id else None)
    return None


async def connect(api: Api, number: HeldNumber, profile_id: str) -> None:
    path = f"/phone_numbers/{quote(number.number_id, safe='')}/messaging"
    await api.change(path, {"messaging_profile_id": profile_id})


async def _all(api: Api, path: str, turn: Turn) -> AsyncIterator[Object]:
    for page in range(1, MOST_PAGES + 1):
        await turn()
        answer = await api.find(path, {"page[number]": str(page), "page[size]": PAGE})
        for each in map(reading.fields, reading.items(answer.get("data"))):
            yield each
        pages = reading.fields(answer.get("meta")).get("total_pages")
        if not isinstance(pages, int) or page >= pages:
            return


async def _profile(api: Api, profile_id: str) -> Object | None:
    """None for one that was deleted since."""
    try:
        answer = await api.find(f"{PROFILES}/{quote(profile_id, safe='')}")
    except CarrierFailure as failure:
        if failure.failure is not Failure.NOT_FOUND:
            raise
        return None
    return reading.fields(answer.get("data"))


def _held(number: Object, profile: Object | None) -> HeldNumber | None:
    number_id, phone_number = (reading.word(number.get(key)) for key in ("id", "phone_number"))
    if number_id is None or phone_number is None:
        return None
    known = profile or {}
    return HeldNumber(
        number_id=number_id,
        phone_number=phone_number,
        profile_id=reading.word(number.get("messaging_profile_id")),
        church_id=profile_names.church(reading.text(known.get("name"))),
        texts_url=reading.text(known.get("webhook_url")) if _passes_on(known) else None,
    )


def _passes_on(profile: Object) -> bool:
    """Whether the profile is in use, and tells us of texts in the form that we read."""
    is_enabled = profile.get("enabled") is not False
    return is_enabled and profile.get("webhook_api_version") in (None, "2")
