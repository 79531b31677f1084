"""The browser of this machine: Debian's Chromium, installed as the servers are where it is missing.

Playwright only drives it; nothing is downloaded from anywhere else.
"""

import os
import shutil
from pathlib import Path

from koinonia.common.testing.servers import ServerError, install

SETTING = "KOINONIA_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking")


def found() -> Path:
    """The program. Raises ``ServerError`` with what to do where there is none."""
    program = _find()
    if program is None:
        problem = install.package("chromium")
        program = _find()
        if program is None:
            raise ServerError(
                "Not found: Chromium, which the tests of the pages use. Install it with `sudo "
                f"apt-get install chromium`, or name one in {SETTING}. {problem}"
            )
    return program


def arguments() -> list[str]:
    """What it is started with; as root it has no sandbox of its own."""
    return [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def _find() -> Path | None:
    if given := os.environ.get(SETTING):
        return Path(given)
    names = map(shutil.which, NAMES)
    return next((Path(name) for name in names if name), None)
