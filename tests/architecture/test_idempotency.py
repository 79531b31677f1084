"""Every POST that creates takes an Idempotency-Key; what does not is named here with its reason."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from tests.architecture.routes import flat
from tests.architecture.source import report

from koinonia.common.web.idempotent import DECLARATIONS, CreatingRoute
from koinonia.devkit.layout import SERVICES, program

CREATES = (201, 202)
REPEATABLE = {
    "/api/auth/register": "nobody is signed in; an address registers once",
    "/api/auth/invitations/accept": "nobody is signed in; an invitation is accepted once",
    "/api/auth/password/forgotten": "a newer link replaces the older; three an hour",
    "/api/auth/email": "a newer link replaces the older, to the same address",
    "/api/auth/email/verification": "a newer link replaces the older",
}


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_that_creates_takes_a_key(service: str) -> None:
    report(
        "A request that a client repeats because its answer got lost must not create twice.",
        "Take `idempotency_key: IdempotencyKey` as the last parameter, in a router with "
        "route_class=CreatingRoute; or say in REPEATABLE why a second one has no effect.",
        [
            route.path
            for route in _posts(program(service).create_app())
            if route.status_code in CREATES
            and route.path not in REPEATABLE
            and not _is_declared(route)
        ],
    )


@pytest.mark.parametrize("service", SERVICES)
def test_a_key_is_looked_at_when_everything_else_is_checked(service: str) -> None:
    report(
        "Whoever may not do this must be refused before they are answered as somebody was before.",
        "Make the key the last parameter, and the router's route_class CreatingRoute.",
        [
            route.path
            for route in _posts(program(service).create_app())
            if _is_declared(route)
            and not (
                isinstance(route, CreatingRoute)
                and route.dependant.dependencies[-1].call in DECLARATIONS
            )
        ],
    )


def test_no_exception_is_left_over() -> None:
    declared = {
        route.path: _is_declared(route)
        for service in SERVICES
        for route in _posts(program(service).create_app())
    }
    report(
        "An exception holds for a route that there is and that takes no key.",
        "Remove it from REPEATABLE.",
        [path for path in REPEATABLE if declared.get(path, True)],
    )


def _is_declared(route: APIRoute) -> bool:
    return any(each.call in DECLARATIONS for each in route.dependant.dependencies)


def _posts(app: FastAPI) -> Iterator[APIRoute]:
    for route in flat(app.routes):
        if isinstance(route, APIRoute) and "POST" in route.methods:
            yield route
