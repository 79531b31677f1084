"""One's own account: a forgotten password, another one, another address, by mailed links."""

import re

import httpx
import pyotp
from tests.integration.churches import PASSWORD, Church
from tests.integration.conftest import Founded

from koinonia.common.testing.eventually import eventually
from koinonia.devkit.system import System

from .conftest import Sits
from .person import Person

NEW = "another seed, and more patience"


async def test_a_forgotten_password_is_chosen_anew_by_the_link_in_a_mail(
    person: Sits, found: Founded, system: System
) -> None:
    church = await found(number=False)
    ann = await person()
    ann.email = church.email
    await ann.opens("/sign-in")
    await ann.follows("Forgot your password?")
    await ann.writes("E-mail address", ann.email)
    await ann.presses("Mail me a link")
    assert await ann.sees("If this address has an account")
    await ann.opens(await _mailed(system, ann.email, "reset-password"))
    await ann.writes("New password", "short")
    await ann.presses("Save the password")
    assert await ann.sees_the_page("Choose a new password")
    await ann.writes("New password", NEW)
    await ann.presses("Save the password")
    assert await ann.sees("Your password is changed")
    await ann.signs_in(NEW)
    assert await ann.sees_the_page("Dashboard")


async def test_a_link_that_was_used_says_what_to_do(person: Sits) -> None:
    ann = await person()
    await ann.opens("/reset-password#" + "x" * 43)
    await ann.writes("New password", NEW)
    await ann.presses("Save the password")
    assert await ann.sees("This link is not valid, or not any more")
    await ann.follows("Mail me another link")
    assert await ann.sees("It works once, for 30 minutes.")


async def test_a_password_is_changed_by_who_knows_it(person: Sits, found: Founded) -> None:
    ann = await person(await found(number=False))
    await ann.opens("/settings")
    await ann.presses("Change the password")
    await ann.writes("Your present password", "not this one")
    await ann.writes("New password", NEW)
    await _saves(ann, "Save")
    assert await ann.sees("This is not your password.")
    await ann.writes("Your present password", ann.password)
    await _saves(ann, "Save")
    assert await ann.is_asked_nothing_more()
    await ann.page.reload()
    assert await ann.sees_the_page("Settings")


async def test_a_password_that_others_guess_is_said_while_it_is_typed(
    person: Sits, found: Founded
) -> None:
    ann = await person(await found(number=False), locale="es-MX")
    await ann.opens("/settings")
    await ann.presses("Cambiar la contraseña")
    await ann.writes("Contraseña nueva", "Summer2024!")
    assert await ann.sees("Está entre las contraseñas que se prueban primero.")
    await ann.writes("Contraseña nueva", ann.email)
    assert await ann.sees("Está hecha de su dirección, su nombre o su iglesia")
    await ann.writes("Contraseña nueva", NEW)
    assert await ann.sees("Al menos 10 caracteres.")


async def test_a_session_elsewhere_is_seen_and_ended(person: Sits, found: Founded) -> None:
    church = await found(number=False)
    ann, thief = await person(church), await person(church)
    await thief.opens("/settings")
    assert await thief.sees_the_page("Settings")
    await ann.opens("/settings")
    assert await ann.sees("This device")
    await ann.page.get_by_role("button", name="Sign out all others").click()
    await _saves(ann, "Sign out all others")
    assert await ann.sees("All other devices are signed out.")
    await thief.page.reload()
    assert await thief.sees_the_page("Sign in")


async def test_a_second_factor_is_set_up_and_asked_for_at_the_next_sign_in(
    person: Sits, found: Founded
) -> None:
    church = await found(number=False)
    ann = await person(church)
    await ann.opens("/settings")
    await ann.presses("Set up")
    await ann.writes("Your present password", ann.password)
    await _saves(ann, "Go on")
    assert await ann.sees("Scan this with an authenticator app")
    await ann.writes("Code", "000000")
    await _saves(ann, "Turn it on")
    assert await ann.sees("This code is not right")
    secret = await ann.page.get_by_role("dialog").locator("code").inner_text()
    await ann.writes("Code", pyotp.TOTP(secret).now())
    await _saves(ann, "Turn it on")
    codes = ann.page.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    first = await codes.first.inner_text()
    assert await codes.count() == 10
    await _saves(ann, "I kept them")
    assert await ann.sees("10 of 10 recovery codes are left.")
    elsewhere = await person()
    elsewhere.email = church.email
    await elsewhere.signs_in()
    assert await elsewhere.sees_the_page("One more step")
    await elsewhere.writes("Code", "111111")
    await elsewhere.presses("Sign in")
    assert await elsewhere.sees("This code is not right")
    await elsewhere.writes("Code", first)
    await elsewhere.presses("Sign in")
    assert await elsewhere.sees_the_page("Dashboard")


async def test_who_needs_a_second_factor_sets_one_up_before_they_are_in(
    person: Sits, found: Founded
) -> None:
    church = await found(number=False)
    await _requires_a_second_factor(church)
    invited = await church.api.post(
        "/api/auth/invitations", json={"email": f"new-{church.email}", "role": "staff"}
    )
    ben = await person(locale="es-MX")
    await ben.opens(f"/join#{invited.json()['token']}")
    await ben.writes("Contraseña", NEW)
    await ben.presses("Unirme")
    assert await ben.sees_the_page("Configure un segundo factor")
    secret = await ben.page.locator("code").inner_text()
    await ben.writes("Código", pyotp.TOTP(secret).now())
    await ben.presses("Activar")
    await ben.presses("Ya los guardé")
    assert await ben.sees_the_page("Panel")


async def _requires_a_second_factor(church: Church) -> None:
    factor = "/api/auth/second-factor"
    begun = await church.api.post(factor, json={"password": PASSWORD})
    code = pyotp.TOTP(begun.json()["secret"]).now()
    assert (await church.api.post(f"{factor}/confirm", json={"code": code})).status_code == 200
    required = await church.api.put(f"{factor}/requirement", json={"isRequired": True})
    assert required.status_code == 204, required.text


async def test_another_address_is_one_s_own_once_it_is_confirmed(
    person: Sits, found: Founded, system: System
) -> None:
    ann = await person(await found(number=False))
    address = f"new-{ann.email}"
    await ann.opens("/settings")
    await ann.presses("Change the address")
    await ann.writes("New e-mail address", address)
    await ann.writes("Your present password", ann.password)
    await _saves(ann, "Mail the link")
    assert await ann.sees(f"A link is on its way to {address}")
    await ann.opens(await _mailed(system, address, "confirm-address"))
    await ann.presses("Confirm the address")
    assert await ann.sees("Your address is confirmed")
    ann.email = address
    await ann.signs_in()
    assert await ann.sees_the_page("Dashboard")


async def _saves(who: Person, name: str) -> None:
    await who.page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()


async def _mailed(system: System, address: str, page: str) -> str:
    """The path and the secret of the latest link to ``page`` that was mailed to the address."""
    mailbox = f"{system.carrier_url}/mailbox/mails"
    async with httpx.AsyncClient(timeout=10, trust_env=False) as http:

        async def link() -> str | None:
            mails = (await http.get(mailbox, params={"to": address})).json()
            found = [re.search(rf"/{page}#\S+", mail["text"]) for mail in mails]
            return next((each[0] for each in found if each), None)

        path: str = await eventually(link, 15)
        return path
