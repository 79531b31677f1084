"""``/api/consents``."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import StreamingResponse

from koinonia.common import clock, db, web
from koinonia.common.identity import Role
from koinonia.common.phone import Phones
from koinonia.common.web import (
    ActionDep,
    CreatingRoute,
    CurrentAdmin,
    IdempotencyKey,
    OwnerOrAdmin,
    Page,
    PageQuery,
    ReadDep,
    SessionDep,
)
from koinonia.common.web.answer_headers import declared
from koinonia.messaging.api.attestation import AddressDep
from koinonia.messaging.broadcasts.tracking import phone_facts
from koinonia.messaging.dependencies import RunningDep
from koinonia.messaging.people.consent import (
    ledger,
    ledger_export,
    ledger_history,
    question_list,
    sealed_words,
    staff_entries,
    stop_decisions,
    stop_questions,
)
from koinonia.messaging.people.consent.entries import ConsentKind, ConsentMethod
from koinonia.messaging.people.consent.question_list import ListedQuestion
from koinonia.messaging.people.consent.schemas import (
    ConsentIn,
    ConsentOut,
    EntryOut,
    ListedQuestionOut,
    PersonOnPhone,
    StopDecisionIn,
    StoppedGroup,
    StopQuestionOut,
)
from koinonia.messaging.people.consent.staff_entries import Phone, Said
from koinonia.messaging.people.consent.stop_questions import Decision, Question

router = APIRouter(prefix="/api/consents", tags=["people"], route_class=CreatingRoute)
STAFF = [Depends(web.require(Role.STAFF))]


@router.get("")
async def read_consent(
    read: ReadDep,
    admin: CurrentAdmin,
    running: RunningDep,
    phone: Annotated[str | None, Query(max_length=50)] = None,
    member_id: Annotated[UUID | None, Query(alias="memberId")] = None,
) -> ConsentOut:
    """What is known of one phone, and all that was ever said."""
    church_id, phones = admin.church_id, running.phones
    chosen = await staff_entries.chosen_phone(read, church_id, phone, member_id, phones)
    return await _shown(read, church_id, chosen, phones)


@router.post("", status_code=201, dependencies=STAFF)
async def record_consent(
    session: SessionDep,
    admin: CurrentAdmin,
    running: RunningDep,
    address: AddressDep,
    body: ConsentIn,
    idempotency_key: IdempotencyKey,
) -> ConsentOut:
    """Record what a person said by voice, mail or form. Nobody but the person lifts a STOP that
    came from their phone."""
    church_id, phones = admin.church_id, running.phones
    chosen = await staff_entries.chosen_phone(
        session, church_id, body.phone, body.member_id, phones
    )
    said = Said(
        kind=ConsentKind(body.kind),
        method=ConsentMethod(body.method),
        words=body.words,
        note=body.note,
        at=body.occurred_at,
        actor_id=admin.admin_id,
        address=address,
    )
    await staff_entries.record(session, church_id, chosen, said, phones)
    return await _shown(session, church_id, chosen, phones)


@router.get("/stop-questions", response_model=Page[ListedQuestionOut])
async def list_stop_questions(
    read: ReadDep, admin: CurrentAdmin, running: RunningDep, params: PageQuery
) -> Response:
    """The texts that may ask to stop and are not settled, those first that count as stops first.
    POST /api/consents/stop-question settles one."""
    found = await question_list.page(read, admin.church_id, params)
    return web.json_page(found, lambda question: _listed(question, running.phones))


@router.post("/stop-question", dependencies=STAFF)
async def settle_stop_question(
    session: SessionDep,
    admin: CurrentAdmin,
    running: RunningDep,
    address: AddressDep,
    body: StopDecisionIn,
) -> ConsentOut:
    """Say whether a text that may ask to stop is a stop, or an ordinary answer: then broadcasts go
    to the phone again. Staff can take back either by POST /api/consents."""
    church_id, phones = admin.church_id, running.phones
    chosen = await staff_entries.chosen_phone(
        session, church_id, body.phone, body.member_id, phones
    )
    await stop_decisions.settle(
        session,
        church_id,
        chosen.phone_index,
        Decision(body.decision),
        note=body.note,
        actor_id=admin.admin_id,
        address=address,
        phones=phones,
    )
    return await _shown(session, church_id, chosen, phones)


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "The ledger",
            "content": {"text/csv": {}},
            "headers": declared("Content-Disposition"),
        }
    },
)
async def export_consents(
    running: RunningDep, admin: OwnerOrAdmin, action: ActionDep
) -> StreamingResponse:
    """The whole ledger as CSV, in the order of recording."""
    async with running.database.transaction(admin.church_id) as session:
        await action.record(session)
    name = f"consents-{clock.now():%Y-%m-%d}.csv"
    return StreamingResponse(
        ledger_export.lines(running, admin.church_id),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _shown(session: db.Session, church_id: UUID, chosen: Phone, phones: Phones) -> ConsentOut:
    known = await ledger.state(session, church_id, chosen.phone_index)
    question = await stop_questions.open_question(session, church_id, chosen.phone_index)
    stopped = await ledger_history.stopped_groups(session, church_id, chosen.phone_index)
    history = await ledger_history.history(session, church_id, chosen.phone_index, phones)
    state = "none" if known is None else "revoked" if known.is_revoked else "granted"
    return ConsentOut(
        phone=phones.open(chosen.phone_sealed),
        state=state,
        is_own=known is not None and known.is_own,
        is_blocked=known is not None and known.is_blocked,
        since=known.since if known else None,
        unreachable=await phone_facts.unreachable(session, church_id, chosen.phone_index),
        stop_question=_question(question, phones) if question else None,
        stopped_groups=[StoppedGroup.model_validate(group) for group in stopped],
        history=[EntryOut.model_validate(entry) for entry in history],
    )


def _listed(question: ListedQuestion, phones: Phones) -> ListedQuestionOut:
    return ListedQuestionOut(
        phone=phones.open(question.phone_sealed),
        asked_at=question.asked_at,
        counts_from=question.counts_from,
        words=sealed_words.opened(phones, question.words),
        members=[PersonOnPhone.model_validate(member) for member in question.members],
    )


def _question(question: Question, phones: Phones) -> StopQuestionOut:
    return StopQuestionOut(
        asked_at=question.asked_at,
        counts_from=question.counts_from,
        words=sealed_words.opened(phones, question.words),
    )
