"""The routes of Twilio."""

from koinonia.devkit.carrier.twilio import messages, numbers

ROUTES = (*messages.ROUTES, *numbers.ROUTES)
