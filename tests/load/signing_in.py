"""Signing in: most of it is argon2id, which is slow on purpose."""

import time
from concurrent.futures import ThreadPoolExecutor

import orjson
from tests.load.church import EMAIL, PASSWORD
from tests.load.figures import Figure, Floor, Section
from tests.load.load import drive
from tests.load.system import Ground

from koinonia.auth.passwords import AT_ONCE, HASHER
from koinonia.devkit.system import System

CONNECTIONS = 8


async def measure(ground: Ground, system: System) -> Section:
    load = await drive(
        f"{system.gateway_url}/api/auth/login",
        method="POST",
        headers={"Content-Type": "application/json"},
        body=orjson.dumps({"email": EMAIL, "password": PASSWORD, "tokens": True}),
        connections=CONNECTIONS,
        seconds=ground.seconds,
    )
    floor = Floor(f"argon2id alone, {AT_ONCE} threads", _verified(ground.seconds / 2))
    figure = Figure("login", load.per_second, "/s", [floor], load.spread)
    return Section(f"Signing in through the gateway, {CONNECTIONS} connections", [figure])


def _verified(seconds: float) -> float:
    """Passwords checked per second by as many threads as auth has."""
    stored = HASHER.hash(PASSWORD)
    until = time.perf_counter() + seconds

    def check() -> int:
        done = 0
        while time.perf_counter() < until:
            HASHER.verify(stored, PASSWORD)
            done += 1
        return done

    with ThreadPoolExecutor(AT_ONCE) as pool:
        checks = [pool.submit(check) for _ in range(AT_ONCE)]
        return sum(one.result() for one in checks) / seconds
