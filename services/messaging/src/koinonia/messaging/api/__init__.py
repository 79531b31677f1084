"""The routes of messaging, one file per collection."""

from koinonia.messaging.api import (
    branches,
    consents,
    drafts,
    fields,
    groups,
    imports,
    keywords,
    messages,
    numbers,
    preview,
    schedules,
    segments,
    templates,
    texting_rules,
)
from koinonia.messaging.api.people import (
    external_people,
    import_jobs,
    many_members,
    member_exports,
    members,
    merges,
)

ROUTERS = (
    branches.router,
    groups.router,
    imports.router,
    import_jobs.router,
    external_people.router,
    many_members.router,
    member_exports.router,
    members.router,
    merges.router,
    consents.router,
    keywords.router,
    numbers.router,
    segments.router,
    templates.router,
    fields.router,
    messages.router,
    drafts.router,
    preview.router,
    texting_rules.router,
    schedules.router,
)
