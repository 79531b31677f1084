"""People, sending numbers, and what both need.

``*_key`` columns hold a name as it is compared and sorted: folded by ``people/names.py``, byte
order. Plain columns, because row-level security keeps an index over ``lower(...)`` from being
used for a comparison (``lower`` is not leakproof). Primary keys begin with the church, so that a
list in the order of ids never walks through the rows of other churches.
"""

from alembic import op

from koinonia.common.migrations import bus_tables, church_scope, drop_bus_tables

revision = "messaging_0001"
down_revision = None

PEOPLE = (
    """
    CREATE TABLE churches (
        church_id  uuid PRIMARY KEY,
        name       text NOT NULL,
        timezone   text NOT NULL,
        changed_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE branches (
        id         uuid NOT NULL,
        church_id  uuid NOT NULL,
        name       text NOT NULL,
        name_key   text COLLATE "C" NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (church_id, id),
        UNIQUE (church_id, name_key)
    )
    """,
    """
    CREATE TABLE groups (
        id         uuid NOT NULL,
        church_id  uuid NOT NULL,
        branch_id  uuid NOT NULL,
        name       text NOT NULL,
        name_key   text COLLATE "C" NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (church_id, id),
        UNIQUE (branch_id, name_key),
        FOREIGN KEY (church_id, branch_id) REFERENCES branches (church_id, id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_groups_church_id_name_key_id ON groups (church_id, name_key, id)",
    """
    CREATE TABLE members (
        id          uuid NOT NULL,
        church_id   uuid NOT NULL,
        first_name  text NOT NULL,
        last_name   text NOT NULL,
        first_key   text COLLATE "C" NOT NULL,  -- "first last"
        last_key    text COLLATE "C" NOT NULL,  -- "last first"
        email       text,
        phone_sealed text NOT NULL,
        phone_index text COLLATE "C" NOT NULL,
        external_id text,
        source      text NOT NULL CHECK (source IN ('staff', 'import')),
        created_at  timestamptz NOT NULL DEFAULT now(),
        updated_at  timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (church_id, id),
        UNIQUE (church_id, phone_index, first_key)  -- a household shares a phone
    )
    """,
    """
    CREATE UNIQUE INDEX uq_members_church_id_external_id ON members (church_id, external_id)
        WHERE external_id IS NOT NULL
    """,
    "CREATE INDEX ix_members_church_id_last_key_id ON members (church_id, last_key, id)",
    "CREATE INDEX ix_members_church_id_first_key_id ON members (church_id, first_key, id)",
    """
    CREATE TABLE group_members (
        church_id uuid NOT NULL,
        group_id  uuid NOT NULL,
        member_id uuid NOT NULL,
        PRIMARY KEY (group_id, member_id),
        FOREIGN KEY (church_id, group_id) REFERENCES groups (church_id, id) ON DELETE CASCADE,
        FOREIGN KEY (church_id, member_id) REFERENCES members (church_id, id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_group_members_member_id ON group_members (member_id)",
    # A phone is opted out while lifted_at is null. changed_at is when the person last said so;
    # a START before any STOP is kept as well, so that an older STOP arriving late has no effect.
    """
    CREATE TABLE opt_outs (
        church_id       uuid NOT NULL,
        phone_index     text COLLATE "C" NOT NULL,
        phone_sealed    text NOT NULL,
        opted_out_at    timestamptz,
        lifted_at       timestamptz,
        changed_at      timestamptz NOT NULL,
        source          text NOT NULL CHECK (source IN ('keyword', 'carrier', 'staff')),
        source_event_id uuid,
        PRIMARY KEY (church_id, phone_index),
        CHECK (opted_out_at IS NOT NULL OR lifted_at IS NOT NULL)
    )
    """,
    """
    CREATE TABLE imports (
        id         uuid PRIMARY KEY,
        church_id  uuid NOT NULL,
        filename   text NOT NULL,
        counts     jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    """
    CREATE TABLE idempotency_keys (
        church_id    uuid NOT NULL,
        scope        text NOT NULL,
        key          text NOT NULL,
        request_hash text NOT NULL,
        resource_id  uuid NOT NULL,
        created_at   timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (church_id, scope, key)
    )
    """,
)

NUMBERS = (
    """
    CREATE TABLE carrier_profiles (
        church_id          uuid NOT NULL,
        carrier            text NOT NULL,
        carrier_profile_id text NOT NULL,
        PRIMARY KEY (church_id, carrier)
    )
    """,
    """
    CREATE TABLE phone_numbers (
        id                uuid PRIMARY KEY,
        church_id         uuid NOT NULL,
        phone_number      text NOT NULL,  -- E.164; the church's own, so not sealed
        carrier           text NOT NULL,
        area_code         text NOT NULL,
        status            text NOT NULL
                          CHECK (status IN ('pending', 'active', 'failed', 'released')),
        carrier_order_id  text,
        carrier_number_id text,
        failure           text,  -- a sentence for staff
        ordered_at        timestamptz NOT NULL,
        active_at         timestamptz,
        released_at       timestamptz
    )
    """,
    """
    CREATE UNIQUE INDEX uq_phone_numbers_active ON phone_numbers (phone_number)
        WHERE status = 'active'
    """,
    """
    CREATE UNIQUE INDEX uq_phone_numbers_pending ON phone_numbers (church_id)
        WHERE status = 'pending'
    """,
    """
    CREATE INDEX ix_phone_numbers_church_id_ordered_at_id ON phone_numbers
        (church_id, ordered_at DESC, id DESC)
    """,
    # Read before the church of a text is known, so without row-level security: ids and our own
    # public numbers only.
    """
    CREATE TABLE number_routes (
        phone_number text NOT NULL,
        church_id    uuid NOT NULL,
        number_id    uuid NOT NULL,
        valid_from   timestamptz NOT NULL,
        valid_to     timestamptz,
        PRIMARY KEY (phone_number, valid_from)
    )
    """,
    """
    CREATE UNIQUE INDEX uq_number_routes_current ON number_routes (phone_number)
        WHERE valid_to IS NULL
    """,
    # Due work across churches, ids only.
    """
    CREATE TABLE number_orders (
        number_id     uuid PRIMARY KEY,
        church_id     uuid NOT NULL,
        next_check_at timestamptz NOT NULL,
        attempts      integer NOT NULL DEFAULT 0
    )
    """,
    "CREATE INDEX ix_number_orders_next_check_at ON number_orders (next_check_at)",
)

SCOPED = (
    "churches",
    "branches",
    "groups",
    "members",
    "group_members",
    "opt_outs",
    "imports",
    "idempotency_keys",
    "carrier_profiles",
    "phone_numbers",
)


def upgrade() -> None:
    bus_tables()
    for statement in (*PEOPLE, *NUMBERS):
        op.execute(statement)
    church_scope(*SCOPED)


def downgrade() -> None:
    op.execute("DROP TABLE number_orders, number_routes")
    op.execute(f"DROP TABLE {', '.join(SCOPED)}")
    drop_bus_tables()
