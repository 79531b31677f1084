"""What a composer is told while a text is written."""

from uuid import UUID

import httpx

from koinonia.common.identity import Role

from .conftest import Client


async def _counted(api: httpx.AsyncClient, content: str) -> dict[str, object]:
    answer = await api.post("/api/messages/segments", json={"content": content})
    assert answer.status_code == 200, answer.text
    told: dict[str, object] = answer.json()
    return told


async def test_a_text_is_counted_part_by_part(api: httpx.AsyncClient) -> None:
    told = await _counted(api, "A" * 152 + "€" + "A" * 152)
    assert told == {
        "encoding": "GSM-7",
        "units": 306,
        "parts": 3,
        "unitsPerPart": [152, 153, 1],
        "cheaper": None,
        "maxParts": 10,
        "maxCharacters": 1600,
        "isSendable": True,
    }


async def test_an_empty_text_has_no_parts(api: httpx.AsyncClient) -> None:
    told = await _counted(api, "")
    assert (told["parts"], told["unitsPerPart"], told["encoding"]) == (0, [], "GSM-7")


async def test_a_text_of_too_many_parts_is_counted_all_the_same(api: httpx.AsyncClient) -> None:
    told = await _counted(api, "A" * 1531)
    assert (told["parts"], told["maxParts"], told["isSendable"]) == (11, 10, False)


async def test_a_cheaper_form_is_offered(api: httpx.AsyncClient) -> None:
    told = await _counted(api, "It’s " + "x" * 100)
    assert (told["encoding"], told["parts"]) == ("UCS-2", 2)
    assert told["cheaper"] == {"content": "It's " + "x" * 100, "parts": 1}


async def test_accents_are_composed_before_counting(api: httpx.AsyncClient) -> None:
    told = await _counted(api, "Jose\u0301")
    assert (told["encoding"], told["units"]) == ("GSM-7", 4)


async def test_merge_fields_count_as_their_fallbacks(api: httpx.AsyncClient) -> None:
    assert (await _counted(api, "Hi {{firstName|you}}!"))["units"] == len("Hi you!")
    assert (await _counted(api, "{{{{"))["units"] == 8


async def test_a_viewer_may_count_and_a_stranger_may_not(client: Client, church_id: UUID) -> None:
    body = {"content": "Hi"}
    viewer = client(church_id, Role.VIEWER)
    assert (await viewer.post("/api/messages/segments", json=body)).status_code == 200
    viewer.headers.pop("Authorization")
    assert (await viewer.post("/api/messages/segments", json=body)).status_code == 401
