"""Mail to staff, links that carry a secret, and whose mail address is known to be theirs.

``mails``, ``secret_links`` and ``reset_requests`` have no row-level security: whose turn it is,
whose link this is and whether there is such an account come before the church is known. They hold
ids, times and digests; address, words and link of a mail are sealed, and gone once it is sent.
"""

from alembic import op

revision = "auth_0007"
down_revision = "auth_0006"

CHANGES = (
    """
    CREATE TABLE mails (
        id          uuid PRIMARY KEY,
        church_id   uuid NOT NULL REFERENCES churches ON DELETE CASCADE,
        admin_id    uuid,                -- none: it goes to somebody who is not of the team (yet)
        kind        text NOT NULL,
        language    text NOT NULL,
        sealed      bytea,               -- address, name, values; null once it is over
        state       text NOT NULL DEFAULT 'waiting'
                    CHECK (state IN ('waiting', 'sent', 'failed', 'expired')),
        attempts    integer NOT NULL DEFAULT 0,
        due_at      timestamptz NOT NULL,
        expires_at  timestamptz NOT NULL,
        failure     text,
        provider    text,
        provider_id text,
        created_at  timestamptz NOT NULL,
        ended_at    timestamptz,
        CHECK ((state = 'waiting') = (sealed IS NOT NULL))
    )
    """,
    "CREATE INDEX ix_mails_due_at ON mails (due_at) WHERE state = 'waiting'",
    "CREATE INDEX ix_mails_church_id_admin_id ON mails (church_id, admin_id, id)",
    "CREATE INDEX ix_mails_ended_at ON mails (ended_at) WHERE state <> 'waiting'",
    """
    CREATE TABLE secret_links (
        church_id  uuid NOT NULL,
        admin_id   uuid NOT NULL,
        purpose    text NOT NULL CHECK (purpose IN ('reset', 'address')),
        token_hash bytea NOT NULL UNIQUE,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (church_id, admin_id, purpose),
        FOREIGN KEY (church_id, admin_id) REFERENCES admins (church_id, id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_secret_links_expires_at ON secret_links (expires_at)",
    """
    CREATE TABLE reset_requests (
        id         uuid PRIMARY KEY,
        account    bytea NOT NULL,       -- a keyed digest of the address, known or not
        sealed     bytea,                -- the address; null once it was looked at
        asked_from text,
        asked_at   timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_reset_requests_account ON reset_requests (account, asked_at)",
    "CREATE INDEX ix_reset_requests_asked_at ON reset_requests (asked_at)",
    """
    ALTER TABLE admins
        ADD COLUMN email_verified_at timestamptz,
        ADD COLUMN new_email text        -- the address that a link in a mail is to prove
    """,
    # Who was believed before stays believed: of a verified church an owner was asked.
    """
    UPDATE admins SET email_verified_at = churches.verified_at FROM churches
     WHERE churches.id = admins.church_id AND admins.role = 'owner'
    """,
    """
    ALTER TABLE logins ADD COLUMN is_proved boolean NOT NULL DEFAULT false
    """,
    """
    UPDATE logins SET is_proved = true FROM admins
     WHERE admins.id = logins.admin_id AND admins.email_verified_at IS NOT NULL
    """,
    # The link that is shown to who invites proves nothing about the address; the mailed one does.
    """
    ALTER TABLE invitation_tokens
        ADD COLUMN is_mailed boolean NOT NULL DEFAULT false,
        DROP CONSTRAINT invitation_tokens_church_id_invitation_id_key,
        ADD CONSTRAINT uq_invitation_tokens_invitation UNIQUE (church_id, invitation_id, is_mailed)
    """,
    """
    ALTER TABLE sessions
        DROP CONSTRAINT ck_sessions_ended_reason,
        ADD CONSTRAINT ck_sessions_ended_reason CHECK (ended_reason IN
            ('logout', 'reuse', 'removed', 'password', 'address', 'displaced')) NOT VALID
    """,
)

BACK = (
    "UPDATE sessions SET ended_reason = 'logout' "
    "WHERE ended_reason IN ('password', 'address', 'displaced')",
    """
    ALTER TABLE sessions
        DROP CONSTRAINT ck_sessions_ended_reason,
        ADD CONSTRAINT ck_sessions_ended_reason
            CHECK (ended_reason IN ('logout', 'reuse', 'removed')) NOT VALID
    """,
    "DELETE FROM invitation_tokens WHERE is_mailed",
    """
    ALTER TABLE invitation_tokens
        DROP CONSTRAINT uq_invitation_tokens_invitation,
        DROP COLUMN is_mailed,
        ADD UNIQUE (church_id, invitation_id)
    """,
    "ALTER TABLE logins DROP COLUMN is_proved",
    "ALTER TABLE admins DROP COLUMN email_verified_at, DROP COLUMN new_email",
    "DROP TABLE reset_requests, secret_links, mails",
)


def upgrade() -> None:
    for statement in CHANGES:
        op.execute(statement)


def downgrade() -> None:
    for statement in BACK:
        op.execute(statement)
