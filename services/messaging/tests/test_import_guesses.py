"""What the columns are taken for of the files that other programs write, in ``exports``."""

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.common import db
from koinonia.messaging.importing import column_guesses, file_reading
from koinonia.messaging.importing.column_guesses import Column
from koinonia.messaging.importing.mappings import ImportTarget as Target

from . import factories

EXPORTS = Path(__file__).parent / "exports"
PERSON = {"First Name": "firstName", "Last Name": "lastName"}


def columns(data: bytes, filename: str = "people.csv") -> list[dict[str, Any]]:
    ids = db.uuid7(), db.uuid7()
    read = file_reading.read(io.BytesIO(data), *ids, factories.PHONES, {}, filename)
    return asyncio.run(read).columns


def guessed(data: bytes, filename: str = "people.csv") -> dict[str, str | None]:
    """What is read of the file, by head."""
    return {
        each["head"]: each["to"]
        for each in columns(data, filename)
        if each["to"] is not Target.LEFT_OUT
    }


@pytest.mark.parametrize(
    ("export", "read"),
    [
        (
            "planning_center",
            PERSON
            | {"Person ID": "externalId", "Birthdate": "birthday", "Mobile Phone Number": "phone"}
            | {"Home Phone Number": "phone", "Home Email": "email", "Work Email": "email"},
        ),
        (
            "breeze",
            PERSON
            | {"Breeze ID": "externalId", "Birthdate": "birthday", "Email": "email"}
            | {"Mobile": "phone", "Home": "phone", "Work": "phone"}
            | {"Campus": "branch", "Tags": "groups"},
        ),
        (
            "ccb",
            PERSON
            | {"CCB Individual ID": "externalId", "Birthday": "birthday", "Email": "email"}
            | {"Mobile Phone": "phone", "Home Phone": "phone", "Work Phone": "phone"},
        ),
        (
            "rock",
            PERSON
            | {"Rock Person Id": "externalId", "Birth Date": "birthday", "Email": "email"}
            | {"Mobile Phone": "phone", "Home Phone": "phone"}
            | {"Campus": "branch", "Group Name": "groups"},
        ),
        (
            "realm",
            PERSON
            | {"Individual ID": "externalId", "Date of Birth": "birthday"}
            | {"Primary Email": "email", "Primary Phone": "phone", "Mobile Phone": "phone"}
            | {"Home Phone": "phone", "Work Phone": "phone"}
            | {"Campus": "branch", "Groups": "groups"},
        ),
        (
            "elvanto",
            PERSON
            | {"Elvanto ID": "externalId", "Birthday": "birthday", "Email": "email"}
            | {"Phone": "phone", "Mobile": "phone", "Category": "groups"},
        ),
        (
            "churchtrac",
            PERSON
            | {"ChurchTrac ID": "externalId", "Birth Date": "birthday", "Email": "email"}
            | {"Cell Phone": "phone", "Home Phone": "phone", "Work Phone": "phone"}
            | {"Groups": "groups"},
        ),
        (
            "subsplash",
            PERSON
            | {"Profile ID": "externalId", "Birthday": "birthday", "Email Address": "email"}
            | {"Phone Number": "phone"},
        ),
        (
            "excel_by_hand",
            {"Name (Last First)": "name", "Cell Phone(s)": "phone", "E-mail": "email"}
            | {"Bday": "birthday", "Small Groups": "groups"},
        ),
        (
            "google_contacts",
            PERSON
            | {"Birthday": "birthday", "Labels": "groups", "E-mail 1 - Value": "email"}
            | {"Phone 1 - Value": "phone", "Phone 2 - Value": "phone"},
        ),
        (
            "outlook",
            PERSON
            | {"Birthday": "birthday", "Categories": "groups"}
            | {"E-mail Address": "email", "E-mail 2 Address": "email"}
            | {"Home Phone": "phone", "Business Phone": "phone", "Mobile Phone": "phone"}
            | {"Other Phone": "phone"},
        ),
        (
            "german",
            {"Mitgliedsnummer": "externalId", "Vorname": "firstName", "Name": "lastName"}
            | {"Handynummer": "phone", "Telefon privat": "phone", "E-Mail-Adresse": "email"}
            | {"Geburtsdatum": "birthday", "Kleingruppe": "groups"},
        ),
        (
            "spanish",
            {"Nombre": "firstName", "Apellidos": "lastName", "Celular": "phone"}
            | {"Teléfono (casa)": "phone", "Correo electrónico": "email"}
            | {"Fecha de nacimiento": "birthday", "Grupos pequeños": "groups", "Sede": "branch"},
        ),
    ],
)
def test_the_export_of_a_program_is_understood(export: str, read: dict[str, str]) -> None:
    assert guessed((EXPORTS / f"{export}.csv").read_bytes()) == read


@pytest.mark.parametrize(
    ("head", "filename", "system"),
    [
        ("Breeze ID", "people.csv", "breeze"),
        ("PCO ID", "people.csv", "planning-center"),
        ("Planning Center Person ID", "people.csv", "planning-center"),
        ("CCB Individual ID", "people.csv", "ccb"),
        ("Rock Person Id", "people.csv", "rock"),
        ("elvanto_id", "people.csv", "elvanto"),
        ("F1 ID", "people.csv", "fellowship-one"),
        ("Id", "breeze-people-01-02-2026.csv", "breeze"),
        ("Person ID", "Planning Center export.csv", "planning-center"),
        ("Person ID", "people.csv", None),
    ],
)
def test_a_head_or_a_file_tells_whose_ids_they_are(
    head: str, filename: str, system: str | None
) -> None:
    [found] = columns(f"{head},Name,Phone\n7,Ada,2025550101\n".encode(), filename)[:1]
    assert (found["to"], found["system"]) == ("externalId", system)


@pytest.mark.parametrize("head", ["Id", "No.", "#", "Household ID", "Breeze", "Family ID"])
def test_what_only_counts_rows_is_no_id_of_a_system(head: str) -> None:
    assert head not in guessed(f"{head},Name,Phone\n7,Ada,2025550101\n".encode())


HEADS = ["First Name", "Given Name", "First", "Vorname", "Nombres"]


@given(st.permutations(HEADS), st.sampled_from(HEADS))
def test_a_column_without_values_displaces_none_that_has_some(
    heads: list[str], filled: str
) -> None:
    found = [Column(head) for head in (*heads, "Phone")]
    for each in found:
        if each.head in (filled, "Phone"):
            each.see("Ada" if each.head == filled else "2025550101")
    guesses = column_guesses.guesses(found, {})
    assert [
        each.head
        for each, guess in zip(found, guesses, strict=True)
        if guess.target is Target.FIRST_NAME
    ] == [filled]


@given(st.lists(st.sampled_from(["Campus", "Sede", "Branch", "Groups", "Tags", "Phone"])))
def test_a_branch_is_taken_only_beside_groups(heads: list[str]) -> None:
    found = [guess.target for guess in column_guesses.guesses(list(map(Column, heads)), {})]
    assert Target.BRANCH not in found or Target.GROUPS in found


@pytest.mark.parametrize(
    ("head", "cell", "target"),
    [
        ("Mobile", "yes", Target.LEFT_OUT),
        ("Home", "12 Main Street", Target.LEFT_OUT),
        ("Home", "512-555-0142", Target.PHONE),
        ("Work", "(512) 555-0142", Target.PHONE),
        ("First Last", "Ada Lovelace", Target.FULL_NAME),
        ("Last Name First", "Lovelace, Ada", Target.FULL_NAME),
        ("Mobiltelefon", "(512) 555-0142", Target.PHONE),
        ("Birthday (MM/DD/YYYY)", "12/10/1985", Target.BIRTHDAY),
        ("Tags", "Choir", Target.GROUPS),
    ],
)
def test_a_head_is_understood_with_what_is_below_it(head: str, cell: str, target: Target) -> None:
    column = Column(head)
    column.see(cell)
    assert [each.target for each in column_guesses.guesses([column], {})] == [target]
