"""Which operations of auth are in the audit trail, and as what.

Most record by themselves, because a failure is recorded too, or because who acts is not signed in.
"""

from koinonia.auth import audit
from koinonia.auth.audit import Action
from koinonia.common.web import AuditTable

AUDITED = AuditTable(
    recorder=audit.record_action,
    audited={
        "export_audit_entries": "audit.exported",
        "create_api_key": "key.created",
        "remove_api_key": "key.removed",
    },
    by_themselves={
        "enter_code": (Action.LOGGED_IN, Action.CODE_WRONG),
        "confirm_enrolment": (Action.SECOND_FACTOR_ON, Action.LOGGED_IN, Action.CODE_WRONG),
        "confirm_second_factor": (Action.SECOND_FACTOR_ON, Action.CODE_WRONG),
        "renew_recovery_codes": (Action.CODE_WRONG,),
        "remove_second_factor": (Action.SECOND_FACTOR_OFF, Action.CODE_WRONG),
        "require_second_factor": (Action.SECOND_FACTOR_REQUIRED,),
        "begin_second_factor": (Action.LOGIN_FAILED,),
        "register": (Action.REGISTERED,),
        "login": (Action.LOGGED_IN, Action.LOGIN_FAILED, Action.SIGN_IN_SLOWED),
        "refresh_session": (Action.TOKEN_REUSED,),
        "logout": (Action.LOGGED_OUT,),
        "end_session": (Action.SESSION_ENDED,),
        "end_other_sessions": (Action.SESSION_ENDED,),
        "change_me": (Action.ADMIN_UPDATED,),
        "change_password": (Action.PASSWORD_CHANGED, Action.LOGIN_FAILED),
        "forget_password": (Action.PASSWORD_FORGOTTEN,),
        "reset_password": (Action.PASSWORD_RESET,),
        "change_address": (Action.ADDRESS_CHANGE_ASKED, Action.LOGIN_FAILED),
        "confirm_address": (Action.ADDRESS_CHANGED, Action.ADDRESS_PROVED, Action.ADDRESS_LOST),
        "change_church": (Action.CHURCH_UPDATED,),
        "change_colleague": (Action.ADMIN_UPDATED,),
        "remove_colleague": (Action.ADMIN_REMOVED,),
        "invite_colleague": (Action.INVITED,),
        "revoke_invitation": (Action.INVITATION_REVOKED,),
        "accept_invitation": (Action.JOINED,),
    },
    unaudited={
        "mail_verification": "it sends a link once more that was sent before",
        "begin_enrolment": "it counts for nothing until a code of it is shown",
        "check_password": "a question: nothing is changed",
        "mark_read": "what somebody has seen concerns nobody else",
        "change_preferences": "how somebody is told concerns nobody else",
        "unsubscribe": "the same, from a mail program",
        "exchange_api_key": "what the key does is kept, by its own name",
    },
)
