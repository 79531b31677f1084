"""What belongs to a service: its role in the database and its folder of migrations."""

import importlib
from pathlib import Path


def role(service: str) -> str:
    """The name of a service's database role."""
    return f"koinonia_{service}"


def folder(service: str) -> Path:
    """The folder ``migrations`` in a service's package."""
    package = importlib.import_module(f"koinonia.{service}").__file__
    assert package is not None
    return Path(package).parent / "migrations"
