"""What somebody should see: the bell, the list, and how they want to be told."""

import json
import re
import secrets

from playwright.async_api import expect
from tests.integration.conftest import Founded

from .conftest import Sits


async def test_an_address_that_takes_no_mail_rings_the_bell_and_is_said_where_it_is_mended(
    person: Sits,
) -> None:
    ann = await person()
    await ann.opens("/register")
    email = f"bounce-{secrets.token_hex(4)}@example.org"
    await ann.writes("Name of the church", "Hope")
    await ann.writes("E-mail address", email)
    await ann.writes("Password", ann.password)
    await ann.presses("Register")
    await ann.page.wait_for_url("**/dashboard")
    asked = await ann.page.context.request.post(  # what is mailed comes back
        "/api/auth/password/forgotten",
        data=json.dumps({"email": email}),
        headers={"Content-Type": "application/json"},
    )
    assert asked.status == 202
    bell = ann.page.get_by_role("link", name=re.compile("Notifications.*1 unread"))
    await expect(bell).to_be_visible()  # by way of provider, ingress, auth and the stream
    await bell.click()
    told = ann.page.get_by_role("link", name="gets no mail: the address takes none")
    await expect(told).to_be_visible()
    await ann.presses("Mark all as read")
    await expect(bell).to_be_hidden()
    await told.click()
    assert await ann.sees("Gets no mail")
    await ann.opens("/settings")
    assert await ann.sees("Your address takes no mail from us.")


async def test_how_one_is_told_is_kept(person: Sits, found: Founded) -> None:
    ann = await person(await found(number=False), locale="es-MX")
    await ann.opens("/settings/notifications")
    choice = ann.page.get_by_role("switch", name="En la aplicación: Una nota le menciona")
    await expect(choice).to_be_checked()
    row = ann.page.get_by_role("listitem").filter(has_text="Una nota le menciona")
    await row.get_by_text("En la aplicación").click()
    await expect(choice).not_to_be_checked()
    await ann.page.get_by_role("button", name="Guardar").first.click()
    assert await ann.sees("Guardado")
    await ann.page.reload()
    await expect(choice).not_to_be_checked()
