"""A token is believed only when auth signed it, for us, and it has not expired."""

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from koinonia.common import clock
from koinonia.common.errors import Unauthorized
from koinonia.common.identity import (
    Identity,
    Role,
    TokenExpired,
    TokenInvalid,
    TokenSigner,
    TokenVerifier,
    bearer,
)

PRIVATE_KEY = Ed25519PrivateKey.generate()
SIGNER = TokenSigner(PRIVATE_KEY.private_bytes_raw(), "first")


def person(role: Role = Role.STAFF) -> Identity:
    return Identity(
        uuid4(), uuid4(), role, uuid4(), csrf="csrf-of-the-session", email="a@example.org"
    )


def verifier(**options: Any) -> TokenVerifier:
    async def fetch() -> Mapping[str, Any]:
        return {"keys": [SIGNER.jwk]}

    return TokenVerifier(fetch, **options)


def claims(**changes: Any) -> dict[str, Any]:
    return {**jwt.decode(SIGNER.sign(person()), options={"verify_signature": False}), **changes}


def signed(body: dict[str, Any], key: Any = PRIVATE_KEY, algorithm: str = "EdDSA") -> str:
    return jwt.encode(body, key, algorithm=algorithm, headers={"kid": "first"})


async def test_what_auth_signs_is_what_a_service_reads() -> None:
    identity = person(Role.OWNER)
    assert await verifier().verify(SIGNER.sign(identity)) == identity


def test_a_token_lives_for_fifteen_minutes() -> None:
    assert (lambda it: it["exp"] - it["iat"])(claims()) in (899, 900)


def test_a_key_may_also_be_given_as_pem() -> None:
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert TokenSigner(PRIVATE_KEY.private_bytes(*form), "first").jwk == SIGNER.jwk


def test_a_key_of_another_kind_is_refused() -> None:
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    rsa = generate_private_key(65537, 2048).private_bytes(*form)
    with pytest.raises(ValueError, match="Ed25519"):
        TokenSigner(rsa, "first")


def test_the_published_key_holds_nothing_private() -> None:
    assert set(SIGNER.jwk) == {"kty", "crv", "x", "kid", "use", "alg"}
    assert (SIGNER.jwk["kty"], SIGNER.jwk["crv"]) == ("OKP", "Ed25519")


async def test_an_expired_token_says_how_to_go_on() -> None:
    token = SIGNER.sign(person())
    with clock.shift(timedelta(minutes=15, seconds=1)), pytest.raises(TokenExpired) as caught:
        await verifier().verify(token)
    assert (caught.value.status, caught.value.code) == (401, "TOKEN_EXPIRED")
    assert "POST /api/auth/refresh" in caught.value.message


async def test_an_expired_token_whose_key_is_gone_is_told_to_renew_too() -> None:
    gone = TokenSigner(Ed25519PrivateKey.generate().private_bytes_raw(), "gone")
    token = gone.sign(person())
    with pytest.raises(TokenInvalid):
        await verifier().verify(token)
    with clock.shift(timedelta(days=40)), pytest.raises(TokenExpired):
        await verifier().verify(token)


async def test_a_token_that_was_remembered_expires_like_any_other() -> None:
    remembering, token = verifier(), SIGNER.sign(person())
    await remembering.verify(token)
    with clock.shift(timedelta(minutes=16)), pytest.raises(TokenExpired):
        await remembering.verify(token)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="empty"),
        pytest.param("a.b.c", id="nonsense"),
        pytest.param("é" * 40, id="not ascii"),
        pytest.param("x" * 1_000_000, id="endless"),
        pytest.param(signed(claims(), Ed25519PrivateKey.generate()), id="another key"),
        pytest.param(signed(claims(), os.urandom(32), "HS256"), id="HS256"),
        pytest.param(signed(claims(), SIGNER.jwk["x"], "HS256"), id="the public key as a secret"),
        pytest.param(signed(claims(), None, "none"), id="none"),
        pytest.param(signed(claims(iss="evil")), id="another issuer"),
        pytest.param(signed(claims(aud="evil")), id="another audience"),
        pytest.param(signed(claims(role="god")), id="unknown role"),
        pytest.param(signed(claims(church="1 OR 1=1")), id="church is no id"),
        pytest.param(signed(claims(church=None)), id="no church"),
        pytest.param(signed({k: v for k, v in claims().items() if k != "exp"}), id="no expiry"),
        pytest.param(signed(claims(exp=10**30)), id="expiry beyond time"),
    ],
)
async def test_a_forged_token_is_refused(token: str) -> None:
    with pytest.raises(TokenInvalid):
        await verifier().verify(token)


async def test_a_changed_claim_breaks_the_signature() -> None:
    head, _, signature = SIGNER.sign(person()).split(".")
    _, body, _ = SIGNER.sign(person(Role.OWNER)).split(".")
    with pytest.raises(TokenInvalid):
        await verifier().verify(f"{head}.{body}.{signature}")


async def test_more_tokens_than_are_remembered_all_stay_valid() -> None:
    small, tokens = verifier(remembered=2), [SIGNER.sign(person()) for _ in range(5)]
    first = [await small.verify(token) for token in tokens]
    assert [await small.verify(token) for token in tokens] == first


def test_a_role_includes_itself_and_those_below() -> None:
    assert [role for role in Role if Role.STAFF.includes(role)] == [Role.STAFF, Role.VIEWER]
    assert all(Role.OWNER.includes(role) for role in Role)
    assert not Role.VIEWER.includes(Role.STAFF)


def test_an_identity_cannot_be_changed_by_whoever_holds_it() -> None:
    identity = person()
    assert replace(identity, role=Role.OWNER) != identity
    with pytest.raises(AttributeError):
        identity.role = Role.OWNER  # type: ignore[misc]


def test_a_bearer_token_is_taken_from_its_header() -> None:
    assert bearer("Bearer abc.def") == bearer("bearer  abc.def ") == "abc.def"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "abc.def"])
def test_any_other_header_is_no_sign_in(header: str | None) -> None:
    with pytest.raises(Unauthorized):
        bearer(header)
