"""Twilio as it is simulated: its routes, and the setting that points a system at them."""

from koinonia.devkit.carrier.twilio import messages, numbers

ROUTES = (*messages.ROUTES, *numbers.ROUTES)


def api_settings(url: str) -> dict[str, str]:
    return {"KOINONIA_TWILIO_API_URL": url}
