"""``/v2/messages``: the call that everything is about."""

import asyncio
import re
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from koinonia.devkit.carrier import api, segments
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.refusals import Refused
from koinonia.devkit.carrier.texts import Text

E164 = re.compile(r"\+[1-9]\d{6,14}")
MOST_PARTS = 10
MOST_MEDIA = 10
GATEWAY_PAGE = "<html>Bad gateway</html>"


async def send(network: Network, request: Request) -> Response:
    raw = await request.body()
    body = api.json_object(raw)
    fate = (str(body.get("to")), str(body.get("text")))
    answer = _answer(network, request, body, raw)
    outcome = answer.code if isinstance(answer, Refused) else answer[0]
    network.ledger.called(fate[0], outcome)
    await _wait(network, fate)
    if isinstance(answer, Refused):
        raise answer
    lost = network.dice.happens(network.behaviour.lost_answer_share, "lost", *fate)
    if lost and outcome == "accepted":
        return Response(GATEWAY_PAGE, 502, media_type="text/html")
    return api.sent_json(answer[1])


def _answer(
    network: Network, request: Request, body: dict[str, Any], raw: bytes
) -> tuple[str, bytes] | Refused:
    """What happened and what to say; the waiting comes afterwards, so a repeated call finds it."""
    try:
        if replay := api.replayed(network, request, raw):
            return "replayed", replay
        text = _text(network, body)
        _have_trouble(network, request, text)
    except Refused as refused:
        return refused
    network.accept(text)
    shown = orjson.dumps({"data": text.shown()})
    return "accepted", api.remembered(network, request, raw, shown)


async def _wait(network: Network, fate: tuple[str, str]) -> None:
    latency = network.behaviour.send_latency
    if latency:
        await asyncio.sleep(network.dice.spread(latency, "latency", *fate))


def _have_trouble(network: Network, request: Request, text: Text) -> None:
    behaviour = network.behaviour
    if not (behaviour.error_share or behaviour.throttle_share):
        return
    # Rolled per attempt, or a call that fails once would fail for ever.
    key = request.headers.get("idempotency-key", "")
    network.attempts[key] += 1
    fate = (text.to, text.text, network.attempts[key])
    if network.dice.happens(behaviour.error_share, "error", *fate):
        raise Refused("10007", "An unexpected error occurred.")
    if network.dice.happens(behaviour.throttle_share, "throttle", *fate):
        raise Refused("10011", "You have exceeded the maximum number of allowed requests.")


def _text(network: Network, body: dict[str, Any]) -> Text:
    sender, to = _phone(body, "from"), _phone(body, "to")
    words, media = body.get("text") or "", body.get("media_urls") or []
    if not isinstance(words, str) or not isinstance(media, list):
        raise Refused("10015", "text must be a string and media_urls a list.")
    if not words and not media:
        raise Refused("40316", "Either 'text' and/or 'media_urls' must be provided.")
    if len(media) > MOST_MEDIA:
        raise Refused("40317", "MMS can only contain up to 10 items.")
    if not media and (parts := segments.parts(words)) > MOST_PARTS:
        raise Refused("40302", f"The SMS message would be divided into {parts} parts.")
    number = network.numbers.sender(
        sender, body.get("messaging_profile_id"), network.behaviour.strict_senders
    )
    if (number.profile_id, to) in network.blocks:
        raise Refused(
            "40300",
            f"Messages cannot be sent from '{sender}' to '{to}' due to an existing block rule.",
        )
    return Text(sender, to, words, media, number.profile_id, body.get("webhook_url"))


def _phone(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not value:
        raise Refused("10004", "A required parameter was missing.", f"/{name}")
    if not isinstance(value, str) or not E164.fullmatch(value):
        raise Refused("10016" if name == "to" else "40305", pointer=f"/{name}")
    return value


async def message(network: Network, request: Request) -> Response:
    text = network.texts.get(request.path_params["id"])
    if text is None:
        raise Refused("10005", "The message does not exist.")
    return api.json({"data": text.shown()})


ROUTES = [
    api.route("/v2/messages", send, "POST"),
    api.route("/v2/messages/{id}", message),
]
