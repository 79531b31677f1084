"""Whom a job has written already: of two rows about one person the first counts, however far apart
they are in the file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.messaging.people.imports.candidates import Candidate
from koinonia.messaging.people.imports.row_reasons import same_person


@dataclass(frozen=True, slots=True)
class Job:
    """An import that is written a part at a time. ``system`` is whose external ids the file has;
    everybody joins ``group_ids``."""

    id: UUID
    system: str | None = None
    group_ids: Sequence[UUID] = ()


class Earlier(NamedTuple):
    """The first row about a member, and what the rows about them have said so far."""

    member_id: UUID
    row: int
    given: list[str]

    def hold_back(self, person: Candidate) -> None:
        """Leave of a later row what no earlier one said."""
        if "email" in self.given:
            person.email = None
        if "timezone" in self.given:
            person.timezone = None
        person.fields = {
            key: each for key, each in person.fields.items() if f"field {key}" not in self.given
        }
        person.line.reason = same_person(self.row)


async def find(session: AsyncSession, job: Job, member_ids: Sequence[UUID]) -> dict[UUID, Earlier]:
    found = await db.rows(
        session,
        Earlier,
        """
        SELECT member_id, first_row AS row, given FROM import_people
         WHERE job_id = :job AND member_id = ANY(CAST(:ids AS uuid[]))
        """,
        {"job": job.id, "ids": list(member_ids)},
    )
    return {each.member_id: each for each in found}


async def add(
    session: AsyncSession, church_id: UUID, people: Sequence[Candidate], job: Job
) -> None:
    """These members are written now."""
    by_member = {person.id: person for person in people}
    await db.run(
        session,
        """
        INSERT INTO import_people (church_id, job_id, member_id, phone_index, first_row, given)
        SELECT :church, :job, member_id, phone_index, row, given
          FROM json_to_recordset(CAST(:people AS json))
               AS given (member_id uuid, phone_index text, row integer, given jsonb)
        ON CONFLICT (job_id, member_id) DO UPDATE SET given = import_people.given || excluded.given
        """,
        {
            "church": church_id,
            "job": job.id,
            "people": db.records(
                {
                    "member_id": each.id,
                    "phone_index": each.phone_index,
                    "row": each.line.row,
                    "given": _given(each),
                }
                for each in by_member.values()
            ),
        },
    )


def _given(person: Candidate) -> list[str]:
    given = [f"field {key}" for key in person.fields]
    if person.email:
        given.append("email")
    if person.timezone:
        given.append("timezone")
    return given
