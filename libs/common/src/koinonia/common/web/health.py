"""Whether the process lives, and whether it can work."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from koinonia.common.errors import AppError

log = structlog.get_logger("koinonia.web")

CHECK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Check:
    """Something a service cannot work without. ``probe`` gets ``app.state.running`` and raises
    when that thing does not answer; an ``AppError`` says why in its own words."""

    name: str
    probe: Callable[[Any], Awaitable[object]]


def router(name: str, checks: Sequence[Check]) -> APIRouter:
    """``/health`` (alive, always cheap) and ``/health/ready`` (200, or 503 with reasons)."""
    routes = APIRouter(include_in_schema=False)
    alive_body = {"status": "ok", "service": name}

    @routes.get("/health")
    async def alive() -> Response:
        return JSONResponse(alive_body)

    @routes.get("/health/ready")
    async def ready(request: Request) -> Response:
        running = getattr(request.app.state, "running", None)
        results = await asyncio.gather(*(_result(check, running) for check in checks))
        is_ready = all(result["ok"] for result in results)
        body = {
            "status": "ready" if is_ready else "unavailable",
            "service": name,
            "checks": {check.name: result for check, result in zip(checks, results, strict=True)},
        }
        return JSONResponse(body, 200 if is_ready else 503)

    return routes


async def _result(check: Check, running: Any) -> dict[str, Any]:
    started = time.perf_counter()
    reason = await _reason(check, running)
    result = {"ok": reason is None, "ms": round((time.perf_counter() - started) * 1000, 1)}
    return result if reason is None else {**result, "reason": reason}


async def _reason(check: Check, running: Any) -> str | None:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await check.probe(running)
    except TimeoutError:
        return f"No answer within {CHECK_SECONDS:g} seconds."
    except AppError as error:
        return error.message
    except Exception as error:  # its text may name hosts and users: that is for the log alone
        log.warning("health.check_failed", check=check.name, error=str(error))
        return f"It cannot be used ({type(error).__name__})."
    return None
