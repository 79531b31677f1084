"""The mailbox over HTTP: our own provider ``mailbox``, SendGrid's ``mail/send``, and pages.

``PUT /mails/{id}`` takes a mail, ``GET /mails?to=`` gives them as JSON, ``GET /`` and
``GET /mails/{id}`` show them to a person. What became of a mail is told later
(:mod:`koinonia.devkit.mailbox.reports`).
"""

from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from koinonia.devkit.mailbox.box import Box
from koinonia.devkit.mailbox.reports import Reports

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("pages")),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
# What a mail says is shown in a frame that can run nothing and load nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'none'"


def create_app(box: Box, reports: Reports | None = None) -> Starlette:
    """``reports``: who tells later what became of a mail; None: nobody."""
    app = Starlette(routes=ROUTES)
    app.state.box = box
    app.state.reports = reports
    return app


async def take(request: Request) -> Response:
    """A mail of the provider ``mailbox``."""
    mail = _json(await request.body())
    if mail is None or not all(isinstance(mail.get(name), str) for name in FIELDS):
        return _refused(f"A mail is an object with the texts {', '.join(FIELDS)}.")
    _box(request).keep(
        request.path_params["mail_id"],
        sender=mail["from"],
        **{name: mail[name] for name in FIELDS if name != "from"},
    )
    told = _told_later(request, request.path_params["mail_id"], mail["to"])
    return Response(status_code=204, background=told)


async def take_as_sendgrid(request: Request) -> Response:
    """``POST /v3/mail/send`` as SendGrid answers it."""
    if not request.headers.get("Authorization", "").startswith("Bearer "):
        return _refused("The provided authorization grant is invalid", status=401)
    mail = _json(await request.body())
    try:
        assert mail is not None
        people = mail["personalizations"][0]
        content = {part["type"]: part["value"] for part in mail["content"]}
        mail_id, to = people["custom_args"]["mail_id"], people["to"][0]["email"]
        sender, subject, kind = mail["from"]["email"], mail["subject"], mail["categories"][0]
        text, html = content["text/plain"], content["text/html"]
    except (AssertionError, KeyError, IndexError, TypeError):
        return _refused("Bad Request")
    if "@" not in to:
        return _refused("Does not contain a valid address.", "personalizations.0.to.0.email")
    _box(request).keep(
        mail_id, kind=kind, sender=sender, to=to, subject=subject, text=text, html=html
    )
    headers = {"X-Message-Id": f"sim-{mail_id}"}
    return Response(status_code=202, headers=headers, background=_told_later(request, mail_id, to))


async def give(request: Request) -> Response:
    """All mails as JSON, the latest first; ``?to=`` those of one address."""
    mails = _box(request).latest(request.query_params.get("to"))
    return _json_response([mail.shown() for mail in mails])


async def list_page(request: Request) -> Response:
    mails = _box(request).latest()
    return _page("list.jinja", mails=mails)


async def mail_page(request: Request) -> Response:
    mail = _box(request).get(request.path_params["mail_id"])
    if mail is None:
        return Response("There is no such mail (any more).", status_code=404)
    return _page("mail.jinja", mail=mail)


async def clear(request: Request) -> Response:
    _box(request).clear()
    return Response(status_code=204)


FIELDS = ("kind", "from", "to", "subject", "text", "html")

ROUTES = [
    Route("/", list_page),
    Route("/mails", give),
    Route("/mails", clear, methods=["DELETE"]),
    Route("/mails/{mail_id}", mail_page),
    Route("/mails/{mail_id}", take, methods=["PUT"]),
    Route("/v3/mail/send", take_as_sendgrid, methods=["POST"]),
]


def _box(request: Request) -> Box:
    box: Box = request.app.state.box
    return box


def _told_later(request: Request, mail_id: str, to: str) -> BackgroundTask | None:
    reports: Reports | None = request.app.state.reports
    return BackgroundTask(reports.report, mail_id, to) if reports else None


# Any: what a client sends is not known before it is looked at.
def _json(raw: bytes) -> dict[str, Any] | None:
    try:
        read = orjson.loads(raw)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def _json_response(body: object, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status_code=status, media_type="application/json")


def _refused(sentence: str, field: str | None = None, status: int = 400) -> Response:
    error = {"message": sentence, "field": field, "help": None}
    return _json_response({"errors": [error]}, status)


def _page(template: str, **values: object) -> Response:
    return HTMLResponse(
        PAGES.get_template(template).render(values), headers={"Content-Security-Policy": POLICY}
    )
