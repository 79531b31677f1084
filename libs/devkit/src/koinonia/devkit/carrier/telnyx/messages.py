"""``/v2/messages``: sending a text and looking it up."""

import orjson
from starlette.requests import Request
from starlette.responses import Response

from koinonia.devkit.carrier.calls import text_calls
from koinonia.devkit.carrier.calls.json_answers import json
from koinonia.devkit.carrier.calls.text_calls import Wanted
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.state import segments
from koinonia.devkit.carrier.state.refusals import Refused
from koinonia.devkit.carrier.telnyx import api, dialect

MOST_PARTS = 10


async def send(network: Network, request: Request) -> Response:
    raw = await request.body()
    key = request.headers.get("idempotency-key", "")
    wanted = _wanted(api.json_object(raw), key)

    def take() -> tuple[str, bytes]:
        if replay := api.replayed(network, request, raw):
            return text_calls.REPLAYED, replay
        _fits(wanted)
        text = text_calls.accept(network, wanted)
        shown = orjson.dumps({"data": dialect.message(text)})
        return text_calls.ACCEPTED, api.remembered(network, request, raw, shown)

    return await text_calls.answer(network, wanted, take)


async def message(network: Network, request: Request) -> Response:
    text = network.texts.get(request.path_params["id"])
    if text is None:
        raise Refused("10005", "The message does not exist.")
    network.reporter.asked(text)
    return json({"data": dialect.message(text)})


def _wanted(body: dict[str, object], key: str) -> Wanted:
    return Wanted(
        dialect=dialect.TELNYX,
        key=key,
        sender=body.get("from"),
        to=body.get("to"),
        text=body.get("text"),
        media_urls=body.get("media_urls"),
        profile_id=api.word(body, "messaging_profile_id"),
        webhook_url=api.word(body, "webhook_url"),
    )


def _fits(wanted: Wanted) -> None:
    if isinstance(wanted.text, str) and not wanted.media_urls:
        parts = segments.parts(wanted.text)
        if parts > MOST_PARTS:
            raise Refused("40302", f"The SMS message would be divided into {parts} parts.")


ROUTES = [
    api.route("/v2/messages", send, "POST"),
    api.route("/v2/messages/{id}", message),
]
