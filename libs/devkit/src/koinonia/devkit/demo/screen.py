"""Output of the demo: chapters, a live bar of what became of a message, small tables."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext

from rich.console import Console, Group
from rich.live import Live
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from koinonia.devkit.demo.answers import Json

_WIDTH = 56
_LOOK_SECONDS = 0.15
_LINE_SECONDS = 2.0  # between two lines where there is no terminal to redraw
_MESSAGE_SECONDS = 120.0
OVER = ("completed", "declined", "cancelled")
_COLOURS = {
    "delivered": "green",
    "failed": "red",
    "sent": "cyan",
    "sending": "blue",
    "pending": "bright_black",
    "unconfirmed": "yellow",
    "skipped": "magenta",
}
_ALWAYS = ("pending", "sending", "sent", "delivered", "failed")
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

    def waiting(self, what: str) -> AbstractContextManager[object]:
        """Says what is being waited for, as long as the block lasts, where that can be seen."""
        if self._console.is_terminal:
            return self._console.status(f"   {what}", spinner_style="bright_black")
        return nullcontext()

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        table = Table(
            box=None,
            pad_edge=False,
            padding=(0, 3, 0, 0),
            header_style="bright_black",
            show_header=any(headings),
        )
        for heading in headings:
            table.add_column(heading)
        for row in rows:
            table.add_row(*(Text(str(cell)) for cell in row))
        self._console.print(Padding(table, (0, 0, 0, 3)))

    def check(self, sentence: str, *, holds: bool) -> None:
        self._console.print(
            f"   {'[green]✓[/]' if holds else '[red]✗[/]'} {sentence}", soft_wrap=True
        )

    def follow(self, look: Callable[[], Json]) -> list[Json]:
        """Show a message's counts until it is over; returns every look at it, the last one last."""
        looks = _looks(look, _LOOK_SECONDS)
        return list(self._live(looks) if self._console.is_terminal else self._lines(looks))

    def _live(self, looks: Iterable[Json]) -> Iterator[Json]:
        started = time.monotonic()
        with Live(console=self._console, refresh_per_second=10) as live:
            for message in looks:
                live.update(_picture(message, time.monotonic() - started))
                yield message

    def _lines(self, looks: Iterable[Json]) -> Iterator[Json]:
        started, told = time.monotonic(), -_LINE_SECONDS
        for message in looks:
            seconds = time.monotonic() - started
            if seconds - told > _LINE_SECONDS or message["status"] in OVER:
                self._console.print(_legend(message, seconds))
                told = seconds
            yield message


def _looks(look: Callable[[], Json], every: float) -> Iterable[Json]:
    """The message again and again, the last time when it is over (or takes too long)."""
    deadline = time.monotonic() + _MESSAGE_SECONDS
    while True:
        message = look()
        yield message
        if message["status"] in OVER:
            return
        if time.monotonic() > deadline:
            return
        time.sleep(every)


def _picture(message: Json, seconds: float) -> Group:
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


def _legend(message: Json, seconds: float) -> Text:
    legend = Text(f"   {seconds:4.1f} s  ")
    width = len(str(message["totalRecipients"]))  # so that nothing jumps about
    for status, colour in _COLOURS.items():
        count = message["counts"][status]
        if count or status in _ALWAYS:
            legend.append(f"{_WORDS.get(status, status)} ", style="bright_black")
            legend.append(f"{count:<{width}}  ", style=colour)
    return legend
