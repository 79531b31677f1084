"""Columns that nobody reads and that speak of consent: a file with one grants nothing by silence.

What a column says is judged by its head and by its values, in English and Spanish. A column that
is mapped to ``optOut``, ``optIn`` or ``consent`` is read here, too.
"""

import re

from koinonia.common import visible_text
from koinonia.messaging.people.imports import csv_columns

_CONTACT = "(?:text|txt|sms|contact|call|send|message|msg|email|mail|market|disturb)"
# In a head without accents and signs, whatever its values are.
_CERTAIN_HEAD = re.compile(
    r"(?:\b|sms|text|mail)opt(?:ed|s|ing)? ?(?:out|in)|unsub|\bsubscri"
    rf"|\b(?:do not|donot|don ?t|never|not to|should not|may not|cannot)(?: be)? ?{_CONTACT}"
    rf"|\bno ?{_CONTACT}|\b(?:ok|okay)(?: to)? ?{_CONTACT}|(?:text|sms)s? ?ok"
    r"|consent|(?<!access )permission|permiso|autoriza|suscri|\bdnc\b|\bdnt\b|tcpa"
    r"|\b(?:black|block) ?list"
    r"|\bbajas?\b|\bno (?:enviar|contactar|llamar|molestar|recib|desea|quiere)"
    r"|(?:acepta|recib)\w* (?:\w+ )?(?:sms|texto|mensaje)"
)
# In a head, if a value is a yes, a no or a date.
_LIKELY_HEAD = re.compile(
    r"sms|text|mensaje|stop|remov|declin|block|bloque|agree|acuerdo|accept|acept|allow|permit"
    r"|exclu|revo[ck]|withdr|market|contact|rechaz|cancel|receiv|recib|commun|comunic|notif|alert"
)
_OUT_VALUE = re.compile(
    r"\b(?:un-?subscribed?|opt(?:ed|s)?[ -]?out|do(?: ?not|n['’]?t) (?:text|txt|contact|call|sms)"
    r"|no (?:more )?(?:texts?|sms|texting)|stop(?:ped)? text\w*|not? subscribed|revoked|dnc|dnt"
    r"|(?:dad[oa] )?de baja|darse de baja|no (?:enviar|contactar|llamar|molestar|suscrit[oa])"
    r"|non-?subscribed|not? opted[ -]?in|no (?:quiere|desea)\b.*(?:mensajes|textos|sms))\b"
    r"|^(?:stop(?:ped)?|baja|cancelad[oa]|blocked|bloquead[oa]|opt-?out|out|declined|removed)$"
)
_IN_VALUE = re.compile(
    r"^(?:subscribed|opted[ -]?in|opt[ -]?in|suscrit[oa]|in|active|granted|agreed)$"
)
_FLAG = re.compile(
    r"^(?:y|n|yes|no|x|true|false|t|f|1|0|si|s|verdadero|falso|on|off|ok|✓|✔|☑|checked|unchecked"
    r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ t].*)?)$"
)
_DATE = re.compile(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ t].*)?$")
_YES = frozenset(
    [
        "y",
        "yes",
        "x",
        "true",
        "t",
        "1",
        "si",
        "s",
        "verdadero",
        "on",
        "ok",
        "✓",
        "✔",
        "☑",
        "checked",
    ]
)
_NO = frozenset(["n", "no", "false", "f", "0", "falso", "off", "none", "unchecked"])


class Suspicion:
    """Whether a column looks like an opt-out or a consent, from its head and the values seen."""

    def __init__(self, head: str) -> None:
        spelt = " ".join(csv_columns.words(head))
        self._is_likely = bool(_LIKELY_HEAD.search(spelt))
        self.is_raised = bool(_CERTAIN_HEAD.search(spelt))

    def see(self, value: str) -> None:
        if self.is_raised or not value:
            return
        said = visible_text.key(value)
        self.is_raised = bool(
            _OUT_VALUE.search(said)
            or (_IN_VALUE.match(said) and said not in ("in", "active"))
            or (self._is_likely and (_FLAG.match(said) or _IN_VALUE.match(said)))
        )


def opts_out(value: str) -> bool:
    """What a column of opt-outs says of a row: all but nothing, a no, and a subscription."""
    said = visible_text.key(value)
    return bool(said) and said not in _NO and not _IN_VALUE.match(said)


def says_stop(value: str) -> bool:
    """Whether a value of a column of consents takes consent back."""
    return bool(_OUT_VALUE.search(visible_text.key(value)))


def agrees(value: str) -> bool | None:
    """Yes or no by a column of consents; None for what is neither. Nothing is no answer: None."""
    said = visible_text.key(value)
    if said in _YES or _IN_VALUE.match(said) or _DATE.match(said):
        return True
    return False if said in _NO or says_stop(value) else None
