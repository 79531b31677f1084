"""``docs/settings.md``: every setting, from the settings classes and the comments beside them."""

import inspect
import re
from dataclasses import dataclass, field
from typing import get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from koinonia.common.cli import MigrationSettings
from koinonia.common.settings import PREFIX
from koinonia.devkit.layout import SERVICES, program

HEAD = """# Settings

Generated from the settings classes by `make events-doc`; do not edit.

Every setting is an environment variable. A secret has no default: a process that lacks one refuses
to start and names it. `make up` and `make demo` make their own secrets and keep them in `.run/`.

| variable | used by | default | meaning |
|---|---|---|---|
"""

_COMMENT = re.compile(r"^ {4}(\w+): .*?# (?!noqa)(.+)$", re.MULTILINE)


@dataclass
class Row:
    info: FieldInfo
    meaning: str
    users: list[str] = field(default_factory=list)


def page() -> str:
    """The whole page as Markdown."""
    rows: dict[str, Row] = {}
    users: dict[str, type[BaseSettings]] = {name: program(name).settings for name in SERVICES}
    users["migrate"] = MigrationSettings
    for user, settings in users.items():
        meanings = _meanings(settings)
        for name, info in settings.model_fields.items():
            rows.setdefault(name, Row(info, meanings.get(name, ""))).users.append(user)
    return HEAD + "".join(_line(name, rows[name]) for name in sorted(rows))


def _meanings(settings: type) -> dict[str, str]:
    """The comment beside each field, of the class and of those it is made from."""
    found: dict[str, str] = {}
    for each in reversed(settings.__mro__):
        if each.__module__.startswith("koinonia."):
            found.update(_COMMENT.findall(inspect.getsource(each)))
    return found


def _line(name: str, row: Row) -> str:
    users = "all" if len(row.users) >= len(SERVICES) else ", ".join(row.users)
    meaning = row.info.description or row.meaning
    return f"| `{PREFIX}{name.upper()}` | {users} | {_default(row.info)} | {meaning} |\n"


def _default(info: FieldInfo) -> str:
    if info.is_required():
        kinds = (info.annotation, *get_args(info.annotation))
        return "**required**, secret" if SecretStr in kinds else "**required**"
    default = info.default
    if default is PydanticUndefined or default is None or _is_empty(default):
        return "none"
    return f"`{default}`"


def _is_empty(default: object) -> bool:
    """An empty text or list, or an object of ours that was given nothing."""
    return not isinstance(default, int | float) and repr(default) == repr(_nothing_of(default))


def _nothing_of(default: object) -> object:
    try:
        return type(default)()
    except TypeError:
        return None
