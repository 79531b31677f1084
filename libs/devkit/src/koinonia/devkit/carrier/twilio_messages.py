"""``/2010-04-01/Accounts/{sid}/Messages``. Without idempotency keys every call is a new text."""

import orjson
from starlette.requests import Request
from starlette.responses import Response

from koinonia.devkit.carrier import sending, twilio_api, twilio_words
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.refusals import Refused
from koinonia.devkit.carrier.sending import Wanted
from koinonia.devkit.carrier.twilio_api import Form, first

MOST_CHARACTERS = 1600


async def send(network: Network, request: Request) -> Response:
    wanted = _wanted(await twilio_api.form(request))
    account = twilio_api.account(request)

    def take() -> tuple[str, bytes]:
        if len(wanted.text) > MOST_CHARACTERS:
            raise Refused("40302")
        text = sending.accept(network, wanted)
        return sending.ACCEPTED, orjson.dumps(twilio_words.message(text, account))

    return await sending.answer(network, wanted, take, 201)


async def message(network: Network, request: Request) -> Response:
    text = network.texts.get(request.path_params["id"])
    if text is None:
        raise Refused("10005")
    network.teller.asked(text)
    return twilio_api.json(twilio_words.message(text, twilio_api.account(request)))


async def messages(network: Network, request: Request) -> Response:
    """The texts from and to somebody, the latest first."""
    query, account = request.query_params, twilio_api.account(request)
    found = [
        twilio_words.message(text, account)
        for text in reversed(network.texts.values())
        if text.dialect == twilio_words.TWILIO
        and query.get("To") in (None, text.to)
        and query.get("From") in (None, text.sender)
    ]
    return twilio_api.json({"messages": found, "page": 0, "page_size": len(found)})


def _wanted(posted: Form) -> Wanted:
    media = posted.get("MediaUrl", [])
    return Wanted(
        sender=first(posted, "From"),
        to=first(posted, "To"),
        text=first(posted, "Body") or "",
        media_urls=media,
        profile_id=first(posted, "MessagingServiceSid"),
        webhook_url=first(posted, "StatusCallback"),
        dialect=twilio_words.TWILIO,
        id=twilio_api.sid("MM" if media else "SM"),
    )


ROUTES = [
    twilio_api.route(f"{twilio_api.ACCOUNT}/Messages.json", send, "POST"),
    twilio_api.route(f"{twilio_api.ACCOUNT}/Messages.json", messages),
    twilio_api.route(f"{twilio_api.ACCOUNT}/Messages/{{id}}.json", message),
]
