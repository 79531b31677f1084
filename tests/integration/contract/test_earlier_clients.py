"""What the earlier frontend sends is answered as before: the same status, headers that a browser
acts upon, and every field that was there, of the same type."""

import re
from collections.abc import AsyncIterator
from copy import deepcopy

import httpx
import pytest
import pytest_asyncio
from tests.integration import churches

from koinonia.devkit.system import System

from . import earlier

STEPS = {step["name"]: step for step in earlier.steps()}
DIFFERENT = {
    ("health", ".services.webhooks is gone"): "The service is called ingress now; the names there "
    "are those of our processes, which a frontend has no use for.",
}
"""What differs today, by step, each with the reason."""

Answers = dict[str, httpx.Response]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def answers(system: System) -> AsyncIterator[Answers]:
    """Of today, by step: a browser's whole visit, from registering to logging out."""
    carrier = httpx.AsyncClient(base_url=system.carrier_url, timeout=10, trust_env=False)
    async with carrier, churches.visitor(system.gateway_url) as browser:
        player = earlier.Player(browser, carrier)
        yield {name: await player.play(step) for name, step in STEPS.items()}


@pytest.mark.parametrize("name", STEPS)
async def test_the_earlier_frontend_is_answered_as_before(answers: Answers, name: str) -> None:
    before, now = deepcopy(STEPS[name]["answer"]), earlier.look(answers[name])
    assert now["status"] == before["status"], answers[name].text
    assert now.get("code") == before.get("code"), answers[name].text
    cookies = [look["headers"].pop("set-cookie", {}) for look in (before, now)]
    assert cookies[0].items() <= cookies[1].items()
    assert now["headers"] == before["headers"]
    gone = earlier.missing(before["body"], now["body"])
    assert [each for each in gone if (name, each) not in DIFFERENT] == []


def test_every_one_of_the_seventeen_routes_is_among_them() -> None:
    words = earlier.SEVENTEEN.split()
    routes = {route(*each) for each in zip(words[::2], words[1::2], strict=True)}
    asked = [step["request"] for step in STEPS.values()]
    assert routes <= {route(each["method"], each["path"]) for each in asked}


def route(method: str, path: str) -> str:
    """Whatever its parameters are called."""
    return f"{method} {re.sub('{.*?}', '{}', path)}"


def test_a_field_that_is_gone_or_changed_is_seen() -> None:
    before = {"id": "string", "data": [{"at": "null", "count": "number"}], "gone": "string"}
    now = {"id": "number", "data": [{"at": "string", "count": "number", "more": "null"}]}
    assert list(earlier.missing(before, now)) == [".id was string and is number", ".gone is gone"]
