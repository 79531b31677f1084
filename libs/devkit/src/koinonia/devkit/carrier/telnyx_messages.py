"""``/v2/messages``: the call that everything is about."""

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from koinonia.devkit.carrier import segments, sending, telnyx_api, telnyx_words
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.refusals import Refused
from koinonia.devkit.carrier.sending import Wanted

MOST_PARTS = 10


async def send(network: Network, request: Request) -> Response:
    raw = await request.body()
    key = request.headers.get("idempotency-key", "")
    wanted = _wanted(telnyx_api.json_object(raw), key)

    def take() -> tuple[str, bytes]:
        if replay := telnyx_api.replayed(network, request, raw):
            return sending.REPLAYED, replay
        _fits(wanted)
        text = sending.accept(network, wanted)
        shown = orjson.dumps({"data": telnyx_words.message(text)})
        return sending.ACCEPTED, telnyx_api.remembered(network, request, raw, shown)

    return await sending.answer(network, wanted, take)


async def message(network: Network, request: Request) -> Response:
    text = network.texts.get(request.path_params["id"])
    if text is None:
        raise Refused("10005", "The message does not exist.")
    network.teller.asked(text)
    return telnyx_api.json({"data": telnyx_words.message(text)})


def _wanted(body: dict[str, Any], key: str) -> Wanted:
    return Wanted(
        key=key,
        sender=body.get("from"),
        to=body.get("to"),
        text=body.get("text"),
        media_urls=body.get("media_urls"),
        profile_id=body.get("messaging_profile_id"),
        webhook_url=body.get("webhook_url"),
    )


def _fits(wanted: Wanted) -> None:
    if isinstance(wanted.text, str) and not wanted.media_urls:
        parts = segments.parts(wanted.text)
        if parts > MOST_PARTS:
            raise Refused("40302", f"The SMS message would be divided into {parts} parts.")


ROUTES = [
    telnyx_api.route("/v2/messages", send, "POST"),
    telnyx_api.route("/v2/messages/{id}", message),
]
