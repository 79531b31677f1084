"""The icons of the pages as an app, drawn from ``web/public/icon.svg``: ``make icons``."""

import asyncio
import base64

from playwright.async_api import async_playwright
from tests.web import chromium

from koinonia.devkit.layout import ROOT

FOLDER = ROOT / "web" / "public"
GREEN = "#0d6656"  # what a maskable icon bleeds into; systems cut off up to a fifth of it
SHARE_OF_MASKABLE = 70  # percent

# Name → pixels, percent of them that the drawing fills, and what is behind it.
ICONS = {
    "icon-192.png": (192, 100, "transparent"),
    "icon-512.png": (512, 100, "transparent"),
    "icon-maskable-512.png": (512, SHARE_OF_MASKABLE, GREEN),
    "apple-touch-icon.png": (180, 100, GREEN),
}


async def main() -> None:
    drawing = base64.b64encode((FOLDER / "icon.svg").read_bytes()).decode()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.found(), args=chromium.arguments()
        )
        for name, (pixels, share, behind) in ICONS.items():
            page = await browser.new_page(viewport={"width": pixels, "height": pixels})
            await page.set_content(
                f'<body style="margin:0;background:{behind};display:grid;place-items:center;'
                f'height:100vh"><img style="width:{share}%" '
                f'src="data:image/svg+xml;base64,{drawing}">'
            )
            await page.screenshot(path=FOLDER / name, omit_background=True)
            await page.close()
            print(name)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
