"""The routes of an application, those of its routers among them."""

from collections.abc import Iterator, Sequence

from starlette.routing import BaseRoute


def flat(routes: Sequence[BaseRoute]) -> Iterator[BaseRoute]:
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is None:
            yield route
        else:
            yield from flat(included.routes)
