"""The routes of messaging, one file per collection."""

from koinonia.messaging.api import (
    branches,
    consents,
    external_people,
    fields,
    groups,
    imports,
    keywords,
    members,
    messages,
    numbers,
    preview,
    schedules,
    segments,
    templates,
    texting_rules,
)

ROUTERS = (
    branches.router,
    groups.router,
    imports.router,
    external_people.router,
    members.router,
    consents.router,
    keywords.router,
    numbers.router,
    segments.router,
    templates.router,
    fields.router,
    messages.router,
    preview.router,
    texting_rules.router,
    schedules.router,
)
