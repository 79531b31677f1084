"""Access tokens, and what a browser or a program sends with them."""

from datetime import timedelta
from uuid import UUID

from koinonia.common import clock, db
from koinonia.common.identity import Identity, Role, TokenSigner

SIGNER = TokenSigner(bytes(range(32)), "test")
FORGER = TokenSigner(bytes(reversed(range(32))), "test")


def token(
    csrf: str | None = None,
    *,
    church_id: UUID | None = None,
    admin_id: UUID | None = None,
    role: Role = Role.OWNER,
    session_id: UUID | None = None,
    expires_in: timedelta = timedelta(minutes=15),
    signer: TokenSigner = SIGNER,
) -> str:
    """The access token of somebody."""
    expires_at = (clock.now() + expires_in).replace(microsecond=0)
    return signer.sign(
        Identity(
            *(admin_id or db.uuid7(), church_id or db.uuid7(), role),
            *(session_id or db.uuid7(), csrf, expires_at),
        )
    )


def bearer(access_token: str | None = None) -> dict[str, str]:
    return {"Authorization": f"Bearer {access_token or token()}"}


def cookie(access_token: str | None = None, *, prefix: str = "", **others: str) -> dict[str, str]:
    """A Cookie header; httpx would keep cookies for the requests that follow. ``prefix`` is that of
    every name."""
    cookies = {"koinonia_access": access_token or token(), **others}
    return {"Cookie": "; ".join(f"{prefix}{name}={value}" for name, value in cookies.items())}
