"""Telnyx: its row in the table of carriers."""

from koinonia.carriers.table import Definition, Webhook
from koinonia.carriers.telnyx.carrier import Telnyx
from koinonia.carriers.telnyx.settings import TelnyxSettings

TELNYX = Definition(
    name=Telnyx.name,
    settings=TelnyxSettings,
    configured=Telnyx.is_configured,
    opened=Telnyx.open,
    reports=Webhook("status"),
    texts=Webhook("mms"),
)
