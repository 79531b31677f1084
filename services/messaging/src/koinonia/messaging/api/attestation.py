"""The attestation of staff who enter a phone: that its owner agreed, who says so and from where."""

from typing import Annotated

from fastapi import Depends, Request

from koinonia.common.web import CurrentAdmin, client_address
from koinonia.messaging.dependencies import RunningDep
from koinonia.messaging.people.consent import sealed_words
from koinonia.messaging.people.consent.entries import Attestation, ConsentMethod

BY_STAFF = "Staff entered this number and said that its owner agreed to be texted."
BY_SYSTEM = (
    "Another system ({system}) gave this number and said that its owner agreed to be texted."
)
STOP_BY_SYSTEM = "Another system ({system}) said that the owner of this number wants no texts."
BY_IMPORT = "Staff imported this number and said that its owner agreed to be texted."


async def address(request: Request) -> str | None:
    """Where the request came from, as the gateway saw it."""
    return client_address(request)


AddressDep = Annotated[str | None, Depends(address)]


async def by_staff(admin: CurrentAdmin, running: RunningDep, address: AddressDep) -> Attestation:
    words = sealed_words.sealed(running.phones, BY_STAFF)
    return Attestation(
        method=ConsentMethod.STAFF, words=words, actor_id=admin.admin_id, address=address
    )


async def by_import(admin: CurrentAdmin, running: RunningDep, address: AddressDep) -> Attestation:
    words = sealed_words.sealed(running.phones, BY_IMPORT)
    return Attestation(
        method=ConsentMethod.IMPORT, words=words, actor_id=admin.admin_id, address=address
    )


class BySystem:
    """What another system says of consent, by whose account and from where."""

    def __init__(self, admin: CurrentAdmin, running: RunningDep, address: AddressDep) -> None:
        self._admin_id, self._phones, self._address = admin.admin_id, running.phones, address

    def agreed(self, system: str | None, statement: str | None) -> Attestation:
        """``statement``: how people agreed, if it was said."""
        said = statement or BY_SYSTEM.format(system=system or "not named")
        return Attestation(
            method=ConsentMethod.IMPORT,
            words=sealed_words.sealed(self._phones, said),
            actor_id=self._admin_id,
            address=self._address,
        )

    def stop_words(self, system: str | None) -> str:
        """Sealed."""
        said = STOP_BY_SYSTEM.format(system=system or "not named")
        return sealed_words.sealed(self._phones, said)


async def by_system(admin: CurrentAdmin, running: RunningDep, address: AddressDep) -> BySystem:
    return BySystem(admin, running, address)


BySystemDep = Annotated[BySystem, Depends(by_system)]
ByStaff = Annotated[Attestation, Depends(by_staff)]
ByImport = Annotated[Attestation, Depends(by_import)]
