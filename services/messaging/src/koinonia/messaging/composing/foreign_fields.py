"""Placeholders of other programs, which would go out as they are written. Pure functions."""

import re
from collections.abc import Mapping

from koinonia.common import visible_text

_INSIDE = r"[^{}\[\]()|*%<>«»｛｝\n]{1,60}"
_ALWAYS = re.compile(
    rf"\*\|(?P<mailchimp>{_INSIDE})\|\*|｛+(?P<wide>{_INSIDE})｝+|<<(?P<angle>{_INSIDE})>>"
    r"|(?<!{)\$?{\s*(?P<brace>[^\W\d][\w .:-]{0,59}?)\s*}(?!})"
    r"|%%?(?P<percent>[A-Z][A-Z_]{2,30})%%?"
)
"""These are hardly anything else in a text."""

_IF_KNOWN = re.compile(
    rf"\[+(?P<square>{_INSIDE})\]+|\(\((?P<round>{_INSIDE})\)\)|«(?P<word>{_INSIDE})»"
    rf"|(?<!<)<(?P<tag>{_INSIDE})>(?!>)|%%?(?P<percent>{_INSIDE})%%?|#(?P<hash>[A-Za-z_]{{3,30}})#"
)
"""These are, so what is inside must name a field."""

_FIELDS: Mapping[str, str] = {
    **dict.fromkeys(("firstname", "first", "fname", "givenname", "nombre"), "firstName"),
    **dict.fromkeys(("lastname", "last", "lname", "surname", "familyname", "apellido"), "lastName"),
    **dict.fromkeys(("fullname", "name", "nombrecompleto"), "fullName"),
    **dict.fromkeys(("churchname", "church", "organization", "organizationname"), "churchName"),
}


def find(text: str) -> dict[str, str | None]:
    """Each placeholder as it is written, and how it is written here; None where no field of every
    member is meant."""
    found: dict[str, str | None] = {}
    for pattern, must_be_known in ((_ALWAYS, False), (_IF_KNOWN, True)):
        for match in pattern.finditer(text):
            field = _field(next(filter(None, match.groups())))
            if field or not must_be_known:
                found.setdefault(match[0], f"{{{{{field}}}}}" if field else None)
    return found


def _field(inside: str) -> str | None:
    last = re.split(r"[.:]", visible_text.bare(inside))[-1]
    letters = "".join(letter for letter in visible_text.key(last) if letter.isalnum())
    for prefix in ("", "contact", "person", "member", "recipient", "subscriber"):
        if letters.startswith(prefix) and (field := _FIELDS.get(letters.removeprefix(prefix))):
            return field
    return None
