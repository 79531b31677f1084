"""Lists and single reads go one way: past the session (decision 36) and past what the framework
does anew at each request (decision 43)."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from koinonia.common.pagination import Page
from koinonia.common.web import answers, dependencies
from koinonia.common.web.quick.inputs import Inputs
from koinonia.devkit.layout import SERVICES, program

OTHERWISE = {
    "/api/conversations": "asks Redis first, and begins a read where that has no answer",
    "/api/conversations/{conversation_id}/timeline": "has no read begun while it asks messaging",
}
"""Lists without ``ReadDep``, and why."""


@cache
def reads() -> Sequence[tuple[str, RouteContext]]:
    """Each route for GET with its address."""
    return [
        (route.path or "", route)
        for name in SERVICES
        for route in iter_route_contexts(program(name).create_app().routes)
        if isinstance(route.original_route, APIRoute) and "GET" in (route.methods or ())
    ]


def asked(route: RouteContext) -> set[Callable[..., Any] | None]:
    """All functions that a route depends on."""
    return {each.call for each in answers.dependants(route.dependant)}


def is_list(route: RouteContext) -> bool:
    model = route.response_model
    return isinstance(model, type) and issubclass(model, Page)


def test_no_read_has_a_session() -> None:
    slow = [path for path, route in reads() if dependencies.transaction in asked(route)]
    assert not slow, f"Take ReadDep in the place of SessionDep: {slow}"


def test_each_list_is_a_read_or_has_a_reason() -> None:
    lists = {path for path, route in reads() if is_list(route)}
    others = {path for path, route in reads() if dependencies.read not in asked(route)} & lists
    assert len(lists) > 20
    assert others == set(OTHERWISE), "Take ReadDep and json_page, or say why not in OTHERWISE."


def test_each_read_goes_past_the_framework() -> None:
    slow = [
        path
        for path, route in reads()
        if dependencies.read in asked(route) and Inputs.by_dependant(route.dependant) is None
    ]
    assert not slow, f"quick/inputs.py has no form for a dependency of these: {slow}"
