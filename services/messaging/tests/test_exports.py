"""Files as other programs export them: whose columns are read, and what is never guessed."""

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.common import db, phone
from koinonia.messaging.errors import ConsentColumn
from koinonia.messaging.people.imports import candidates, csv_columns, phone_cells

from . import factories
from .imports import by_first_name, counts, send

CHURCH = db.uuid7()


@dataclass(frozen=True)
class Export:
    heads: str
    row: str
    ignoring: tuple[str, ...] = ()  # columns that are about email alone


EXPORTS = {
    "google contacts": Export(
        "First Name,Middle Name,Last Name,Nickname,Birthday,Notes,Labels,E-mail 1 - Label,"
        "E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value",
        "Ada,M,Moss,,,,* myContacts,,ada@example.org,Home,2025550199,Mobile,+1 202-555-0142",
    ),
    "google contacts of old": Export(
        "Name,Given Name,Additional Name,Family Name,E-mail 1 - Type,E-mail 1 - Value,"
        "Phone 1 - Type,Phone 1 - Value",
        "Ada Moss,Ada,,Moss,* Home,ada@example.org,Mobile,202-555-0142",
    ),
    "outlook": Export(
        "First Name,Middle Name,Last Name,Company,Business Phone,Home Phone,Mobile Phone,"
        "E-mail Address,Business Fax",
        "Ada,,Moss,,2025550191,2025550192,2025550142,ada@example.org,2025550193",
    ),
    "planning center": Export(
        "Person ID,First Name,Given Name,Nickname,Middle Name,Last Name,Birthdate,Gender,"
        "Home Phone Number,Mobile Phone Number,Work Phone Number,Home Email,Membership",
        "77,Ada,Adelaide,,,Moss,04/05/1980,F,2025550192,(202) 555-0142,,ada@example.org,Member",
    ),
    "breeze": Export(
        "Breeze ID,First Name,Last Name,Middle Name,Status,Birthdate,Mobile,Home,Work,Email",
        "12,Ada,Moss,,Member,4/5/1980,(202) 555-0142,2025550192,,ada@example.org",
    ),
    "mailchimp": Export(
        "Email Address,First Name,Last Name,Phone Number,MEMBER_RATING,OPTIN_TIME,LAST_CHANGED",
        "ada@example.org,Ada,Moss,2025550142,2,2024-01-05 10:00:00,2024-02-05 10:00:00",
        ignoring=("OPTIN_TIME",),
    ),
    "church community builder": Export(
        "Individual ID,Family ID,Family Position,First Name,Last Name,Email,Contact Phone,"
        "Home Phone,Work Phone,Mobile Phone,Mobile Carrier",
        "1,2,Head,Ada,Moss,ada@example.org,2025550190,2025550191,2025550192,2025550142,Verizon",
    ),
    "realm": Export(
        "First Name,Last Name,Primary Email,Primary Phone,Cell Phone,Campus,Group Name",
        "Ada,Moss,ada@example.org,2025550191,2025550142,North,Ushers",
    ),
    "a list to print": Export(
        "Full Name,Cell #,Email", '"Moss, Ada","202.555.0142 (cell)",ada@example.org'
    ),
    "a spanish sheet": Export(
        "Nombre,Apellidos,Teléfono de casa,Celular,Correo electrónico,Grupo",
        "Ada,Moss,2025550191,2025550142,ada@example.org,Ujieres",
    ),
    "a spanish list": Export(
        "Nombre completo,Móvil,Correo", "Ada Moss,202 555 0142,ada@example.org"
    ),
    "shelby": Export(
        "FirstName,Surname,CellPhone,EmailAddress", 'Ada,Moss,="2025550142",ada@example.org'
    ),
}


def gathered(text: str, **wishes: Any) -> candidates.Gathered:
    said = candidates.Wishes(**wishes)
    return candidates.gather(text.encode(), CHURCH, factories.PHONES, wishes=said)


def number(person: candidates.Candidate) -> str:
    return factories.PHONES.open(person.phone_sealed)


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_read_and_the_mobile_wins(name: str) -> None:
    export = EXPORTS[name]
    [ada] = gathered(f"{export.heads}\n{export.row}\n", ignored=export.ignoring).people
    assert (ada.first_name, ada.last_name, ada.email) == ("Ada", "Moss", "ada@example.org")
    assert number(ada) == "+12025550142"
    assert ada.consents


@given(
    name=st.sampled_from(sorted(EXPORTS)),
    case=st.sampled_from([str, str.upper, str.lower, str.title]),
    around=st.sampled_from(["{}", "\u200b{}", "{}\ufeff", " {} ", "\u202a{}\u202c", "\u00a0{}"]),
    begin=st.sampled_from(["", "\ufeff", "sep=,\r\n", "\ufeffsep=,\n"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    end=st.sampled_from(["\n", "\r\n"]),
    order=st.randoms(use_true_random=False),
)
def test_an_export_is_read_however_it_was_written(
    name: str,
    case: Callable[[str], str],
    around: str,
    begin: str,
    quoting: Literal[0, 1],
    end: str,
    order: random.Random,
) -> None:
    """In any order of its columns, in any case, quoted, with a mark of its encoding or of Excel,
    with invisible letters around its heads."""
    export = EXPORTS[name]
    columns = list(zip(*csv.reader([export.heads, export.row]), strict=True))
    order.shuffle(columns)
    text = io.StringIO()
    writer = csv.writer(text, quoting=quoting, lineterminator=end)
    writer.writerow([around.format(case(head)) for head, _ in columns])
    writer.writerow([cell for _, cell in columns])
    [ada] = gathered(begin + text.getvalue(), ignored=export.ignoring).people
    assert (ada.first_name, ada.last_name, ada.email) == ("Ada", "Moss", "ada@example.org")
    assert (number(ada), ada.consents) == ("+12025550142", True)


@pytest.mark.parametrize("head", ["No Email", "NOMAIL", "No Phone", "no cell phone"])
def test_a_head_that_says_no_names_no_address(head: str) -> None:
    found = csv_columns.layout(["firstName", "phone", head])
    assert found.unread == [2]


@pytest.mark.parametrize("head", ["No. de celular", "PHONENO", "mobilenumber", "HOMEPHONE"])
def test_a_number_of_a_phone_is_one_however_its_head_is_joined(head: str) -> None:
    assert csv_columns.layout(["firstName", head]).places["phone"] == [1]


SAYS_NO = [
    *("Status=unsubscribed", "SMS Opt Out=TRUE", "Do Not Text=X", "Opted Out=Yes", "optout=1"),
    *("smsOptIn=no", "OPTIN_TIME=2024-01-05", "Text Messages=No", "SMS=false", "Texting OK?=n"),
    *("Consentimiento=no", "Dado de baja=sí", "No enviar textos=x", "Acepta mensajes=no"),
    *("Notes=Please do not text her", "Email Status=Unsubscribed", "Sms Consent=", "DNC=Y"),
    *("Unsubscribed At=2023-04-05 10:11:12", "Receive Texts=0", "Contactar=no", "Estado=baja"),
    *("Permission to text=", "=opted out", "STOP=x", "Don't contact=1", "Allow SMS=N"),
]


@pytest.mark.parametrize("column", SAYS_NO)
def test_no_column_about_consent_ends_as_consent(column: str) -> None:
    head, _, value = column.partition("=")
    with pytest.raises(ConsentColumn) as refused:
        gathered(f"firstName,phone,{head}\nAda,2025550142,{value}\nBo,2025550143,\n")
    assert refused.value.details == {"columns": [head or "column 3"]}
    assert (head or "column 3") in str(refused.value.message)


@pytest.mark.parametrize(
    "column",
    [
        *(
            "Birthday=1980-04-05",
            "Parent Contact=Mary",
        ),
        *(
            "Adoption=2001",
            "Bus Stop=5th Street",
        ),
        *(
            "Notebook total=3",
            "Membership Status=Active",
        ),
        *(
            "Student Email=x@example.org",
            "Gender=F",
        ),
        *(
            "Baptized=yes",
            "Notes=Sings alto, no more chairs",
        ),
        *(
            "Nickname=Stoppard",
            "Allergies=No",
        ),
    ],
)
def test_other_columns_are_only_left_alone(column: str) -> None:
    head, _, value = column.partition("=")
    found = gathered(f'firstName,phone,{head}\nAda,2025550142,"{value}"\n')
    assert [each.consents for each in found.people] == [True]


def test_what_is_mapped_is_read_and_silence_is_no_yes() -> None:
    found = gathered(
        "firstName,phone,SMS Opt In,Do Not Text\n"
        "Ada,2025550142,x,\nBo,2025550143,,\nCy,2025550144,x,x\n",
        mapping={"sms opt in": "optIn", "Do Not Text": "optOut"},
    )
    assert [each.consents for each in found.people] == [True, False, False]
    assert len(found.refusals) == 1


async def test_who_unsubscribed_is_revoked_with_the_words_of_the_file(
    api: httpx.AsyncClient,
) -> None:
    file = "First Name,Phone,Status\nAda,2025550101,Unsubscribed\nBo,2025550102,Subscribed\n"
    refused = await send(api, file)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "CONSENT_COLUMN")
    assert await by_first_name(api) == {}
    body = (await send(api, file, mapping='{"Status": "consent"}')).json()
    people = await by_first_name(api)
    assert (body["optedOut"], body["ignoredColumns"]) == (1, [])
    assert [people[name]["consent"] for name in ("Ada", "Bo")] == ["revoked", "granted"]
    ledger = await api.get("/api/consents", params={"memberId": people["Ada"]["id"]})
    assert "Status: Unsubscribed" in ledger.text


async def test_a_row_that_fails_still_takes_consent_back(api: httpx.AsyncClient) -> None:
    await send(api, "firstName,phone\nAda,2025550101")
    file = "firstName,phone,email,Opted Out\nAda,2025550101,no address,yes"
    await send(api, file, mapping='{"Opted Out": "optOut"}')
    assert (await by_first_name(api))["Ada"]["consent"] == "revoked"


@pytest.mark.parametrize(
    "row",
    ["Ada,see notes,yes", "Ada,,yes", "Ada,2025550101,yes,more", "Ada,2.02555E+09,yes"],
    ids=["no number", "empty", "shifted", "cut off"],
)
async def test_an_opt_out_that_no_phone_can_be_read_for_is_said_clearly(
    api: httpx.AsyncClient, row: str
) -> None:
    file = f"firstName,phone,Opted Out\n{row}\nBo,2025550102,yes\nCy,not this,no\n"
    body = (await send(api, file, mapping='{"Opted Out": "optOut"}')).json()
    assert (body["failed"], body["optedOut"], body["optOutsNotRecorded"]) == (2, 1, 1)
    assert [each["optOutNotRecorded"] for each in body["rows"]] == [True, False, False]
    assert (
        "wants no texts (Opted Out: yes), which could not be recorded" in body["rows"][0]["reason"]
    )


async def test_a_column_that_is_left_out_is_listed(api: httpx.AsyncClient) -> None:
    file = "firstName,phone,Photo consent,Birthday\nAda,2025550101,no,1980-04-05"
    body = (await send(api, file, ignoreColumns="photo consent")).json()
    assert counts(body) == (1, 0, 0, 0)
    assert body["ignoredColumns"] == ["Photo consent", "Birthday"]


async def test_a_list_of_phones_alone_needs_no_names(api: httpx.AsyncClient) -> None:
    await send(api, "firstName,phone\nAda,2025550101")
    body = (await send(api, "Phone,Group\n2025550101,Alerts\n2025550102,Alerts\n")).json()
    assert counts(body) == (1, 1, 0, 0)
    again = (await send(api, "Phone,Group\n2025550101,Alerts\n2025550102,Alerts\n")).json()
    assert counts(again) == (0, 0, 2, 0)
    named = (await send(api, "firstName,phone\nBo,2025550102")).json()
    assert counts(named) == (0, 1, 0, 0)


async def test_the_same_name_with_another_phone_is_pointed_out(api: httpx.AsyncClient) -> None:
    await send(api, "firstName,lastName,phone\nAda,Moss,2025550101")
    body = (await send(api, "name,phone\nADA MOSS,2025550102\nBo Lee,2025550103")).json()
    ada = next(
        each
        for each in (await api.get("/api/members")).json()["data"]
        if each["phone"] == "+12025550101"
    )
    hint = body["rows"][0]["hint"]
    assert (hint["code"], hint["memberId"]) == ("KNOWN_UNDER_ANOTHER_NUMBER", ada["id"])
    assert body["rows"][1]["hint"] is None


@pytest.mark.parametrize(
    "mapping", ["[]", "no", '{"Cell": 1}', '{"Cell": "mobile"}', '{"X": "phone"}']
)
async def test_a_mapping_that_is_none_is_refused(api: httpx.AsyncClient, mapping: str) -> None:
    refused = await send(api, "firstName,Cell\nAda,2025550101", mapping=mapping)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "BAD_MAPPING")


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "'+12025550142",
            "202-555-0142 (cell)",
        ),
        *(
            "Cell: 202-555-0142",
            "(202) 555-0142 mobile",
        ),
        *(
            "m 2025550142",
            "2025550142.0",
        ),
        *(
            "tel:+1-202-555-0142",
            "\u202a+1 202\u202f555 0142\u202c",
        ),
        *("202-555-0142 [h]",),
    ],
)
def test_marks_and_labels_of_a_phone_are_taken_away(cell: str) -> None:
    assert phone.parse(phone_cells.bare(cell)) == "+12025550142"


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "2.02555E+09",
            "2025550142 x5",
        ),
        *(
            "2025550142 or 2025550143",
            "202-555-0142 Mary",
        ),
        *(
            "2025550142.5",
            "see notes",
        ),
        *(
            "2025550142/43",
            "home",
        ),
    ],
)
def test_what_is_not_certain_is_no_number(cell: str) -> None:
    with pytest.raises(phone.InvalidPhone):
        phone.parse(phone_cells.bare(cell))


@pytest.mark.parametrize("mark", ["sep=,", "SEP=;", '"sep=\t"'])
def test_a_line_for_excel_alone_is_skipped(mark: str) -> None:
    separator = next(each for each in ",;\t" if each in mark)
    heads, row = (separator.join(each) for each in (("Name", "Phone"), ("Ada Moss", "2025550142")))
    found = gathered(f"{mark}\r\n{heads}\r\n{row}\r\n")
    assert [each.last_name for each in found.people] == ["Moss"]
    assert found.lines[0].row == 2
