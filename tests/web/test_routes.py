"""What holds of every page, whatever it shows: it can be used by everybody, and in Spanish."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any, Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from tests.integration import churches

from koinonia.devkit.layout import ROOT
from koinonia.devkit.system import System

from . import routes, sentences
from .person import DESK, PHONE, Person

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")
CONTRAST = {"runOnly": ["color-contrast", "link-in-text-block"]}
EVERY_RULE = {"resultTypes": ["violations"]}
BUSY = "[aria-busy=true], [class*=_skeleton]"

Staff = tuple[Person, dict[str, str]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def church(system: System) -> AsyncIterator[churches.Church]:
    async with churches.registered(system.gateway_url) as registered:
        await registered.bring(3)
        yield registered


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def staff(
    system: System, browser: Browser, church: churches.Church
) -> AsyncIterator[dict[str, Person]]:
    """By language: one who reads English, one who reads Spanish."""
    async with AsyncExitStack() as stack:
        people = {}
        for language in ("en-US", "es-MX"):
            context = await browser.new_context(
                service_workers="block", base_url=system.gateway_url, locale=language, viewport=DESK
            )
            stack.push_async_callback(context.close)
            people[language] = await Person.at(context)
            await people[language].is_signed_in_to(church)
        yield people


@pytest.mark.parametrize("path", routes.all_paths())
async def test_everybody_can_use_it_by_day_and_by_night_on_a_desk_and_on_a_phone(
    staff: dict[str, Person], church: churches.Church, path: str
) -> None:
    ann = staff["en-US"]
    ann.problems.clear()
    await _opens(ann, path, church)
    await ann.run(AXE.read_text())
    found = {}
    for size in (DESK, PHONE):
        await ann.page.set_viewport_size(size)

        schemes = (("light", EVERY_RULE), ("dark", CONTRAST))
        for scheme, rules in schemes:
            await _sees_in(ann, scheme)
            for finding in await _findings(ann, rules):
                found[f"{scheme} {size['width']} {finding}"] = path
    await ann.page.set_viewport_size(DESK)
    assert list(found) == []
    assert ann.problems == []


@pytest.mark.parametrize("path", routes.all_paths())
async def test_who_reads_spanish_reads_no_english(
    staff: dict[str, Person], church: churches.Church, path: str
) -> None:
    ana = staff["es-MX"]
    ana.problems.clear()
    await _opens(ana, path, church)
    lines = {line.strip() for line in (await ana.run("document.body.innerText")).splitlines()}
    names = set(await ana.run(_NAMES))
    assert (lines | names) & sentences.english_only() == set()
    assert await ana.run("document.documentElement.lang") == "es"
    assert ana.problems == []


_NAMES = """[...document.querySelectorAll('[aria-label], [title], [placeholder]')].flatMap(
    each => ['aria-label', 'title', 'placeholder'].map(name => each.getAttribute(name) ?? ''))"""


async def _opens(who: Person, path: str, church: churches.Church) -> None:
    known = {"memberId": church.members[0]["id"]}
    await _sees_in(who, "light")
    await who.opens(routes.filled(path, known))
    await expect(who.page.locator("h1").first).to_be_visible()
    await expect(who.page.locator(BUSY)).to_have_count(0)


async def _sees_in(who: Person, scheme: Literal["light", "dark"]) -> None:
    """Once every colour is that of the scheme."""
    await who.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await who.run("Promise.all(document.getAnimations().map(each => each.finished.catch(() => 0)))")


async def _findings(who: Person, rules: dict[str, Any]) -> list[str]:
    """What axe finds grave, each with the first place."""
    answer = await who.run("rules => axe.run(document, rules)", rules)
    return [
        f"{each['id']} {each['nodes'][0]['html'][:200]}: {each['nodes'][0]['failureSummary']}"
        for each in answer["violations"]
        if each["impact"] in GRAVE
    ]
