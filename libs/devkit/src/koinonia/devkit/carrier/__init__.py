"""A simulated Telnyx: the API, the mobile networks behind it and the people with the phones.

Run it with ``python -m koinonia.devkit.carrier`` and point ``KOINONIA_TELNYX_API_URL`` at it.
It keeps a ledger of what every phone truly received, which is what tests compare with.
"""
