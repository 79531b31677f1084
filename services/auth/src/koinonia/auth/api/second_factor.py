"""``/api/auth/second-factor``: one's own second factor, and whether the team needs one."""

from fastapi import APIRouter, Depends, Response

from koinonia.auth.dependencies import ClientDep, RunningDep
from koinonia.auth.second_factor import enrolment
from koinonia.auth.second_factor.schemas import (
    CodeIn,
    EnrolmentOut,
    PasswordAndCodeIn,
    PasswordIn,
    RecoveryCodesOut,
    RequirementIn,
    SecondFactorOut,
)
from koinonia.common import web
from koinonia.common.identity import Role
from koinonia.common.web import CurrentAdmin, ReadDep

router = APIRouter(prefix="/api/auth/second-factor", tags=["auth"])
OWNER = [Depends(web.require(Role.OWNER))]


@router.get("", summary="One's own second factor")
async def read_second_factor(read: ReadDep, admin: CurrentAdmin) -> SecondFactorOut:
    found = await enrolment.shown(read, admin)
    return SecondFactorOut.model_validate(found)


@router.post("", summary="Begin a second factor")
async def begin_second_factor(
    body: PasswordIn,
    running: RunningDep,
    admin: CurrentAdmin,
    client: ClientDep,
    response: Response,
) -> EnrolmentOut:
    """The secret for an authenticator app. It counts once a code of it was confirmed."""
    response.headers["Cache-Control"] = "no-store"
    begun = await enrolment.begin(running, admin, body.password, client.address)
    return EnrolmentOut.begun(begun)


@router.post("/confirm", summary="Turn the second factor on by its first code")
async def confirm_second_factor(
    body: CodeIn, running: RunningDep, admin: CurrentAdmin, client: ClientDep, response: Response
) -> RecoveryCodesOut:
    """The recovery codes are shown at this moment only. A mail says that it is on."""
    response.headers["Cache-Control"] = "no-store"
    codes = await enrolment.confirm(running, admin, body.code, client.address)
    return RecoveryCodesOut(recovery_codes=codes)


@router.post("/recovery-codes", summary="Make new recovery codes")
async def renew_recovery_codes(
    body: PasswordAndCodeIn,
    running: RunningDep,
    admin: CurrentAdmin,
    client: ClientDep,
    response: Response,
) -> RecoveryCodesOut:
    """The earlier ones work no more."""
    response.headers["Cache-Control"] = "no-store"
    codes = await enrolment.renew_codes(running, admin, body.password, body.code, client.address)
    return RecoveryCodesOut(recovery_codes=codes)


@router.post("/remove", status_code=204, summary="Do without a second factor")
async def remove_second_factor(
    body: PasswordAndCodeIn, running: RunningDep, admin: CurrentAdmin, client: ClientDep
) -> Response:
    """Refused where the church requires one. A mail says that it is off."""
    await enrolment.remove(running, admin, body.password, body.code, client.address)
    return Response(status_code=204)


@router.put(
    "/requirement",
    status_code=204,
    dependencies=OWNER,
    summary="Say whether everybody in the team needs a second factor",
)
async def require_second_factor(
    body: RequirementIn, running: RunningDep, admin: CurrentAdmin, client: ClientDep
) -> Response:
    """Whoever has none is signed out, and sets one up with the next sign-in. It takes one
    oneself."""
    await enrolment.require(running, admin, client.address, is_required=body.is_required)
    return Response(status_code=204)
