"""The rows of a request become entries, some at a time and in a thread: a phone takes a while."""

import asyncio
from collections.abc import Iterable, Sequence
from uuid import UUID

import orjson
from pydantic import ValidationError

from koinonia.common import errors
from koinonia.common.errors import AppError
from koinonia.common.phone import Phones
from koinonia.common.web import validation
from koinonia.messaging import phone_endings
from koinonia.messaging.people.imports import us_numbers
from koinonia.messaging.people.upserts.errors import ExternalIdTwice, SamePerson, SystemMissing
from koinonia.messaging.people.upserts.schemas import BulkHead, PersonIn, RowIn
from koinonia.messaging.people.upserts.upsert_entries import Entry, accepted
from koinonia.messaging.timing import quiet_hours

AT_ONCE = 200  # rows; some ten milliseconds
MOST_MISTAKES = 3  # of one row that are told


class BadJson(errors.Invalid):
    code = "VALIDATION_ERROR"
    message = "The body is not valid JSON. Send an object with members."


async def entries(body: bytes, church_id: UUID, phones: Phones) -> tuple[BulkHead, list[Entry]]:
    """What a request says, row by row; raises ``errors.Invalid`` where it is no request at all."""
    head = await asyncio.to_thread(_head, body)
    found: list[Entry] = []
    for start in range(0, len(head.members), AT_ONCE):
        rows = head.members[start : start + AT_ONCE]
        found += await asyncio.to_thread(_read, rows, start + 1, church_id, phones)
    await asyncio.to_thread(_refuse_twins, found)
    if head.external_system is None and any(each.external_id for each in found):
        raise SystemMissing
    return head, found


def entry(row: int, said: PersonIn, church_id: UUID, phones: Phones) -> Entry:
    """Raises ``InvalidPhone``."""
    number = us_numbers.e164(said.phone)
    return Entry(
        row=row,
        given=frozenset(said.model_fields_set),
        external_id=said.external_id if isinstance(said, RowIn) else None,
        first_name=said.first_name,
        last_name=said.last_name,
        email=said.email,
        timezone=said.timezone,
        fields={key: value or None for key, value in said.fields.items()},
        group_ids=said.group_ids,
        consents=said.consent,
        opts_out=said.opted_out,
        phone_index=phones.index(church_id, number),
        phone_sealed=phones.seal(number),
        endings=phone_endings.endings(phones, church_id, number),
        zones=quiet_hours.phone_zones(number),
    )


def _head(body: bytes) -> BulkHead:
    try:
        return BulkHead.model_validate(orjson.loads(body))
    except orjson.JSONDecodeError:
        raise BadJson from None
    except ValidationError as wrong:
        raise validation.invalid(wrong.errors(), BulkHead) from None


def _read(rows: Sequence[object], first: int, church_id: UUID, phones: Phones) -> list[Entry]:
    return [_entry(row, said, church_id, phones) for row, said in enumerate(rows, first)]


def _entry(row: int, said: object, church_id: UUID, phones: Phones) -> Entry:
    try:
        return entry(row, RowIn.model_validate(said), church_id, phones)
    except ValidationError as wrong:
        return _refused(row, said, validation.invalid(wrong.errors()[:MOST_MISTAKES], RowIn))
    except errors.Invalid as wrong:
        return _refused(row, said, wrong)


def _refused(row: int, said: object, why: AppError) -> Entry:
    named = said.get("externalId") if isinstance(said, dict) else None
    found = Entry(row, frozenset(), external_id=named[:100] if isinstance(named, str) else None)
    found.refuse(why)
    return found


def _refuse_twins(found: Iterable[Entry]) -> None:
    """Of two rows about one person the first counts."""
    by_id: dict[str, int] = {}
    people: dict[tuple[str, str], int] = {}
    for each in accepted(list(found)):
        if each.external_id and (first := by_id.setdefault(each.external_id, each.row)) != each.row:
            each.refuse(ExternalIdTwice.as_in(first))
        elif (first := people.setdefault(each.person, each.row)) != each.row:
            each.refuse(SamePerson.as_in(first))
