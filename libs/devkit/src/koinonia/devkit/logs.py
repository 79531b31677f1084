"""Follow the logs of the parts, each line behind the name of its part, in a colour of its own."""

import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

_COLOURS = ("cyan", "green", "magenta", "yellow", "blue", "bright_red", "bright_cyan", "white")
_POLL_SECONDS = 0.3
_BACK_BYTES = 2_000


def follow(folder: Path, names: list[str]) -> None:
    """Print what is written, beginning a little before now, until Ctrl-C."""
    paths = [path for path in sorted(folder.glob("*.log")) if not names or path.stem in names]
    console = Console()
    if not paths:
        console.print(f"No such log. There are: {', '.join(p.stem for p in folder.glob('*.log'))}")
        return
    tails = {path: _lines(path) for path in paths}
    width = max(len(path.stem) for path in paths)
    try:
        while True:
            for number, (path, lines) in enumerate(tails.items()):
                name = Text(path.stem.ljust(width), style=_COLOURS[number % len(_COLOURS)])
                for line in iter(lambda lines=lines: next(lines), ""):  # type: ignore[misc]
                    console.print(name, Text.from_ansi(line), soft_wrap=True)
            time.sleep(_POLL_SECONDS)
    except KeyboardInterrupt:
        return


def _lines(path: Path) -> Iterator[str]:
    """Each whole line that is written to the file; an empty string where there is none yet."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _BACK_BYTES))
        if file.tell():
            file.readline()
        kept = b""
        while True:
            kept += file.readline()
            if kept.endswith(b"\n"):
                yield kept.decode(errors="replace").rstrip("\n")
                kept = b""
            else:
                yield ""
