"""What the simulated provider tells later, as SendGrid does: signed calls to the ingress.

Mail to ``bounce…@``, ``complain…@`` or ``block…@`` is reported as such, all other as delivered.
"""

import asyncio
import base64
import hashlib
import time
from uuid import uuid4

import httpx
import orjson
import structlog
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from koinonia.mail.sendgrid import SIGNATURE, TIMESTAMP

PATH = "/api/webhooks/sendgrid/events"
PAUSES = (0.0, 1.0, 5.0)  # before each try, in seconds

FATES: dict[str, dict[str, str]] = {  # by how an address begins
    "bounce": {"event": "bounce", "type": "bounce", "status": "5.1.1"},
    "block": {"event": "bounce", "type": "blocked", "status": "5.7.1"},
    "complain": {"event": "spamreport"},
}

log = structlog.get_logger()


def signing_key(seed: bytes) -> ec.EllipticCurvePrivateKey:
    """The key of a simulator that was given ``seed``."""
    secret = int.from_bytes(hashlib.sha256(b"mail reports" + seed).digest()) >> 1
    return ec.derive_private_key(secret, ec.SECP256R1())


def public_key(key: ec.EllipticCurvePrivateKey) -> str:
    """As SendGrid shows it: for ``KOINONIA_SENDGRID_WEBHOOK_KEYS``."""
    shown = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(shown).decode()


class Reports:
    """Reports to the ingress at ``url``; without one nobody is told."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, url: str | None) -> None:
        self._key = key
        self._url = url

    async def report(self, mail_id: str, to: str) -> None:
        """Tell what became of a mail."""
        if not self._url:
            return
        raw = orjson.dumps([event(mail_id, to)]) + b"\r\n"
        async with httpx.AsyncClient(base_url=self._url, timeout=5.0) as client:
            for pause in PAUSES:
                await asyncio.sleep(pause)
                try:
                    answer = await client.post(PATH, content=raw, headers=self.signed(raw))
                except httpx.HTTPError as error:
                    log.info("mail.report_failed", error=type(error).__name__)
                    continue
                if answer.is_success:
                    return
                log.info("mail.report_refused", status=answer.status_code)

    def signed(self, raw: bytes) -> dict[str, str]:
        """The headers of a call with this body."""
        stamp = str(int(time.time()))
        proof = self._key.sign(stamp.encode() + raw, ec.ECDSA(SHA256()))
        return {
            SIGNATURE: base64.b64encode(proof).decode(),
            TIMESTAMP: stamp,
            "Content-Type": "application/json",
        }


def event(mail_id: str, to: str) -> dict[str, object]:
    """What SendGrid would say of a mail to this address."""
    fate = next((fate for start, fate in FATES.items() if to.startswith(start)), None)
    return {
        **(fate or {"event": "delivered"}),
        "mail_id": mail_id,
        "timestamp": int(time.time()),
        "sg_event_id": uuid4().hex,
    }
