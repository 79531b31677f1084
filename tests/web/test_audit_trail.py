"""An owner looks who did what in the church."""

from playwright.async_api import expect
from tests.integration.conftest import Founded

from koinonia.common.testing.eventually import eventually

from .conftest import Sits
from .person import PHONE


async def _is_told_of(church, action: str) -> bool:
    return bool((await church.get("/api/audit", action=action))["data"])


async def test_an_owner_finds_who_removed_a_person_and_takes_it_out(
    person: Sits, found: Founded
) -> None:
    church = await found(members=1, number=False)
    removed = church.members[0]["id"]
    assert (await church.api.delete(f"/api/members/{removed}")).status_code == 204
    await eventually(lambda: _is_told_of(church, "member.removed"), 20)
    ann = await person(church)
    await ann.opens("/settings")
    await ann.follows("Audit trail")
    assert await ann.sees("Removed a person")
    assert await ann.sees("Registered the church")
    what = ann.page.get_by_role("combobox", name="What")
    await what.fill("Removed a person")
    await ann.page.get_by_role("option", name="Removed a person", exact=True).click()
    await expect(ann.page.get_by_text("Registered the church")).to_have_count(0)
    await ann.page.get_by_role("button", name="What else was done to it").first.click()
    assert await ann.sees("Only what was done to one thing.")
    assert f"thing={removed}" in ann.page.url
    async with ann.page.expect_download() as download:
        await ann.presses("Download CSV")
    path = await (await download.value).path()
    assert removed in path.read_text()


async def test_it_fits_a_phone_and_speaks_spanish(person: Sits, found: Founded) -> None:
    church = await found(number=False)
    ana = await person(church, locale="es-MX", viewport=PHONE)
    await ana.opens("/settings/audit?what=import.started")
    assert await ana.sees("No se encontró nada")
    await ana.presses("Mostrar todo")
    assert await ana.sees("Registró la iglesia")
    wide = "document.documentElement.scrollWidth > innerWidth"
    assert not await ana.run(f"() => {wide}")
