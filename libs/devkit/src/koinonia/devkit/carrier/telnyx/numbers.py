"""``/v2/messaging_profiles``, ``/v2/available_phone_numbers`` and ``/v2/number_orders``."""

import math

import orjson
from starlette.requests import Request
from starlette.responses import Response

from koinonia.devkit.carrier.calls.json_answers import json
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.state.numbers import Order, Profile
from koinonia.devkit.carrier.state.refusals import Refused
from koinonia.devkit.carrier.telnyx import api, dialect
from koinonia.devkit.carrier.telnyx.dialect import TELNYX

MOST_OF_A_PAGE = 250


async def create_profile(network: Network, request: Request) -> Response:
    raw = await request.body()
    body = api.json_object(raw)
    if replay := api.replayed(network, request, raw):
        return api.sent_json(replay)
    name, allowed = body.get("name"), body.get("whitelisted_destinations")
    if not isinstance(name, str) or not isinstance(allowed, list):
        raise Refused("10004", "name and whitelisted_destinations are required.", "/name")
    profile = Profile(name, api.word(body, "webhook_url"), allowed, TELNYX)
    network.numbers.profiles[profile.id] = profile
    answer = orjson.dumps({"data": dialect.messaging_profile(profile)})
    return api.sent_json(api.remembered(network, request, raw, answer))


async def change_profile(network: Network, request: Request) -> Response:
    profile = _profile(network, request)
    body = api.json_object(await request.body())
    for name in ("name", "webhook_url", "whitelisted_destinations"):
        setattr(profile, name, body.get(name, getattr(profile, name)))
    return json({"data": dialect.messaging_profile(profile)})


async def profiles(network: Network, request: Request) -> Response:
    query = request.query_params
    exact = query.get("filter[name]") or query.get("filter[name][eq]")
    within = query.get("filter[name][contains]", "")
    found = [
        dialect.messaging_profile(profile)
        for profile in network.numbers.profiles.values()
        if profile.dialect == TELNYX
        if exact in (None, profile.name) and within in profile.name
    ]
    return _page(found, request)


async def profile(network: Network, request: Request) -> Response:
    return json({"data": dialect.messaging_profile(_profile(network, request))})


async def available_numbers(network: Network, request: Request) -> Response:
    query = request.query_params
    area_code = query.get("filter[national_destination_code]", "")
    limit = query.get("filter[limit]", "10")
    if not limit.isdigit() or query.get("filter[country_code]") != "US":
        raise Refused("10015", "filter[country_code] must be US and filter[limit] a number.")
    found = network.numbers.available(area_code, int(limit))
    return json({"data": [_offer(number) for number in found], "meta": _totals(found)})


async def create_order(network: Network, request: Request) -> Response:
    raw = await request.body()
    body = api.json_object(raw)
    if replay := api.replayed(network, request, raw):
        return api.sent_json(replay)
    wanted = body.get("phone_numbers")
    if not isinstance(wanted, list) or len(wanted) != 1 or not isinstance(wanted[0], dict):
        raise Refused("10004", "Order exactly one number here.", "/phone_numbers")
    number = str(wanted[0].get("phone_number"))
    profile_id, reference = (
        api.word(body, "messaging_profile_id"),
        api.word(body, "customer_reference"),
    )
    order = network.numbers.order(number, profile_id, reference, TELNYX)
    network.activate(order)
    answer = orjson.dumps({"data": dialect.number_order(order)})
    return api.sent_json(api.remembered(network, request, raw, answer))


async def orders(network: Network, request: Request) -> Response:
    reference = request.query_params.get("filter[customer_reference]")
    every = [each for each in network.numbers.orders.values() if each.dialect == TELNYX]
    return _page(
        [dialect.number_order(order) for order in every if reference in (None, order.reference)],
        request,
    )


async def order(network: Network, request: Request) -> Response:
    found = network.numbers.orders.get(request.path_params["id"])
    if found is None:
        raise Refused("10005", "The number order does not exist.")
    return json({"data": dialect.number_order(found)})


async def numbers(network: Network, request: Request) -> Response:
    return _page([dialect.phone_number(order) for order in _wanted(network, request)], request)


async def settings_of_numbers(network: Network, request: Request) -> Response:
    found = [dialect.messaging_settings(order) for order in _wanted(network, request)]
    return _page(found, request)


async def change_settings(network: Network, request: Request) -> Response:
    order = _owned(network, request)
    profile_id = api.word(api.json_object(await request.body()), "messaging_profile_id")
    if profile_id not in network.numbers.profiles:
        raise Refused("10005", "The messaging profile does not exist.")
    order.profile_id = profile_id
    return json({"data": dialect.messaging_settings(order)})


async def remove_number(network: Network, request: Request) -> Response:
    found = _owned(network, request)
    network.numbers.give_back(found)
    return json({"data": dialect.phone_number(found)})


def _profile(network: Network, request: Request) -> Profile:
    profile = network.numbers.profiles.get(request.path_params["id"])
    if profile is None or profile.dialect != TELNYX:
        raise Refused("10005", "The messaging profile does not exist.")
    return profile


def _owned(network: Network, request: Request) -> Order:
    wanted = request.path_params["id"]
    for order in network.numbers.owned.values():
        if order.dialect == TELNYX and dialect.number_id(order) == wanted:
            return order
    raise Refused("10005", "The phone number does not exist.")


def _wanted(network: Network, request: Request) -> list[Order]:
    """The numbers of the account, or those that the query names."""
    wanted = request.query_params.get("filter[phone_number]")
    named = wanted.split(",") if wanted else None
    return [
        order
        for order in network.numbers.owned.values()
        if order.dialect == TELNYX and (named is None or order.phone_number in named)
    ]


def _offer(number: str) -> dict[str, object]:
    return {
        "record_type": "available_phone_number",
        "phone_number": number,
        "best_effort": False,
        "quickship": True,
        "reservable": True,
        "cost_information": {
            "upfront_cost": "1.00000",
            "monthly_cost": "1.00000",
            "currency": "USD",
        },
        "features": [{"name": "sms"}, {"name": "mms"}, {"name": "voice"}],
    }


def _page(data: list[dict[str, object]], request: Request) -> Response:
    page, size = (
        _whole(request, f"page[{name}]", usual) for name, usual in (("number", 1), ("size", 20))
    )
    meta = {
        "page_number": page,
        "page_size": size,
        "total_pages": max(1, math.ceil(len(data) / size)),
        "total_results": len(data),
    }
    return json({"data": data[(page - 1) * size : page * size], "meta": meta})


def _whole(request: Request, name: str, usual: int) -> int:
    value = request.query_params.get(name, str(usual))
    if not (value.isascii() and value.isdigit() and 0 < int(value) <= MOST_OF_A_PAGE):
        raise Refused("10015", f"{name} must be a number from 1 to {MOST_OF_A_PAGE}.")
    return int(value)


def _totals(found: list[str]) -> dict[str, int]:
    return {"total_results": len(found), "best_effort_results": 0}


ROUTES = [
    api.route("/v2/messaging_profiles", create_profile, "POST"),
    api.route("/v2/messaging_profiles", profiles),
    api.route("/v2/messaging_profiles/{id}", profile),
    api.route("/v2/messaging_profiles/{id}", change_profile, "PATCH"),
    api.route("/v2/available_phone_numbers", available_numbers),
    api.route("/v2/number_orders", create_order, "POST"),
    api.route("/v2/number_orders", orders),
    api.route("/v2/number_orders/{id}", order),
    api.route("/v2/phone_numbers", numbers),
    api.route("/v2/phone_numbers/messaging", settings_of_numbers),
    api.route("/v2/phone_numbers/{id}/messaging", change_settings, "PATCH"),
    api.route("/v2/phone_numbers/{id}", remove_number, "DELETE"),
]
