"""The health of the gateway and the services behind it.

The services are asked at most once a second, by one task for all callers. A report of the last few
seconds is returned while the next is fetched; only the first caller after a longer time waits.
"""

import asyncio
import time

import aiohttp
import orjson
from aiohttp import ClientTimeout

from koinonia.gateway.upstreams import Upstreams

FRESH_SECONDS = 1.0
STALE_SECONDS = 5.0
ANSWER_SECONDS = 2.5  # a service gives its own checks 2


class Health:
    """The state of all services, asked over ``upstreams``."""

    def __init__(self, upstreams: Upstreams) -> None:
        self._upstreams = upstreams
        self._asking: asyncio.Task[None] | None = None
        self._body = b""
        self._asked_at = float("-inf")

    async def report(self) -> bytes:
        """``{"status", "services": {name: {"ok", "ms" | "error"}}}`` as JSON."""
        age = time.monotonic() - self._asked_at
        if age > FRESH_SECONDS and self._asking is None:
            self._asking = asyncio.create_task(self._ask(), name="health")
        if age > STALE_SECONDS and self._asking is not None:
            await asyncio.shield(self._asking)
        return self._body

    async def close(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait([self._asking])

    async def _ask(self) -> None:
        try:
            names = self._upstreams.urls
            results = await asyncio.gather(*(self._state(url) for url in names.values()))
            services = dict(zip(names, results, strict=True))
            is_ok = all(state["ok"] for state in results)
            status = "ok" if is_ok else "degraded"
            report = {"status": status, "service": "gateway", "services": services}
            self._body, self._asked_at = orjson.dumps(report), time.monotonic()
        finally:
            self._asking = None

    async def _state(self, url: str) -> dict[str, object]:
        started = time.perf_counter()
        try:
            async with self._upstreams.session.get(
                f"{url}/health/ready", timeout=ClientTimeout(total=ANSWER_SECONDS, sock_connect=1)
            ) as response:
                error = None if response.ok else _reasons(await response.read())
        except TimeoutError:
            error = f"No answer within {ANSWER_SECONDS:g} seconds."
        except aiohttp.ClientError:
            error = "It cannot be reached."
        if error:
            return {"ok": False, "error": error}
        return {"ok": True, "ms": round((time.perf_counter() - started) * 1000, 1)}


def _reasons(body: bytes) -> str:
    """The reasons that a service gives for not being ready."""
    try:
        checks = orjson.loads(body)["checks"].items()
        failed = [f"{name}: {check['reason']}" for name, check in checks if not check["ok"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        failed = []
    return " ".join(failed) or "It is not ready."
