"""What the gateway may keep of our lists is forgotten by whatever changes them."""

import re
from typing import Any

import httpx
import pytest

from koinonia.common import db
from koinonia.common.testing import explain
from koinonia.common.web.keeping import kept_answers
from koinonia.messaging.program import PROGRAM

LISTS = (
    *("/api/messages", "/api/messages?search=picnic", "/api/messages?page=1", "/api/groups"),
    *("/api/branches", "/api/templates", "/api/templates?category=events", "/api/phone-numbers"),
)
_READ = re.compile(r"\b(?:FROM|JOIN)\s+(?:ONLY\s+)?(\w+)")
_OF_FUNCTIONS = {"found_broadcasts": {"messages"}, "church_language": {"churches"}}


@pytest.mark.parametrize("path", LISTS)
async def test_a_kept_list_names_every_table_that_it_is_read_from(
    house: Any, api: httpx.AsyncClient, path: str
) -> None:
    with explain.watched(house.database) as statements:
        answer = await api.get(path)
    assert answer.status_code == 200
    said = kept_answers.parsed(answer.headers[kept_answers.KEPT.decode()])
    named = {key.rpartition(":")[2] for key in said.token_keys}
    async with house.database.transaction() as session:
        tables = await db.values(session, str, "SELECT CAST(relname AS text) FROM pg_class")
    text = " ".join(sql for sql, _ in statements)
    read = set(_READ.findall(text)) & set(tables)
    for function, behind in _OF_FUNCTIONS.items():
        read |= behind if function in text else set()
    assert read, "nothing was read"
    assert (read - named, named - set(PROGRAM.kept_tables)) == (set(), set())
