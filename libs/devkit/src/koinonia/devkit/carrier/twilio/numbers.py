"""``…/IncomingPhoneNumbers``, ``…/AvailablePhoneNumbers`` and ``/v1/Services``."""

from starlette.requests import Request
from starlette.responses import Response

from koinonia.devkit.carrier.calls.json_answers import json
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.state.numbers import Order, Profile
from koinonia.devkit.carrier.state.refusals import Refused
from koinonia.devkit.carrier.twilio import api, dialect
from koinonia.devkit.carrier.twilio.api import ACCOUNT, first
from koinonia.devkit.carrier.twilio.dialect import TWILIO

PAGE = 50


async def available_numbers(network: Network, request: Request) -> Response:
    query = request.query_params
    limit = _whole(request, "PageSize", PAGE)
    found = network.numbers.available(query.get("AreaCode", ""), limit)
    return json({"available_phone_numbers": [dialect.offer(number) for number in found]})


async def buy(network: Network, request: Request) -> Response:
    posted = await api.form(request)
    wanted, name = first(posted, "PhoneNumber"), first(posted, "FriendlyName")
    network.numbers.expect_free(str(wanted))
    bought = network.numbers.own(
        Order(str(wanted), None, name, TWILIO, id=api.sid("PN"), status="success")
    )
    return json(dialect.number(bought, api.account(request)), 201)


async def numbers(network: Network, request: Request) -> Response:
    name = request.query_params.get("FriendlyName")
    wanted = request.query_params.get("PhoneNumber")
    account = api.account(request)
    shown = [
        dialect.number(order, account)
        for order in network.numbers.orders.values()
        if order.dialect == TWILIO
        and name in (None, order.reference)
        and wanted in (None, order.phone_number)
    ]
    size, page = _whole(request, "PageSize", PAGE), _whole(request, "Page", 0)
    following = request.url.include_query_params(Page=page + 1, PageToken="PAPN")
    has_more = len(shown) > (page + 1) * size
    return json(
        {
            "incoming_phone_numbers": shown[page * size : (page + 1) * size],
            "page": page,
            "page_size": size,
            "next_page_uri": f"{following.path}?{following.query}" if has_more else None,
        }
    )


async def number(network: Network, request: Request) -> Response:
    found = _order(network, request.path_params["id"])
    return json(dialect.number(found, api.account(request)))


async def remove_number(network: Network, request: Request) -> Response:
    network.numbers.give_back(_order(network, request.path_params["id"]))
    return Response(status_code=204)


async def create_service(network: Network, request: Request) -> Response:
    posted = await api.form(request)
    name = first(posted, "FriendlyName")
    if name is None:
        raise Refused("10015")
    profile = Profile(
        name,
        first(posted, "InboundRequestUrl"),
        ["US"],
        id=api.sid("MG"),
        dialect=TWILIO,
    )
    network.numbers.profiles[profile.id] = profile
    return json(dialect.service(profile, api.account(request)), 201)


async def change_service(network: Network, request: Request) -> Response:
    profile = _service(network, request)
    posted = await api.form(request)
    profile.name = first(posted, "FriendlyName") or profile.name
    profile.webhook_url = first(posted, "InboundRequestUrl") or profile.webhook_url
    return json(dialect.service(profile, api.account(request)))


async def services(network: Network, request: Request) -> Response:
    every = [each for each in network.numbers.profiles.values() if each.dialect == TWILIO]
    account = api.account(request)
    return _page(request, "services", [dialect.service(each, account) for each in every])


async def service(network: Network, request: Request) -> Response:
    return json(dialect.service(_service(network, request), api.account(request)))


async def numbers_of_service(network: Network, request: Request) -> Response:
    profile = _service(network, request)
    found = [each for each in network.numbers.owned.values() if each.profile_id == profile.id]
    return _page(request, "phone_numbers", [_in_service(order) for order in found])


async def number_of_service(network: Network, request: Request) -> Response:
    profile = _service(network, request)
    order = _order(network, request.path_params["number"])
    if order.profile_id != profile.id:
        raise Refused("10005")
    return json(_in_service(order))


async def join_service(network: Network, request: Request) -> Response:
    profile = _service(network, request)
    posted = await api.form(request)
    order = _order(network, first(posted, "PhoneNumberSid") or "")
    if order.profile_id is not None:
        same = order.profile_id == profile.id
        raise Refused("21710" if same else "21712")
    order.profile_id = profile.id
    return json(_in_service(order), 201)


def _in_service(order: Order) -> dict[str, object]:
    return {"sid": order.id, "service_sid": order.profile_id, "phone_number": order.phone_number}


def _page(request: Request, name: str, every: list[dict[str, object]]) -> Response:
    size, page = _whole(request, "PageSize", PAGE), _whole(request, "Page", 0)
    rest = request.url.include_query_params(Page=page + 1, PageToken="PAMG")
    meta = {
        "page": page,
        "page_size": size,
        "key": name,
        "next_page_url": str(rest) if len(every) > (page + 1) * size else None,
    }
    return json({name: every[page * size : (page + 1) * size], "meta": meta})


def _whole(request: Request, name: str, default: int) -> int:
    value = request.query_params.get(name, str(default))
    if not (value.isascii() and value.isdigit()):
        raise Refused("10015")
    return int(value)


def _service(network: Network, request: Request) -> Profile:
    profile = network.numbers.profiles.get(request.path_params["id"])
    if profile is None or profile.dialect != TWILIO:
        raise Refused("10005")
    return profile


def _order(network: Network, identity: str) -> Order:
    order = network.numbers.orders.get(identity)
    if order is None or order.dialect != TWILIO:
        raise Refused("10005")
    return order


ROUTES = [
    api.route(f"{ACCOUNT}/AvailablePhoneNumbers/US/Local.json", available_numbers),
    api.route(f"{ACCOUNT}/IncomingPhoneNumbers.json", buy, "POST"),
    api.route(f"{ACCOUNT}/IncomingPhoneNumbers.json", numbers),
    api.route(f"{ACCOUNT}/IncomingPhoneNumbers/{{id}}.json", number),
    api.route(f"{ACCOUNT}/IncomingPhoneNumbers/{{id}}.json", remove_number, "DELETE"),
    api.route("/v1/Services", create_service, "POST"),
    api.route("/v1/Services", services),
    api.route("/v1/Services/{id}", change_service, "POST"),
    api.route("/v1/Services/{id}", service),
    api.route("/v1/Services/{id}/PhoneNumbers/{number}", number_of_service),
    api.route("/v1/Services/{id}/PhoneNumbers", numbers_of_service),
    api.route("/v1/Services/{id}/PhoneNumbers", join_service, "POST"),
]
