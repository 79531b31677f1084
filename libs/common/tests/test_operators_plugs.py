"""Commands that services plug into ``koinonia``."""

import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from koinonia.common import errors, operators, packages

parked = typer.Typer(no_args_is_help=True)
no_command = "text"


@parked.command("list")
def list_parked() -> None:
    typer.echo(operators.table(("WHAT", "COUNT"), [("report", 12)]))


@parked.command()
def retry() -> None:
    operators.run(_refuse())


async def _refuse() -> None:
    raise errors.Conflict("Nothing is parked.")


def _point(name: str, attribute: str) -> EntryPoint:
    sys.modules["plugged"] = sys.modules[__name__]
    return EntryPoint(name, f"plugged:{attribute}", "koinonia.operators")


def test_a_service_adds_its_own_commands() -> None:
    command = operators.build([_point("parked", "parked")])
    ended = CliRunner().invoke(command, ["parked", "list"])
    assert ended.output == "WHAT    COUNT\nreport     12\n"


def test_an_error_of_ours_is_a_sentence_and_exit_code_one() -> None:
    command = operators.build([_point("parked", "parked")])
    ended = CliRunner().invoke(command, ["parked", "retry"])
    assert (ended.exit_code, ended.stderr) == (1, "Nothing is parked.\n")


@pytest.mark.parametrize("attribute", ["missing", "no_command"])
def test_a_broken_addition_does_not_take_the_other_commands_along(
    capsys: pytest.CaptureFixture[str], attribute: str
) -> None:
    command = operators.build([_point("parked", attribute)])
    assert "`koinonia parked` is not available" in capsys.readouterr().err
    assert CliRunner().invoke(command, ["dead", "--help"]).exit_code == 0


def test_a_package_that_is_only_on_the_path_is_plugged_in_too(tmp_path: Path) -> None:
    """As in an image, whose packages are not installed."""
    (tmp_path / "pyproject.toml").write_text(
        '[project.entry-points."koinonia.operators"]\nstuck = "koinonia.sample.operators:stuck"\n'
    )
    points = packages.declared("koinonia.operators", [str(tmp_path / "src")])
    found = {point.name: point.value for point in points}
    assert found["stuck"] == "koinonia.sample.operators:stuck"


def test_every_service_is_looked_for(request: pytest.FixtureRequest) -> None:
    folders = (Path(request.config.rootpath) / "services").iterdir()
    assert packages.services([]) == sorted(folder.name for folder in folders if folder.is_dir())


def test_an_image_knows_the_services_that_it_does_not_hold(tmp_path: Path) -> None:
    for name in ("tithes", "choirs"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pyproject.toml").write_text(
            f'[project.entry-points."koinonia.services"]\n{name} = "koinonia.{name}:PROGRAM"\n'
        )
    assert {"tithes", "choirs"} <= set(packages.services([str(tmp_path / "tithes" / "src")]))
