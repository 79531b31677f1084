"""Answers whose JSON is written straight from rows.

FastAPI validates what a route returns against its ``response_model``, which for a page of rows that
we have just read ourselves takes longer than reading them. A list therefore says how a row looks,
in the names of JSON, and returns the bytes::

    @router.get("", dependencies=TAGGED, response_model=Page[ListedMessage])
    async def list_messages(read: ReadDep, params: PageQuery) -> Response:
        return json_page(await queries.broadcasts(read, params), message_views.item)

The model describes the answer to clients. That both are the same holds every test that asks for the
list: :data:`inspect` compares the bytes with what the model makes of them.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import orjson
from pydantic import BaseModel
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from koinonia.common.pagination import Page

Json = dict[str, Any]  # Any: what may stand in JSON
"""An object of JSON. Ids, times, enums and models in it are written as a model writes them."""
Row = TypeVar("Row")
Inspect = Callable[[object, bytes], None]
"""Called with the model of the route and the answer. Raises to object."""

inspect: Inspect | None = None  # set by tests


class JsonAnswer(Response):
    """JSON in bytes."""

    media_type = "application/json"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if inspect is not None:
            inspect(scope["route"].response_model, bytes(self.body))
        await super().__call__(scope, receive, send)


def json_page(page: Page[Row], show: Callable[[Row], Json | BaseModel]) -> Response:
    """A page of what ``show`` makes of each row."""
    answer: Json = {
        "data": [show(row) for row in page.data],
        "hasMore": page.has_more,
        "nextCursor": page.next_cursor,
    }
    if page.total is not None:
        answer["total"] = page.total
    return json_answer(answer)


def by_names(model: type[BaseModel]) -> Callable[[object], Json]:
    """Shows rows whose attributes are called as the fields of ``model``."""
    names = {
        name: info.serialization_alias or info.alias or name
        for name, info in model.model_fields.items()
    }

    def show(row: object) -> Json:
        return {alias: getattr(row, name) for name, alias in names.items()}

    return show


def json_answer(answer: Json) -> Response:
    """``answer`` as it is."""
    return JsonAnswer(orjson.dumps(answer, _written, orjson.OPT_UTC_Z))


def _written(value: object) -> object:
    """What orjson does not know: the driver's ids, which are of a type of its own, and models."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    raise TypeError(f"{type(value).__name__} is not for JSON")
