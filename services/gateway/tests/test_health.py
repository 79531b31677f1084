"""How the system is, as the gateway sees it."""

import asyncio

import httpx
from starlette.responses import JSONResponse, Response

from koinonia.common.testing.eventually import eventually

from .conftest import SERVICES, Gateway, Peers
from .peers import Seen, free_port


async def test_health_names_every_service(client: httpx.AsyncClient) -> None:
    body = (await client.get("/health")).json()
    assert body["status"] == "ok"
    assert set(body["services"]) == set(SERVICES)
    assert all(state["ok"] and state["ms"] > 0 for state in body["services"].values())


async def test_a_service_that_is_away_degrades_the_system(gateway: Gateway) -> None:
    async with gateway(billing_url=f"http://127.0.0.1:{free_port()}") as client:
        response = await client.get("/health")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert response.json()["services"]["billing"] == {"ok": False, "error": "It cannot be reached."}


async def test_a_service_that_cannot_work_says_why(client: httpx.AsyncClient, peers: Peers) -> None:
    async def unready(_: Seen) -> Response:
        check = {"ok": False, "reason": "No answer within 2 seconds."}
        return JSONResponse({"checks": {"database": check, "broker": {"ok": True}}}, 503)

    peers["messaging"].answer = unready
    state = (await client.get("/health")).json()["services"]["messaging"]
    assert state == {"ok": False, "error": "database: No answer within 2 seconds."}


async def test_asking_often_asks_the_services_once(client: httpx.AsyncClient, peers: Peers) -> None:
    await asyncio.gather(*(client.get("/health") for _ in range(50)))
    assert len(peers["auth"].seen) == 1


async def test_health_follows_what_changes(client: httpx.AsyncClient, peers: Peers) -> None:
    async def failing(_: Seen) -> Response:
        return Response(status_code=500)

    await client.get("/health")
    peers["auth"].answer = failing

    async def degraded() -> bool:
        return bool((await client.get("/health")).json()["status"] == "degraded")

    await eventually(degraded)


async def test_probes_ask_this_process_alone(gateway: Gateway) -> None:
    async with gateway(auth_url=f"http://127.0.0.1:{free_port()}") as client:
        assert (await client.get("/health/live")).json()["status"] == "ok"
        assert (await client.get("/health/ready")).status_code == 200
