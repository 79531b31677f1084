"""HTTP for every service: the application, its errors, its dependencies, its server.

A service's ``app.py`` is ``create_app("choirs", title=..., routers=[api.router])``; its routes
take ``SessionDep``, ``CurrentAdmin`` and ``PageQuery`` and return a ``Schema``.
"""

from koinonia.common.pagination import Page, PageParams, paginate
from koinonia.common.schema import Change, Input, Schema
from koinonia.common.schema.json_answers import Json, by_names, json_answer, json_page
from koinonia.common.web.addresses import client_address
from koinonia.common.web.answers import raises
from koinonia.common.web.app import create_app
from koinonia.common.web.auditing.actions import Action, AuditTable, published
from koinonia.common.web.dependencies import (
    ActionDep,
    CurrentAdmin,
    OneFile,
    OwnerOnly,
    OwnerOrAdmin,
    PageQuery,
    ReadDep,
    ReplicaSessionDep,
    SessionDep,
    StaffOrAbove,
    require,
    running,
)
from koinonia.common.web.health import Check, add_checks
from koinonia.common.web.idempotent import (
    CreatingRoute,
    IdempotencyKey,
    KeyHeader,
    LeasedIdempotencyKey,
)
from koinonia.common.web.keeping.entity_tags import TAGGED, TagsDep
from koinonia.common.web.keeping.kept_answers import KeptFor, kept
from koinonia.common.web.server import serve

__all__ = [
    "TAGGED",
    "Action",
    "ActionDep",
    "AuditTable",
    "Change",
    "Check",
    "CreatingRoute",
    "CurrentAdmin",
    "IdempotencyKey",
    "Input",
    "Json",
    "KeptFor",
    "KeyHeader",
    "LeasedIdempotencyKey",
    "OneFile",
    "OwnerOnly",
    "OwnerOrAdmin",
    "Page",
    "PageParams",
    "PageQuery",
    "ReadDep",
    "ReplicaSessionDep",
    "Schema",
    "SessionDep",
    "StaffOrAbove",
    "TagsDep",
    "add_checks",
    "by_names",
    "client_address",
    "create_app",
    "json_answer",
    "json_page",
    "kept",
    "paginate",
    "published",
    "raises",
    "require",
    "running",
    "serve",
]
