"""What a church says of itself."""

import httpx

from koinonia.auth.churches import Language
from koinonia.common import db
from koinonia.common.testing import probe

from . import factories

CHURCH = "/api/auth/church"


async def test_a_church_changes_and_everybody_is_told_once(
    api: httpx.AsyncClient, database: db.Database
) -> None:
    ruth = await factories.church(api)
    body = {"name": "Iglesia Gracia", "timezone": "America/Chicago", "language": "spanish"}
    for _ in range(2):
        answer = await api.patch(CHURCH, json=body, headers=factories.as_(ruth))
        assert answer.json() == {**ruth["church"], **body}
    assert (await api.get(CHURCH, headers=factories.as_(ruth))).json() == answer.json()
    me = await api.get("/api/auth/me", headers=factories.as_(ruth))
    assert me.json()["church"] == answer.json()
    events = [body for name, body in await factories.published(database) if name[:7] == "church."]
    told = [(event["churchName"], event["timezone"], event["language"]) for event in events]
    assert told[1:] == [("Iglesia Gracia", "America/Chicago", "spanish")]
    trail = await factories.trail(database, ruth["church"]["id"])
    assert trail == ["church.registered", "church.updated"]


async def test_what_cannot_be_is_refused(api: httpx.AsyncClient) -> None:
    ruth = await factories.church(api)
    for name, value in {"timezone": "Mars/Olympus", "language": "klingon", "name": ""}.items():
        answer = await api.patch(CHURCH, json={name: value}, headers=factories.as_(ruth))
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")
        assert answer.json()["error"]["message"].startswith(name)
    assert (await api.get(CHURCH, headers=factories.as_(ruth))).json() == ruth["church"]


async def test_postgresql_knows_every_language(database: db.Database) -> None:
    async with database.transaction() as session:
        known = await probe.rows(session, "SELECT cfgname FROM pg_catalog.pg_ts_config")
    assert set(Language) <= {row.cfgname for row in known}
