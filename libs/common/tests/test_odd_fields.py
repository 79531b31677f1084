"""The sweep of odd text reaches every field by itself, and says what is wrong with an answer."""

from typing import Annotated

import httpx
from fastapi import FastAPI, Response
from pydantic import Field

from koinonia.common.schema import Schema
from koinonia.common.testing.odd_input import odd_fields

ODD = "\u202eodd"


class Leg(Schema):
    place: Annotated[str, Field(min_length=1)]
    mile: int = 0


class Trip(Schema):
    name: str
    legs: Annotated[list[Leg], Field(default_factory=list)]
    notes: Annotated[dict[str, str], Field(default_factory=dict)]
    wish: str | None = None


def app(heard: list[Trip], *, wrong: str = "", status: int = 500) -> FastAPI:
    """A service that answers ``status`` where the field ``wrong`` is odd."""
    made = FastAPI()

    @made.post("/trips", status_code=201, responses={"4XX": {}})
    async def add(trip: Trip, response: Response, q: str = "") -> dict[str, str]:
        heard.append(trip)
        if wrong and getattr(trip, wrong) == ODD:
            response.status_code = status
        return {"id": "7"}

    return made


async def broken(service: FastAPI) -> list[str]:
    transport = httpx.ASGITransport(service)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await odd_fields.Sweep(client, service.openapi()).broken(ODD)


async def test_every_text_is_odd_once_and_alone() -> None:
    heard = list[Trip]()
    assert await broken(app(heard)) == []
    dumped = [trip.model_dump_json(exclude_defaults=True) for trip in heard]
    assert len(dumped) == 5
    assert all(each.count(ODD) == 1 for each in dumped)


async def test_a_fault_is_told() -> None:
    [fault] = await broken(app([], wrong="wish", status=500))
    assert "500 in" in fault
