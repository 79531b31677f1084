"""``/2010-04-01/Accounts/{sid}/Messages``. Without idempotency keys every call is a new text."""

import orjson
from starlette.requests import Request
from starlette.responses import Response

from koinonia.devkit.carrier.calls import text_calls
from koinonia.devkit.carrier.calls.json_answers import json
from koinonia.devkit.carrier.calls.text_calls import Wanted
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.state.refusals import Refused
from koinonia.devkit.carrier.twilio import api, dialect
from koinonia.devkit.carrier.twilio.api import Form, first

MOST_CHARACTERS = 1600


async def send(network: Network, request: Request) -> Response:
    wanted = _wanted(await api.form(request))
    account = api.account(request)

    def take() -> tuple[str, bytes]:
        if len(str(wanted.text)) > MOST_CHARACTERS:
            raise Refused("40302")
        text = text_calls.accept(network, wanted)
        return text_calls.ACCEPTED, orjson.dumps(dialect.message(text, account))

    return await text_calls.answer(network, wanted, take, 201)


async def message(network: Network, request: Request) -> Response:
    text = network.texts.get(request.path_params["id"])
    if text is None:
        raise Refused("10005")
    network.reporter.asked(text)
    return json(dialect.message(text, api.account(request)))


async def messages(network: Network, request: Request) -> Response:
    """The texts from and to somebody, the latest first."""
    query, account = request.query_params, api.account(request)
    found = [
        dialect.message(text, account)
        for text in reversed(network.texts.values())
        if text.dialect == dialect.TWILIO
        and query.get("To") in (None, text.to)
        and query.get("From") in (None, text.sender)
    ]
    return json({"messages": found, "page": 0, "page_size": len(found)})


def _wanted(posted: Form) -> Wanted:
    media = posted.get("MediaUrl", [])
    return Wanted(
        sender=first(posted, "From"),
        to=first(posted, "To"),
        text=first(posted, "Body") or "",
        media_urls=media,
        profile_id=first(posted, "MessagingServiceSid"),
        webhook_url=first(posted, "StatusCallback"),
        dialect=dialect.TWILIO,
        id=api.sid("MM" if media else "SM"),
    )


ROUTES = [
    api.route(f"{api.ACCOUNT}/Messages.json", send, "POST"),
    api.route(f"{api.ACCOUNT}/Messages.json", messages),
    api.route(f"{api.ACCOUNT}/Messages/{{id}}.json", message),
]
