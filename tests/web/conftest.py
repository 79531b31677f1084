"""One browser and one system for all tests of the pages; each test has a church and a profile of
its own, and fails if a page broke its policy or raised what nobody caught."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest_asyncio
from playwright.async_api import Browser, async_playwright
from tests.integration.conftest import (  # noqa: F401 - fixtures of these tests too
    found,
    phones,
    pytest_runtest_makereport,
    visitor,
)

from koinonia.devkit.layout import PAGES
from koinonia.devkit.system import System

from . import chromium
from .person import DESK, Person

Sits = Callable[..., Awaitable[Person]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(server_processes: None) -> AsyncIterator[Browser]:
    assert (PAGES / "index.html").exists(), "There are no pages to test. Run: make pages"
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=chromium.found(), args=chromium.arguments()
        )
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def person(system: System, browser: Browser) -> AsyncIterator[Sits]:
    """Somebody with a browser of their own: ``ann = await person(church, locale="es-MX")``."""
    sitting: list[Person] = []
    async with AsyncExitStack() as stack:

        async def sits(church=None, **settings) -> Person:
            context = await browser.new_context(
                **{
                    "base_url": system.gateway_url,
                    "locale": "en-US",
                    "viewport": DESK,
                    "service_workers": "block",  # a test that answers for the server must be asked
                }
                | settings
            )
            stack.push_async_callback(context.close)
            somebody = await Person.at(context)
            if church:
                await somebody.is_signed_in_to(church)
            sitting.append(somebody)
            return somebody

        yield sits
    assert [problem for each in sitting for problem in each.problems] == []
