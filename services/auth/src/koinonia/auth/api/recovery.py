"""``/api/auth/password`` and ``/api/auth/email``: what is changed or proved by mail."""

from fastapi import APIRouter, Response

from koinonia.auth import strength
from koinonia.auth.dependencies import ClientDep, RunningDep
from koinonia.auth.recovery import addresses, password_change, password_reset
from koinonia.auth.schemas import (
    AddressChangeIn,
    AddressConfirmIn,
    PasswordChangeIn,
    PasswordCheckIn,
    PasswordCheckOut,
    PasswordForgottenIn,
    PasswordResetIn,
)
from koinonia.common.web import CurrentAdmin

router = APIRouter(prefix="/api/auth", tags=["auth"])


@router.post("/password", status_code=204, summary="Change one's own password")
async def change_password(
    body: PasswordChangeIn, running: RunningDep, admin: CurrentAdmin, client: ClientDep
) -> Response:
    """Every other session ends, and a mail says so."""
    await password_change.change(running, admin, body.password, body.new_password, client.address)
    return Response(status_code=204)


@router.post("/password/check", summary="Ask whether a password may be chosen")
async def check_password(body: PasswordCheckIn) -> PasswordCheckOut:
    """For who is choosing one: a page says it before it is sent. Nothing is kept of it."""
    return PasswordCheckOut(fault=strength.fault(body.password, *body.known))


@router.post(
    "/password/forgotten",
    status_code=202,
    response_class=Response,
    summary="Ask for a new password by mail",
)
async def forget_password(
    body: PasswordForgottenIn, running: RunningDep, client: ClientDep
) -> Response:
    """Has one answer, whether the address has an account or not. Who has one is mailed a link
    that works once, for 30 minutes; the latest replaces the others. Three an hour."""
    await password_reset.request(running, body.email, client.address)
    return Response(status_code=202)


@router.post("/password/reset", status_code=204, summary="Choose a new password by a mailed link")
async def reset_password(body: PasswordResetIn, running: RunningDep, client: ClientDep) -> Response:
    """``token`` is what follows the ``#`` in the link. Every session ends; sign in anew."""
    await password_reset.reset(running, body.token, body.password, client.address)
    return Response(status_code=204)


@router.post(
    "/email", status_code=202, response_class=Response, summary="Sign in with another mail address"
)
async def change_address(
    body: AddressChangeIn, running: RunningDep, admin: CurrentAdmin, client: ClientDep
) -> Response:
    """Mails a link to the new address, which works once, for 24 hours; the address changes when it
    is confirmed. The present one is told."""
    await addresses.request_change(running, admin, body.password, body.email, client.address)
    return Response(status_code=202)


@router.post("/email/confirm", status_code=204, summary="Confirm a mail address by a mailed link")
async def confirm_address(
    body: AddressConfirmIn, running: RunningDep, client: ClientDep
) -> Response:
    """``token`` is what follows the ``#`` in the link. A new address ends every session: sign in
    with it. One that has an account already is refused with 409."""
    await addresses.confirm(running, body.token, client.address)
    return Response(status_code=204)


@router.post(
    "/email/verification",
    status_code=202,
    response_class=Response,
    summary="Mail the link of one's own address",
)
async def mail_verification(running: RunningDep, admin: CurrentAdmin) -> Response:
    """For who lost the mail; the earlier link works no more."""
    await addresses.ask_again(running, admin)
    return Response(status_code=202)
