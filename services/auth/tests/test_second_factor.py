"""The second factor: turned on by a code, asked for at sign-in, taken once, and required."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pyotp
import pytest

from koinonia.auth import worker
from koinonia.auth.attempts import FREE
from koinonia.auth.mailing.kinds import Kind
from koinonia.auth.running import Running
from koinonia.auth.second_factor import challenges
from koinonia.auth.settings import Settings
from koinonia.common import clock, db
from koinonia.common.crypto import KeyRing
from koinonia.common.testing import probe

from . import factories, mailboxes
from .factories import PASSWORD, as_

FACTOR = "/api/auth/second-factor"
ENROL, CONFIRM = "/api/auth/login/enrol", "/api/auth/login/enrol/confirm"
STEP = timedelta(seconds=30)
TAKEN = (403, "WRONG_CODE")


def code_of(secret: str, shift: timedelta = timedelta()) -> str:
    return pyotp.TOTP(secret).at(int((clock.now() + shift).timestamp()))


async def ask(api: httpx.AsyncClient, path: str, who: Any = None, **body: Any) -> httpx.Response:
    return await api.post(path, json=body, headers=as_(who) if who else {})


def outcome(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def turned_on(api: httpx.AsyncClient, who: Any) -> tuple[str, list[str]]:
    """The secret and the recovery codes; the code of now is taken with it."""
    begun = await ask(api, FACTOR, who, password=PASSWORD)
    assert begun.status_code == 200, begun.text
    secret = begun.json()["secret"]
    confirmed = await ask(api, f"{FACTOR}/confirm", who, code=code_of(secret))
    assert confirmed.status_code == 200, confirmed.text
    return secret, confirmed.json()["recoveryCodes"]


async def challenged(api: httpx.AsyncClient, code: str = "SECOND_FACTOR_REQUIRED") -> str:
    answer = await factories.login(api)
    assert outcome(answer) == (401, code)
    assert "set-cookie" not in answer.headers
    challenge: str = answer.json()["error"]["details"]["challenge"]
    return challenge


async def enter(api: httpx.AsyncClient, challenge: str, code: str) -> httpx.Response:
    return await ask(api, "/api/auth/login/code", challenge=challenge, code=code, tokens=True)


async def test_who_has_one_signs_in_in_two_steps(
    api: httpx.AsyncClient, running: Running, database: db.Database
) -> None:
    ruth = await factories.church(api)
    secret, _ = await turned_on(api, ruth)
    shown = (await api.get(FACTOR, headers=as_(ruth))).json()
    assert (shown["since"] is not None, shown["codesLeft"]) == (True, 10)
    with clock.shift(STEP * 2):
        entered = await enter(api, await challenged(api), code_of(secret))
        me = await api.get("/api/auth/me", headers=as_(entered.json()))
    assert (entered.status_code, me.status_code) == (200, 200)
    assert "admin.second_factor_on" in await factories.trail(database, ruth["church"]["id"])
    subjects = [mail.subject for mail in await mailboxes.delivered(running)]
    assert "Your second factor is on" in subjects


async def test_the_picture_is_what_the_app_reads_and_the_secret_is_sealed(
    api: httpx.AsyncClient, database: db.Database
) -> None:
    begun = (await ask(api, FACTOR, await factories.church(api), password=PASSWORD)).json()
    assert begun["uri"].startswith("otpauth://totp/Koinonia:ruth%40grace.example.org?secret=")
    assert begun["picture"]["path"].startswith("M4 4h7v1h-7z")  # a finder stands in the corner
    async with database.transaction() as session:
        [row] = await probe.rows(session, "SELECT sealed FROM second_factors")
    assert begun["secret"].encode() not in bytes(row.sealed)


async def test_one_whose_code_was_never_shown_counts_for_nothing(api: httpx.AsyncClient) -> None:
    ruth = await factories.church(api)
    await ask(api, FACTOR, ruth, password=PASSWORD)
    assert outcome(await ask(api, f"{FACTOR}/confirm", ruth, code="000000")) == TAKEN
    assert (await factories.login(api)).status_code == 200


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True)])
async def test_a_clock_may_be_one_step_off(api: httpx.AsyncClient, steps: int, taken: bool) -> None:
    secret, _ = await turned_on(api, await factories.church(api))
    with clock.freeze(clock.now() + STEP * 4):
        answer = await enter(api, await challenged(api), code_of(secret, STEP * steps))
    assert (answer.status_code == 200) is taken


async def test_a_code_is_taken_once_and_no_earlier_one_after_it(api: httpx.AsyncClient) -> None:
    secret, _ = await turned_on(api, await factories.church(api))
    with clock.freeze(clock.now() + STEP * 4):
        challenge = await challenged(api)
        assert (await enter(api, challenge, code_of(secret))).status_code == 200
        for shift in (timedelta(), -STEP):
            assert outcome(await enter(api, challenge, code_of(secret, shift))) == TAKEN


async def test_a_recovery_code_signs_in_once(api: httpx.AsyncClient) -> None:
    ruth = await factories.church(api)
    _, codes = await turned_on(api, ruth)
    assert len(set(codes)) == 10
    challenge = await challenged(api)
    typed = codes[3].lower().replace("-", " ")
    assert (await enter(api, challenge, typed)).status_code == 200
    assert outcome(await enter(api, challenge, codes[3])) == TAKEN
    assert (await api.get(FACTOR, headers=as_(ruth))).json()["codesLeft"] == 9


async def test_many_wrong_codes_have_to_wait_and_the_password_begins_nothing_anew(
    api: httpx.AsyncClient, database: db.Database
) -> None:
    ruth = await factories.church(api)
    secret, _ = await turned_on(api, ruth)
    for _ in range(FREE):
        assert outcome(await enter(api, await challenged(api), "000000")) == TAKEN
    with clock.shift(timedelta(seconds=10)):
        refused = await enter(api, await challenged(api), code_of(secret))
    assert outcome(refused) == (429, "TOO_MANY_ATTEMPTS")
    with clock.shift(timedelta(minutes=2)):
        assert (await enter(api, await challenged(api), code_of(secret))).status_code == 200
    assert (await factories.trail(database, ruth["church"]["id"])).count("admin.code_wrong") == 10


async def test_a_challenge_is_short_lived_and_no_session(api: httpx.AsyncClient) -> None:
    secret, _ = await turned_on(api, await factories.church(api))
    challenge = await challenged(api)
    over = (401, "CHALLENGE_OVER")
    me = await api.get("/api/auth/me", headers=factories.bearing(challenge))
    renewed = await factories.renew(api, challenge[:100])
    assert (me.status_code, renewed.status_code) == (401, 401)
    for forged in ("x", "a.b.c.d", challenge[:-1] + "A" * 2, f"{UUID(int=1).hex}.{challenge[33:]}"):
        assert outcome(await enter(api, forged, code_of(secret))) == over
    with clock.shift(challenges.LIFETIME):
        assert outcome(await enter(api, challenge, code_of(secret))) == over


async def test_a_new_password_makes_a_challenge_void(api: httpx.AsyncClient) -> None:
    ruth = await factories.church(api)
    secret, _ = await turned_on(api, ruth)
    challenge = await challenged(api)
    body = {"password": PASSWORD, "newPassword": "another seed, and more patience"}
    assert (await api.post("/api/auth/password", json=body, headers=as_(ruth))).status_code == 204
    assert outcome(await enter(api, challenge, code_of(secret))) == (401, "CHALLENGE_OVER")


async def test_it_is_turned_off_by_password_and_code(
    api: httpx.AsyncClient, running: Running
) -> None:
    ruth = await factories.church(api)
    _, codes = await turned_on(api, ruth)
    path = f"{FACTOR}/remove"
    assert outcome(await ask(api, path, ruth, password="wrong", code=codes[0]))[0] == 403
    assert outcome(await ask(api, path, ruth, password=PASSWORD, code="000000")) == TAKEN
    fresh = await ask(api, f"{FACTOR}/recovery-codes", ruth, password=PASSWORD, code=codes[1])
    assert outcome(await ask(api, path, ruth, password=PASSWORD, code=codes[0])) == TAKEN
    new = fresh.json()["recoveryCodes"][0]
    assert (await ask(api, path, ruth, password=PASSWORD, code=new)).status_code == 204
    assert (await factories.login(api)).status_code == 200
    subjects = [mail.subject for mail in await mailboxes.delivered(running)]
    assert "Your second factor is off" in subjects


async def required(api: httpx.AsyncClient, who: Any, is_required: bool = True) -> httpx.Response:
    body = {"isRequired": is_required}
    return await api.put(f"{FACTOR}/requirement", json=body, headers=as_(who))


async def test_an_owner_requires_it_and_whoever_has_none_is_led_to_set_one_up(
    api: httpx.AsyncClient,
) -> None:
    ruth = await factories.church(api, email="owner@grace.example.org")
    naomi = await factories.join(api, ruth, "staff", factories.EMAIL)
    assert outcome(await required(api, ruth)) == (409, "NO_SECOND_FACTOR")
    _, codes = await turned_on(api, ruth)
    assert (await required(api, ruth)).status_code == 204
    assert (await api.get("/api/auth/me", headers=as_(naomi))).status_code == 401
    assert (await api.get("/api/auth/me", headers=as_(ruth))).status_code == 200
    refused = await ask(api, f"{FACTOR}/remove", ruth, password=PASSWORD, code=codes[0])
    assert outcome(refused) == (409, "SECOND_FACTOR_NEEDED")
    challenge = await challenged(api, "SECOND_FACTOR_MISSING")
    assert outcome(await enter(api, challenge, "123456")) == (409, "NO_SECOND_FACTOR")
    secret = (await ask(api, ENROL, challenge=challenge)).json()["secret"]
    body = {"challenge": challenge, "code": code_of(secret), "tokens": True}
    entered = await api.post(CONFIRM, json=body)
    assert (entered.status_code, len(entered.json()["recoveryCodes"])) == (200, 10)
    assert (await api.get("/api/auth/me", headers=as_(entered.json()))).status_code == 200


async def test_who_accepts_an_invitation_sets_one_up_before_they_are_in(
    api: httpx.AsyncClient,
) -> None:
    ruth = await factories.church(api)
    await turned_on(api, ruth)
    await required(api, ruth)
    invited = await factories.invite(api, ruth)
    answer = await factories.accept(api, invited["token"])
    assert outcome(answer) == (401, "SECOND_FACTOR_MISSING")
    challenge = answer.json()["error"]["details"]["challenge"]
    assert (await ask(api, ENROL, challenge=challenge)).status_code == 200


async def test_only_an_owner_requires_it(api: httpx.AsyncClient) -> None:
    naomi = await factories.join(api, await factories.church(api), "admin")
    assert (await required(api, naomi)).status_code == 403


async def test_no_key_of_the_ring_is_needed_after_its_time(
    api: httpx.AsyncClient, running: Running, settings: Settings
) -> None:
    """Secrets outlive the keys that sealed them: they are sealed anew under the present one."""
    secret, _ = await turned_on(api, await factories.church(api))
    [former] = [settings.signing_key_ring.get_secret_value().split(",")[0]]
    newer = f"newer:{'A' * 43}="
    running.ring = KeyRing.parse(f"{newer},{former}")
    await worker.reseal(running)
    running.ring = KeyRing.parse(newer)
    with clock.shift(STEP * 2):
        assert (await enter(api, await challenged(api), code_of(secret))).status_code == 200


def test_what_is_mailed_has_its_words() -> None:
    assert Kind.SECOND_FACTOR_CHANGED.worth_sending > timedelta(days=1)
