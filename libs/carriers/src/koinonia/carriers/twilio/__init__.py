"""Twilio: its row in the table of carriers."""

from koinonia.carriers.table import Definition, FixedAnswer, Webhook
from koinonia.carriers.twilio.carrier import Twilio
from koinonia.carriers.twilio.settings import TwilioSettings

# Twilio reads the answer to a text as orders; these are none.
NO_ORDERS = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'

TWILIO = Definition(
    name=Twilio.name,
    settings=TwilioSettings,
    configured=Twilio.is_configured,
    opened=Twilio.open,
    reports=Webhook("status", FixedAnswer(204)),
    texts=Webhook("inbound", FixedAnswer(200, "text/xml", NO_ORDERS)),
)
