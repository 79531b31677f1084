"""Which operations of the shared inbox the audit trail keeps, and as what."""

from koinonia.common.events.conversation import ConversationActionTaken
from koinonia.common.web import AuditTable, published

_LINE = "the line in the conversation says who wrote it and when, and is kept longer"
_DAILY = "daily work in the inbox: nothing leaves by it, and the next click takes it back"

AUDITED = AuditTable(
    recorder=published(ConversationActionTaken),
    audited={
        "begin_conversation": "conversation.begun",
        "pin_member": "conversation.named",
        "request_member": "member.requested",
        "merge_conversations": "conversation.merged",
        "change_conversations": "conversations.changed",
        "remove_note": "note.removed",
        "rewrite_note": "note.changed",
        "create_canned_reply": "canned_reply.created",
        "change_canned_reply": "canned_reply.changed",
        "remove_canned_reply": "canned_reply.removed",
        "set_office_hours": "office_hours.changed",
        "create_label": "label.created",
        "change_label": "label.changed",
        "remove_label": "label.removed",
    },
    unaudited={
        "reply_with_text": _LINE,
        "reply_with_files": _LINE,
        "reply_with_media": _LINE,
        "schedule_reply": _LINE,
        "change_scheduled_reply": _LINE,
        "cancel_scheduled_reply": _LINE,
        "write_note": _LINE,
        "begin_answering": _DAILY,
        "end_answering": _DAILY,
        "mark_conversation_read": _DAILY,
        "change_conversation_status": _DAILY,
        "assign_conversation": _DAILY,
        "label_conversation": _DAILY,
        "snooze_conversation": _DAILY,
        "end_snooze": _DAILY,
        "read_file": "one picture or file, by the link that is signed for it",
        "upload_file": "nobody sees it before it is sent, and what nothing names is forgotten",
    },
)
