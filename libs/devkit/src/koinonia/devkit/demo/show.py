"""How the demo looks: chapters, a live bar of what became of a message, small tables."""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

_WIDTH = 56
_LOOK_SECONDS = 0.15
_LINE_SECONDS = 2.0  # between two lines where there is no terminal to redraw
_MESSAGE_SECONDS = 120.0
_COLOURS = {
    "delivered": "green",
    "sent": "cyan",
    "sending": "blue",
    "pending": "bright_black",
    "failed": "red",
    "unconfirmed": "yellow",
    "skipped": "magenta",
}
_WORDS = {"pending": "queued"}


class Screen:
    """Prints what happens, in a terminal or in a file."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._chapter = 0

    def chapter(self, title: str) -> None:
        self._chapter += 1
        self._console.print(f"\n[bold]{self._chapter}. {title}[/]")

    def say(self, sentence: str) -> None:
        self._console.print(f"   {sentence}", highlight=False, soft_wrap=True)

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="bright_black")
        for heading in headings:
            table.add_column(heading)
        for row in rows:
            table.add_row(*(Text(str(cell)) for cell in row))
        self._console.print(Padding(table, (0, 0, 0, 3)))

    def check(self, sentence: str, *, holds: bool) -> None:
        self._console.print(
            f"   {'[green]✓[/]' if holds else '[red]✗[/]'} {sentence}", soft_wrap=True
        )

    def follow(self, look: Callable[[], Any]) -> Any:
        """Show a message's counts until it is over; returns it as it was last seen."""
        if self._console.is_terminal:
            return self._follow_live(look)
        return self._follow_lines(look)

    def _follow_live(self, look: Callable[[], Any]) -> Any:
        started = time.monotonic()
        with Live(console=self._console, refresh_per_second=10) as live:
            for message in _looks(look, _LOOK_SECONDS):
                live.update(_picture(message, time.monotonic() - started))
        return message

    def _follow_lines(self, look: Callable[[], Any]) -> Any:
        started, told = time.monotonic(), 0.0
        for message in _looks(look, _LOOK_SECONDS):
            now = time.monotonic()
            if now - told > _LINE_SECONDS:
                self._console.print(_legend(message, now - started))
                told = now
        if told != now:
            self._console.print(_legend(message, now - started))
        return message


def _looks(look: Callable[[], Any], every: float) -> Iterable[Any]:
    """The message again and again, the last time when it is over (or takes too long)."""
    deadline = time.monotonic() + _MESSAGE_SECONDS
    while True:
        message = look()
        yield message
        if message["status"] in ("completed", "declined", "cancelled"):
            return
        if time.monotonic() > deadline:
            return
        time.sleep(every)


def _picture(message: Any, seconds: float) -> Group:
    bar = Text("   ")
    filled = 0
    total = max(1, message["totalRecipients"])
    for status, colour in _COLOURS.items():
        width = round(message["counts"][status] / total * _WIDTH)
        width = min(width, _WIDTH - filled)
        bar.append("━" * width, style=colour)
        filled += width
    bar.append("━" * (_WIDTH - filled), style="bright_black")
    return Group(bar, _legend(message, seconds))


def _legend(message: Any, seconds: float) -> Text:
    legend = Text(f"   {seconds:4.1f} s  ")
    for status, colour in _COLOURS.items():
        count = message["counts"][status]
        if count or status in ("pending", "sent", "delivered", "failed"):
            legend.append(f"{_WORDS.get(status, status)} ", style="bright_black")
            legend.append(f"{count}  ", style=colour)
    return legend
