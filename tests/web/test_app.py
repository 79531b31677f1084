"""The pages as an app: they can be installed, open without a line, and forget an old build."""

from playwright.async_api import expect
from tests.integration.conftest import Founded

from koinonia.common.testing.eventually import eventually

from .conftest import Sits
from .person import Person

# Each test has a private window, in which nothing is installed.
PRIVATE = "in-incognito"
ARE_ALL_KEPT = """async () => {
    const loaded = performance.getEntriesByType("resource").map(({name}) => name)
        .filter((name) => name.includes("/assets/"));
    const kept = await Promise.all(loaded.map((name) => caches.match(name, {ignoreVary: true})));
    return loaded.length > 0 && kept.every(Boolean) && Boolean(await caches.match("/index.html"));
}"""
SURROUNDINGS = """() => [...document.querySelectorAll("meta[name=theme-color]")]
    .find(({media}) => matchMedia(media).matches)?.content"""
LIGHT, DARK = "#faf8f4", "#181613"
KEPT = "async () => (await (await caches.open('koinonia-pages')).keys()).map(({url}) => url)"


async def test_a_browser_offers_to_install_the_pages(person: Sits, found: Founded) -> None:
    ann = await person(await found(number=False), service_workers="allow")
    await ann.opens("/inbox")
    assert await ann.sees_the_page("Inbox")
    tools = await ann.page.context.new_cdp_session(ann.page)
    answer = await tools.send("Page.getInstallabilityErrors")
    errors = [each["errorId"] for each in answer["installabilityErrors"]]
    assert [each for each in errors if each != PRIVATE] == []


async def test_without_a_line_the_pages_open_and_say_so(person: Sits, found: Founded) -> None:
    ann = await person(await found(number=False), service_workers="allow")
    await ann.opens("/inbox")
    assert await ann.sees_the_page("Inbox")
    assert await eventually(lambda: ann.run(ARE_ALL_KEPT), 15)
    await ann.page.context.set_offline(True)
    await ann.page.reload()
    assert await ann.sees("could not be reached")
    await ann.page.context.set_offline(False)
    await ann.presses("Try again")
    assert await ann.sees_the_page("Inbox")


async def test_what_surrounds_the_page_has_the_colour_of_the_theme_that_is_chosen(
    person: Sits, found: Founded
) -> None:
    ann = await person(await found(number=False), color_scheme="light")
    await ann.opens("/inbox")
    await ann.sees_the_page("Inbox")
    light = await ann.run(SURROUNDINGS)
    assert light == LIGHT
    await ann.presses("Signed in as " + ann.email)
    await ann.page.get_by_role("menuitemradio", name="Dark").click()
    assert await ann.run(SURROUNDINGS) == DARK
    await ann.page.reload()
    assert await ann.run(SURROUNDINGS) == DARK


async def test_what_people_say_is_never_kept_in_the_browser(person: Sits, found: Founded) -> None:
    ann = await person(await found(members=1), service_workers="allow")
    await _has_been_here(ann)
    await ann.opens("/people")
    assert await ann.sees_the_page("People")
    kept = await ann.run(KEPT)
    assert [url for url in kept if "/assets/" in url]
    assert [url for url in kept if "/api/" in url] == []


async def _has_been_here(who: Person) -> None:
    """A second visit, from which on the worker has what it needs."""
    await who.opens("/inbox")
    await who.sees_the_page("Inbox")
    await who.run("() => navigator.serviceWorker.ready.then(() => undefined)")
    await who.page.reload()
    await who.sees_the_page("Inbox")
    await expect(who.page.get_by_role("heading", name="Inbox")).to_be_visible()
