"""Which operations of messaging the audit trail keeps, and as what."""

from koinonia.common import clock
from koinonia.common.events.messaging import MessagingActionTaken
from koinonia.common.web import Action, AuditTable, published
from koinonia.messaging.messages.schemas import Accepted
from koinonia.messaging.preview.schemas import Preview

PREVIEWS_FROM = 500  # people; a smaller one shows nobody whom the list of people does not

_ANSWERS = "a question: nothing is changed"
_DRAFT = "nothing leaves by it; each few seconds of writing are one"
_DRAFT_GONE = "it was never sent"

AUDITED = AuditTable(
    recorder=published(MessagingActionTaken),
    audited={
        "send_message": "message.sent",
        "send_draft": "message.sent",
        "send_test": "message.tested",
        "preview_message": "message.previewed",
        "preview_schedule": "message.previewed",
        "pause_message": "message.paused",
        "resume_message": "message.resumed",
        "send_message_now": "message.released",
        "cancel_message": "message.cancelled",
        "export_recipients": "recipients.exported",
        "create_schedule": "schedule.created",
        "change_schedule": "schedule.changed",
        "cancel_schedule": "schedule.cancelled",
        "pause_schedule": "schedule.paused",
        "resume_schedule": "schedule.resumed",
        "skip_schedule_date": "schedule.skipped",
        "unskip_schedule_date": "schedule.unskipped",
        "create_branch": "branch.created",
        "change_branch": "branch.changed",
        "remove_branch": "branch.removed",
        "create_group": "group.created",
        "change_group": "group.changed",
        "remove_group": "group.removed",
        "add_group_members": "group.joined",
        "remove_group_member": "group.left",
        "create_member": "member.created",
        "change_member": "member.changed",
        "remove_member": "member.removed",
        "merge_member": "member.merged",
        "put_external_member": "member.synced",
        "remove_external_member": "member.removed",
        "put_members": "members.synced",
        "change_groups_of_many": "members.regrouped",
        "change_groups_of_filter": "members.regrouped",
        "move_many": "members.moved",
        "remove_many": "members.removed",
        "export_members": "members.exported",
        "import_members": "members.imported",
        "create_import": "import.uploaded",
        "say_head": "import.mapped",
        "map_import": "import.mapped",
        "start_import": "import.started",
        "cancel_import": "import.cancelled",
        "undo_import": "import.undone",
        "remove_import": "import.removed",
        "read_refused_rows": "import.exported",
        "read_kept_rows": "import.exported",
        "record_consent": "consent.recorded",
        "settle_stop_question": "consent.decided",
        "export_consents": "consents.exported",
        "order_phone_number": "number.ordered",
        "label_phone_number": "number.changed",
        "release_phone_number": "number.released",
        "create_segment": "segment.created",
        "change_segment": "segment.changed",
        "remove_segment": "segment.removed",
        "create_keyword": "keyword.created",
        "change_keyword": "keyword.changed",
        "remove_keyword": "keyword.removed",
        "create_template": "template.created",
        "change_template": "template.changed",
        "remove_template": "template.removed",
        "create_field": "field.created",
        "change_field": "field.changed",
        "remove_field": "field.removed",
        "change_texting_rules": "texting_rules.changed",
    },
    unaudited={
        "count_segments": _ANSWERS,
        "list_dates_of_rule": _ANSWERS,
        "check_phone_number": "it compares with the carrier, as a worker does each day anyway",
        "create_draft": _DRAFT,
        "replace_draft": _DRAFT,
        "remove_draft": _DRAFT_GONE,
    },
)


def describe_sending(action: Action, accepted: Accepted) -> None:
    """To how many; what leaves later is a schedule."""
    action.details["recipients"] = accepted.total_recipients
    if accepted.kind == "schedule":
        action.name = "schedule.created"


def describe_preview(action: Action, preview: Preview) -> None:
    """A large one is kept, once an hour: the page makes a new one at every pause in writing."""
    if preview.people < PREVIEWS_FROM:
        action.dismiss()
        return
    action.details["people"] = preview.people
    action.happens_once(f"{clock.now():%Y-%m-%d %H}")
