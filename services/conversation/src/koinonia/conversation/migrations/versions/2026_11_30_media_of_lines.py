"""What pictures and files a line has, kept with it and with the thread whose last line it is."""

from alembic import op

revision = "conversation_0009"
down_revision = "conversation_0008"

COLUMNS = (
    """
    ALTER TABLE conversation_messages
        ADD COLUMN media_kind  text,  -- image, audio, video, contact; file also for several kinds
        ADD COLUMN media_count integer NOT NULL DEFAULT 0
    """,
    """
    ALTER TABLE conversations
        ADD COLUMN last_message_media_kind  text,
        ADD COLUMN last_message_media_count integer NOT NULL DEFAULT 0
    """,
    "ALTER TABLE media_files ADD COLUMN declared_type text",  # the carrier's word, before we look
)

# As threads/media_summary.py does; of a file that is not ours only its address is known.
LINES = """
    WITH pieces (id, type, ending) AS (
        SELECT message_id, content_type, NULL FROM media_files WHERE message_id IS NOT NULL
         UNION ALL
        SELECT m.id, NULL, lower(substring(url FROM '[.]([A-Za-z0-9]{2,5})(?:[?#].*)?$'))
          FROM conversation_messages AS m
         CROSS JOIN LATERAL unnest(m.media_urls) WITH ORDINALITY AS given (url, place)
         CROSS JOIN LATERAL (SELECT count(*) AS files FROM media_files AS f
                              WHERE f.church_id = m.church_id AND f.message_id = m.id) AS known
         WHERE m.media_urls <> '{}' AND place <= cardinality(m.media_urls) - known.files
    ), kinds AS (
        SELECT id, CASE
               WHEN type LIKE 'image/%'
                 OR ending IN ('jpg', 'jpeg', 'png', 'gif', 'webp', 'bmp', 'tif', 'tiff', 'heic')
                    THEN 'image'
               WHEN type LIKE 'audio/%' OR ending IN ('mp3', 'm4a', 'wav', 'amr', 'ogg', 'aac')
                    THEN 'audio'
               WHEN type LIKE 'video/%' OR ending IN ('mp4', 'm4v', 'mov', '3gp') THEN 'video'
               WHEN type IN ('text/vcard', 'text/x-vcard') OR ending = 'vcf' THEN 'contact'
               ELSE 'file' END AS kind
          FROM pieces
    ), lines AS (
        SELECT id, CASE WHEN count(DISTINCT kind) = 1 THEN min(kind) ELSE 'file' END AS kind,
               count(*) AS files
          FROM kinds GROUP BY id
    )
    UPDATE conversation_messages AS m SET media_kind = lines.kind, media_count = lines.files
      FROM lines WHERE m.id = lines.id
"""
THREADS = """
    UPDATE conversations AS c
       SET last_message_media_kind = m.media_kind, last_message_media_count = m.media_count
      FROM conversation_messages AS m
     WHERE m.church_id = c.church_id AND m.id = c.last_message_id AND m.media_count > 0
"""


def upgrade() -> None:
    for statement in (*COLUMNS, LINES, THREADS):
        op.execute(statement)


def downgrade() -> None:
    op.execute("ALTER TABLE media_files DROP COLUMN declared_type")
    op.execute("ALTER TABLE conversation_messages DROP COLUMN media_kind, DROP COLUMN media_count")
    op.execute("""
        ALTER TABLE conversations
            DROP COLUMN last_message_media_kind, DROP COLUMN last_message_media_count
    """)
