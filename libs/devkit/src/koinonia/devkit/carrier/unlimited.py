"""Settings of services for a carrier that takes whatever it is given, as the simulated one does.

The product's own limits are those of real carriers; a demo or test would take hours with them. And
nobody is woken by a simulated text: with quiet hours a demo at night would wait for the morning.
Such a text costs nothing either, so whoever registers is believed to own their address, and a trial
is long enough for a demo.
"""

PARTS_PER_SECOND = 100_000.0

_RATES = {
    f"{who}_{what}_per_second": PARTS_PER_SECOND
    for who in ("carrier", "number")
    for what in ("parts", "media")
}
UNLIMITED: dict[str, float | str] = {
    **_RATES,
    "quiet_hours": "ignored",
    "addresses_verified_by": "registration",
    "trial_allowance_parts": 5_000,
    "number_orders_per_day": 1_000_000,
}
