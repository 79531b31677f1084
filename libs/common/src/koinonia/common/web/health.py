"""Health checks: whether the process is alive, and whether it is ready."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog
from fastapi import APIRouter, FastAPI, Request
from starlette.responses import JSONResponse, Response

from koinonia.common.errors import AppError

log = structlog.get_logger("koinonia.web")

CHECK_SECONDS = 2.0


Probe = Callable[[], Awaitable[object]]
"""Raises when what it asks does not answer; an ``AppError`` says why in its own words."""


@dataclass(frozen=True, slots=True)
class Check:
    """Something a service cannot work without."""

    name: str
    probe: Probe


def add_checks(app: FastAPI, checks: Mapping[str, Probe]) -> None:
    """Let ``/health/ready`` ask these too: what the runtime opened after the app was made."""
    app.state.checks.update(checks)


def router(name: str) -> APIRouter:
    """``/health`` (alive, always cheap) and ``/health/ready`` (200, or 503 with reasons)."""
    routes = APIRouter(include_in_schema=False)
    add_alive(routes, name, "/health")
    add_ready(routes, name)
    return routes


def add_alive(routes: APIRouter, name: str, path: str) -> None:
    """Answer ``path`` with the fact that the process answers."""
    alive_body = {"status": "ok", "service": name}

    @routes.get(path)
    async def alive() -> Response:
        return JSONResponse(alive_body)


def add_ready(routes: APIRouter, name: str) -> None:
    """Answer ``/health/ready`` with what the checks of the application say."""

    @routes.get("/health/ready")
    async def ready(request: Request) -> Response:
        checks: dict[str, Probe] = request.app.state.checks
        results = await asyncio.gather(*(_result(*check) for check in checks.items()))
        is_ready = all(result["ok"] for result in results)
        body = {
            "status": "ready" if is_ready else "unavailable",
            "service": name,
            "checks": dict(zip(checks, results, strict=True)),
        }
        return JSONResponse(body, 200 if is_ready else 503)


async def _result(name: str, probe: Probe) -> dict[str, object]:
    started = time.perf_counter()
    reason = await _reason(name, probe)
    result: dict[str, object] = {
        "ok": reason is None,
        "ms": round((time.perf_counter() - started) * 1000, 1),
    }
    return result if reason is None else {**result, "reason": reason}


async def _reason(name: str, probe: Probe) -> str | None:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await probe()
    except TimeoutError:
        return f"No answer within {CHECK_SECONDS:g} seconds."
    except AppError as error:
        return error.message
    except Exception as error:  # its text may name hosts and users: that is for the log alone
        log.warning("health.check_failed", check=name, error=str(error))
        return f"It cannot be used ({type(error).__name__})."
    return None
