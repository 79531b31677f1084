"""What clients call the models of a service, where the name in its code says too little.

In its own package a model is read beside the others of its subject; in a client it stands among
those of all services. ``MemberOut`` and ``Page[MemberOut]`` get plain names by themselves
(:func:`openapi_merge.plain_name`); what is named here keeps a suffix ``In`` or ``Out`` of its own.
"""

from collections.abc import Mapping

from koinonia.devkit.documents import openapi_merge
from koinonia.devkit.documents.openapi_merge import Document, Json

PUBLIC: Mapping[str, Mapping[str, str]] = {
    "analytics": {"ByStatus": "TextsByStatus", "Day": "DailyFigures", "Stats": "Dashboard"},
    "auth": {"NameChange": "AccountChange", "Details": "NotificationFacts"},
    "billing": {"Period": "BillingPeriod"},
    "conversation": {
        "Assignment": "AssignmentRequest",
        "Broadcast": "AnsweredBroadcast",
        "BulkChange": "ConversationBulkRequest",
        "BulkOutcome": "ConversationBulkResult",
        "Counts": "ConversationCounts",
        "Direction": "LineDirection",
        "File": "LineFile",
        "Hours": "HoursRequest",
        "Labels": "LabelsRequest",
        "Listed": "ConversationItem",
        "Match": "SearchMatch",
        "MediaReply": "MediaReplyRequest",
        "Member": "MemberName",
        "Merge": "ConversationMergeRequest",
        "Message": "ConversationLine",
        "NewMember": "NewMemberRequest",
        "Overview": "ConversationOverview",
        "Pin": "PinRequest",
        "Read": "ConversationRead",
        "Recipient": "ReplyRecipient",
        "Result": "SearchResult",
        "Results": "SearchResultPage",
        "Segments": "ReplySegments",
        "Snooze": "SnoozeRequest",
        "Statuses": "TallyByStatus",
        "StatusChange": "ConversationStatusChange",
        "StopQuestion": "ConversationStopQuestion",
        "TallyOf": "TallyById",
        "TallyOfNumber": "TallyByNumber",
        "TextReply": "TextReplyRequest",
        "Thread": "Conversation",
        "Uploaded": "UploadedFile",
    },
    "ingress": {"Received": "WebhookReceipt"},
    "messaging": {
        "Added": "GroupMembersAdded",
        "BulkOut": "MemberUpsertResult",
        "Categories": "TemplateCategoryList",
        "CategoryOut": "TemplateCategory",
        "Cheaper": "CheaperText",
        "Coming": "ScheduleDate",
        "Concern": "PreviewWarning",
        "Consent": "ConsentState",
        "ConsentOut": "Consent",
        "Counts": "RecipientCounts",
        "DateFilterOut": "SavedDateFilter",
        "DateOfSchedule": "ScheduleDateRequest",
        "Emergency": "EmergencyRequest",
        "EmergencyOut": "Emergency",
        "EntryOut": "ConsentLedgerEntry",
        "EverybodyTargetOut": "SavedEverybodyTarget",
        "Excluded": "ExcludedCounts",
        "FieldFilterOut": "SavedFieldFilter",
        "Figures": "PreviewFigures",
        "FilterTargetOut": "SavedFilterTarget",
        "GroupsFilterOut": "SavedGroupsFilter",
        "GroupsOfMany": "BulkGroupsRequest",
        "HeardFilterOut": "SavedHeardFilter",
        "IdsTargetOut": "SavedIdsTarget",
        "ImportOut": "MemberImport",
        "ListedQuestionOut": "StopQuestionItem",
        "ManyMembers": "BulkRemoveRequest",
        "ManyOut": "BulkResult",
        "MemberChangeOut": "MemberChangeEntry",
        "MemberChangesOut": "MemberChangeEntryPage",
        "MemberIds": "MemberIdsRequest",
        "MergeIn": "MemberMergeRequest",
        "MergeOut": "MemberMerge",
        "MoveOfMany": "BulkMoveRequest",
        "NumberChange": "PhoneNumberChange",
        "NumberIn": "PhoneNumberRequest",
        "NumberOut": "PhoneNumber",
        "NumberStatus": "PhoneNumberStatus",
        "Parts": "MessageParts",
        "RecipientsTargetOut": "SavedRecipientsTarget",
        "RowOut": "MemberUpsertRow",
        "Sample": "PreviewSample",
        "SegmentTargetOut": "SavedSegmentTarget",
        "ZoneHours": "QuietHours",
    },
}


def named(documents: Mapping[str, Document]) -> dict[str, Document]:
    """The documents by service, with the public names."""
    return {service: _named(service, document) for service, document in documents.items()}


def _named(service: str, document: Document) -> Document:
    public, schemas = PUBLIC.get(service, {}), document["components"]["schemas"]
    names = {("schemas", name): _name(name, public) for name in schemas}
    renamed: Json = openapi_merge.renamed(document, names)
    return {
        **renamed,
        "components": {
            **renamed["components"],
            "schemas": {
                names["schemas", name]: each
                for name, each in renamed["components"]["schemas"].items()
            },
        },
    }


def _name(name: str, public: Mapping[str, str]) -> str:
    item = name.removeprefix("Page_").removesuffix("_")
    if item != name:
        return f"Page_{public.get(item, item)}_"
    return public.get(name, name)
