"""Telnyx as it is simulated: its routes, and the setting that points a system at them."""

from koinonia.devkit.carrier.telnyx import messages, numbers

ROUTES = (*messages.ROUTES, *numbers.ROUTES)


def api_settings(url: str) -> dict[str, str]:
    return {"KOINONIA_TELNYX_API_URL": f"{url}/v2"}
