"""Telnyx's messaging profiles and phone numbers: one profile per church, one order per request.

A STOP blocks at the level of the profile, so churches never share one.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import quote
from uuid import UUID

from koinonia.carriers import profile_names, reading
from koinonia.carriers.contract import AvailableNumber, NumberOrder, OrderStatus, Profile
from koinonia.carriers.failures import CarrierFailure, Failure
from koinonia.carriers.telnyx import codes, events
from koinonia.carriers.telnyx.api import Api

ALLOWED_KEY = re.compile(r"[A-Za-z0-9_:-]{1,200}")


async def ensure_profile(api: Api, church_id: UUID, name: str, webhook_url: str) -> Profile:
    title = f"{name[:100]} {profile_names.mark(church_id)}"
    wanted: dict[str, object] = {
        "name": title,
        "webhook_url": webhook_url,
        "enabled": True,
        "webhook_api_version": "2",
    }
    found = await _profile(api, church_id, title)
    if found is None:
        found = await _create_profile(api, church_id, wanted)
    elif any(found.get(field) != value for field, value in wanted.items()):
        await api.change(f"/messaging_profiles/{quote(str(found['id']), safe='')}", wanted)
    return Profile(profile_id=str(found["id"]), name=title)


async def search(api: Api, area_code: str, limit: int) -> list[AvailableNumber]:
    params = {
        "filter[country_code]": "US",
        "filter[national_destination_code]": area_code,
        "filter[features][]": "sms",
        "filter[phone_number_type]": "local",
        "filter[limit]": str(limit),
        "filter[exclude_held_numbers]": "true",
    }
    try:
        answer = await api.find("/available_phone_numbers", params)
    except CarrierFailure as failure:
        if failure.code == codes.NO_NUMBERS_FOUND:
            return []
        raise
    return list(_offers(answer))[:limit]


async def order(api: Api, phone_number: str, profile_id: str, reference: str) -> NumberOrder:
    """The order under ``reference``; a new one only if there is none.

    The look-up finds an order of any age, the idempotency key stops two calls at one time.
    """
    earlier = await _order_under(api, reference)
    if earlier is not None:
        return earlier
    body = {
        "phone_numbers": [{"phone_number": phone_number}],
        "messaging_profile_id": profile_id,
        "customer_reference": reference,
    }
    return _order(await api.create("/number_orders", body, _key("order", reference)))


async def order_status(api: Api, order_id: str) -> NumberOrder:
    return _order(await api.find(f"/number_orders/{quote(order_id, safe='')}"))


async def give_back(api: Api, phone_number: str) -> None:
    """A number has an id of its own, which is not that of its order."""
    answer = await api.find("/phone_numbers", {"filter[phone_number]": phone_number})
    for number in map(reading.fields, reading.items(answer.get("data"))):
        number_id = reading.word(number.get("id"))
        if number_id and reading.word(number.get("phone_number")) == phone_number:
            await api.remove(f"/phone_numbers/{quote(number_id, safe='')}")


async def _profile(api: Api, church_id: UUID, title: str) -> dict[str, object] | None:
    # The title moves when a church is renamed; the id in it stays.
    for params in ({"filter[name]": title}, {"filter[name][contains]": str(church_id)}):
        answer = await api.find("/messaging_profiles", {**params, "page[size]": "100"})
        for profile in map(reading.fields, reading.items(answer.get("data"))):
            named = str(church_id) in (reading.text(profile.get("name")) or "")
            if named and reading.word(profile.get("id")):
                return profile
    return None


async def _create_profile(
    api: Api, church_id: UUID, wanted: dict[str, object]
) -> dict[str, object]:
    body = {
        **wanted,
        "whitelisted_destinations": ["US", "CA"],
        "mms_transcoding": True,
        # Left on, Telnyx would change characters and so the number of parts we told the church.
        "smart_encoding": False,
    }
    answer = await api.create("/messaging_profiles", body, _key("profile", str(church_id)))
    profile = reading.fields(answer.get("data"))
    if not reading.word(profile.get("id")):
        raise CarrierFailure(Failure.CARRIER_TROUBLE, detail="a profile without id", ambiguous=True)
    return profile


async def _order_under(api: Api, reference: str) -> NumberOrder | None:
    answer = await api.find("/number_orders", {"filter[customer_reference]": reference})
    found = map(events.number_order, map(reading.fields, reading.items(answer.get("data"))))
    orders = [o for o in found if isinstance(o, NumberOrder) and o.reference == reference]
    orders.sort(key=lambda order: order.status is OrderStatus.FAILED)
    return orders[0] if orders else None


def _order(answer: dict[str, object]) -> NumberOrder:
    found = events.number_order(reading.fields(answer.get("data")))
    if isinstance(found, str):
        raise CarrierFailure(
            Failure.CARRIER_TROUBLE, detail=f"an order without {found}", ambiguous=True
        )
    return found


def _offers(answer: dict[str, object]) -> Iterator[AvailableNumber]:
    for offer in map(reading.fields, reading.items(answer.get("data"))):
        phone_number = reading.word(offer.get("phone_number"))
        price = reading.fields(offer.get("cost_information"))
        if phone_number:
            yield AvailableNumber(
                phone_number=phone_number,
                monthly_cost=reading.money(price.get("monthly_cost")),
                currency=reading.word(price.get("currency")),
            )


def _key(purpose: str, name: str) -> str:
    """An idempotency key; a name with characters Telnyx refuses is hashed."""
    safe = name if ALLOWED_KEY.fullmatch(name) else sha256(name.encode()).hexdigest()
    return f"{purpose}:{safe}"
