"""A church that has one of everything."""

from datetime import timedelta
from typing import Any

from koinonia.common import clock

from .churches import Church
from .network import Network
from .shelf import picture

Things = dict[str, str]
"""By noun, an id."""


async def things(church: Church, phones: Network) -> Things:
    """The id of one of everything a church may have."""
    await phones.text(church.phones[0], church.number, "Hello!")
    thread = await church.conversation_with(church.phones[0])
    own_card = f"/api/members/{church.members[0]['id']}"  # tests go there
    assert (await church.api.patch(own_card, json={"email": church.email})).status_code == 200
    message = await church.send("Good morning")
    await church.settled(message["id"])
    [branch] = await church.everything("/api/branches")
    [group] = await church.everything("/api/groups")
    [number] = await church.everything("/api/phone-numbers")
    template, *_ = await church.everything("/api/templates")
    field = await church.api.post("/api/fields", json={"key": "seat", "label": "Seat"})
    schedule = await church.api.post("/api/schedules", json=in_a_month())
    lately = {"name": "New here", "filter": {"joinedWithinDays": 30}}
    segment = await church.api.post("/api/segments", json=lately)
    picnic = {"word": "PICNIC", "groupId": group["id"]}
    keyword = await church.api.post("/api/keywords", json=picnic)
    parking = {"shortcut": "parking", "content": "Behind the hall."}
    canned = await church.api.post("/api/canned-replies", json=parking)
    begun = await church.api.post("/api/drafts", json={"message": {"content": "Good"}})
    later = {"content": "See you!", "sendAt": (clock.now() + timedelta(days=30)).isoformat()}
    scheduled = await church.api.post(
        f"/api/conversations/{thread['id']}/scheduled-replies", json=later
    )
    prayer = {"name": "Prayer", "colour": "#2f7d6b"}
    label = await church.api.post("/api/labels", json=prayer)
    note = await church.api.post(
        f"/api/conversations/{thread['id']}/notes", json={"content": "She needs a ride."}
    )
    map_ = {"files": ("map.jpg", picture(), "image/jpeg")}
    upload = await church.api.post("/api/media", files=map_)
    naomi = {"email": f"naomi-{church.id}@example.org", "role": "staff"}
    invitation = await church.api.post("/api/auth/invitations", json=naomi)
    people = {"files": ("people.csv", b"name,phone\nRuth,+12025550107\n", "text/csv")}
    imported = await church.api.post("/api/imports", files=people)
    return {
        "admin": church.account["admin"]["id"],
        "invitation": invitation.json()["id"],
        "branch": branch["id"],
        "group": group["id"],
        "member": church.members[0]["id"],
        "message": message["id"],
        "number": number["id"],
        "conversation": thread["id"],
        "template": template["id"],
        "field": field.json()["id"],
        "schedule": schedule.json()["id"],
        "segment": segment.json()["id"],
        "keyword": keyword.json()["id"],
        **await _doors(church),
        "session": (await church.everything("/api/auth/sessions"))[0]["id"],
        "import": imported.json()["id"],
        "draft": begun.json()["id"],
        "canned_reply": canned.json()["id"],
        "scheduled_reply": scheduled.json()["id"],
        "label": label.json()["id"],
        "note": note.json()["id"],
        "media": upload.json()["id"],
    }


def in_a_month() -> dict[str, Any]:
    at = clock.now() + timedelta(days=30)
    return {"content": "Good morning", "targetType": "all", "scheduledAt": at.isoformat()}


async def _doors(church: Church) -> Things:
    """Of programs: a key, and an address that is told."""
    wish = {"name": "Sync", "permissions": ["people.read"]}
    key = (await church.api.post("/api/auth/keys", json=wish)).json()
    hook = {"name": "Hook", "url": "https://example.org/k", "kinds": ["text.received"]}
    made = (await church.api.post("/api/webhook-endpoints", json=hook)).json()
    sent = await church.api.post(f"/api/webhook-endpoints/{made['id']}/test")
    return {"api_key": key["id"], "endpoint": made["id"], "delivery": sent.json()["id"]}
