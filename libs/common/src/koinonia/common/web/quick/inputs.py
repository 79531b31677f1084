"""What a route is given: the values of its dependencies and of what the client sent."""

import inspect
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel

REMEMBERED = 256  # queries of one function
LONGEST = 200  # bytes of a query that is remembered
Values = dict[str, Any]  # Any: arguments, each of a type that its function knows
Problems = list[Any]  # Any: as FastAPI gives and takes them
_FAILED = object()


class Query:
    """The parameters of one function, which take a tenth of a list to validate. Most are those of
    a request before, so what a query was found to mean is remembered.

    Only what nobody can change is handed out twice: of a model a copy, of a list none.
    """

    def __init__(self, fields: Sequence[Any]) -> None:  # Any: FastAPI exports no name of it
        self._fields = fields
        self._known: OrderedDict[bytes, Values] = OrderedDict()

    def read(self, request: Request) -> tuple[Values, Problems]:
        sent: bytes = request.scope["query_string"]
        known = self._known.get(sent)
        if known is not None:
            self._known.move_to_end(sent)
            return {name: _copied(value) for name, value in known.items()}, []
        values, problems = request_params_to_args(self._fields, request.query_params)
        if not problems and len(sent) <= LONGEST and all(map(_is_fixed, values.values())):
            self._known[sent] = {name: _copied(value) for name, value in values.items()}
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return values, problems


def _is_fixed(value: object) -> bool:
    if isinstance(value, BaseModel):
        return all(map(_is_fixed, vars(value).values()))
    return not isinstance(value, list | dict | set | bytearray)


def _copied(value: object) -> object:
    return value.model_copy() if isinstance(value, BaseModel) else value


@dataclass(frozen=True, slots=True)
class _Step:
    """One function that is called: a dependency, or the route's own. ``given`` are the arguments
    that are values of steps before, by their numbers."""

    call: Callable[..., Any]  # Any: as declared in its place
    given: Sequence[tuple[str, int]]
    path: Sequence[Any]  # Any: FastAPI exports no name of the type of a field
    headers: Sequence[Any]  # Any: as above
    query: Query | None
    request_name: str | None
    opened: Callable[..., AbstractAsyncContextManager[Any]] | None = None  # Any: as ``call``

    def arguments(self, request: Request, values: Sequence[object]) -> tuple[Values, Problems]:
        arguments: Values = {name: values[number] for name, number in self.given}
        problems: Problems = []
        if self.path:
            found, wrong = request_params_to_args(self.path, request.path_params)
            arguments |= found
            problems += wrong
        if self.query:
            found, wrong = self.query.read(request)
            arguments |= found
            problems += wrong
        if self.headers:
            found, wrong = request_params_to_args(self.headers, request.headers)
            arguments |= found
            problems += wrong
        if self.request_name:
            arguments[self.request_name] = request
        return arguments, problems


@dataclass(frozen=True, slots=True)
class Inputs:
    """All functions of a route in the order in which they are called, the route's own last."""

    steps: Sequence[_Step]

    @classmethod
    def by_dependant(cls, dependant: Dependant) -> Self | None:
        """None where FastAPI has to do it."""
        plan = _Plan()
        return cls(plan.steps) if plan.add(dependant) is not None else None

    async def answer(self, request: Request) -> object:
        """What the route returns. Raises ``RequestValidationError``; dependencies are asked though
        another one's parameters are wrong, so who is not signed in hears that first."""
        values: list[object] = []
        problems: Problems = []
        async with AsyncExitStack() as stack:
            for step in self.steps:
                arguments, wrong = step.arguments(request, values)
                problems += wrong
                if wrong or any(values[number] is _FAILED for _, number in step.given):
                    values.append(_FAILED)
                elif step is self.steps[-1] and problems:
                    break
                elif step.opened:
                    values.append(await stack.enter_async_context(step.opened(**arguments)))
                else:
                    values.append(await step.call(**arguments))
            if problems:
                raise RequestValidationError(problems)
        return values[-1]


@dataclass(slots=True)
class _Plan:
    steps: list[_Step] = field(default_factory=list)
    numbers: dict[Callable[..., Any], int] = field(default_factory=dict)  # Any: as above

    def add(self, dependant: Dependant) -> int | None:
        """The number of the step that calls the function of ``dependant``, after all that it
        depends on; None where one of them is not simple."""
        call = dependant.call
        if call is None or not _is_simple(dependant):
            return None
        if call in self.numbers:
            return self.numbers[call]
        given: list[tuple[str, int]] = []
        for each in dependant.dependencies:
            number = self.add(each)
            if number is None:
                return None
            if each.name is not None:
                given.append((each.name, number))
        self.steps.append(
            _Step(
                call,
                given,
                dependant.path_params,
                dependant.header_params,
                Query(dependant.query_params) if dependant.query_params else None,
                dependant.request_param_name,
                asynccontextmanager(call) if inspect.isasyncgenfunction(call) else None,
            )
        )
        self.numbers[call] = len(self.steps) - 1
        return self.numbers[call]


def _is_simple(dependant: Dependant) -> bool:
    return not any(_obstacles(dependant))


def _obstacles(dependant: Dependant) -> Iterator[object]:
    """What an :class:`Inputs` has no form for."""
    yield from (dependant.body_params, dependant.cookie_params)
    yield from (dependant.response_param_name, dependant.background_tasks_param_name)
    yield from (dependant.websocket_param_name, dependant.http_connection_param_name)
    yield from (dependant.security_scopes_param_name, dependant.concurrency)
    yield not dependant.use_cache
    if inspect.isasyncgenfunction(dependant.call):
        yield dependant.scope != "function"
    else:
        yield not inspect.iscoroutinefunction(dependant.call)
