"""The attestation of staff who enter a phone: that its owner agreed, who says so and from where."""

from typing import Annotated

from fastapi import Depends, Request

from koinonia.common.web import CurrentAdmin
from koinonia.messaging.dependencies import RunningDep
from koinonia.messaging.people.consent import sealed_words
from koinonia.messaging.people.consent.entries import Attestation, Method

BY_STAFF = "Staff entered this number and said that its owner agreed to be texted."
BY_IMPORT = "Staff imported this number and said that its owner agreed to be texted."


async def address(request: Request) -> str | None:
    """Where the request came from, as the gateway saw it."""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return forwarded[:64] or (request.client.host if request.client else None)


AddressDep = Annotated[str | None, Depends(address)]


async def by_staff(admin: CurrentAdmin, running: RunningDep, address: AddressDep) -> Attestation:
    words = sealed_words.sealed(running.phones, BY_STAFF)
    return Attestation(method=Method.STAFF, words=words, actor_id=admin.admin_id, address=address)


async def by_import(admin: CurrentAdmin, running: RunningDep, address: AddressDep) -> Attestation:
    words = sealed_words.sealed(running.phones, BY_IMPORT)
    return Attestation(method=Method.IMPORT, words=words, actor_id=admin.admin_id, address=address)


ByStaff = Annotated[Attestation, Depends(by_staff)]
ByImport = Annotated[Attestation, Depends(by_import)]
