"""A simulated carrier: its APIs, the mobile networks behind it and the people with the phones.

It speaks Telnyx's language and Twilio's. Run it with ``python -m koinonia.devkit.carrier`` and
point ``KOINONIA_TELNYX_API_URL`` or ``KOINONIA_TWILIO_API_URL`` at it. It keeps one ledger of what
every phone truly received, which is what tests compare with.
"""
