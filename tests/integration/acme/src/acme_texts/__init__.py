"""Acme, a carrier of somebody else: its row in the table of carriers."""

from acme_texts.carrier import Acme
from acme_texts.settings import AcmeSettings
from koinonia.carriers.table import Definition, FixedAnswer, Webhook

ACME = Definition(
    name=Acme.name,
    settings=AcmeSettings,
    configured=lambda settings: settings.acme_url is not None,
    opened=Acme.open,
    reports=Webhook("delivery", FixedAnswer(202, "text/plain", "thanks")),
    texts=Webhook("letters"),
)
