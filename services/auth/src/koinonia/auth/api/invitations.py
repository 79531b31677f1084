"""``/api/auth/invitations``: invitations to a team."""

from uuid import UUID

from fastapi import APIRouter, Depends, Response, status

from koinonia.auth import audit, authentication
from koinonia.auth.api.authentication import signed_in_answer
from koinonia.auth.audit import Action
from koinonia.auth.dependencies import ClientDep, RunningDep
from koinonia.auth.mailing import marked_addresses
from koinonia.auth.schemas import SignedInOut
from koinonia.auth.team import invitation_mail, invitations, permissions
from koinonia.auth.team.schemas import AcceptIn, InvitationIn, InvitationMade, InvitationOut
from koinonia.common import web
from koinonia.common.identity import Role
from koinonia.common.web import (
    CreatingRoute,
    CurrentAdmin,
    IdempotencyKey,
    Page,
    PageQuery,
    ReadDep,
    SessionDep,
)

router = APIRouter(prefix="/api/auth/invitations", tags=["team"], route_class=CreatingRoute)
ADMIN = [Depends(web.require(Role.ADMIN))]

_INVITATION = web.by_names(InvitationOut)


@router.get(
    "",
    dependencies=ADMIN,
    summary="Who was invited and has not come yet",
    response_model=Page[InvitationOut],
)
async def list_invitations(read: ReadDep, params: PageQuery) -> Response:
    found = await invitations.page(read, params)
    return web.json_page(found, _INVITATION)


@router.post("", status_code=status.HTTP_201_CREATED, dependencies=ADMIN, summary="Invite somebody")
async def invite_colleague(
    session: SessionDep,
    running: RunningDep,
    admin: CurrentAdmin,
    client: ClientDep,
    response: Response,
    body: InvitationIn,
    idempotency_key: IdempotencyKey,
) -> InvitationMade:
    """Works once, for seven days. Inviting an address again replaces its earlier invitation. The
    person is mailed a link of their own; the one in the answer is to be passed on by hand."""
    actor = await permissions.lock_actor(session, admin)
    made = await invitations.invite(session, actor, body.request())
    await audit.record(
        session,
        Action.INVITED,
        admin.church_id,
        admin.admin_id,
        client.address,
        thing_id=made.id,
        role=body.role,
    )
    await invitation_mail.post(session, running, actor, body.request(), made)
    response.headers["Cache-Control"] = "no-store"
    return InvitationMade(
        **body.model_dump(),
        id=made.id,
        invited_by=admin.admin_id,
        created_at=made.created_at,
        expires_at=made.expires_at,
        email_trouble=await marked_addresses.trouble(session, body.email),
        token=made.token,
        link=f"{running.settings.public_url}/join#{made.token}",
    )


@router.delete(
    "/{invitation_id}", status_code=204, dependencies=ADMIN, summary="Revoke an invitation"
)
async def revoke_invitation(
    session: SessionDep, admin: CurrentAdmin, client: ClientDep, invitation_id: UUID
) -> Response:
    actor = await permissions.lock_actor(session, admin)
    await invitations.revoke(session, actor, invitation_id)
    await audit.record(
        session,
        Action.INVITATION_REVOKED,
        admin.church_id,
        admin.admin_id,
        client.address,
        thing_id=invitation_id,
    )
    return Response(status_code=204)


@router.post(
    "/accept",
    status_code=status.HTTP_201_CREATED,
    summary="Accept an invitation",
)
async def accept_invitation(
    body: AcceptIn, running: RunningDep, client: ClientDep, response: Response
) -> SignedInOut:
    """Takes no session and answers like a registration: whoever accepts is signed in. An address
    that has an account already, in any church, is refused with 409."""
    signed_in = await authentication.accept(running, body.acceptance(), body.password, client)
    return signed_in_answer(running, response, signed_in, as_tokens=body.tokens)
