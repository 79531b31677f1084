"""How a permission is called: what an operation is about, and the level of the role it takes.

Each level is a role and those above it. Which permission an operation takes follows from its route
(:mod:`koinonia.common.web.route_permissions`).
"""

from koinonia.common.identity.model import Identity, Role

LEVELS = {
    Role.VIEWER: "read",
    Role.STAFF: "work",
    Role.ADMIN: "manage",
    Role.OWNER: "own",
}
_ROLES = {level: role for role, level in LEVELS.items()}


def name(subject: str, role: Role) -> str:
    """Of what takes this role at least: ``canned replies`` and staff are canned_replies.work."""
    return f"{subject.replace(' ', '_').replace('-', '_')}.{LEVELS[role]}"


def lowest_role(permission: str) -> Role:
    return _ROLES[permission.rpartition(".")[2]]


def has(identity: Identity, permission: str) -> bool:
    """Whether they may: a person by their role, a key by what it was given."""
    if identity.key:
        return permission in identity.key.permissions
    return identity.role.includes(lowest_role(permission))
