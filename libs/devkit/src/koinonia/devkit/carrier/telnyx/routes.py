"""The routes of Telnyx."""

from koinonia.devkit.carrier.telnyx import messages, numbers

ROUTES = (*messages.ROUTES, *numbers.ROUTES)
