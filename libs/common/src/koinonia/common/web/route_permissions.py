"""The permission that each operation takes, shown in its OpenAPI document as ``x-permission``.

It is what the operation is about (its tag) with the level of the role that its dependencies let
pass. So what clients read of themselves in ``GET /api/auth/me`` is what happens.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import RouteContext

from koinonia.common.identity import Role, permissions
from koinonia.common.web import answers
from koinonia.common.web.dependencies import required_role

Json = dict[str, Any]  # Any: a part of an OpenAPI document, whose JSON has many forms
KEY = "x-permission"


def describe(app: FastAPI, document: Json) -> None:
    """Write the permission of every operation of ``app`` that somebody has to be signed in for."""
    for route, operation in answers.operations(app, document):
        role = lowest_role(route)
        if role is not None:
            operation[KEY] = permissions.name(operation.get("tags", ["api"])[0], role)


def lowest_role(route: RouteContext) -> Role | None:
    """None where nobody has to be signed in."""
    found = [required_role(each.call) for each in answers.dependants(route.dependant)]
    needed = [role for role in found if role is not None]
    return max(needed, key=lambda role: sum(role.includes(each) for each in Role), default=None)
