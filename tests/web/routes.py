"""Every address of the pages, as ``web/src/routes.tsx`` and ``doors.tsx`` have them: a new one is
tested unasked."""

import re
from uuid import UUID

from koinonia.devkit.layout import ROOT

NOBODY = str(UUID(int=0))

_PATH = re.compile(r"\bpath: \"(/[^\"]+)\"")


def all_paths() -> list[str]:
    """Without the first, which leads to the dashboard."""
    pages = ROOT / "web" / "src"
    return [
        path
        for table in ("doors.tsx", "routes.tsx")
        for path in _PATH.findall((pages / table).read_text())
    ]


def filled(path: str, known: dict[str, str]) -> str:
    """The address with an id in it, where it must have one; an id of nothing shows what the page
    says then."""
    needed = re.sub(r"/\{-\$\w+\}", "", path)
    return re.sub(r"\$(\w+)", lambda found: known.get(found[1], NOBODY), needed)
