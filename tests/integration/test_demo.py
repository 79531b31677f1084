"""What a stranger sees first keeps working."""

import io
from pathlib import Path

from rich.console import Console

from koinonia.devkit.demo import story
from koinonia.devkit.system import System


def test_the_demo_adds_up(system: System, tmp_path: Path) -> None:
    told = io.StringIO()
    assert story.tell(system, Console(file=told, width=100), tmp_path), told.getvalue()
    assert "✗" not in told.getvalue()
    assert "sign in:" in told.getvalue().lower()
