"""The permission that each operation takes, shown in its OpenAPI document as ``x-permission``.

It is what the operation is about (its tag) with the level of the role that its dependencies let
pass. So what clients read of themselves in ``GET /api/auth/me`` is what happens, and what an API
key is given is what it is checked for.
"""

from typing import Any

from fastapi import FastAPI

from koinonia.common.web import answers
from koinonia.common.web.dependencies import permission

Json = dict[str, Any]  # Any: a part of an OpenAPI document, whose JSON has many forms
KEY = "x-permission"


def describe(app: FastAPI, document: Json) -> None:
    """Write the permission of every operation of ``app`` that somebody has to be signed in for."""
    for route, operation in answers.operations(app, document):
        if needed := permission(route):
            operation[KEY] = needed
