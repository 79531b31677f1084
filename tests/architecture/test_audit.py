"""Whatever changes something, or takes much out, is in the audit trail, or is named with a reason.

Each service says so in one table, ``audited.py``.
"""

import inspect
from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from tests.architecture.routes import flat
from tests.architecture.source import ROOT, code, report

from koinonia.auth.audit import Action
from koinonia.common.events import REGISTRY
from koinonia.common.events.actions import ActionTaken
from koinonia.common.web import answers, dependencies
from koinonia.common.web.auditing.actions import AuditTable
from koinonia.devkit.layout import SERVICES, program

CHANGES = {"POST", "PUT", "PATCH", "DELETE"}
# Strangers and machines call these; what they bring is kept as what it is.
WITHOUT_CALLERS = ("ingress",)
HOW = (
    "Name it in the service's audited.py: in `audited` with its action (`thing.done`), in "
    "`by_themselves` where the code below records it, or in `unaudited` with the reason."
)
AUDITING = [name for name in SERVICES if name not in WITHOUT_CALLERS]


def routes(service: str) -> Iterator[APIRoute]:
    """Those that change something, and those whose answer is a file."""
    for route in flat(program(service).create_app().routes):
        if isinstance(route, APIRoute) and (route.methods & CHANGES or is_file(route)):
            yield route


def is_file(route: APIRoute) -> bool:
    answer = route.responses.get(200, {})
    return "Content-Disposition" in answer.get("headers", {})


def table(service: str) -> AuditTable | None:
    found: AuditTable | None = program(service).create_app().state.audit
    return found


@pytest.mark.parametrize("service", AUDITING)
def test_every_operation_that_changes_something_is_in_the_table(service: str) -> None:
    kept = table(service)
    known = {*kept.audited, *kept.by_themselves, *kept.unaudited} if kept else set()
    report(
        "An owner asks who did it; what the trail does not know, nobody can answer.",
        HOW,
        [f"{service}: {route.name}" for route in routes(service) if route.name not in known],
    )


@pytest.mark.parametrize("service", AUDITING)
def test_the_table_names_operations_that_there_are_and_each_once(service: str) -> None:
    kept = table(service)
    if kept is None:
        assert not list(routes(service))
        return
    named = [*kept.audited, *kept.by_themselves, *kept.unaudited]
    assert sorted(named) == sorted(set(named))
    assert set(named) - {route.name for route in routes(service)} == set()
    assert all(kept.unaudited.values())


@pytest.mark.parametrize("service", AUDITING)
def test_what_the_table_says_is_recorded(service: str) -> None:
    """By the transaction of its SessionDep, or by a line of the route."""
    kept = table(service)
    audited = kept.audited if kept else {}
    report(
        "A table that nothing carries out is a promise.",
        "Take SessionDep, or `action: ActionDep` and call `action.record(session)` in the "
        "transaction of the change.",
        [
            f"{service}: {route.name}"
            for route in routes(service)
            if route.name in audited and not (in_transaction(route) or records(route))
        ],
    )


def in_transaction(route: APIRoute) -> bool:
    return any(
        each.call is dependencies.transaction for each in answers.dependants(route.dependant)
    )


def records(route: APIRoute) -> bool:
    """The route, or what it calls in its module, hands the action on to be recorded."""
    module = inspect.getmodule(route.endpoint)
    assert module is not None
    takes = any(
        each.call is dependencies.current_action for each in answers.dependants(route.dependant)
    )
    return takes and "action.record" in inspect.getsource(module)


def test_every_action_of_auth_is_recorded_somewhere() -> None:
    used = "\n".join(
        source.text
        for source in code()
        if source.path.startswith("services/auth/src") and not source.path.endswith("audited.py")
    )
    assert [each.name for each in Action if f"Action.{each.name}" not in used] == []


def test_auth_hears_what_every_service_did() -> None:
    heard = {each.event.name for each in program("auth").subscriptions}
    said = {name for name, event in REGISTRY.items() if issubclass(event, ActionTaken)}
    assert said
    assert said <= heard


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_action_has_its_words(language: str) -> None:
    tables = [kept for name in AUDITING if (kept := table(name))]
    actions = {*map(str, Action), *(each for kept in tables for each in kept.audited.values())}
    words = (ROOT / f"web/src/words/{language}/audit.ts").read_text()
    report(
        "An owner reads sentences, not codes.",
        "Say what was done in web/src/words/{en,es}/audit.ts.",
        sorted(action for action in actions if f'"{action}":' not in words),
    )
