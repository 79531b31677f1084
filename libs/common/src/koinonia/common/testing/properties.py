"""How a property is tried where each example costs calls of a server.

What fails is shown as it was found. To make it smaller, hypothesis would try hundreds of others,
for up to five minutes, and a run that fails must end soon too.
"""

from hypothesis import HealthCheck, Phase, settings


def on_servers(examples: int) -> settings:
    """``@on_servers(examples=20)`` stands above ``@given``."""
    return settings(
        max_examples=examples,
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=(HealthCheck.function_scoped_fixture, HealthCheck.too_slow),
    )
