"""Members from a CSV file: what becomes of each row, and what is no such file."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import db
from koinonia.common.identity import Role
from koinonia.common.testing import probe

from . import factories
from .conftest import Client
from .imports import HEADER, PATH, by_first_name, counts, imported, send


async def test_rows_become_members_in_their_groups(api: httpx.AsyncClient) -> None:
    body = await imported(
        api,
        "Ada,Lovelace,(202) 555-0101,ada@example.org,North/Choir;Youth",
        "Bo,,202.555.0102,,Youth | North/Choir",
    )
    ada, bo = (await by_first_name(api))["Ada"], (await by_first_name(api))["Bo"]
    assert counts(body) == (2, 0, 0, 0)
    assert (ada["phone"], ada["email"]) == ("+12025550101", "ada@example.org")
    assert [group["name"] for group in ada["groups"]] == ["Choir", "Youth"]
    assert ada["groups"] == bo["groups"]
    assert [row["memberId"] for row in body["rows"]] == [ada["id"], bo["id"]]


async def test_rows_are_numbered_as_a_spreadsheet_does(api: httpx.AsyncClient) -> None:
    body = await imported(
        api, '"Ada\nMaria",X,2025550101,,', "", ",,,,", "Bo,Y,nothing,,", "Cy,Z,2025550103,,"
    )
    assert [(row["row"], row["outcome"]) for row in body["rows"]] == [
        (2, "created"),
        (5, "failed"),
        (6, "created"),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Ada,L,,,", "The phone number is empty"),
        ("Ada,L,12345,,", "The phone number is too short"),
        ("Ada,L,555-555-0142,,", "No such phone number exists"),
        (",L,2025550142,,", "The first name is empty"),
        ("Ada,L,2025550142,ada@,", "The email address is not valid"),
        (f"{'A' * 101},L,2025550142,,", "The first name is longer than 100 letters"),
        ("Ada,L,2025550142,,Choir,more", "The row has more fields than the header"),
        (f"Ada,L,2025550142,,{'g' * 101}", "A group's name is longer than 100 letters"),
    ],
)
async def test_a_row_that_cannot_be_is_rejected_with_its_reason(
    api: httpx.AsyncClient, row: str, reason: str
) -> None:
    body = await imported(api, row, "Bo,Good,2025550199,,")
    assert counts(body) == (1, 0, 0, 1)
    assert body["rows"][0]["reason"].startswith(reason)
    assert "memberId" not in body["rows"][0] or body["rows"][0]["memberId"] is None


async def test_the_same_person_twice_in_a_file_is_one_member_in_all_groups(
    api: httpx.AsyncClient,
) -> None:
    body = await imported(
        api, "Ada,L,(202) 555-0101,,Choir", "ADA,l,+1 202 555 0101,a@example.org,Youth"
    )
    ada = (await by_first_name(api))["Ada"]
    assert counts(body) == (1, 0, 1, 0)
    assert "same person as row 2" in body["rows"][1]["reason"]
    assert body["rows"][1]["memberId"] == ada["id"]
    assert [group["name"] for group in ada["groups"]] == ["Choir", "Youth"]
    assert ada["email"] == "a@example.org"


async def test_a_household_is_several_members_with_one_phone(api: httpx.AsyncClient) -> None:
    body = await imported(api, "Ada,L,2025550101,,", "Bo,L,2025550101,,")
    assert counts(body) == (2, 0, 0, 0)


async def test_the_same_file_again_changes_nothing(api: httpx.AsyncClient) -> None:
    rows = ("Ada,L,2025550101,a@example.org,Choir", "Bo,L,2025550102,,")
    await imported(api, *rows)
    again = await imported(api, *rows)
    assert counts(again) == (0, 0, 2, 0)
    assert again["createdGroups"] == []


async def test_a_new_email_or_group_updates_a_member(api: httpx.AsyncClient) -> None:
    await imported(api, "Ada,L,2025550101,,Choir", "Bo,L,2025550102,b@example.org,")
    body = await imported(api, "ada,l,2025550101,,Choir;Youth", "Bo,L,2025550102,new@example.org,")
    people = await by_first_name(api)
    assert counts(body) == (0, 2, 0, 0)
    assert [group["name"] for group in people["Ada"]["groups"]] == ["Choir", "Youth"]
    assert people["Bo"]["email"] == "new@example.org"


async def test_an_empty_email_takes_none_away(api: httpx.AsyncClient) -> None:
    await imported(api, "Ada,L,2025550101,a@example.org,")
    body = await imported(api, "Ada,L,2025550101,,")
    assert counts(body) == (0, 0, 1, 0)
    assert (await by_first_name(api))["Ada"]["email"] == "a@example.org"


async def test_an_import_never_lifts_an_opt_out(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        await factories.opt_out(session, church_id, "+12025550101")
    await imported(api, "Ada,L,2025550101,,")
    assert (await by_first_name(api))["Ada"]["optedOut"] is True


async def test_who_is_imported_agreed_unless_the_row_or_the_form_says_no(
    api: httpx.AsyncClient,
) -> None:
    rows = "firstName,phone,consent\nAda,2025550101,yes\nBo,2025550102,No\nCy,2025550103,"
    await send(api, rows)
    await send(api, "firstName,phone\nDi,2025550104", consent="false")
    odd = (await send(api, "firstName,phone,consent\nEd,2025550105,perhaps")).json()
    people = await by_first_name(api)
    consents = {name: member["consent"] for name, member in people.items()}
    assert consents == {"Ada": "granted", "Bo": "none", "Cy": "granted", "Di": "none"}
    assert odd["rows"][0]["reason"].startswith("The consent is neither yes nor no.")


async def test_events_tell_of_up_to_500_members_each(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    lines = (f"P{n},X,202555{n // 100 + 1:02}{n % 100:02},," for n in range(1100, 1900))
    body = await imported(api, *(line for line in lines))
    async with database.transaction() as session:
        events = await probe.rows(
            session,
            """
            SELECT jsonb_array_length(CAST(body AS jsonb) -> 'members') AS size FROM outbox
             WHERE church_id = :church AND name = 'member.created' ORDER BY position
            """,
            {"church": church_id},
        )
    assert [event.size for event in events] == [500, body["created"] - 500]


async def test_only_staff_import(client: Client, church_id: UUID) -> None:
    viewer = client(church_id, Role.VIEWER)
    assert (await send(viewer, f"{HEADER}\nAda,L,2025550101,,")).status_code == 403


class TestGroups:
    async def test_a_church_without_branches_gets_one(self, api: httpx.AsyncClient) -> None:
        body = await imported(api, "Ada,L,2025550101,,Choir")
        assert [branch["name"] for branch in body["createdBranches"]] == ["Main"]
        assert [group["name"] for group in body["createdGroups"]] == ["Choir"]

    async def test_a_new_group_is_made_in_the_first_branch(
        self, api: httpx.AsyncClient, database: db.Database, church_id: UUID
    ) -> None:
        async with database.transaction(church_id) as session:
            first = await factories.branch(session, church_id, "Zion")
            await factories.branch(session, church_id, "Antioch")
        body = await imported(api, "Ada,L,2025550101,,Choir")
        assert [group["branchId"] for group in body["createdGroups"]] == [str(first)]

    async def test_a_new_group_is_made_in_the_given_branch(
        self, api: httpx.AsyncClient, database: db.Database, church_id: UUID
    ) -> None:
        async with database.transaction(church_id) as session:
            await factories.group(session, church_id, name="Choir")
            second = await factories.branch(session, church_id, "Second")
        body = await imported(api, "Ada,L,2025550101,,Choir", branchId=str(second))
        assert [group["branchId"] for group in body["createdGroups"]] == [str(second)]

    async def test_a_named_branch_is_made_with_its_group(self, api: httpx.AsyncClient) -> None:
        body = await imported(
            api, "Ada,L,2025550101,,north / choir", "Bo,L,2025550102,,North/Choir"
        )
        assert [branch["name"] for branch in body["createdBranches"]] == ["north"]
        assert [group["name"] for group in body["createdGroups"]] == ["choir"]

    async def test_a_group_that_is_only_elsewhere_is_found_there(
        self, api: httpx.AsyncClient, database: db.Database, church_id: UUID
    ) -> None:
        async with database.transaction(church_id) as session:
            await factories.branch(session, church_id, "First")
            choir = await factories.group(session, church_id, name="Choir")
        body = await imported(api, "Ada,L,2025550101,,CHOIR")
        assert body["createdGroups"] == []
        assert [group["id"] for group in (await by_first_name(api))["Ada"]["groups"]] == [
            str(choir)
        ]

    async def test_a_rejected_row_makes_no_group(self, api: httpx.AsyncClient) -> None:
        body = await imported(api, "Ada,L,nothing,,Choir")
        assert (body["createdGroups"], body["createdBranches"]) == ([], [])


class TestFiles:
    @pytest.mark.parametrize(
        "header",
        [
            "PHONE,firstname",
            "\ufefffirstName,phone",
            '"First Name","Phone"',
            "Notes,first_name,,phone,Notes",
        ],
    )
    async def test_columns_may_come_in_any_order_and_case(
        self, api: httpx.AsyncClient, header: str
    ) -> None:
        columns = header.lower().split(",")
        fields = ("2025550101" if "phone" in name else "Ada" for name in columns)
        answer = await send(api, f"{header}\r\n{','.join(fields)}\r\n")
        assert answer.json()["created"] == 1

    async def test_commas_quotes_and_line_breaks_in_fields_are_kept(
        self, api: httpx.AsyncClient
    ) -> None:
        await imported(api, '"Ada ""Countess""","Love, lace",2025550101,,"Choir, A;B"')
        [ada] = (await by_first_name(api)).values()
        assert (ada["firstName"], ada["lastName"]) == ('Ada "Countess"', "Love, lace")
        assert [group["name"] for group in ada["groups"]] == ["B", "Choir, A"]

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "EMPTY_FILE"),
            (b" \r\n", "EMPTY_FILE"),
            (b"\xef\xbb\xbf", "EMPTY_FILE"),
            (f"{HEADER}\nJos\xe9,X,2025550101,,".encode("latin-1"), "BAD_ENCODING"),
            (f"{HEADER}\nAda,X,2025550101,,".encode("utf-16"), "BAD_ENCODING"),
            (b"\x89PNG\r\n\x1a\n\xff\xd8", "BAD_ENCODING"),
            (b"name,address\nAda,Main Street", "BAD_HEADER"),
            (b"firstName;phone\nAda;2025550101", "BAD_HEADER"),
            (b"firstName,phone,Phone\nAda,2025550101,2025550102", "BAD_HEADER"),
            (b'firstName,phone\n"Ada" L,2025550101', "BAD_CSV"),
            (b'firstName,phone\nAda,"2025550101', "BAD_CSV"),
            (b"firstName,phone\nAda," + b"1" * 200_000, "BAD_CSV"),
        ],
    )
    async def test_a_file_that_is_none_of_ours_is_refused_whole(
        self, api: httpx.AsyncClient, content: bytes, code: str
    ) -> None:
        refused = await send(api, content)
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, code)
        assert await by_first_name(api) == {}

    async def test_a_wrong_header_is_told_what_it_lacks(self, api: httpx.AsyncClient) -> None:
        refused = (await send(api, "name,e-mail\nAda,a@example.org")).json()["error"]
        assert "phone is missing" in refused["message"]
        assert "The file has the columns name, e-mail." in refused["message"]
        assert refused["details"] == {"missing": ["phone"], "columns": ["name", "e-mail"]}

    async def test_semicolons_are_told_apart_from_a_missing_column(
        self, api: httpx.AsyncClient
    ) -> None:
        refused = await send(api, "firstName;phone\nAda;2025550101")
        assert "separated by semicolons" in refused.json()["error"]["message"]

    async def test_more_than_50_000_rows_are_refused(self, api: httpx.AsyncClient) -> None:
        refused = await send(api, "firstName,phone\n" + "A,1\n" * 50_001)
        assert (refused.status_code, refused.json()["error"]["code"]) == (413, "TOO_MANY_ROWS")

    async def test_more_than_1_000_groups_are_refused_and_nobody_is_made(
        self, api: httpx.AsyncClient
    ) -> None:
        rows = "".join(f"A,2025550101,G{n}\n" for n in range(1_001))
        refused = await send(api, "firstName,phone,groups\n" + rows)
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "TOO_MANY_GROUPS")
        assert (await api.get("/api/members")).json()["data"] == []

    async def test_a_file_over_10_mb_is_refused(self, api: httpx.AsyncClient) -> None:
        refused = await send(api, f"{HEADER}\n" + "x" * (10 * 1024 * 1024))
        assert (refused.status_code, refused.json()["error"]["code"]) == (413, "FILE_TOO_LARGE")

    async def test_50_mb_are_refused_before_they_are_read(self, api: httpx.AsyncClient) -> None:
        parts_read = 0

        async def body() -> Any:
            nonlocal parts_read
            for _ in range(50):
                parts_read += 1
                yield b"x" * 1024 * 1024

        headers = {
            "content-type": "multipart/form-data; boundary=x",
            "content-length": str(50 * 1024 * 1024),
        }
        refused = await api.post(PATH, content=body(), headers=headers)
        assert (refused.status_code, refused.json()["error"]["code"]) == (413, "TOO_LARGE")
        assert parts_read <= 1

    async def test_a_request_without_a_file_is_told_so(self, api: httpx.AsyncClient) -> None:
        refused = await api.post(PATH, data={"branchId": str(db.uuid7())})
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "VALIDATION_ERROR")
        assert "file" in refused.json()["error"]["message"]
