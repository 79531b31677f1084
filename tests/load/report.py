"""The figures as tables."""

import os
import sys

from rich.console import Console
from rich.table import Table
from tests.load.figures import Figure, Floor, Section, Spread
from tests.load.growth.lines import Growth, Line

WIDTH = 120
PERCENTILES = ("p50", "p95", "p99")
console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)


def warn_if_busy() -> None:
    """Say it when others use the machine, because nothing else will show it."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load > cores / 2:
        console.print(
            f"[yellow]This machine is busy (load {load:.1f} on {cores} cores). Rates and times are "
            "worse than they could be; ratios and processor times say more.[/]"
        )


def show(section: Section | Growth) -> None:
    """Print a section with its notes."""
    console.print(_curves(section) if isinstance(section, Growth) else _figures(section))
    for note in section.notes:
        console.print(f"  {note}", style="dim")
    console.print()


def _figures(section: Section) -> Table:
    """Columns that none of its figures fills are left out."""
    table = Table(title=section.title, title_justify="left", title_style="bold", box=None)
    table.add_column(min_width=30)
    table.add_column("measured", justify="right", min_width=9)
    has_spread = any(figure.spread for figure in section.figures)
    for heading in PERCENTILES if has_spread else ():
        table.add_column(heading, justify="right", min_width=8)
    table.add_column("floor", min_width=26)
    table.add_column("", justify="right", min_width=9)
    table.add_column("ratio", justify="right", min_width=7)
    for figure in section.figures:
        _add(table, figure, has_spread)
    return table


def _curves(section: Growth) -> Table:
    table = Table(title=section.title, title_justify="left", title_style="bold", box=None)
    table.add_column(min_width=30)
    table.add_column("in", min_width=16)
    for size in section.lines[0].values:
        table.add_column(f"{size:,}", justify="right", min_width=9)
    table.add_column("exponent", justify="right", min_width=9)
    table.add_column("at most", justify="right", min_width=8)
    table.add_column()
    for line in section.lines:
        table.add_row(*_curve(line))
    return table


def _curve(line: Line) -> list[str]:
    values = [shown(value, "").strip() for value in line.values.values()]
    missed = "" if line.is_within else "[yellow]missed[/]"
    return [line.what, line.unit, *values, f"{line.exponent:.2f}", f"{line.most:.1f}", missed]


def _add(table: Table, figure: Figure, has_spread: bool) -> None:
    measured = [figure.what, shown(figure.value, figure.unit)]
    measured += _percentiles(figure.spread) if has_spread else []
    first, *further = [_floor(figure, floor) for floor in figure.floors] or [("", "", "")]
    table.add_row(*measured, *first)
    for floor in further:
        table.add_row(*[""] * len(measured), *floor)


def _floor(figure: Figure, floor: Floor) -> tuple[str, str, str]:
    return floor.what, shown(floor.value, figure.unit), f"{figure.times(floor):.1f} ×"


def _percentiles(spread: Spread | None) -> list[str]:
    if spread is None:
        return [""] * len(PERCENTILES)
    return [f"{value:.1f} ms" for value in (spread.p50, spread.p95, spread.p99)]


def shown(value: float, unit: str) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}{'' if unit.startswith('/') else ' '}{unit}"
