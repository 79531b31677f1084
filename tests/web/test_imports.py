"""The list of the last church system is brought in, whatever is odd about it."""

from typing import Any

import pytest
from playwright.async_api import expect
from tests.integration.conftest import Founded

from .conftest import Sits
from .person import Person

HEADLESS = "Ruth Moss,(212) 555-0181\nAmos Hill,(212) 555-0182\n"
ODD = """Breeze ID,First Name,Last Name,Mobile,Campus
7,Ruth,Moss,212-555-0181 (Ruth's cell),North
8,Amos,Hill,212-555-0182 (wrong number),North
"""


async def test_a_list_without_names_of_columns_brings_everybody(
    person: Sits, found: Founded
) -> None:
    ann = await person(await found(number=False))
    await _pastes(ann, HEADLESS)
    head = ann.page.get_by_role("radio", name="No, this is a person already")
    await expect(head).to_be_checked()
    await ann.page.get_by_text("Yes, these are names of columns").click()
    assert await ann.sees("“Ruth Moss” is")
    await ann.page.get_by_text("No, this is a person already").click()
    assert await ann.sees("“Column 1” is")
    await ann.presses("Check the rows")
    await expect(ann.page.get_by_role("row").filter(has_text="Ruth Moss")).to_contain_text("New")


async def test_whose_ids_they_are_is_asked_beside_them_and_rows_say_whom_they_are_about(
    person: Sits, found: Founded
) -> None:
    ana = await person(await found(number=False), locale="es-MX")
    await ana.opens("/people/import")
    await ana.page.get_by_role("textbox").fill(ODD)
    await ana.presses("Leer lo que pegué")
    ids = ana.page.get_by_role("listitem").filter(has_text="Breeze ID")
    await expect(ids.get_by_role("button", name="¿Qué sistema dio")).to_contain_text("Breeze")
    await ana.presses("Revisar las filas")
    refused = ana.page.get_by_role("row").filter(has_text="Amos Hill")
    said = await refused.inner_text()
    assert "Junto al número dice «wrong number»." in said
    assert "212-555-0182 (wrong number)" in said


CHOOSE_30_MB = """() => {
    const chosen = new DataTransfer();
    chosen.items.add(new File([new Uint8Array(30_000_000)], "large.csv"));
    const input = document.querySelector("input[type=file]");
    input.files = chosen.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}"""
WRONG: dict[str, tuple[bytes, str]] = {
    "empty.csv": (b"", "There is nobody in this file."),
    "heads.csv": (b"Name,Phone\n", "There is nobody in this file."),
    "photo.csv": (b"\x89PNG\r\n\x1a\n" + bytes(200), "This is a picture or a document"),
    "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(200), "an older Excel"),
    "cards.csv": (b"BEGIN:VCARD\nVERSION:3.0\n", "These are contact cards"),
    "quote.csv": (b'Name,Phone\n"Ada,2125550181\n', "a quotation mark in it is not closed"),
}


async def test_each_wrong_file_gets_a_clear_sentence(person: Sits, found: Founded) -> None:
    ann = await person(await found(number=False))
    await ann.opens("/people/import")
    told = [await _is_told(ann, name, *wrong) for name, wrong in WRONG.items()]
    assert all(told)
    await ann.run(CHOOSE_30_MB)
    assert await ann.sees("This file is larger than 25 MB.")


@pytest.mark.parametrize("name", ["utf16.csv", "semicolons.csv"])
async def test_a_file_is_read_however_it_was_saved(person: Sits, found: Founded, name: str) -> None:
    ann = await person(await found(number=False))
    await ann.opens("/people/import")
    await _chooses(ann, name, SAVED[name])
    assert await ann.sees_the_page("What is in each column?")
    assert await ann.sees("José")


SAVED = {
    "utf16.csv": "Name,Phone\nJosé,2125550181\n".encode("utf-16"),
    "semicolons.csv": "Name;Phone\nJosé;2125550181\n".encode("cp1252"),
}


async def _pastes(who: Person, text: str) -> None:
    await who.opens("/people/import")
    await who.writes("Or paste rows from a sheet", text)
    await who.presses("Read what I pasted")
    assert await who.sees_the_page("What is in each column?")


async def _is_told(who: Person, name: str, content: bytes, said: str) -> bool:
    await _chooses(who, name, content)
    return await who.sees(said)


async def _chooses(who: Person, name: str, content: bytes) -> None:
    chosen: Any = {"name": name, "mimeType": "text/csv", "buffer": content}
    await who.page.locator("input[type=file]").set_input_files(chosen)
