"""Placeholders of other programs are told before they are sent."""

import pytest

from koinonia.messaging.composing import foreign_fields, template_text

from .desk import Desk


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Hi {firstName}!", "{{firstName}}"),
        ("Hi ${first_name}!", "{{firstName}}"),
        ("Hi *|FNAME|*!", "{{firstName}}"),
        ("Hi *|LNAME|*!", "{{lastName}}"),
        ("Hi [First Name]!", "{{firstName}}"),
        ("Hi [[first name]]!", "{{firstName}}"),
        ("Hi ((first name))!", "{{firstName}}"),
        ("Hi %FIRSTNAME%!", "{{firstName}}"),
        ("Hi %%first_name%%!", "{{firstName}}"),
        ("Hi ｛｛firstName｝｝!", "{{firstName}}"),
        ("Hi ｛lastName｝!", "{{lastName}}"),
        ("Hi <<Full Name>>!", "{{fullName}}"),
        ("Hi «Name»!", "{{fullName}}"),
        ("Hola [Nombre]!", "{{firstName}}"),
        ("Hi {contact.first_name}!", "{{firstName}}"),
        ("From {church name}", "{{churchName}}"),
        ("Hi *|ADDRESS|*", None),
        ("Hi {smallGroup}", None),
    ],
)
def test_a_foreign_placeholder_is_found_with_its_right_form(text: str, right: str | None) -> None:
    [(written, found)] = foreign_fields.find(text).items()
    assert written in text
    assert found == right
    assert right is None or template_text.parse(right).fields


@pytest.mark.parametrize(
    "text",
    [
        "Hi {{firstName|friend}}, welcome!",
        "Bring salad (or cake) [see list]",
        "100% of us, 50% off",
        "Picnic :-} {-: at noon",
        "Room #5 and #6",
        "We <3 you, 3 < 5 > 2",
        "{1} first, {2} second",
        "«Vengan todos»",
    ],
)
def test_ordinary_signs_are_no_placeholders(text: str) -> None:
    assert foreign_fields.find(text) == {}


async def test_a_preview_warns_of_them(desk: Desk) -> None:
    await desk.member()
    answer = await desk.post("preview", "Hi *|FNAME|*, come with {guests}!")
    [warning] = [
        each for each in answer.json()["warnings"] if each["code"] == "FOREIGN_PLACEHOLDER"
    ]
    assert "Write {{firstName}} for *|FNAME|*." in warning["message"]
    assert warning["details"]["placeholders"] == {"*|FNAME|*": "{{firstName}}", "{guests}": None}
