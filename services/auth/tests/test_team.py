"""A team: who is in it, what each may do, and how somebody leaves."""

from uuid import UUID

import httpx

from koinonia.auth.running import Running
from koinonia.common import db

from . import factories
from .factories import TEAM, id_of


async def test_everybody_sees_the_team_by_name_page_by_page(api: httpx.AsyncClient) -> None:
    ruth = await factories.church(api, firstName="Ruth", lastName="Meyer")
    for name in ("Ángel", "obed", "Zoë"):
        await factories.join(api, ruth, "staff", f"{ord(name[0])}@example.org", firstName=name)
    viewer = await factories.join(api, ruth, "viewer", "boaz@example.org")
    first = (await api.get(f"{TEAM}?limit=3", headers=factories.as_(viewer))).json()
    rest = await api.get(
        f"{TEAM}?limit=3&cursor={first['nextCursor']}", headers=factories.as_(viewer)
    )
    people = first["data"] + rest.json()["data"]
    names = [each["firstName"] or each["email"] for each in people]
    assert names == ["Ángel", "boaz@example.org", "obed", "Ruth", "Zoë"]
    assert (first["hasMore"], rest.json()["hasMore"]) == (True, False)
    assert all(each["isActive"] and each["lastSeenAt"] for each in people)


async def test_what_each_role_may_do_with_a_team(api: httpx.AsyncClient) -> None:
    ruth = await factories.church(api)
    roles = {role: await factories.join(api, ruth, role) for role in ("admin", "staff", "viewer")}
    other = await factories.join(api, ruth, "staff", "obed@example.org")
    may: dict[str, list[int]] = {}
    for role, who in {"owner": ruth, **roles}.items():
        headers = factories.as_(who)
        body = {"email": f"boaz-{role}@example.org", "role": "viewer"}
        answers = [
            await api.get(TEAM, headers=headers),
            await api.get("/api/auth/church", headers=headers),
            await api.patch("/api/auth/me", json={"firstName": role}, headers=headers),
            await api.get("/api/auth/invitations", headers=headers),
            await api.post("/api/auth/invitations", json=body, headers=headers),
            await api.patch(TEAM + "/" + id_of(other), json={"lastName": role}, headers=headers),
            await api.patch("/api/auth/church", json={"name": f"Of {role}"}, headers=headers),
            await api.patch(TEAM + "/" + id_of(ruth), json={"lastName": role}, headers=headers),
        ]
        may[role] = [answer.status_code for answer in answers]
    assert may == {
        "owner": [200, 200, 200, 200, 201, 200, 200, 200],
        "admin": [200, 200, 200, 200, 201, 200, 200, 403],
        "staff": [200, 200, 200, 403, 403, 403, 403, 403],
        "viewer": [200, 200, 200, 403, 403, 403, 403, 403],
    }


async def test_a_role_and_a_name_change_and_everybody_is_told(
    api: httpx.AsyncClient, database: db.Database
) -> None:
    ruth = await factories.church(api)
    naomi = await factories.join(api, ruth, "staff", firstName="Naomi", lastName="Meyer")
    body = {"role": "admin", "lastName": None}
    for _ in range(2):  # what changes nothing is told to nobody
        answer = await api.patch(f"{TEAM}/{id_of(naomi)}", json=body, headers=factories.as_(ruth))
        assert (answer.json()["role"], answer.json()["lastName"]) == ("admin", None)
    events = [each for each in await factories.published(database) if each[0] == "admin.updated"]
    assert [(event["role"], event["firstName"], event["lastName"]) for _, event in events] == [
        ("admin", "Naomi", None)
    ]
    renewed = await factories.renew(api, naomi["tokens"]["refreshToken"])
    identity = await factories.identity(api, renewed.json()["tokens"]["accessToken"])
    assert identity.role == "admin"
    trail = await factories.trail(database, ruth["church"]["id"])
    assert trail.count("admin.updated") == 1


async def test_a_demotion_counts_at_once_for_the_team_itself(api: httpx.AsyncClient) -> None:
    ruth = await factories.church(api)
    naomi = await factories.join(api, ruth, "admin")
    to_admin = await factories.invite(api, naomi, "admin", "boaz@example.org")
    await api.patch(f"{TEAM}/{id_of(naomi)}", json={"role": "staff"}, headers=factories.as_(ruth))
    body = {"email": "obed@example.org", "role": "staff"}
    refused = await api.post("/api/auth/invitations", json=body, headers=factories.as_(naomi))
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "FORBIDDEN")
    lapsed = await factories.accept(api, to_admin["token"])
    assert lapsed.json()["error"]["code"] == "INVITATION_INVALID"


async def test_a_changed_role_ends_the_tokens_that_claim_more_and_no_session(
    api: httpx.AsyncClient, running: Running
) -> None:
    ruth = await factories.church(api)
    naomi = await factories.join(api, ruth, "admin")
    admin_id, path = UUID(id_of(naomi)), f"{TEAM}/{id_of(naomi)}"
    for role in ("viewer", "owner"):
        await api.patch(path, json={"role": role}, headers=factories.as_(ruth))
        assert await running.revocations.roles([admin_id]) == {admin_id: role}
    await api.patch(path, json={"role": "staff", "lastName": "Meyer"}, headers=factories.as_(ruth))
    renewed = await factories.renew(api, naomi["tokens"]["refreshToken"])
    identity = await factories.identity(api, renewed.json()["tokens"]["accessToken"])
    assert identity.role == "staff"


async def test_a_changed_name_ends_no_token(api: httpx.AsyncClient, running: Running) -> None:
    ruth = await factories.church(api)
    naomi = await factories.join(api, ruth, "admin")
    body = {"firstName": "Naomi", "role": "admin"}
    await api.patch(f"{TEAM}/{id_of(naomi)}", json=body, headers=factories.as_(ruth))
    assert await running.revocations.roles([UUID(id_of(naomi))]) == {}


async def test_who_is_removed_is_out_at_once_and_with_them_whom_they_invited(
    api: httpx.AsyncClient, running: Running, database: db.Database
) -> None:
    ruth = await factories.church(api)
    naomi = await factories.join(api, ruth, "admin", "naomi@example.org")
    again = await factories.login(api, email="naomi@example.org", tokens=True)
    invited = await factories.invite(api, naomi, "viewer", "boaz@example.org")
    removed = await api.delete(f"{TEAM}/{id_of(naomi)}", headers=factories.as_(ruth))
    assert removed.status_code == 204
    for given in (naomi["tokens"], again.json()["tokens"]):
        session = (await factories.identity(api, given["accessToken"])).session_id
        assert await running.revocations.is_revoked(session)
        assert (await factories.renew(api, given["refreshToken"])).status_code == 401
    assert (await factories.login(api, email="naomi@example.org")).status_code == 401
    assert (await factories.accept(api, invited["token"])).status_code == 400
    told = [name for name, _ in (await factories.published(database))[-3:]]
    assert told == ["admin.removed", "session.ended", "session.ended"]
    trail = await factories.trail(database, ruth["church"]["id"])
    assert trail[-1] == "admin.removed"


async def test_who_was_removed_is_kept_by_name_and_may_be_invited_anywhere(
    api: httpx.AsyncClient,
) -> None:
    ruth = await factories.church(api)
    hope = await factories.church(api, email="boaz@hope.example.org", churchName="Hope")
    naomi = await factories.join(api, ruth, "staff", "naomi@example.org", firstName="Naomi")
    path = f"{TEAM}/{id_of(naomi)}"
    await api.delete(path, headers=factories.as_(ruth))
    gone = (await api.get(f"{TEAM}?removed=true", headers=factories.as_(ruth))).json()["data"]
    assert [(each["firstName"], each["isActive"]) for each in gone] == [("Naomi", False)]
    assert len((await api.get(TEAM, headers=factories.as_(ruth))).json()["data"]) == 1
    assert (await api.delete(path, headers=factories.as_(ruth))).status_code == 404
    elsewhere = await factories.join(api, hope, "admin", "naomi@example.org")
    assert elsewhere["church"]["name"] == "Hope"


async def test_another_church_s_people_and_invitations_are_not_found(
    api: httpx.AsyncClient,
) -> None:
    ruth = await factories.church(api)
    hope = await factories.church(api, email="boaz@hope.example.org")
    invitation = await factories.invite(api, hope)
    headers = factories.as_(ruth)
    answers = [
        await api.patch(f"{TEAM}/{id_of(hope)}", json={"role": "viewer"}, headers=headers),
        await api.delete(f"{TEAM}/{id_of(hope)}", headers=headers),
        await api.delete(f"/api/auth/invitations/{invitation['id']}", headers=headers),
    ]
    codes = [answer.json()["error"]["code"] for answer in answers]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert codes == ["ADMIN_NOT_FOUND", "ADMIN_NOT_FOUND", "INVITATION_NOT_FOUND"]


async def test_the_last_owner_stays(api: httpx.AsyncClient) -> None:
    ruth = await factories.church(api)
    path, headers = f"{TEAM}/{id_of(ruth)}", factories.as_(ruth)
    refused = [
        await api.delete(path, headers=headers),
        await api.patch(path, json={"role": "admin"}, headers=headers),
    ]
    assert [answer.json()["error"]["code"] for answer in refused] == ["LAST_OWNER"] * 2
    naomi = await factories.join(api, ruth, "owner", "naomi@example.org")
    assert (await api.delete(path, headers=factories.as_(naomi))).status_code == 204
