"""Pictures of the pages for the README: ``make screenshots``, with the church of ``make demo``.

Each is named by what it shows.
"""

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page, StorageState, async_playwright
from tests.web import chromium
from tests.web.person import DESK, PHONE

from koinonia.devkit import home
from koinonia.devkit.layout import ROOT, RUN

FOLDER = ROOT / "docs" / "pictures"
SETTLED_MS = 1_500  # for what comes live and what moves
WAIT_MS = 20_000


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: the address, and the link there that is followed first."""

    name: str
    path: str
    opens: str = ""
    is_on_phone: bool = False
    is_dark: bool = False


SHOTS = (
    Shot("inbox", "/inbox", opens="main a[href^='/inbox/']"),
    Shot("inbox-on-a-phone", "/inbox", is_on_phone=True),
    Shot("send", "/send"),
    Shot("broadcast", "/messages", opens="main a[href^='/messages/']"),
    Shot("people", "/people", is_dark=True),
)


async def main() -> None:
    here = home.found()
    if here is None or not (RUN / "demo.json").exists():
        sys.exit("There is no demo church to show. Run: make demo")
    FOLDER.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.found(), args=chromium.arguments()
        )
        address = here.system.gateway_url
        session = await _signed_in(browser, address)
        for shot in SHOTS:
            path = await _take(browser, address, session, shot)
            print(path.relative_to(ROOT))
        await browser.close()


async def _signed_in(browser: Browser, address: str) -> StorageState:
    context = await browser.new_context(base_url=address)
    account = json.loads((RUN / "demo.json").read_text())
    login = {name: account[name] for name in ("email", "password")}
    answer = await context.request.post("/api/auth/login", data=login)
    if not answer.ok:
        sys.exit(f"The demo's owner cannot sign in: {await answer.text()}")
    session = await context.storage_state()
    await context.close()
    return session


async def _take(browser: Browser, address: str, session: StorageState, shot: Shot) -> Path:
    context = await browser.new_context(
        base_url=address,
        storage_state=session,
        locale="en-US",
        viewport=PHONE if shot.is_on_phone else DESK,
        color_scheme="dark" if shot.is_dark else "light",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    await page.goto(shot.path)
    await page.locator("h1").first.wait_for(timeout=WAIT_MS)
    if shot.opens:
        await page.locator(shot.opens).first.click(timeout=WAIT_MS)
    if shot.path == "/send":
        await _write_a_text(page)
    await page.mouse.move(0, 0)  # nothing is hovered over
    await page.wait_for_timeout(SETTLED_MS)
    await page.get_by_text("Catching up…").wait_for(state="hidden", timeout=WAIT_MS)
    path = FOLDER / f"{shot.name}.png"
    await page.screenshot(path=path)
    _shrink(path)
    await context.close()
    return path


def _shrink(path: Path) -> None:
    """To 256 colours, which is a third of the bytes and looks the same."""
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(256).save(path, optimize=True)


async def _write_a_text(page: Page) -> None:
    await page.get_by_role("radio", name="Everybody").click(timeout=WAIT_MS)
    await page.get_by_role("textbox", name="What it says").fill(
        "Good morning, {{firstName|friend}}! The service begins at 10. Coffee is ready."
    )


if __name__ == "__main__":
    asyncio.run(main())
