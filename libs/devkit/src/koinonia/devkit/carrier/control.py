"""``/_control/…``, which no carrier has: the ledger and the knobs."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from koinonia.devkit.carrier.calls.json_answers import json
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.state import losses, presets
from koinonia.devkit.carrier.state.behaviour import Behaviour, UnknownKnob
from koinonia.devkit.carrier.state.ledger import PhoneRecord
from koinonia.devkit.carrier.state.refusals import Refused
from koinonia.devkit.carrier.state.texts import Group
from koinonia.devkit.carrier.telnyx import dialect

Look = Callable[[Network, Request], Awaitable[Response]]


def route(path: str, look: Look, method: str = "GET") -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            return await look(request.app.state.network, request)
        except Refused as refused:
            return json(dialect.refusal(refused), refused.status)
        except (UnknownKnob, TypeError, ValueError) as error:
            return json({"error": {"message": str(error), "code": "VALIDATION_ERROR"}}, 400)

    return Route(path, endpoint, methods=[method])


async def ledger(network: Network, request: Request) -> Response:
    """Totals and each phone's counts; ``pending`` 0 means nothing more will happen by itself."""
    blocked = [{"profileId": profile, "phone": phone} for profile, phone in network.blocks]
    return json({**network.ledger.summary(), "pending": network.pending, "blocked": blocked})


async def totals(network: Network, request: Request) -> Response:
    """The ledger without its phones, for those who look often."""
    return json({**network.ledger.totals(), "pending": network.pending})


async def phone(network: Network, request: Request) -> Response:
    """Everything about one phone, the texts it received included."""
    record = network.ledger.phones.get(request.path_params["phone"], PhoneRecord())
    return json(asdict(record))


async def texts(network: Network, request: Request) -> Response:
    """Every text that was taken (of one church: ``?church=``): what became of it, what was told."""
    church = request.query_params.get("church")
    of_church = (
        text for text in network.texts.values() if church in (None, text.reference.get("church"))
    )
    return json({"pending": network.pending, "texts": [text.shown() for text in of_church]})


async def behaviour(network: Network, request: Request) -> Response:
    return json(asdict(network.behaviour))


async def turn(network: Network, request: Request) -> Response:
    """Turn knobs: any fields of ``Behaviour``, by their names. With ``preset`` all the others go
    back to where they were at first, and then to what the preset says."""
    body = await _body(request)
    if preset := body.pop("preset", None):
        body = asdict(Behaviour()) | presets.knobs(str(preset)) | body
    return json(asdict(network.behaviour.turn(body)))


async def inbound(network: Network, request: Request) -> Response:
    """Let a person text a number: ``{from, to, text, mediaUrls, media: [{content, contentType}]}``,
    with files from elsewhere, and files in base64 that are shown here under ``/media``. ``to`` may
    be a list, in any order and with more in ``cc``: a group text. Unless ``marked`` is false the
    carrier says which of them is the number that it tells of."""
    body = await _body(request)
    sender, number = body.get("from"), body.get("to")
    kept = network.media.keep_all(_list(body, "media"), str(request.base_url))
    words, media = body.get("text", ""), [*_list(body, "mediaUrls"), *kept]
    if isinstance(sender, str) and isinstance(number, list) and isinstance(words, str):
        group = Group(number, _list(body, "cc"), body.get("marked") is not False)
        return json({"autoresponses": network.arrive_in_group(sender, group, words, media)}, 202)
    if not (isinstance(sender, str) and isinstance(number, str) and isinstance(words, str)):
        raise ValueError("from, to and text must be strings; to may be a list of them.")
    answered = network.arrive_from(sender, number, words, media)
    return json({"autoresponse": answered}, 202)


async def lose(network: Network, request: Request) -> Response:
    """Lose numbers and what connects them, from the seed: ``{numbers, profiles, webhooks}`` are
    shares, ``turn`` another roll of the dice, ``among`` the only numbers in question. Answers what
    was lost."""
    body = await _body(request)
    among = _list(body, "among") if "among" in body else None
    turn = body.pop("turn", 0)
    body.pop("among", None)
    shares = losses.Shares(**{name: _share(value) for name, value in body.items()})
    if not isinstance(turn, int):
        raise TypeError("turn must be a whole number.")
    return json(asdict(losses.lose(network.numbers, network.dice, shares, turn, among)))


async def bring_back(network: Network, request: Request) -> Response:
    """The account has a lost number again: ``{phoneNumber}``."""
    number = str((await _body(request)).get("phoneNumber"))
    if number not in network.numbers.lost:
        raise ValueError("This number is not lost.")
    network.numbers.bring_back(number)
    return json({"phoneNumber": number})


async def reset(network: Network, request: Request) -> Response:
    """Clear the ledger; with ``{"everything": true}`` forget numbers, blocks and knobs as well."""
    body = await _body(request)
    if body.get("everything"):
        network.forget()
    else:
        network.ledger.clear()
    return json({"pending": network.pending})


async def public_key(network: Network, request: Request) -> Response:
    return json({"publicKey": dialect.telnyx_of(network).public_key})


async def health(network: Network, request: Request) -> Response:
    return json({"status": "ok", "pending": network.pending})


async def _body(request: Request) -> dict[str, object]:
    raw = await request.body()
    body = orjson.loads(raw) if raw else {}
    if not isinstance(body, dict):
        raise TypeError("Send a JSON object.")
    return body


def _share(value: object) -> float:
    if not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError("A share is a number from 0 to 1.")
    return float(value)


def _list(body: dict[str, object], name: str) -> list[Any]:  # Any: the sender's, unchecked
    value = body.get(name, [])
    if not isinstance(value, list):
        raise TypeError(f"{name} must be a list.")
    return value


ROUTES = [
    route("/health", health),
    route("/_control/ledger", ledger),
    route("/_control/ledger/{phone}", phone),
    route("/_control/totals", totals),
    route("/_control/texts", texts),
    route("/_control/behaviour", behaviour),
    route("/_control/behaviour", turn, "POST"),
    route("/_control/inbound", inbound, "POST"),
    route("/_control/lose", lose, "POST"),
    route("/_control/bring-back", bring_back, "POST"),
    route("/_control/reset", reset, "POST"),
    route("/_control/public-key", public_key),
]
